"""The settings of a form in their card: its fields, steps back and forth in them, and the menu of presets."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QToolButton

from zerosec_desktop.controls import Card, label, row, tool_button
from zerosec_desktop.resources.icon import icon
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.analysis.presets import PresetMenu
from zerosec_desktop.widgets.form.drafts import FormStore
from zerosec_desktop.widgets.form.form import Form

__all__ = ["SettingsCard"]


class SettingsCard(Card):
    """Holds the form of one step of an analysis."""

    def __init__(self, store: FormStore, analysis: str, step: str, form: Form) -> None:
        super().__init__(margins=Space.LARGE, spacing=Space.MEDIUM)
        self._form = form
        self._undo = tool_button("undo", self.tr("Undo (Ctrl+Z)"), clicked=form.undo)
        self._redo = tool_button("redo", self.tr("Redo (Ctrl+Shift+Z)"), clicked=form.redo)
        more = QToolButton()
        more.setProperty("kind", "quiet")
        more.setText(self.tr("Presets"))
        more.setIcon(icon("chevron-down", "muted"))
        more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        more.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        more.setMenu(PresetMenu(self, store, analysis, step, form))
        self.body.addLayout(row(label(self.tr("Settings"), "subtitle"), None, self._undo, self._redo, more))
        self.body.addWidget(form)
        form.history_changed.connect(self._show_history)
        self._show_history()

    @Slot()
    def _show_history(self) -> None:
        self._undo.setEnabled(self._form.state.can_undo)
        self._redo.setEnabled(self._form.state.can_redo)

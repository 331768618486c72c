"""The menu of presets: settings under a name, those last used, and as they come."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QLineEdit, QMenu, QWidget

from zerosec_desktop.controls import button, column, label, row
from zerosec_desktop.resources.icon import icon
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.widgets.form.drafts import FormStore
from zerosec_desktop.widgets.form.form import Form

__all__ = ["PresetMenu"]


class PresetMenu(QMenu):
    """Filled each time it opens."""

    def __init__(self, parent: QWidget, store: FormStore, analysis: str, step: str, form: Form) -> None:
        super().__init__(parent)
        self._store, self._analysis, self._step, self._form = store, analysis, step, form
        self.aboutToShow.connect(self._fill)

    @Slot()
    def _fill(self) -> None:
        self.clear()
        stored = self._store.load(self._analysis, self._step)
        last = self.addAction(icon("history", "muted"), self.tr("As last used"), self._take_last)
        last.setEnabled(stored.last is not None)
        if stored.last is None:
            last.setToolTip(self.tr("This analysis was not run yet."))
        self.addAction(icon("retry", "muted"), self.tr("All as they come"), self._form.reset)
        self.addSeparator()
        self.addAction(
            icon("pin", "muted"), self.tr("Begin new forms with these settings"), self._make_defaults
        )
        if stored.defaults is not None:
            self.addAction(
                icon("undo", "muted"), self.tr("Begin new forms as the analysis comes"), self._forget_defaults
            )
        if stored.presets:
            self.addSeparator()
        for name in sorted(stored.presets, key=str.casefold):
            action = self.addAction(icon("tag", "muted"), name.replace("&", "&&"))
            action.setData(name)
            action.triggered.connect(self._take_preset)
        self.addSeparator()
        self.addAction(icon("save", "muted"), self.tr("Save these settings…"), self._ask_name)
        if stored.presets:
            delete = self.addMenu(icon("trash", "muted"), self.tr("Delete a preset"))
            for name in sorted(stored.presets, key=str.casefold):
                action = delete.addAction(name.replace("&", "&&"))
                action.setData(name)
                action.triggered.connect(self._delete_preset)

    @Slot()
    def _make_defaults(self) -> None:
        columns = {spec.name for spec in self._form.fields if spec.is_column}  # of this file, not of the next
        values = {name: value for name, value in self._form.values.items() if name not in columns}
        self._store.save_defaults(self._analysis, self._step, values)

    @Slot()
    def _forget_defaults(self) -> None:
        self._store.save_defaults(self._analysis, self._step, None)

    @Slot()
    def _take_last(self) -> None:
        last = self._store.load(self._analysis, self._step).last
        if last is not None:
            self._form.replace(last.values)

    def _sender_name(self) -> str:
        action = self.sender()
        return str(action.data()) if isinstance(action, QAction) else ""

    @Slot()
    def _take_preset(self) -> None:
        values = self._store.load(self._analysis, self._step).presets.get(self._sender_name())
        if values is not None:
            self._form.replace(values)

    @Slot()
    def _delete_preset(self) -> None:
        self._store.delete_preset(self._analysis, self._step, self._sender_name())

    @Slot()
    def _ask_name(self) -> None:
        dialog = _NameDialog(self._form.window(), tuple(self._store.load(self._analysis, self._step).presets))
        dialog.accepted.connect(self._name_given)
        self._dialog = dialog
        dialog.open()

    @Slot()
    def _name_given(self) -> None:
        name = self._dialog.name.text().strip()
        if name:
            self._store.save_preset(self._analysis, self._step, name, self._form.values)


class _NameDialog(QDialog):
    """Asks for the name of a preset; says when it would replace one."""

    def __init__(self, parent: QWidget, taken: tuple[str, ...]) -> None:
        super().__init__(parent)
        self._taken = taken
        self.setWindowTitle(self.tr("Save these settings"))
        self.name = QLineEdit()
        self.name.setMaxLength(80)
        self.name.setAccessibleName(self.tr("Name of the preset"))
        self.name.textChanged.connect(self._typed)
        self._said = label("", "caption")
        self._save = button(self.tr("Save"), "primary", clicked=self.accept)
        stay = button(self.tr("Cancel"), clicked=self.reject)
        stack = column(
            label(self.tr("Save these settings"), "subtitle"),
            self.name,
            self._said,
            spacing=Space.SMALL,
            margins=Space.LARGE,
        )
        stack.addLayout(row(None, stay, self._save))
        self.setLayout(stack)
        self.setMinimumWidth(380)
        self._save.setDefault(True)
        self._typed("")

    @Slot(str)
    def _typed(self, text: str) -> None:
        self._said.setText(
            self.tr("This replaces the preset of that name.")
            if text.strip() in self._taken
            else self.tr("The data file is not part of a preset.")
        )
        self._save.setEnabled(bool(text.strip()))

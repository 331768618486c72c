"""Filters kept under a name, with the project, so that a group shares them: choose one, save this one, delete one."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from zerosec_desktop.controls import button, label, row
from zerosec_desktop.dialogs import confirm
from zerosec_desktop.screens.experiments.open_project import OpenProject
from zerosec_desktop.widgets.form.editors import QuietCombo
from zerosec_shared.selections import ExperimentFilter, SavedFilter

__all__ = ["SavedFilters"]


class SavedFilters(QWidget):
    """`chosen` says which filter is to be shown; what is shown now is told by `watch`."""

    chosen = Signal(object)  # ExperimentFilter

    def __init__(self, project: OpenProject) -> None:
        super().__init__()
        self._project = project
        self._saved: dict[str, ExperimentFilter] = {}
        self._now: ExperimentFilter | None = None
        self.choice = QuietCombo()
        self.choice.setAccessibleName(self.tr("Saved filters"))
        self.choice.setMinimumWidth(200)
        self.choice.activated.connect(self._chosen)
        self.delete = button("", icon_name="trash", clicked=self._ask_delete)
        self.delete.setAccessibleName(self.tr("Delete the saved filter"))
        self.name = QLineEdit()
        self.name.setMaxLength(200)
        self.name.setPlaceholderText(self.tr("Name of this filter"))
        self.name.setAccessibleName(self.tr("Name of this filter"))
        self.name.textChanged.connect(self._show)
        self.name.returnPressed.connect(self._save_asked)
        self.save = button(self.tr("Save"), icon_name="save", clicked=self._save_asked)
        across = row(label(self.tr("Saved filters")), self.choice, self.delete, 24)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(self.name, 1)
        across.addWidget(self.save)
        self.setLayout(across)
        self._list({})

    def refresh(self) -> None:
        """Ask for the list."""
        self._project.ask(
            lambda projects: projects.filters(self._project.id),
            name="filters",
            done=self._got,
            failed=self._project.context.notifications.problem,
        )

    def _got(self, found: tuple[SavedFilter, ...]) -> None:
        self._list({one.name: one.filter for one in found})

    def _changed(self, _: object) -> None:
        self.refresh()

    def watch(self, now: ExperimentFilter | None) -> None:
        """The filter that is shown; None while it holds something that cannot be understood."""
        self._now = now
        held = [name for name, one in self._saved.items() if one == now]
        if self.choice.currentText() not in held:
            self.choice.setCurrentIndex(self.choice.findData(held[0]) if held else 0)
        self._show()

    def _list(self, saved: dict[str, ExperimentFilter]) -> None:
        self._saved = saved
        self.choice.clear()
        self.choice.addItem(self.tr("Choose…") if saved else self.tr("None yet"), "")
        for name in saved:
            self.choice.addItem(name, name)
        self.choice.setEnabled(bool(saved))
        self.choice.setToolTip("" if saved else self.tr("Give this filter a name and save it"))
        self.watch(self._now)

    def _show(self) -> None:
        named, ready = bool(self.name.text().strip()), self._now is not None
        self.save.setEnabled(named and ready)
        if not ready:
            tip = self.tr("First correct what is marked")
        else:
            tip = "" if named else self.tr("Give this filter a name first")
        self.save.setToolTip(tip)
        chosen = bool(self.choice.currentData())
        self.delete.setEnabled(chosen)
        self.delete.setToolTip(
            self.tr("Delete the saved filter") if chosen else self.tr("No saved filter is chosen")
        )

    def _chosen(self, _place: int) -> None:
        name = str(self.choice.currentData() or "")
        if name:
            self.name.setText(name)
            self.chosen.emit(self._saved[name])
        self._show()

    def _save_asked(self) -> None:
        name = self.name.text().strip()
        if not name or self._now is None:
            return
        if name in self._saved and self._saved[name] != self._now:
            confirm(
                self.window(),
                self.tr("Replace the filter “{name}”?").format(name=name),
                self.tr("It is kept for everybody who works on this project."),
                self.tr("Replace"),
                self._save,
                danger=False,
            )
        else:
            self._save()

    def _save(self) -> None:
        if self._now is None:
            return
        saved = SavedFilter(name=self.name.text().strip(), filter=self._now)
        self._project.ask(
            lambda projects: projects.save_filter(self._project.id, saved),
            name="save filter",
            done=self._changed,
            failed=self._project.context.notifications.problem,
        )

    def _ask_delete(self) -> None:
        name = str(self.choice.currentData() or "")
        if name:
            confirm(
                self.window(),
                self.tr("Delete the filter “{name}”?").format(name=name),
                self.tr("Results and runs stay as they are."),
                self.tr("Delete"),
                partial(self._delete, name),
            )

    def _delete(self, name: str) -> None:
        self._project.ask(
            lambda projects: projects.delete_filter(self._project.id, name),
            name="delete filter",
            done=self._changed,
            failed=self._project.context.notifications.problem,
        )

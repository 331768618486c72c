"""Every import, undo and restore of a project, newest first, each of which can be taken back."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from zerosec_desktop.controls import EmptyState, IconLabel, button, column, label, line, row
from zerosec_desktop.dialogs import confirm
from zerosec_desktop.resources.language import translate
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.experiments.open_project import OpenProject
from zerosec_desktop.wording import clock, day
from zerosec_shared.experiments import ImportKind, ImportRecord, UndoRequest
from zerosec_shared.ids import new_id

__all__ = ["ImportsPanel"]

_ICONS = {ImportKind.IMPORT: "upload", ImportKind.UNDO: "undo", ImportKind.RESTORE: "history"}


def _title(record: ImportRecord) -> str:
    if record.kind is ImportKind.IMPORT:
        return record.file_name or translate("Experiments", "Import")
    if record.kind is ImportKind.UNDO:
        return translate("Experiments", "Taken back: {file}").format(file=record.file_name)
    return translate("Experiments", "Backup restored")


class ImportsPanel(QScrollArea):
    """A list of rows; `changed` after one was taken back."""

    changed = Signal()

    def __init__(self, project: OpenProject) -> None:
        super().__init__()
        self._project = project
        self._revision = -1
        self.setWidgetResizable(True)
        inner = QWidget()
        inner.setProperty("surface", "clear")
        self._list = QVBoxLayout(inner)
        self._list.setContentsMargins(0, Space.SMALL, Space.SMALL, 0)
        self._list.setSpacing(0)
        self.setWidget(inner)

    def refresh(self) -> None:
        """Ask for the list, unless it is the one shown."""
        if self._revision != self._project.project.revision:
            self._project.ask(
                lambda projects: projects.imports(self._project.id),
                name="imports",
                done=self._show,
                failed=self._project.context.notifications.problem,
            )

    def _show(self, records: tuple[ImportRecord, ...]) -> None:
        self._revision = self._project.project.revision
        while (item := self._list.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        if not records:
            self._list.addWidget(
                EmptyState(
                    "history",
                    self.tr("Nothing was imported yet"),
                    self.tr("Each import is listed here, and can be taken back as a whole."),
                )
            )
            return
        for record in records:
            self._list.addWidget(self._row(record))
            self._list.addWidget(line())
        self._list.addStretch(1)

    def _row(self, record: ImportRecord) -> QWidget:
        counts = self.tr("{new} new, {changed} changed").format(new=record.new, changed=record.changed)
        if record.kept:
            counts += " · " + self.tr("%Ln later value(s) kept", "", record.kept)
        if record.rejected:
            counts += " · " + self.tr("%Ln row(s) rejected", "", record.rejected)
        small = f"{day(record.at)} {clock(record.at)} · {record.by} · {counts}"
        across = row(IconLabel(_ICONS[record.kind]), spacing=12)
        across.addLayout(column(label(_title(record), "strong"), label(small, "caption"), spacing=0), 1)
        if record.undone_by is not None:
            across.addWidget(label(self.tr("Taken back"), "muted"))
        else:
            text = self.tr("Undo…")
            undo = button(text, icon_name="undo", clicked=partial(self._ask, record))
            undo.setAccessibleName(f"{text} {_title(record)}")
            across.addWidget(undo)
        across.setContentsMargins(0, Space.SMALL, 0, Space.SMALL)
        made = QWidget()
        made.setLayout(across)
        return made

    def _ask(self, record: ImportRecord) -> None:
        confirm(
            self.window(),
            self.tr("Take “{name}” back?").format(name=_title(record)),
            self.tr(
                "Every value is set to what it was before. Values that a later import has set stay. This can itself be undone."
            ),
            self.tr("Take back"),
            partial(self._undo, record),
            danger=False,
        )

    def _undo(self, record: ImportRecord) -> None:
        request = UndoRequest(id=new_id())
        self._project.ask(
            lambda projects: projects.take_back(self._project.id, record.id, request),
            name="undo import",
            done=lambda _: self.changed.emit(),
            failed=self._project.context.notifications.problem,
        )

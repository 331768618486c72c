"""Backups of a project: made every day by the server, and now when asked; each can be restored."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from zerosec_desktop.controls import IconLabel, button, column, label, line, row
from zerosec_desktop.dialogs import confirm
from zerosec_desktop.resources.language import translate
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.experiments.open_project import OpenProject
from zerosec_desktop.wording import clock, day, size
from zerosec_shared.experiments import Backup, RestoreRequest
from zerosec_shared.ids import new_id

__all__ = ["BackupsPanel"]


def _reason(backup: Backup) -> str:
    return {
        "daily": translate("Experiments", "Daily backup"),
        "asked": translate("Experiments", "Backup made by hand"),
        "restore": translate("Experiments", "Made before a restore"),
    }[backup.reason]


class BackupsPanel(QScrollArea):
    """`restored` brings the project as it is afterwards."""

    restored = Signal(object)  # Project

    def __init__(self, project: OpenProject) -> None:
        super().__init__()
        self._project = project
        self.setWidgetResizable(True)
        inner = QWidget()
        inner.setProperty("surface", "clear")
        stack = QVBoxLayout(inner)
        stack.setContentsMargins(0, Space.SMALL, Space.SMALL, 0)
        self._now = button(self.tr("Back up now"), icon_name="save", clicked=self._back_up)
        said = label(
            self.tr(
                "The server makes a backup every day on which results have changed: the last 30 days and 12 months are kept."
            ),
            "muted",
            wrap=True,
        )
        across = row(spacing=12)
        across.addWidget(said, 1)
        across.addWidget(self._now)
        stack.addLayout(across)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        stack.addLayout(self._list)
        stack.addStretch(1)
        self.setWidget(inner)

    def refresh(self) -> None:
        """Ask for the list."""
        self._project.ask(
            lambda projects: projects.backups(self._project.id),
            name="backups",
            done=self._show,
            failed=self._project.context.notifications.problem,
        )

    def _show(self, backups: tuple[Backup, ...]) -> None:
        while (item := self._list.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for backup in backups:
            self._list.addWidget(self._row(backup))
            self._list.addWidget(line())

    def _row(self, backup: Backup) -> QWidget:
        when = f"{day(backup.at)} {clock(backup.at)}"
        count = self.tr("%Ln experiment(s)", "", backup.experiments)
        small = f"{_reason(backup)} · {count} · {size(backup.size_bytes)}"
        text = self.tr("Restore…")
        restore = button(text, clicked=partial(self._ask, backup))
        restore.setAccessibleName(f"{text} {when}")
        across = row(IconLabel("save"), spacing=12)
        across.addLayout(column(label(when, "strong"), label(small, "caption"), spacing=0), 1)
        across.addWidget(restore)
        across.setContentsMargins(0, Space.SMALL, 0, Space.SMALL)
        made = QWidget()
        made.setLayout(across)
        return made

    def _back_up(self) -> None:
        self._now.setEnabled(False)
        self._now.setToolTip(self.tr("A backup is being made…"))

        def over() -> None:
            self._now.setEnabled(True)
            self._now.setToolTip("")
            self.refresh()

        def failed(error: Exception) -> None:
            over()
            self._project.context.notifications.problem(error)

        self._project.ask(
            lambda projects: projects.back_up(self._project.id),
            name="back up",
            done=lambda _: over(),
            failed=failed,
        )

    def _ask(self, backup: Backup) -> None:
        confirm(
            self.window(),
            self.tr("Restore the backup of {when}?").format(when=f"{day(backup.at)} {clock(backup.at)}"),
            self.tr(
                "All results become what they were then. What is there now is backed up first, and the restore can be undone under History."
            ),
            self.tr("Restore"),
            partial(self._restore, backup),
            danger=False,
        )

    def _restore(self, backup: Backup) -> None:
        request = RestoreRequest(id=new_id())
        self._project.ask(
            lambda projects: projects.restore(self._project.id, backup.id, request),
            name="restore",
            done=self.restored.emit,
            failed=self._project.context.notifications.problem,
        )

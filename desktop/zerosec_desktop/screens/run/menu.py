"""What else can be done with a run: compare, save, run again, pin, delete."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from zerosec_desktop.jobs import JobEntry, Phase
from zerosec_desktop.resources.icon import icon
from zerosec_desktop.resources.language import translate
from zerosec_desktop.wording import moment

__all__ = ["RunMenu"]

_OFFERED = 20


class RunMenu(QMenu):
    """Made each time it is opened; it goes when it closes."""

    compare_wanted = Signal(object)  # JobKey
    save_wanted = Signal()
    export_wanted = Signal()
    retry_wanted = Signal()
    pin_wanted = Signal()
    delete_wanted = Signal()

    def __init__(
        self, parent: QWidget, entry: JobEntry, entries: Sequence[JobEntry], *, has_files: bool
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._offer_others(entry, entries)
        if has_files:
            self.addAction(
                icon("download", "muted"), translate("RunScreen", "Save all files…"), self.save_wanted.emit
            )
        if entry.state is not None:
            self.addAction(
                icon("external", "muted"),
                translate("RunScreen", "Export this run with everything…"),
                self.export_wanted.emit,
            )
        if entry.phase.ended:
            self.addAction(
                icon("retry", "muted"), translate("RunScreen", "Run again as it is"), self.retry_wanted.emit
            )
        pin = (
            translate("RunScreen", "Take the pin off")
            if entry.pinned
            else translate("RunScreen", "Pin this run")
        )
        self.addAction(icon("pin", "muted"), pin, self.pin_wanted.emit)
        self.addSeparator()
        self.addAction(
            icon("trash", "error"), translate("RunScreen", "Delete this run…"), self.delete_wanted.emit
        )

    def _offer_others(self, entry: JobEntry, entries: Sequence[JobEntry]) -> None:
        compare = self.addMenu(icon("compare", "muted"), translate("RunScreen", "Compare with"))
        others = [
            other
            for other in entries
            if other.analysis == entry.analysis and other.key != entry.key and other.phase is Phase.SUCCEEDED
        ]
        others.sort(key=lambda other: other.created_at, reverse=True)
        for other in others[:_OFFERED]:
            action = compare.addAction(f"{other.name} · {moment(other.created_at)}".replace("&", "&&"))
            action.setData(other.key)
            action.triggered.connect(self._chosen)
        if not others:
            nothing = compare.addAction(
                translate("RunScreen", "No other run of this analysis has succeeded yet")
            )
            nothing.setEnabled(False)
        compare.setEnabled(entry.phase is Phase.SUCCEEDED)

    @Slot()
    def _chosen(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.compare_wanted.emit(action.data())

"""The file that is shown may change or go while it is looked at: it is looked after on its disk, and what became of it is said."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot

from zerosec_desktop.bridge import Bridge, Work
from zerosec_desktop.controls import Message, button
from zerosec_desktop.reading.path_facts import PathFacts, PathKind, ask_paths

if TYPE_CHECKING:
    from zerosec_desktop.reading.answers import FileStamp
    from zerosec_desktop.widgets.table.loader import LoadedTable

__all__ = ["ChangedFile"]

LOOK_MS = 3000


class ChangedFile(Message):
    """A band above the rows; hidden while the file is as it was read."""

    read_again = Signal()

    def __init__(self, bridge: Bridge) -> None:
        again = button(self.tr("Read it again"))
        super().__init__("warning", self.tr("The file has changed since it was read"), "", again)
        again.clicked.connect(self._again)
        self.hide()
        self._bridge = bridge
        self._path: Path | None = None
        self._stamp: FileStamp | None = None
        self._looking: Work | None = None
        self.every = QTimer(self, interval=LOOK_MS)
        self.every.timeout.connect(self.look)

    def follow(self, loaded: "LoadedTable | None") -> None:
        """The file as it was read; None: it is being read."""
        self._path = None if loaded is None else loaded.path
        self._stamp = None if loaded is None else loaded.stamp
        if loaded is None:
            self.hide()

    def start(self) -> None:
        """Look now, and then every few seconds."""
        self.look()
        self.every.start()

    def stop(self) -> None:
        """Look no more."""
        self.every.stop()

    @Slot()
    def look(self) -> None:
        """Look at the file where it is on the screen; one look at a time."""
        idle = self._looking is None or self._looking.ended
        page = self.parentWidget()
        if self._path is not None and idle and page is not None and page.isVisible():
            self._looking = ask_paths(self._bridge, (self._path,), self._got_facts)

    def _got_facts(self, facts: Mapping[Path, PathFacts]) -> None:
        if self._path is None or self._path not in facts:
            return
        now = facts[self._path]
        if now.stamp == self._stamp:
            self.hide()
            return
        gone = now.kind is not PathKind.FILE
        self.title.setText(
            self.tr("The disk or share of the file does not answer")
            if now.kind is PathKind.SILENT
            else self.tr("The file is not there any more")
            if gone
            else self.tr("The file has changed since it was read")
        )
        self.detail.setText(
            self.tr("What you see is how it was. An analysis needs the file itself.") if gone else ""
        )
        self.detail.setVisible(gone)
        self.show()

    @Slot()
    def _again(self) -> None:
        self.read_again.emit()

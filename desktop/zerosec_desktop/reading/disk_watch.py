"""Files that a part of the window stands for are looked at on their disk while it is seen: what is gone or changed is told in its place."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from zerosec_desktop.bridge import Bridge, Work
from zerosec_desktop.reading.path_facts import PathFacts, ask_paths

__all__ = ["LOOK_MS", "DiskWatch"]

LOOK_MS = 3000


class DiskWatch(QObject):
    """Asks for `paths()` every few seconds, one look at a time; `told` has the answers."""

    def __init__(
        self,
        bridge: Bridge,
        seen: QWidget,
        paths: Callable[[], Sequence[Path]],
        told: Callable[[Mapping[Path, PathFacts]], object],
    ) -> None:
        super().__init__(seen)
        self._bridge, self._paths, self._told = bridge, paths, told
        self._looking: Work | None = None
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        seen.installEventFilter(self)

    def look(self) -> None:
        """Look now, unless an answer is awaited."""
        if self._looking is None or self._looking.ended:
            self.look_anew()

    def look_anew(self) -> None:
        """Look now: the paths are others than before."""
        if paths := self._paths():
            self._looking = ask_paths(self._bridge, paths, self._answered)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show:
            self._timer.start()
        elif event.type() == QEvent.Type.Hide:
            self._timer.stop()
        return False

    def _answered(self, facts: Mapping[Path, PathFacts]) -> None:
        self._told(facts)

"""Garbage is collected in the window's thread alone.

Python collects wherever an allocation crosses a threshold: in the loop's thread, in a worker, in the middle of an event. What is
collected may be a widget or an item of a plot, and Qt objects that end in another thread, or while Qt paints them, take the process
with them. So the automatic collection is off and a timer of the window's thread does it, by the same thresholds.
"""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

__all__ = ["Collector"]

EVERY_MS = 500
OLDEST_EVERY = 60
"""All generations so often at least, in ticks in which something was collected: the oldest is large and takes longest."""


SETTLED_AFTER = 8
"""Ticks in which the program gets its modules and screens. Nearly all of what is made then stays: it is set aside without being
looked through, which took 20 to 40 ms at once, while the window was already in use."""


class Collector(QObject):
    """Takes over from Python when made; `close` gives it back."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_on = gc.isenabled()
        self._ticks = 0
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    @Slot()
    def look(self) -> None:
        """Collect the youngest generations that are over their threshold; while the program settles, set them aside."""
        young, middle, _ = gc.get_count()
        first, second, _ = gc.get_threshold()
        if first == 0 or young <= first:
            return
        self._ticks += 1
        if self._ticks <= SETTLED_AFTER:
            gc.freeze()
        elif self._ticks % OLDEST_EVERY == 0:
            gc.collect()
        else:
            gc.collect(1 if middle > second else 0)

    def close(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.unfreeze()
        if self._was_on:
            gc.enable()

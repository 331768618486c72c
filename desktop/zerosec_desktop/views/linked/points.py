"""The rows of a linked view as points: their numbers, their groups, and which of them are chosen. All sides draw from here."""

from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from zerosec_desktop.resources.theme import theme
from zerosec_shared.views import Column, LinkedView

__all__ = ["Array", "LinkedPoints", "nice_ticks", "tick_text"]

Array = np.ndarray[Any, Any]
MOST_TICKS = 200


class LinkedPoints(QObject):
    """`values` is points x axes, NaN where there is no number; `group` the number of each point's group in `groups`."""

    chosen_changed = Signal()

    def __init__(self, view: LinkedView) -> None:
        super().__init__()
        self.view = view
        names = [column.name for column in view.columns]
        self.places = [names.index(name) for name in view.axes if name in names]
        self.axes: list[Column] = [view.columns[place] for place in self.places]
        self.values: Array = np.array(
            [[_number(row[place]) for place in self.places] for row in view.rows], dtype=np.float64
        ).reshape(len(view.rows), len(self.places))
        at = names.index(view.coloured_by) if view.coloured_by in names else None
        texts = ["" if at is None else str(row[at]) for row in view.rows]
        self.groups = list(dict.fromkeys(texts))
        number = {text: place for place, text in enumerate(self.groups)}
        self.group: Array = np.array([number[text] for text in texts], dtype=np.int64)
        self.chosen: Array = np.zeros(len(view.rows), dtype=bool)
        low, high = [], []
        for axis in range(len(self.axes)):
            finite = self.values[np.isfinite(self.values[:, axis]), axis]
            least, most = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
            room = 0.04 * (most - least) or 0.5 * abs(most) or 0.5
            low.append(least - room)
            high.append(most + room)
        self.low, self.high = np.array(low), np.array(high)

    @property
    def shares(self) -> Array:
        """Where each value lies between the ends of its axis, 0 to 1."""
        return np.asarray((self.values - self.low) / (self.high - self.low))

    def colour(self, group: int) -> str:
        """The colour of a group; the last of several stays in the background."""
        if group and group == len(self.groups) - 1:
            return theme.palette.border_strong
        return theme.palette.plot[group % len(theme.palette.plot)]

    def choose(self, hit: Array, *, add: bool = False, take_off: bool = False) -> None:
        """Choose these points, beside those chosen before, or without them."""
        new = self.chosen | hit if add else self.chosen & ~hit if take_off else hit.copy()
        if not np.array_equal(new, self.chosen):
            self.chosen = new
            self.chosen_changed.emit()

    def clear(self) -> None:
        """Choose nothing."""
        self.choose(np.zeros(len(self.chosen), dtype=bool))


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")


def nice_ticks(low: float, high: float, most: int) -> list[float]:
    """At most so many round numbers between two ends, by steps of 1, 2 or 5."""
    span = high - low
    if not np.isfinite(span) or span <= 0 or most < 1:
        return []
    raw = span / most
    power = 10.0 ** np.floor(np.log10(raw))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw * (1 - 1e-9))
    first, last = int(np.ceil(low / step)), int(np.floor(high / step))
    return [float(f"{number * step:.12g}") for number in range(first, min(last, first + MOST_TICKS) + 1)]


def tick_text(value: float) -> str:
    """A round number as it stands at an axis."""
    text = f"{value:,.10g}" if 1e-4 <= abs(value) < 1e9 or value == 0 else f"{value:.3g}"
    return text.replace("-", "−")

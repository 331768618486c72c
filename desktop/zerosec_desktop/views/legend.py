"""The legend of a plot: a strip of its own above the plot, in as many columns as have room, so that it never covers data."""

import html
from collections.abc import Sequence
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QFont, QFontMetricsF

from zerosec_desktop.resources.theme import theme
from zerosec_desktop.resources.tokens import TypeScale

__all__ = ["LegendStrip"]

_SAMPLE_PX = 20
_BESIDE_PX = 40
"""What an entry needs beside its name: the sample, and gaps."""
_TOP_PX = 4
_LONGEST_NAME_PX, _SHORTEST_NAME_PX = 240.0, 60.0


class LegendStrip(QObject):
    """Names the series of a plot; a narrower plot has fewer columns. `margins`: left, top, right, bottom of the plot where nothing is named, in px."""

    def __init__(self, plot: Any, margins: tuple[int, int, int, int]) -> None:
        super().__init__(plot)
        self._plot, self._margins = plot, margins
        self._names: list[str] = []
        self._longest_px = 0.0
        self.samples: list[pg.ItemSample] = []
        self.texts: list[pg.LabelItem] = []
        plot.getViewBox().sigResized.connect(self._place)

    def show_entries(self, entries: Sequence[tuple[Any, str]]) -> None:
        """Name these items instead of what was named; none: no strip. A click on a sample hides and shows its series."""
        for old in (*self.samples, *self.texts):
            self._plot.scene().removeItem(old)
        self.samples = [pg.ItemSample(item) for item, _ in entries]
        self.texts = [
            pg.LabelItem("", color=theme.palette.text, justify="left", size=f"{TypeScale.CAPTION - 3}pt")
            for _ in entries
        ]
        for made in (*self.samples, *self.texts):
            made.setParentItem(self._plot)
        self._names = [name for _, name in entries]
        self._longest_px = 0.0
        self._place()

    @Slot()
    def _place(self) -> None:
        """In the room there is now; the plot begins below."""
        left, top, right, bottom = self._margins
        if not self._names:
            self._plot.setContentsMargins(left, top, right, bottom)
            return
        box = self._plot.getViewBox()
        self._write(min(_LONGEST_NAME_PX, max(_SHORTEST_NAME_PX, box.width() - _BESIDE_PX)))
        wide = max(text.minimumWidth() for text in self.texts) + _BESIDE_PX
        high = max(_SAMPLE_PX, *(text.minimumHeight() for text in self.texts))
        columns = max(1, min(len(self._names), int(box.width() // wide)))
        for number, (sample, text) in enumerate(zip(self.samples, self.texts, strict=True)):
            x, y = box.pos().x() + number % columns * wide, _TOP_PX + number // columns * high
            sample.setPos(x, y + (high - _SAMPLE_PX) / 2)
            text.setPos(x + _SAMPLE_PX + 4, y)
        rows = -(-len(self._names) // columns)
        self._plot.setContentsMargins(left, int(top + rows * high + _TOP_PX), right, bottom)

    def _write(self, longest_px: float) -> None:
        """Names that are longer end in “…”."""
        if longest_px == self._longest_px:
            return
        self._longest_px = longest_px
        font = QFont()
        font.setPixelSize(TypeScale.CAPTION)
        metrics = QFontMetricsF(font)
        for text, name in zip(self.texts, self._names, strict=True):
            short = metrics.elidedText(name, Qt.TextElideMode.ElideRight, longest_px)
            text.setText(html.escape(short))  # pyqtgraph takes a text for HTML
            text.resize(text.minimumWidth(), text.minimumHeight())

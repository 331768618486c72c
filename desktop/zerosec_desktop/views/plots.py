"""Line, scatter, bar, histogram and heat map on the plotting surface. Imported when the first plot is shown."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QObject, QRectF, Qt
from PySide6.QtGui import QColor

from zerosec_desktop.export.figure import named_sections
from zerosec_desktop.resources.language import translate
from zerosec_desktop.resources.theme import theme
from zerosec_desktop.views.density import DENSITY_FROM, DensityItem
from zerosec_desktop.views.legend import LegendStrip
from zerosec_desktop.views.plot_canvas import MARGINS, PlotCanvas, ReadOut, read_number
from zerosec_desktop.widgets.number_format import format_number
from zerosec_shared.views import BarView, HeatMapView, HistogramView, LineView, ScatterView, Series

__all__ = ["plot_canvas"]

Array = np.ndarray[Any, Any]
XYView = LineView | ScatterView | BarView
_SYMBOLS = ("o", "s", "t", "d", "+", "x", "star")


def plot_canvas(view: XYView | HistogramView | HeatMapView) -> PlotCanvas:
    """The interactive plot of a view."""
    canvas = PlotCanvas()
    drawing: Callable[[], None]
    if isinstance(view, HistogramView):
        drawing = _Histogram(canvas, view).draw
    elif isinstance(view, HeatMapView):
        drawing = _HeatMap(canvas, view).draw
    else:
        drawing = _XY(canvas, view).draw
    canvas.setAccessibleName(view.title)
    canvas.setAccessibleDescription(view.caption)
    drawing()
    canvas.restyled.connect(drawing)
    canvas.show_all()
    return canvas


def _numbers(values: tuple[float | str | None, ...] | tuple[float | None, ...]) -> Array:
    return np.array([np.nan if v is None or isinstance(v, str) else v for v in values], dtype=np.float64)


class _Drawing(QObject):
    """What is drawn on a canvas; it is cleared and drawn anew when the theme changes."""

    def __init__(self, canvas: PlotCanvas) -> None:
        super().__init__(canvas)
        self.canvas = canvas
        self.plot = canvas.getPlotItem()
        self._items: list[Any] = []
        self._legend: LegendStrip | None = None

    def add(self, item: Any, *, outside_bounds: bool = False) -> None:
        """Put an item on the plot."""
        self.plot.addItem(item, ignoreBounds=outside_bounds)
        self._items.append(item)

    def clear(self) -> None:
        """Take everything off."""
        for item in self._items:
            self.plot.removeItem(item)
        self._items.clear()
        self.canvas.read_outs.clear()
        if self._legend is not None:
            self._legend.show_entries(())

    def legend(self, entries: list[tuple[Any, str]]) -> None:
        """Name the series."""
        if self._legend is None:
            self._legend = LegendStrip(self.plot, MARGINS)
        self._legend.show_entries(entries)


class _XY(_Drawing):
    """Series over x: numbers, or names."""

    def __init__(self, canvas: PlotCanvas, view: XYView) -> None:
        super().__init__(canvas)
        self.view = view
        names = [value for series in view.series for value in series.x]
        categorical = isinstance(view, BarView) or any(isinstance(value, str) for value in names)
        self.categories = list(dict.fromkeys(str(value) for value in names)) if categorical else None
        self._arrays = [(self._x(series), _numbers(series.y)) for series in view.series]
        canvas.set_axis_title("bottom", view.x.heading)
        canvas.set_axis_title("left", view.y.heading)
        if self.categories is not None:
            canvas.set_categories("bottom", self.categories)

    def _x(self, series: Series) -> Array:
        if self.categories is None:
            return _numbers(series.x)
        places = {name: place for place, name in enumerate(self.categories)}
        return np.array([places[str(value)] for value in series.x], dtype=np.float64)

    def draw(self) -> None:
        """Draw all series in the colours of the theme."""
        self.clear()
        self._reference()
        self._sections()
        entries = []
        total = sum(len(x) for x, _ in self._arrays)
        for number, (series, (x, y)) in enumerate(zip(self.view.series, self._arrays, strict=True)):
            item = self._series(series, number, x, y, total)
            if series.name and len(self.view.series) > 1:
                entries.append((item, series.name))
            self.canvas.read_outs.append(ReadOut(self._shift(x, number), y, _Describe(self.view, series)))
        if entries:
            self.legend(entries)

    def _series(self, series: Series, number: int, x: Array, y: Array, total: int) -> Any:
        colour = self.canvas.colour(number)
        low, high = _numbers(series.low), _numbers(series.high)
        banded = len(low) == len(x) and len(high) == len(x) and len(x) > 0
        if isinstance(self.view, BarView):
            item = self._bars(x, y, number)
        elif isinstance(self.view, LineView):
            if banded:
                self._band(x, low, high, colour)
            item = pg.PlotDataItem(x, y, pen=pg.mkPen(colour, width=2), connect="finite")
            if len(x) <= 40:
                item.setSymbol("o")
                item.setSymbolSize(6)
                item.setSymbolBrush(pg.mkBrush(colour))
                item.setSymbolPen(None)
            self.add(item)
            item.setDownsampling(auto=True, method="peak")
            item.setClipToView(
                True
            )  # only on the plot: before, pyqtgraph 0.14 asks the widget for its view box
            return item
        elif series.joined:
            item = pg.PlotDataItem(x, y, pen=pg.mkPen(colour, width=2), connect="finite")
            self.add(item)
        elif total >= DENSITY_FROM:
            item = DensityItem(x, y, colour)
            self.add(item)
        else:
            item = self._points(x, y, number, total)
        if banded:
            bars = pg.ErrorBarItem(
                x=self._shift(x, number), y=y, top=high - y, bottom=y - low, beam=0.12 if self.categories else None,
                pen=pg.mkPen(theme.palette.muted, width=1),
            )  # fmt: skip
            self.add(bars)
        return item

    def _points(self, x: Array, y: Array, number: int, total: int) -> Any:
        brush = QColor(self.canvas.colour(number))
        brush.setAlphaF(0.75 if total <= 2000 else 0.4)
        item = pg.ScatterPlotItem(
            x=x, y=y, size=8 if total <= 2000 else 5, pen=None, brush=pg.mkBrush(brush),
            symbol=_SYMBOLS[number // 7 % len(_SYMBOLS)], pxMode=True,
        )  # fmt: skip
        self.add(item)
        return item

    def _bars(self, x: Array, y: Array, number: int) -> Any:
        width = 0.72 / max(1, len(self.view.series))
        heights = np.nan_to_num(y)
        item = pg.BarGraphItem(
            x=self._shift(x, number),
            height=heights,
            width=width * 0.94,
            pen=None,
            brush=pg.mkBrush(self.canvas.colour(number)),
        )
        self.add(item)
        return item

    def _shift(self, x: Array, number: int) -> Array:
        if not isinstance(self.view, BarView):
            return x
        count = len(self.view.series)
        return x + (number - (count - 1) / 2) * (0.72 / max(1, count))

    def _band(self, x: Array, low: Array, high: Array, colour: str) -> None:
        fill = pg.mkColor(colour)
        fill.setAlphaF(0.18)
        nothing = pg.mkPen((0, 0, 0, 0))
        curves = [pg.PlotCurveItem(x, edge, pen=nothing, connect="finite") for edge in (low, high)]
        for curve in curves:
            self.add(curve)
        self.add(pg.FillBetweenItem(*curves, brush=pg.mkBrush(fill)))

    def _reference(self) -> None:
        pen = pg.mkPen(theme.palette.muted, width=1.2, style=Qt.PenStyle.DashLine)
        if self.view.reference == "identity":
            self.add(pg.InfiniteLine(pos=(0, 0), angle=45, pen=pen), outside_bounds=True)
        elif self.view.reference == "zero":
            self.add(pg.InfiniteLine(pos=0, angle=0, pen=pen), outside_bounds=True)

    def _sections(self) -> None:
        pen = pg.mkPen(theme.palette.border_strong, width=1)
        for at in sorted({edge for section in self.view.sections for edge in (section.start, section.end)}):
            self.add(pg.InfiniteLine(pos=at, angle=90, pen=pen), outside_bounds=True)
        for section in named_sections(self.view.sections):
            unseen = pg.InfiniteLine(
                pos=(section.start + section.end) / 2,
                angle=90,
                pen=pg.mkPen((0, 0, 0, 0)),
                label=section.name,
                labelOpts={"position": 0.96, "color": theme.palette.muted, "anchors": [(0.5, 0), (0.5, 0)]},
            )
            self.add(unseen, outside_bounds=True)


class _Describe:
    """What the pointer reads out at a point of a series."""

    def __init__(self, view: XYView, series: Series) -> None:
        self._view, self._series = view, series

    def __call__(self, number: int) -> str:
        """Name, coordinates with units, interval."""
        view, series = self._view, self._series
        lines = []
        if label := series.label_at(number):
            lines.append(label)
        elif series.name and len(view.series) > 1:
            lines.append(series.name)
        for column, value in ((view.x, series.x[number]), (view.y, series.y[number])):
            unit = f" {column.unit}" if column.unit else ""
            lines.append(f"{column.label or column.name}: {read_number(value)}{unit}")
        if number < len(series.low) and number < len(series.high):
            lines.append(f"{read_number(series.low[number])} – {read_number(series.high[number])}")
        return "\n".join(lines)


class _Histogram(_Drawing):
    """Counts between edges."""

    def __init__(self, canvas: PlotCanvas, view: HistogramView) -> None:
        super().__init__(canvas)
        self.view = view
        self.edges, self.counts = (
            np.asarray(view.edges, dtype=np.float64),
            np.asarray(view.counts, dtype=np.float64),
        )
        canvas.set_axis_title("bottom", view.x.heading)
        canvas.set_axis_title("left", translate("PlotCanvas", "Count"))

    def draw(self) -> None:
        """Draw the bars in the colours of the theme."""
        self.clear()
        if len(self.edges) < 2 or len(self.counts) != len(self.edges) - 1:
            return
        bars = pg.BarGraphItem(
            x0=self.edges[:-1], x1=self.edges[1:], height=self.counts,
            pen=pg.mkPen(theme.palette.surface, width=1), brush=pg.mkBrush(self.canvas.colour(0)),
        )  # fmt: skip
        self.add(bars)
        middle = (self.edges[:-1] + self.edges[1:]) / 2
        self.canvas.read_outs.append(ReadOut(middle, self.counts, self._describe))

    def _describe(self, number: int) -> str:
        unit = f" {self.view.x.unit}" if self.view.x.unit else ""
        start, end = format_number(float(self.edges[number])), format_number(float(self.edges[number + 1]))
        return f"{start} – {end}{unit}\n{format_number(float(self.counts[number]))}"


class _HeatMap(_Drawing):
    """A matrix with names: first row on top, values written into the cells while they are few."""

    def __init__(self, canvas: PlotCanvas, view: HeatMapView) -> None:
        super().__init__(canvas)
        self.view = view
        self.values = np.array(
            [[np.nan if v is None else v for v in row] for row in view.values], dtype=np.float64
        )
        if self.values.ndim != 2:
            self.values = np.zeros((0, 0))
        for side, column in (("bottom", view.x), ("left", view.y)):
            if column is not None:
                canvas.set_axis_title(side, column.heading)
        canvas.set_categories("bottom", view.x_labels)
        canvas.set_categories("left", view.y_labels)
        self.plot.getViewBox().invertY(True)
        self.plot.showGrid(x=False, y=False)

    def draw(self) -> None:
        """Draw the cells in the colours of the theme."""
        self.clear()
        if not self.values.size:
            return
        finite = self.values[np.isfinite(self.values)]
        low = self.view.low if self.view.low is not None else float(finite.min()) if finite.size else 0.0
        high = self.view.high if self.view.high is not None else float(finite.max()) if finite.size else 1.0
        diverging = low < 0 < high
        if diverging:
            high = max(-low, high)
            low = -high
        table = _colour_table(diverging=diverging)
        image = pg.ImageItem(self.values.T, levels=(low, high if high > low else low + 1), lut=table)
        rows, columns = self.values.shape
        image.setRect(QRectF(-0.5, -0.5, columns, rows))
        self.add(image)
        xs, ys = np.meshgrid(np.arange(columns, dtype=np.float64), np.arange(rows, dtype=np.float64))
        self.canvas.read_outs.append(ReadOut(xs.ravel(), ys.ravel(), self._describe))
        if rows * columns <= 240:
            span = (high - low) or 1.0
            whole = bool((finite == np.rint(finite)).all())
            for row in range(rows):
                for column in range(columns):
                    value = float(self.values[row, column])
                    if np.isfinite(value):
                        strength = (value - low) / span
                        red, green, blue = (int(c) for c in table[int(min(255, max(0, strength * 255)))][:3])
                        dark = 0.299 * red + 0.587 * green + 0.114 * blue < 140
                        text = pg.TextItem(
                            f"{value:,.0f}" if whole else format_number(value, 2),
                            anchor=(0.5, 0.5),
                            color="#ffffff" if dark else "#1b2130",
                        )
                        text.setPos(column, row)
                        self.add(text, outside_bounds=True)
        if self.view.outline_diagonal:
            corners = np.arange(min(rows, columns), dtype=np.float64)[:, None] - 0.5
            x = corners + np.array([0, 1, 1, 0, 0])
            y = corners + np.array([0, 0, 1, 1, 0])
            gaps = np.tile([1, 1, 1, 1, 0], len(corners))
            pen = pg.mkPen(theme.palette.text, width=1.5)
            self.add(pg.PlotCurveItem(x.ravel(), y.ravel(), connect=gaps, pen=pen), outside_bounds=True)

    def _describe(self, number: int) -> str:
        row, column = divmod(number, self.values.shape[1])
        value = float(self.values[row, column])
        shown = format_number(value if np.isfinite(value) else None, 6)
        unit = f" {self.view.unit}" if self.view.unit else ""
        return f"{self.view.y_labels[row]} × {self.view.x_labels[column]}\n{shown}{unit}"


def _colour_table(*, diverging: bool) -> Array:
    """256 colours from the theme: surface to accent, or blue over surface to orange for values around zero."""
    middle = theme.colour("surface")
    strong, other = theme.palette.plot[0], theme.palette.plot[1]
    stops = [strong, middle.name(), other] if diverging else [theme.palette.accent_soft, strong]
    if diverging:
        stops = [other, middle.name(), strong][::-1]
    colours = np.array([pg.mkColor(stop).getRgb() for stop in stops], dtype=np.float64)
    at = np.linspace(0, len(stops) - 1, 256)
    channels = [np.interp(at, np.arange(len(stops)), colours[:, channel]) for channel in range(3)]
    return np.stack([*channels, np.full(256, 255.0)], axis=1).astype(np.ubyte)

"""Draws a result view for print, by matplotlib: PNG at a resolution, SVG, PDF. Same view, same bytes.

Runs in a worker thread; matplotlib is imported on the first export and never by the window itself. pyplot, which keeps
global state, is not used.
"""

import io
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from zerosec_desktop.export.pairs_figure import draw_pairs
from zerosec_shared.views import (
    BarView,
    HeatMapView,
    HistogramView,
    LineView,
    LinkedView,
    ScatterView,
    Section,
    Series,
    View,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["FigureFormat", "FigureStyle", "can_draw", "draw_bytes", "named_sections"]

_MOST_WRITTEN = 240
NAMED_FROM = 0.04
"""Share of the axis from which on a section of it has its name written."""
PLOTS = (LineView, ScatterView, BarView, HistogramView, HeatMapView, LinkedView)
Plot = LineView | ScatterView | BarView | HistogramView | HeatMapView | LinkedView

PALETTE = ("#2f6fde", "#d9772b", "#2a9d6f", "#b2479e", "#7a6ff0", "#8c6d31", "#4b5563", "#c2403f")
_INK, _GRID = "#1f2933", "#d9dee5"
_JAPANESE = ("Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic", "Meiryo", "IPAexGothic")
_JAPANESE_FILES = re.compile(r"(?i)(NotoSansCJK|Hiragino|YuGoth|meiryo|ipaexg)[^/]*\.(ttc|ttf|otf)$")
_FAMILIES = ("Inter", "Noto Sans", "Helvetica", "Arial", "DejaVu Sans", *_JAPANESE)
_lock = threading.Lock()


class FigureFormat(StrEnum):
    """What a figure can be written as."""

    PNG = "png"
    SVG = "svg"
    PDF = "pdf"


@dataclass(frozen=True, kw_only=True, slots=True)
class FigureStyle:
    """Size of the figure in millimetres, resolution (PNG only), size of its letters in points, and whether it has its title."""

    width_mm: float = 120.0
    height_mm: float = 90.0
    dpi: int = 300
    font_pt: float = 8.0
    title: bool = True


def can_draw(view: View) -> bool:
    """Whether a view is a plot."""
    return isinstance(view, PLOTS)


def draw_bytes(view: View, form: FigureFormat, style: FigureStyle | None = None) -> bytes:
    """A plot as a file's bytes. Raises TypeError for views that are no plot."""
    if not isinstance(view, PLOTS):
        raise TypeError(f"a {view.kind} view is not a plot")
    import matplotlib as mpl
    from matplotlib.figure import Figure

    look = style or FigureStyle()
    with _lock, mpl.rc_context(_settings(look)):
        figure = Figure(figsize=(look.width_mm / 25.4, look.height_mm / 25.4), layout="constrained")
        _draw(view, figure, look)
        target = io.BytesIO()
        metadata = {"png": {}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}[form.value]
        figure.savefig(target, format=form.value, dpi=look.dpi, metadata=metadata)
        return target.getvalue()


def _families() -> list[str]:
    """Fonts that are here, one for Latin and one for Japanese letters at least where the system has them.

    matplotlib's list of fonts is a cache that may be older than the fonts: it is completed by a look at the disk.
    """
    from matplotlib.font_manager import findSystemFonts, fontManager

    def known() -> list[str]:
        names = {entry.name for entry in fontManager.ttflist}
        return [family for family in _FAMILIES if family in names]

    if not set(known()) & set(_JAPANESE):
        for path in sorted(findSystemFonts()):
            if _JAPANESE_FILES.search(path):
                fontManager.addfont(path)
    return known() or ["DejaVu Sans"]


def _settings(style: FigureStyle) -> Any:
    return {
        "font.family": _families(),
        "font.size": style.font_pt,
        "axes.titlesize": style.font_pt + 1,
        "axes.titlelocation": "left",
        "axes.titleweight": "bold",
        "axes.edgecolor": _INK,
        "axes.labelcolor": _INK,
        "axes.linewidth": 0.6,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.unicode_minus": False,
        "axes.axisbelow": True,
        "xtick.color": _INK,
        "ytick.color": _INK,
        "xtick.major.width": 0.6,
        "ytick.major.width": 0.6,
        "text.color": _INK,
        "legend.frameon": False,
        "svg.hashsalt": "zerosec",
        "svg.fonttype": "path",
        "pdf.compression": 6,
    }


def _draw(view: Plot, figure: "Figure", style: FigureStyle) -> None:
    if isinstance(view, LinkedView):
        draw_pairs(view, figure, PALETTE)
        if style.title:
            figure.suptitle(view.title, x=0.01, ha="left", fontweight="bold", fontsize=style.font_pt + 1)
        return
    axes = figure.add_subplot()
    if isinstance(view, HeatMapView):
        _heat_map(view, figure, axes)
    elif isinstance(view, HistogramView):
        edges, counts = list(view.edges), list(view.counts)
        axes.stairs(counts, edges, fill=True, color=PALETTE[0], alpha=0.85)
        axes.set_xlabel(view.x.heading)
        axes.grid(visible=True, axis="y", color=_GRID, linewidth=0.5)
    else:
        categories = _categories(view)
        for number, series in enumerate(view.series):
            _series(view, series, number, categories, axes)
        if categories is not None:
            axes.set_xticks(range(len(categories)), list(categories))
            if sum(len(name) for name in categories) > 60:
                axes.tick_params(axis="x", labelrotation=60)
        _reference(view, axes)
        _sections(view, axes, style)
        axes.set_xlabel(view.x.heading)
        axes.set_ylabel(view.y.heading)
        axes.grid(visible=True, axis="y" if isinstance(view, BarView) else "both", color=_GRID, linewidth=0.5)
        if len(view.series) > 1:
            axes.legend(loc="best", fontsize=style.font_pt - 0.5)
    if style.title:
        axes.set_title(view.title)


def _series(
    view: LineView | ScatterView | BarView,
    series: Series,
    number: int,
    categories: tuple[str, ...] | None,
    axes: "Axes",
) -> None:
    colour = PALETTE[number % len(PALETTE)]
    x = [categories.index(str(value)) for value in series.x] if categories is not None else _floats(series.x)
    y = _floats(series.y)
    low, high = _floats(series.low), _floats(series.high)
    if isinstance(view, BarView):
        count = len(view.series)
        width = 0.8 / count
        shifted = [value + (number - (count - 1) / 2) * width for value in x]
        axes.bar(shifted, y, width=width * 0.94, color=colour, label=series.name)
        x = shifted
    elif isinstance(view, LineView):
        if low and high:
            axes.fill_between(x, low, high, color=colour, alpha=0.16, linewidth=0)
        few = len(x) <= 40
        axes.plot(
            x, y, color=colour, linewidth=1.3, marker="o" if few else "", markersize=3, label=series.name
        )
        return
    elif series.joined:
        axes.plot(x, y, color=colour, linewidth=1.3, label=series.name)
    else:
        many = len(x) > 2000
        axes.scatter(
            x, y, s=4 if many else 12, color=colour, alpha=0.35 if many else 0.75, linewidths=0,
            label=series.name, rasterized=many,
        )  # fmt: skip
    if low and high:
        below = [value - lower for value, lower in zip(y, low, strict=True)]
        above = [upper - value for value, upper in zip(y, high, strict=True)]
        axes.errorbar(x, y, yerr=[below, above], fmt="none", ecolor=_INK, elinewidth=0.7, capsize=2)


def _heat_map(view: HeatMapView, figure: "Figure", axes: "Axes") -> None:
    diverging = view.low is not None and view.high is not None and view.low < 0 < view.high
    values = [_floats(row) for row in view.values]
    image = axes.imshow(
        values,
        cmap="RdBu_r" if diverging else "viridis",
        vmin=view.low,
        vmax=view.high,
        aspect="auto",
        interpolation="nearest",
    )
    axes.set_xticks(range(len(view.x_labels)), list(view.x_labels), rotation=60, ha="right")
    axes.set_yticks(range(len(view.y_labels)), list(view.y_labels))
    for column, name in ((view.x, axes.set_xlabel), (view.y, axes.set_ylabel)):
        if column is not None:
            name(column.heading)
    if view.outline_diagonal:
        from matplotlib.patches import Rectangle

        for place in range(min(len(view.x_labels), len(view.y_labels))):
            cell = (place - 0.5, place - 0.5)
            axes.add_patch(Rectangle(cell, 1, 1, fill=False, edgecolor=_INK, linewidth=0.9, zorder=3))
    _cell_values(view, axes)
    axes.tick_params(length=0)
    figure.colorbar(image, ax=axes, label=view.unit or None)


def _cell_values(view: HeatMapView, axes: "Axes") -> None:
    """The values in their cells while they are few, dark on light and light on dark."""
    finite = [value for row in view.values for value in row if value is not None]
    if not finite or sum(map(len, view.values)) > _MOST_WRITTEN:
        return
    whole = all(value == round(value) for value in finite)
    low = view.low if view.low is not None else min(finite)
    high = view.high if view.high is not None else max(finite)
    diverging = low < 0 < high
    for row, values in enumerate(view.values):
        for column, value in enumerate(values):
            if value is not None:
                strength = (value - low) / ((high - low) or 1)
                light = abs(strength - 0.5) > 0.3 if diverging else strength < 0.6
                text = f"{value:,.0f}" if whole else f"{value:.2g}"
                axes.text(column, row, text, ha="center", va="center", color="white" if light else _INK)


def _reference(view: LineView | ScatterView | BarView, axes: "Axes") -> None:
    if view.reference == "identity":
        around_the_data = axes.axis()  # which the origin would widen, were it far from them
        axes.axline((0, 0), slope=1, color=_INK, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
        axes.axis(around_the_data)
    elif view.reference == "zero":
        axes.axhline(0, color=_INK, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)


def _sections(view: LineView | ScatterView | BarView, axes: "Axes", style: FigureStyle) -> None:
    for at in sorted({edge for section in view.sections for edge in (section.start, section.end)}):
        axes.axvline(at, color=_GRID, linewidth=0.8, zorder=0)
    for section in named_sections(view.sections):
        axes.text(
            (section.start + section.end) / 2, 1.0, section.name, transform=axes.get_xaxis_transform(), ha="center", va="bottom",
            fontsize=style.font_pt - 1.5,
        )  # fmt: skip


def named_sections(sections: Sequence[Section]) -> list[Section]:
    """Those wide enough for their names to stand in them."""
    whole = sum(section.end - section.start for section in sections)
    return [section for section in sections if section.end - section.start >= NAMED_FROM * whole]


def _categories(view: LineView | ScatterView | BarView) -> tuple[str, ...] | None:
    """The names along x, in order of their first appearance; None when x is numeric."""
    values = [value for series in view.series for value in series.x]
    if not isinstance(view, BarView) and not any(isinstance(value, str) for value in values):
        return None
    return tuple(dict.fromkeys(str(value) for value in values))


def _floats(values: tuple[float | str | None, ...] | tuple[float | None, ...]) -> list[float]:
    return [float("nan") if value is None or isinstance(value, str) else float(value) for value in values]

"""Names and legends around a plot: at every place, slanted where they have no room, inside the plot, and covering nothing."""

import itertools
import math

import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont, QFontMetricsF
from pytestqt.qtbot import QtBot

from zerosec_desktop.resources.theme import ThemeChoice, theme
from zerosec_desktop.resources.tokens import TypeScale
from zerosec_desktop.views.plot_canvas import _SLANT, PlotCanvas
from zerosec_desktop.views.plots import plot_canvas
from zerosec_shared.views import BarView, Column, HeatMapView, Series


def test_names_along_a_plot_stand_at_every_place_however_long(qtbot: QtBot) -> None:
    names = ("congenital_malformation", "sepsis_meningitis_inf", "pneumonia", "prematurity", "ipre", "other")
    values = tuple(tuple(float(10 * row + column) for column in range(6)) for row in range(6))
    view = HeatMapView(
        id="h",
        title="Matrix",
        x_labels=names,
        y_labels=names,
        values=values,
        x=Column(name="assigned", label="Cause assigned"),
        y=Column(name="true", label="True cause"),
        outline_diagonal=True,
    )

    canvas = plot_canvas(view)
    qtbot.addWidget(canvas)
    canvas.resize(560, 360)
    canvas.show()
    canvas.grab()

    plot = canvas.getPlotItem()
    for side in ("bottom", "left"):
        axis = plot.getAxis(side)
        low, high = axis.range
        [(_, places)] = axis.tickValues(low, high, axis.width() if side == "bottom" else axis.height())
        assert places == list(range(6)), side
    assert plot.getAxis("bottom").labelText == "Cause assigned"
    texts = {item.toPlainText() for item in plot.items if isinstance(item, pg.TextItem)}
    assert {"0", "3", "55"} <= texts
    outline = next(item for item in plot.items if isinstance(item, pg.PlotCurveItem))
    x, y = outline.getData()
    assert list(x[::5]) == list(y[::5]) == [-0.5, 0.5, 1.5, 2.5, 3.5, 4.5]


def test_slanted_names_below_a_plot_begin_inside_it(qtbot: QtBot) -> None:
    names = ["sepsis_meningitis_inf", *(f"cause of death {number}" for number in range(8))]
    canvas = PlotCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(560, 320)
    canvas.plot(range(len(names)), [0.1] * len(names))
    canvas.set_categories("bottom", names)
    canvas.show_all()
    canvas.grab()

    font = QFont()
    font.setPixelSize(TypeScale.CAPTION)
    metrics, level = QFontMetricsF(font), math.cos(math.radians(_SLANT))
    to_scene = canvas.getPlotItem().getViewBox().mapViewToScene
    starts = [
        to_scene(QPointF(place, 0)).x() - metrics.horizontalAdvance(name) * level
        for place, name in enumerate(names)
    ]
    assert min(starts) >= 0, "the first letters would be cut off at the left"


@pytest.mark.parametrize("width", [320, 900])
def test_a_legend_stands_above_the_plot_and_covers_nothing(qtbot: QtBot, width: int) -> None:
    series = [
        Series(
            name=f"<b>cause {number}</b>" if number else "a long name " * 9,
            x=("neonate", "child"),
            y=(1.0, 1.0),
        )
        for number in range(7)
    ]
    view = BarView(id="b", title="Bars", x=Column(name="age"), y=Column(name="share"), series=tuple(series))
    canvas = plot_canvas(view)
    qtbot.addWidget(canvas)
    canvas.resize(width, 420)
    canvas.show()
    plot = canvas.getPlotItem()

    for wanted in (ThemeChoice.DARK, ThemeChoice.LIGHT):
        theme.apply(wanted)
        texts = [item for item in plot.childItems() if isinstance(item, pg.LabelItem) and item.text]
        shown = [text.item.toPlainText() for text in texts]
        assert shown[0].startswith("a long name")
        assert shown[0].endswith("…")
        assert shown[1:] == [f"<b>cause {number}</b>" for number in range(1, 7)]

        def lowest(texts: list[pg.LabelItem] = texts) -> float:
            return max(float(text.geometry().bottom()) for text in texts)

        qtbot.waitUntil(lambda lowest=lowest: lowest() <= plot.getViewBox().geometry().top(), timeout=5000)
        places = [text.geometry() for text in texts]
        assert max(place.right() for place in places) <= plot.boundingRect().right()
        assert min(place.top() for place in places) >= 0
        assert not any(a.intersects(b) for a, b in itertools.combinations(places, 2))
        assert len({place.left() for place in places}) == (1 if width == 320 else 2)


def test_an_axis_is_named_as_it_stands(qtbot: QtBot) -> None:
    canvas = PlotCanvas()
    qtbot.addWidget(canvas)

    canvas.set_axis_title("bottom", "<b>x</b> & y")

    assert canvas.getPlotItem().getAxis("bottom").label.toPlainText().strip() == "<b>x</b> & y"


@pytest.mark.parametrize("width", [360, 700])
def test_no_bar_is_without_its_name(qtbot: QtBot, width: int) -> None:
    names = ("s5", "bmi", "bp", "s3", "sex", "s6", "s1", "s4", "s2", "age")
    view = BarView(
        id="b",
        title="Importance",
        x=Column(name="feature", label="Feature"),
        y=Column(name="importance"),
        series=(Series(x=names, y=tuple(float(at) for at in range(len(names)))),),
    )
    canvas = plot_canvas(view)
    qtbot.addWidget(canvas)
    canvas.resize(width, 320)
    canvas.show()
    qtbot.waitExposed(canvas)
    canvas.grab()

    axis = canvas.getPlotItem().getAxis("bottom")

    def places() -> list[int]:
        low, high = axis.range
        [(_, found)] = axis.tickValues(low, high, axis.size().width())
        return [int(place) for place in found]

    qtbot.waitUntil(lambda: places() == list(range(len(names))), timeout=5000)

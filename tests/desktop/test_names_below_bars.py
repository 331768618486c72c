"""Names below bars stand at every bar: side by side where there is room, slanted where there is none, also in a narrow card."""

import pytest
from pytestqt.qtbot import QtBot

from zerosec_desktop.views.plots import plot_canvas
from zerosec_shared.views import BarView, Column, Series


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

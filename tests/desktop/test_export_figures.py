"""Publication export: every plot as PNG, SVG and PDF, the same each time; data as CSV with every digit."""

import csv
import io
import struct

import pytest

from zerosec_desktop.export.data import csv_bytes, has_data
from zerosec_desktop.export.figure import FigureFormat, FigureStyle, _draw, can_draw, draw_bytes
from zerosec_shared.views import (
    BarView,
    CardView,
    Column,
    HeatMapView,
    HistogramView,
    LineView,
    LinkedView,
    ScatterView,
    Series,
    TableView,
    View,
)

X, Y = Column(name="x", label="速度", unit="m/min"), Column(name="y")
BAND = Series(name="a", x=(1, 2, 3), y=(0.1 + 0.2, None, 3.0), low=(0.0, None, 2.5), high=(1.0, None, 3.5))
PLOTS: list[View] = [
    ScatterView(id="s", title="散布図", x=X, y=Y, series=(BAND,), reference="identity"),
    LineView(
        id="l", title="Line", x=X, y=Y, series=(BAND, Series(name="b", x=(1, 2), y=(1, 2))), reference="zero"
    ),
    BarView(id="b", title="Bars", x=X, y=Y, series=(Series(x=("p", "q"), y=(1, 2)),)),
    HistogramView(id="h", title="Histogram", x=X, edges=(0, 1, 2), counts=(3, 4)),
    HeatMapView(
        id="m", title="Heat", x_labels=("a", "b"), y_labels=("c",), values=((1, None),), low=-1, high=1
    ),
]


LINKED = LinkedView(
    id="k",
    title="Linked",
    columns=(X, Y, Column(name="z"), Column(name="group")),
    rows=((1.0, 2.0, 3.0, "p"), (2.0, None, 1.0, "q"), (3.0, 1.0, 2.0, "p")),
    total_rows=3,
    axes=("x", "y", "z"),
    coloured_by="group",
)


@pytest.mark.parametrize("form", list(FigureFormat))
@pytest.mark.parametrize("view", [*PLOTS, LINKED], ids=lambda view: view.kind)
def test_every_plot_is_drawn_in_every_format(view: View, form: FigureFormat) -> None:
    data = draw_bytes(view, form, FigureStyle(dpi=100))
    assert data.startswith({"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}[form.value])


def test_the_line_of_perfect_prediction_leaves_the_room_to_the_data() -> None:
    from matplotlib.figure import Figure

    masses = Series(name="a", x=(3000.0, 4000.0, 6000.0), y=(3100.0, 4100.0, 5800.0))
    figure = Figure()
    _draw(
        ScatterView(id="s", title="Masses", x=X, y=Y, series=(masses,), reference="identity"),
        figure,
        FigureStyle(),
    )
    (axes,) = figure.axes
    left, right, bottom, top = axes.axis()
    assert 2700 < left < 3000
    assert 6000 < right < 6300
    assert 2700 < bottom < 3100
    assert 5800 < top < 6300


@pytest.mark.parametrize("form", list(FigureFormat))
def test_the_same_view_gives_the_same_bytes(form: FigureFormat) -> None:
    assert draw_bytes(PLOTS[0], form) == draw_bytes(PLOTS[0], form)


def test_a_png_has_the_size_that_was_asked_for() -> None:
    data = draw_bytes(PLOTS[1], FigureFormat.PNG, FigureStyle(width_mm=85, height_mm=60, dpi=600))
    width, height = struct.unpack(">II", data[16:24])
    assert (width, height) == (int(85 / 25.4 * 600), int(60 / 25.4 * 600))


def test_only_plots_are_drawn() -> None:
    card = CardView(id="c", title="c", text="t")
    assert not can_draw(card)
    with pytest.raises(TypeError):
        draw_bytes(card, FigureFormat.PNG)


def read(view: View) -> list[list[str]]:
    return list(csv.reader(io.StringIO(csv_bytes(view).decode("utf-8-sig"))))


def test_data_keep_every_digit_and_missing_values_are_empty() -> None:
    assert read(PLOTS[0]) == [
        ["series", "x", "y", "low", "high"],
        ["a", "1.0", "0.30000000000000004", "0.0", "1.0"],
        ["a", "2.0", "", "", ""],
        ["a", "3.0", "3.0", "2.5", "3.5"],
    ]
    assert read(PLOTS[3]) == [["from", "to", "count"], ["0.0", "1.0", "3.0"], ["1.0", "2.0", "4.0"]]
    assert read(PLOTS[4]) == [["row", "a", "b"], ["c", "1.0", ""]]


def test_a_text_that_a_spreadsheet_would_run_is_written_as_text() -> None:
    view = TableView(id="t", title="t", columns=(X,), rows=(("=1+1",), ("-3",), (-3,)), total_rows=3)
    assert read(view)[1:] == [["'=1+1"], ["-3"], ["-3"]]
    assert has_data(view)

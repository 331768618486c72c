"""How a figure is saved: chosen in a dialog that shows it first, drawn beside the window. What differs between two runs."""

from pytestqt.qtbot import QtBot

from tests.desktop.test_export_figures import PLOTS
from zerosec_desktop.context import Context
from zerosec_desktop.controls import label
from zerosec_desktop.export.dialog import FigureDialog
from zerosec_desktop.export.figure import FigureFormat
from zerosec_desktop.screens.compare.differences import compare_metrics, compare_pairs
from zerosec_shared.views import Metric


def test_a_figure_is_shown_before_it_is_saved_in_the_chosen_format(context: Context, qtbot: QtBot) -> None:
    parent = label()
    qtbot.addWidget(parent)
    saved: list[tuple[FigureFormat, bytes]] = []
    dialog = FigureDialog(
        parent, context.bridge, PLOTS[0], FigureFormat.PNG, lambda form, data: saved.append((form, data))
    )
    dialog.open()
    qtbot.waitUntil(lambda: not dialog._picture.pixmap().isNull(), timeout=20_000)
    dialog._formats.buttons()[1].click()
    assert not dialog._dpi.isEnabled()
    assert dialog._dpi.toolTip()
    dialog._width.setCurrentIndex(2)
    assert dialog.style_chosen.width_mm == 180
    dialog._save.click()
    qtbot.waitUntil(lambda: bool(saved), timeout=20_000)
    assert saved[0][0] is FigureFormat.SVG
    assert saved[0][1].startswith(b"<?xml")


def test_numbers_of_two_runs_stand_side_by_side_headline_first() -> None:
    first = [
        Metric(name="n", value=10),
        Metric(name="r2", value=0.8, headline=True),
        Metric(name="only", value=1),
    ]
    second = [
        Metric(name="n", value=12),
        Metric(name="r2", value=0.8, headline=True),
        Metric(name="p", value=None),
    ]
    lines = {line.name: line for line in compare_metrics(first, second)}
    assert next(iter(lines)) == "r2"
    assert not lines["r2"].differs
    assert lines["n"].change == "+2 (+20.0%)"
    assert lines["only"].second == "–"
    assert lines["p"].first == "–"


def test_a_share_that_says_nothing_is_left_out() -> None:
    line = compare_metrics([Metric(name="p", value=1e-140)], [Metric(name="p", value=1e-100)])[0]
    assert "%" not in line.change
    assert compare_metrics([Metric(name="z", value=0.0)], [Metric(name="z", value=1.0)])[0].change == "+1.00"


def test_texts_that_stand_in_one_run_only_differ() -> None:
    lines = compare_pairs(
        {"numpy": "2.4", "python": "3.11"}, {"numpy": "2.5", "python": "3.11", "scipy": "1.17"}
    )
    assert [line.differs for line in lines] == [True, False, True]

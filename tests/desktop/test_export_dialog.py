"""How a figure is saved: chosen in a dialog that shows it first, drawn beside the window. What differs between two runs."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.desktop.test_export_figures import PLOTS
from zerosec_desktop.bridge import Failure
from zerosec_desktop.context import Context
from zerosec_desktop.controls import label
from zerosec_desktop.export.dialog import FigureDialog
from zerosec_desktop.export.figure import FigureFormat
from zerosec_desktop.screens.compare.differences import compare_metrics, compare_pairs
from zerosec_desktop.screens.run import exports
from zerosec_shared.views import CardView, Metric


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder with room for 8 KB."""
    folder = tmp_path / "small"
    folder.mkdir()
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("only the administrator may mount a small disk")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", str(folder)], check=False)
    if mounted.returncode != 0:
        pytest.skip("no small disk can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_figure_is_shown_before_it_is_saved_in_the_chosen_format(context: Context, qtbot: QtBot) -> None:
    parent = label()
    qtbot.addWidget(parent)
    saved: list[tuple[FigureFormat, bytes]] = []
    dialog = FigureDialog(
        parent, context.bridge, PLOTS[0], FigureFormat.PNG, lambda form, data: saved.append((form, data))
    )
    dialog.open()
    assert not dialog._save.isEnabled(), "what is saved is seen before"
    assert dialog._save.toolTip()
    qtbot.waitUntil(lambda: not dialog._picture.pixmap().isNull(), timeout=20_000)
    assert dialog._save.isEnabled()
    assert not dialog._save.toolTip()
    dialog._formats.buttons()[1].click()
    assert not dialog._dpi.isEnabled()
    assert dialog._dpi.toolTip()
    dialog._width.setCurrentIndex(2)
    assert dialog.style_chosen.width_mm == 180
    dialog._save.click()
    qtbot.waitUntil(lambda: bool(saved), timeout=20_000)
    assert saved[0][0] is FigureFormat.SVG
    assert saved[0][1].startswith(b"<?xml")


def test_a_figure_that_cannot_be_drawn_is_said_in_its_place_and_told_once(
    context: Context, qtbot: QtBot
) -> None:
    parent = label()
    qtbot.addWidget(parent)
    told: list[Failure] = []
    context.bridge.unhandled.connect(told.append)
    no_plot = CardView(id="c", title="Card", text="Ten rows.")
    dialog = FigureDialog(parent, context.bridge, no_plot, FigureFormat.PNG, lambda _form, _data: None)
    dialog.open()
    qtbot.waitUntil(lambda: "could not be drawn" in dialog._picture.text())
    assert [failure.name for failure in told] == ["figure preview"]
    assert not dialog._save.isEnabled()
    dialog.reject()


def test_a_figure_that_finds_the_disk_full_leaves_the_one_before_as_it_was(
    context: Context, qtbot: QtBot, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = small_disk / "figure.png"
    place.write_bytes(b"last month's")
    monkeypatch.setattr(exports, "choose_save", lambda *rest: rest[-1]([place]))
    page = label()
    qtbot.addWidget(page)
    exporting = exports.Exports(context, page)

    exporting.save_figure(PLOTS[0], "png")
    dialog = page.window().findChild(FigureDialog)
    assert dialog is not None
    qtbot.waitUntil(dialog._save.isEnabled)
    dialog._save.click()
    qtbot.waitUntil(lambda: bool(context.notifications.items))

    said = context.notifications.items[0]
    assert said.title == "The disk of this computer is full"
    assert str(small_disk) in said.detail
    assert place.read_bytes() == b"last month's"
    assert [path.name for path in small_disk.iterdir()] == ["figure.png"]


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

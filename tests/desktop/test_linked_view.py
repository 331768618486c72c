"""Rows seen from several sides: what is chosen in one is chosen in all, and leaves as a table."""

from collections.abc import Iterator
from typing import cast

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from zerosec_desktop.export.data import csv_bytes, rows_of
from zerosec_desktop.views.frame import ViewFrame
from zerosec_desktop.views.linked.panel import LinkedPanel
from zerosec_desktop.views.linked.points import nice_ticks, tick_text
from zerosec_desktop.views.linked.surface import Surface
from zerosec_desktop.views.registry import render
from zerosec_shared.views import Column, LinkedView, TableView

N = 40
_RNG = np.random.default_rng(3)
VALUES = _RNG.uniform(0, 10, (N, 4)).round(3)
VIEW = LinkedView(
    id="linked",
    title="Rows",
    columns=tuple(Column(name=name) for name in ("group", "a", "b", "c", "d", "note")),
    rows=(
        *(("set" if i < 10 else "others", *VALUES[i].tolist(), f"row {i}") for i in range(N)),
        ("others", 1.0, None, 2.0, 3.0, "gap"),
    ),
    total_rows=N + 1,
    axes=("a", "b", "c", "d"),
    coloured_by="group",
    runs=True,
)


@pytest.fixture
def frame(qtbot: QtBot) -> Iterator[ViewFrame]:
    made = render(VIEW, {}, {})
    qtbot.addWidget(made)
    made.resize(900, 800)
    made.show()
    made.grab()
    yield made
    made.hide()


def panel_of(frame: ViewFrame) -> LinkedPanel:
    assert isinstance(frame.content, LinkedPanel)
    return frame.content


def drag(
    qtbot: QtBot, surface: Surface, start: QPointF, end: QPointF, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:  # fmt: skip
    widget = cast(QWidget, surface)
    qtbot.mousePress(widget, Qt.MouseButton.LeftButton, keys, start.toPoint())
    qtbot.mouseMove(widget, ((start + end) / 2).toPoint())
    qtbot.mouseRelease(widget, Qt.MouseButton.LeftButton, keys, end.toPoint())


def test_a_rectangle_in_a_pair_chooses_the_rows_in_it_everywhere(frame: ViewFrame, qtbot: QtBot) -> None:
    panel = panel_of(frame)
    cell = next(one for one in panel.pairs.cells() if (one.x, one.y) == (0, 1))
    area = cell.area

    drag(qtbot, panel.pairs, area.topLeft() + QPointF(1, 1), QPointF(area.center().x(), area.bottom() - 1))

    middle = (panel.points.low[0] + panel.points.high[0]) / 2
    expected = VALUES[:, 0] < middle
    assert panel.points.chosen[:N].tolist() == expected.tolist()
    assert not panel.points.chosen[N], "a row without a value there is in no rectangle"
    assert panel.count.text().startswith(str(int(expected.sum())))
    chosen = panel.chosen_rows()
    assert [row[-1] for row in chosen.rows] == [f"row {i}" for i in np.flatnonzero(expected)]

    qtbot.keyClick(cast(QWidget, panel.pairs), Qt.Key.Key_Escape)
    assert not panel.points.chosen.any()
    assert not panel.sheet.isEnabled()
    assert panel.sheet.toolTip()


def test_ctrl_adds_and_alt_takes_off(frame: ViewFrame, qtbot: QtBot) -> None:
    panel = panel_of(frame)
    area = panel.pairs.cells()[0].area
    left = (area.topLeft() + QPointF(1, 1), QPointF(area.center().x(), area.bottom() - 1))
    whole = (area.topLeft() + QPointF(1, 1), area.bottomRight() - QPointF(1, 1))

    drag(qtbot, panel.pairs, *left)
    some = int(panel.points.chosen.sum())
    drag(qtbot, panel.pairs, *whole, Qt.KeyboardModifier.ControlModifier)
    assert panel.points.chosen.sum() == N
    drag(qtbot, panel.pairs, *left, Qt.KeyboardModifier.AltModifier)
    assert panel.points.chosen.sum() == N - some


def test_ranges_on_several_axes_are_kept_together(frame: ViewFrame, qtbot: QtBot) -> None:
    panel = panel_of(frame)
    panel.switches[1].click()
    surface = panel.parallel
    surface.grab()
    top, bottom = 34.0, surface.height() - 16.0
    half = (top + bottom) / 2
    first, last = surface.places()[[0, 3]]

    drag(qtbot, surface, QPointF(first, top), QPointF(first, half))
    drag(qtbot, surface, QPointF(last, half), QPointF(last, bottom))

    low = (panel.points.low + panel.points.high) / 2
    share = panel.points.shares[:N]
    certain = (np.abs(share[:, [0, 3]] - 0.5) > 0.01).all(axis=1)
    expected = (VALUES[:, 0] > low[0]) & (VALUES[:, 3] < low[3])
    assert (panel.points.chosen[:N] == expected)[certain].all()
    qtbot.mouseClick(cast(QWidget, surface), Qt.MouseButton.LeftButton, pos=QPoint(int(first), int(half)))
    assert set(surface.kept) == {3}
    panel.points.clear()
    assert not surface.kept, "ranges do not stay where something else was chosen"


def test_in_space_a_drag_turns_and_shift_chooses(frame: ViewFrame, qtbot: QtBot) -> None:
    panel = panel_of(frame)
    panel.switches[2].click()
    surface = panel.space
    assert surface is not None
    surface.grab()
    corner, other = QPointF(1, 1), QPointF(surface.width() - 1, surface.height() - 1)
    before = surface.turn

    drag(qtbot, surface, corner, QPointF(120, 40))
    assert surface.turn != before
    assert not panel.points.chosen.any()
    drag(qtbot, surface, corner, other, Qt.KeyboardModifier.ShiftModifier)
    assert panel.points.chosen.sum() == N
    assert len(panel.axes) == 3
    panel.axes[2].setCurrentIndex(3)
    panel.axes[2].activated.emit(3)
    assert surface.shown == (0, 1, 3)
    frame.content.show_all()
    assert (surface.turn, panel.points.chosen.any()) == (before, False)


def test_the_chosen_rows_are_saved_copied_and_become_runs(frame: ViewFrame, qtbot: QtBot) -> None:
    panel = panel_of(frame)
    panel.points.choose(panel.points.group == 0)

    for button, signal in (
        (panel.save, frame.data_wanted),
        (panel.copy, frame.copy_data_wanted),
        (panel.sheet, frame.runs_wanted),
    ):
        with qtbot.waitSignal(signal) as said:
            button.click()
        assert said.args is not None
        chosen = said.args[0]
        assert isinstance(chosen, TableView)
        assert chosen.total_rows == 10
        assert csv_bytes(chosen).count(b"\r\n") == 11


def test_the_point_under_the_pointer_is_found(frame: ViewFrame) -> None:
    panel = panel_of(frame)
    cell = panel.pairs.cells()[0]
    x, y = panel.pairs._pixels(cell, np.array([7]))

    assert panel.pairs.nearest(QPointF(float(x[0]), float(y[0]))) == 7
    assert "a: " in panel.pairs.read_out(7)
    assert panel.pairs.nearest(QPointF(2, 2)) is None


def test_all_rows_are_its_data() -> None:
    rows = list(rows_of(VIEW))

    assert rows[0] == ("group", "a", "b", "c", "d", "note")
    assert len(rows) == N + 2


def test_axes_have_round_numbers() -> None:
    assert nice_ticks(0.03, 1.02, 5) == [0.2, 0.4, 0.6, 0.8, 1.0]
    assert nice_ticks(5, 5, 4) == []
    assert [tick_text(value) for value in (40.0, -0.5, 1e-7, 3000.0)] == ["40", "−0.5", "1e−07", "3,000"]

"""Tables: cells set right, an order without a proxy, a million rows without waiting, numbers for the eye."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractItemView
from pytestqt.qtbot import QtBot

from zerosec_desktop.widgets.number_format import (
    DIGIT_ROOM,
    MISSING,
    POINT_ROOM,
    align_decimals,
    format_interval,
    format_number,
)
from zerosec_desktop.widgets.table.model import FrameModel, sort_order
from zerosec_desktop.widgets.table.view import DataTable

FRAME = pl.DataFrame({"name": ["b", None, "A", "c"], "x": [2.5, 1.0, None, 10.25], "n": [1, 2, 3, 4]})


def column(model: FrameModel, number: int) -> list[str]:
    bare = f"{DIGIT_ROOM}{POINT_ROOM}"
    return [str(model.data(model.index(row, number))).rstrip(bare) for row in range(model.rowCount())]


def test_cells_are_shown_exactly_and_missing_ones_as_a_dash(qtbot: QtBot) -> None:
    model = FrameModel()
    model.set_frame(FRAME)
    assert column(model, 0) == ["b", MISSING, "A", "c"]
    assert column(model, 1) == ["2.5", "1", MISSING, "10.25"]
    assert model.headerData(1, Qt.Orientation.Horizontal) == "x"


def test_years_have_no_separators_and_quantities_keep_theirs(qtbot: QtBot) -> None:
    model = FrameModel()
    frame = pl.DataFrame({"year": [2007.0, None], "count": [12, 12_345], "size": [2007.5, 1000.0]})
    model.set_frame(frame, digits=[5, 5, 5])
    assert column(model, 0) == ["2007", MISSING]
    assert column(model, 1) == ["12", "12,345"]
    assert column(model, 2) == ["2,007.5", "1,000.0"]


@pytest.mark.parametrize(
    ("name", "descending", "rows"),
    [
        ("x", False, [1, 0, 3, 2]),
        ("x", True, [3, 0, 1, 2]),
        ("name", False, [2, 0, 3, 1]),
        ("name", True, [3, 0, 2, 1]),
    ],
)
def test_an_order_puts_missing_values_last_either_way(name: str, descending: bool, rows: list[int]) -> None:
    assert sort_order(FRAME, name, descending=descending).tolist() == rows


def test_equal_values_keep_their_order() -> None:
    frame = pl.DataFrame({"k": [1, 0] * 500})
    ordered = sort_order(frame, "k", descending=False).tolist()
    assert ordered == [*range(1, 1000, 2), *range(0, 1000, 2)]


def test_row_numbers_stay_those_of_the_file_when_sorted(qtbot: QtBot) -> None:
    model = FrameModel()
    model.set_frame(FRAME)
    model.sort(1, Qt.SortOrder.DescendingOrder)
    assert [model.headerData(row, Qt.Orientation.Vertical) for row in range(4)] == ["4", "1", "2", "3"]
    assert model.shown_row(3) == 0


def test_a_long_table_asks_a_worker_to_sort(qtbot: QtBot) -> None:
    model = FrameModel()
    model.set_frame(pl.DataFrame({"x": range(30_000)}))
    with qtbot.waitSignal(model.sort_wanted) as asked:
        model.sort(0, Qt.SortOrder.DescendingOrder)
    assert asked.args == ["x", True]


def test_growing_keeps_the_place(qtbot: QtBot) -> None:
    model = FrameModel()
    table = DataTable(model)
    qtbot.addWidget(table)
    frame = pl.DataFrame({"x": range(1000)})
    model.set_frame(frame.head(200))
    table.selectRow(150)
    model.grow(frame)
    assert model.rowCount() == 1000
    assert table.currentIndex().row() == 150
    assert model.data(model.index(999, 0)) == "999"


def test_chosen_rows_are_copied_with_full_precision(qtbot: QtBot) -> None:
    model = FrameModel()
    table = DataTable(model)
    qtbot.addWidget(table)
    model.set_frame(pl.DataFrame({"a": [0.1 + 0.2, 1.0], "b": ["x\ty", None]}), digits=[3, None])
    table.selectAll()
    table.copy()
    assert QGuiApplication.clipboard().text() == 'a\tb\n0.30000000000000004\t"x\ty"\n1.0\t\n'


def test_rows_are_chosen_whole_and_reached_by_number_and_name(qtbot: QtBot) -> None:
    model = FrameModel()
    table = DataTable(model)
    qtbot.addWidget(table)
    model.set_frame(pl.DataFrame({f"c{i}": range(100_000) for i in range(20)}))
    table.resize(600, 400)
    table.show()
    assert table.selectionBehavior() is QAbstractItemView.SelectionBehavior.SelectRows
    assert table.jump_to_row(99_999)
    assert table.currentIndex().row() == 99_998
    assert not table.jump_to_row(100_001)
    assert table.jump_to_column("C19")
    assert table.columnViewportPosition(19) < 600
    assert not table.jump_to_column("nowhere")
    table.selectAll()
    assert table.selected_rows() == 100_000


def test_a_header_click_sorts_up_then_down_then_not_at_all(qtbot: QtBot) -> None:
    model = FrameModel()
    table = DataTable(model)
    qtbot.addWidget(table)
    model.set_frame(FRAME)
    for expected in (
        ["1", "2.5", "10.25", MISSING],
        ["10.25", "2.5", "1", MISSING],
        ["2.5", "1", MISSING, "10.25"],
    ):
        table.horizontalHeader().sectionClicked.emit(1)
        assert column(model, 1) == expected
    assert model.sorted_by is None


def test_ten_thousand_columns_are_shown(qtbot: QtBot) -> None:
    model = FrameModel()
    table = DataTable(model)
    qtbot.addWidget(table)
    model.set_frame(pl.DataFrame({f"c{i}": [i] for i in range(10_000)}))
    assert table.jump_to_column("c9999")
    table.selectionModel().select(model.index(0, 0), QItemSelectionModel.SelectionFlag.Select)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.873123, None, "0.8731"),
        (12333, None, "12,333"),
        (-2.5, 2, "−2.5"),
        (1.23e-7, 3, "1.23×10⁻⁷"),
        (0.0, None, "0"),
        (None, None, MISSING),
        (float("nan"), None, MISSING),
        (99.996, 4, "100.0"),
        (186_611_234.0, 4, "186,611,234"),
    ],
)
def test_numbers_are_set_for_the_eye(value: float | None, digits: int | None, text: str) -> None:
    assert format_number(value, digits) == text


@pytest.mark.parametrize(
    ("value", "low", "high", "texts"),
    [
        (0.873123, 0.8512, 0.8931, ("0.873", "0.851 – 0.893")),
        (2.8123, 2.6, 3.1, ("2.81", "2.60 – 3.10")),
        (15000.0, 12000.0, 18000.0, ("15,000", "12,000 – 18,000")),
        (1.0, None, None, ("1.000", "")),
    ],
)
def test_an_interval_decides_the_decimals(
    value: float, low: float | None, high: float | None, texts: tuple[str, str]
) -> None:
    assert format_interval(value, low, high) == texts


def test_an_analysis_may_say_the_decimals_itself() -> None:
    assert format_interval(0.39, None, None, 2) == ("0.39", "")
    assert format_interval(0.3, 0.29, 0.3, 2) == ("0.30", "0.29 – 0.30")


@given(st.lists(st.floats(-1e6, 1e6).map(lambda v: f"{v:.3g}"), max_size=20))
def test_aligning_never_changes_a_digit(texts: list[str]) -> None:
    assert [text.rstrip(DIGIT_ROOM + POINT_ROOM) for text in align_decimals(texts)] == texts


def test_aligned_numbers_have_their_points_under_each_other() -> None:
    assert align_decimals(["1.5", "2", "10.25", MISSING]) == [
        f"1.5{DIGIT_ROOM}",
        f"2{POINT_ROOM}{DIGIT_ROOM}{DIGIT_ROOM}",
        "10.25",
        MISSING,
    ]


def test_every_column_of_a_wide_table_is_as_wide_as_its_texts(qtbot: QtBot) -> None:
    texts = {f"c{number}": ["a longer text than others" if number % 7 == 0 else "a"] for number in range(50)}
    model = FrameModel()
    table = DataTable(model)
    qtbot.addWidget(table)
    model.set_frame(pl.DataFrame(texts))
    wide, narrow = table.columnWidth(0), table.columnWidth(1)
    wanted = [wide if number % 7 == 0 else narrow for number in range(50)]
    assert narrow < wide

    qtbot.waitUntil(lambda: [table.columnWidth(number) for number in range(50)] == wanted)

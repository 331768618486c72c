"""Parameter sheets: what they may look like, exact levels, and every mistake with its column and cell."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.combinations.conftest import Made

from zerosec_analyses.levels import levels_by_step, written_levels
from zerosec_analyses.parameter_sheet import read_parameter_sheet
from zerosec_analyses.sdk import InputError
from zerosec_shared.texts import say

HERE = say("Here")


def levels(path: Path) -> dict[str, list[str]]:
    return {v.name: [str(level) for level in v.levels] for v in read_parameter_sheet(path, None).variables}


@pytest.mark.parametrize("name", ["parameters.xlsx", "parameters.csv"])
def test_steps_and_lists_give_their_levels_exactly(sheet: Callable[..., Path], name: str) -> None:
    path = sheet(
        {
            "x": (0.1, 0.5, 0.1),
            "直径": (None, None, "6,15,25"),
            "速度": (1000, 3000, "1000, 2500"),
            "材料": (None, None, "Steel, Alumi"),
        },
        name=name,
    )

    found = levels(path)

    assert [float(level) for level in found["x"]] == [0.1, 0.2, 0.3, 0.4, 0.5]
    assert found["直径"] == ["6", "15", "25"]
    assert found["速度"] == ["1000", "2500"]
    assert found["材料"] == ["Steel", "Alumi"]


@pytest.mark.parametrize(
    ("rows", "values"),
    [
        (("min", "max", "step"), (1, 3, 1)),
        (("MAX", "Min", "STEP"), (3, 1, 1)),
        (("最小値", "最大値", "刻み"), (1, 3, 1)),
        (("levels",), ("1, 2, 3",)),
        (("unit", "min", "max", "step|levels"), ("mm", 1, 3, 1)),
        (("min", "max", "間隔"), (1, 3, "１、２、３")),
        (("min", "max", "間隔"), ("１", "３", "１")),
    ],
)
def test_rows_may_be_named_in_either_language(
    sheet: Callable[..., Path], rows: tuple[str, ...], values: tuple[Any, ...]
) -> None:
    assert [Fraction(level) for level in levels(sheet({"x": values}, rows))["x"]] == [1, 2, 3]


def test_a_title_above_and_columns_left_empty_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "parameters.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write(0, 1, "実験計画 第3回")
        page.write_column(3, 1, ["min", "max", "間隔"])
        page.write_column(2, 2, ["x", 3, 1, 1])
        page.write_column(2, 4, ["y", 0.1, 0.3, 0.1])

    with pytest.raises(InputError, match="Column “x”, cell C6: the smallest value 3 is above the largest 1"):
        read_parameter_sheet(path, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (',x,y\nmin,1,\nmax,3,\n間隔,1,"6,15"\n', ["6", "15"]),
        (',y\n間隔,"6,15"\nmin,6\nmax,15\n', ["6", "15"]),
        (";x;y\nmin;0,1;\nmax;0,5;\n間隔;0,1;6、15\n", ["6", "15"]),
        (";y\nmin;0,1\nmax;0,3\n間隔;0,1\n", ["0.1", "0.2", "0.3"]),
        (";y\nmin;0.1\nmax;0.3\n間隔;0.1\n", ["0.1", "0.2", "0.3"]),
    ],
)
def test_a_comma_parts_levels_unless_the_numbers_are_written_with_it(
    tmp_path: Path, text: str, expected: list[str]
) -> None:
    path = tmp_path / "parameters.csv"
    path.write_text(text, encoding="utf-8")

    assert levels(path)["y"] == expected


def test_levels_without_a_name_above_are_refused(sheet: Callable[..., Path]) -> None:
    with pytest.raises(InputError, match="cell C2: these levels have no name above them"):
        read_parameter_sheet(sheet({"x": (1, 2, 1), "": (1, 2, 1)}), None)


def test_equal_ends_are_one_level(sheet: Callable[..., Path]) -> None:
    assert levels(sheet({"x": (7, 7, None), "y": (1, 2, 1)}))["x"] == ["7"]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ((3, 1, 1), "Column “x”, cell B4: the smallest value 3 is above the largest 1."),
        ((1, 3, 0), "Column “x”, cell B4: the step is 0; it must be above zero."),
        ((1, 3, -1), "Column “x”, cell B4: the step is -1; it must be above zero."),
        (("low", 3, 1), "Column “x”, cell B2: “low” is not a number."),
        ((1, "hi", 1), "Column “x”, cell B3: “hi” is not a number."),
        ((1, 3, "wide"), "Column “x”, cell B4: “wide” is neither a step nor a list of levels."),
        ((1, 3, None), "Column “x” (B): min and max are given, but no step."),
        ((None, 3, 1), "Column “x” (B): there is a step, but no min."),
        ((None, None, 1), "Column “x” (B): there is a step, but no min, max."),
        ((1, None, None), "Column “x” (B): there is neither a range nor a list of levels."),
        ((1, 3, "1, 5"), "Column “x”, cell B4: the level 5 is above max, 3."),
        ((1, 3, "0.5, 2"), "Column “x”, cell B4: the level 0.5 is below min, 1."),
        ((None, None, "1, two"), "Column “x”, cell B4: “two” is not a number, but other levels are."),
        ((1, 2, "a, b"), "Column “x”, cell B4: “a” is not a number, but the column has min or max."),
        ((None, None, "1, 1.0"), "Column “x”, cell B4: the level 1 stands twice."),
        (
            (0, 1, 1e-9),
            "Column “x”, cell B4: that makes 1,000,000,001 levels; at most 1,000,000 are possible.",
        ),
        ((None, None, None), "Column “x” (B) has no values."),
    ],
)
def test_a_mistake_names_the_column_and_the_cell(
    make: Callable[..., Made], values: tuple[Any, ...], sentence: str
) -> None:
    with pytest.raises(InputError) as raised:
        make({"x": values, "y": (1, 2, 1)})

    assert raised.value.title == sentence


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (("min", "max"), "The parameter sheet has no row 間隔."),
        (("low", "max", "step"), "Cell A2: “low” names no row of a parameter sheet."),
        (("min", "min", "step"), "Cell A3: the row min stands twice."),
    ],
)
def test_a_sheet_without_its_rows_is_refused(
    sheet: Callable[..., Path], rows: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(InputError) as raised:
        read_parameter_sheet(sheet({"x": (1, 3, 1)[: len(rows)]}, rows), None)

    assert raised.value.title == sentence


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 damaged", bytes.fromhex("d0cf11e0a1b11ae1") + b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"])  # fmt: skip
def test_other_files_are_refused_in_words(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "parameters.xlsx"
    path.write_bytes(data)

    with pytest.raises(InputError) as raised:
        read_parameter_sheet(path, None)

    assert raised.value.detail


def test_a_table_of_data_is_no_parameter_sheet(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("speed,feed\n1000,2\n2000,3\n")

    with pytest.raises(InputError, match="The parameter sheet has no row min, max, 間隔"):
        read_parameter_sheet(path, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.1 to 0.5 by 0.2", ["0.1", "0.3", "0.5"]),
        ("1～3 間隔 1", ["1", "2", "3"]),
        ("１から３刻み１", ["1", "2", "3"]),
        ("-1..1/1", ["-1", "0", "1"]),
        ("6; 15; 25", ["6", "15", "25"]),
        ("6、15、25", ["6", "15", "25"]),
        ("Steel, Alumi", ["Steel", "Alumi"]),
        ("Steel", ["Steel"]),
        ("7", ["7"]),
    ],
)
def test_levels_are_written_in_the_form_as_one_would_say_them(text: str, expected: list[str]) -> None:
    assert [str(level) for level in written_levels("x", text, HERE).levels] == expected


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1 to 5", "Here: from 1 to 5 in which step?"),
        ("1-5", "Here: “1-5” may be a range or a difference."),
        ("", "Here has no levels."),
        ("1, a", "Here: “a” is not a number, but other levels are."),
        (",", "Here: the list has no level."),
    ],
)
def test_levels_that_could_mean_two_things_are_asked_about(text: str, sentence: str) -> None:
    with pytest.raises(InputError) as raised:
        written_levels("x", text, HERE)

    assert raised.value.title == sentence


@given(
    st.decimals(-1000, 1000, places=4),
    st.decimals("0.0001", 10, places=4),
    st.integers(0, 300),
    st.decimals(0, "0.99", places=2),
)
def test_steps_never_leave_the_decimals_they_are_written_in(
    low: Decimal, step: Decimal, count: int, rest: Decimal
) -> None:
    high = low + step * count + (step * rest).quantize(Decimal("1e-8"))

    found = levels_by_step(low, high, step, HERE)

    assert [Fraction(level) for level in found] == [
        Fraction(low) + i * Fraction(step) for i in range(count + 1)
    ]
    assert all(Decimal(repr(float(level))) == level for level in found)


def test_a_list_of_very_many_levels_is_read_in_a_moment() -> None:
    text = ",".join(str(number) for number in range(20_000))

    assert len(written_levels("x", text, HERE).levels) == 20_000
    with pytest.raises(InputError, match="the level 7 stands twice"):
        written_levels("x", text + ",7", HERE)
    assert len(written_levels("x", "9" * 100_000, HERE).levels) == 1

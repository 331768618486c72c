"""What counts as a number, a date, a truth value or as missing, and what is remarked."""

import math
from pathlib import Path

import polars as pl
import pytest

from zerosec_shared.files import Dialect
from zerosec_shared.tables import CellsError, ColumnKind, read_table, summarise


def column(folder: Path, values: list[str], **dialect: object) -> pl.Series:
    return table(folder, values, **dialect).frame["v"]


def table(folder: Path, values: list[str], **dialect: object):  # type: ignore[no-untyped-def]
    path = folder / "data.csv"
    path.write_text("k;v\n" + "".join(f"r;{value}\n" for value in values), encoding="utf-8")
    return read_table(path, Dialect(separator=";", **dialect))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "expected", "dtype"),
    [
        (["1", "+2", "-3"], [1, 2, -3], pl.Int64),
        (["1", "2.5", "3e2", ".5", "5.", "1E-3"], [1, 2.5, 300, 0.5, 5, 0.001], pl.Float64),
        ([" 1 ", "2", "NA", "", "-", "#N/A", "欠測"], [1, 2, None, None, None, None, None], pl.Int64),
        (["１２.５", "－３", "−4"], [12.5, -3, -4], pl.Float64),
        (["1", "inf", "NaN", "-Infinity", "1e999"], [1, None, None, None, None], pl.Float64),
        (["9223372036854775807", "1"], [9223372036854775807, 1], pl.Int64),
        (["true", "FALSE", "NA"], [True, False, None], pl.Boolean),
        (["1_000", "2"], ["1_000", "2"], pl.String),
        (["0x1F", "2"], ["0x1F", "2"], pl.String),
        (["1,5", "2"], ["1,5", "2"], pl.String),
        (["inf", "nan"], ["inf", None], pl.String),
        (["a ", " b"], ["a", "b"], pl.String),
    ],
)
def test_values(tmp_path: Path, values: list[str], expected: list[object], dtype: pl.DataType) -> None:
    read = column(tmp_path, values)

    assert read.to_list() == expected
    assert read.dtype == dtype


def test_numbers_are_rounded_correctly(tmp_path: Path) -> None:
    texts = [
        "0.1",
        "2.2250738585072011e-308",
        "9007199254740993.0",
        "1.7976931348623157e308",
        "123456789.123456789",
    ]

    assert column(tmp_path, texts).to_list() == [float(text) for text in texts]


def test_decimal_comma_takes_no_point(tmp_path: Path) -> None:
    read = table(tmp_path, ["1,5", "1.5"], decimal=",")

    assert read.frame["v"].to_list() == ["1,5", "1.5"]
    with pytest.raises(CellsError, match=r"Row 3, column v: '1\.5' is not a number"):
        read.require_numbers(["v"])


@pytest.mark.parametrize(
    ("sign", "text", "value"),
    [(".", "1.234.567,5", 1234567.5), (" ", "1 234 567,5", 1234567.5), ("'", "1’234,5", 1234.5)],
)
def test_grouping_signs(tmp_path: Path, sign: str, text: str, value: float) -> None:
    assert column(tmp_path, [text, "2"], decimal=",", thousands=sign).to_list() == [value, 2]


def test_wrong_groups_are_no_numbers(tmp_path: Path) -> None:
    assert column(tmp_path, ["1,23", "2"], thousands=",").to_list() == ["1,23", "2"]


@pytest.mark.parametrize(
    ("values", "kind", "last"),
    [
        (["2024-01-02", "2024-12-31"], ColumnKind.DATE, "2024-12-31"),
        (["2024/1/2", "2024/12/31"], ColumnKind.DATE, "2024-12-31"),
        (["2024年1月2日", "2024年12月31日"], ColumnKind.DATE, "2024-12-31"),
        (["02.01.2024", "31.12.2024"], ColumnKind.DATE, "2024-12-31"),
        (["2024-01-02 03:04", "2024-12-31 23:59"], ColumnKind.DATETIME, "2024-12-31 23:59:00"),
        (["2024-01-02T03:04:05.25", "2024-12-31T23:59:00"], ColumnKind.DATETIME, "2024-12-31 23:59:00"),
        (["01/02/2024", "31/12/2024"], ColumnKind.TEXT, "31/12/2024"),
        (["2024-01-02", "2024-02-30"], ColumnKind.TEXT, "2024-02-30"),
    ],
)
def test_dates(tmp_path: Path, values: list[str], kind: ColumnKind, last: str) -> None:
    read = table(tmp_path, values)

    assert read.column("v").kind is kind
    assert str(read.frame["v"][1]) == last


def test_numbers_as_missing_markers(tmp_path: Path) -> None:
    assert column(tmp_path, ["-999", "5", "-99"], missing=("-999", "-99")).to_list() == [None, 5, None]


@pytest.mark.parametrize(
    ("values", "code", "count"),
    [
        (["1.5", "inf", "-inf"], "not_finite", 2),
        (["１", "2"], "full_width", 1),
        (["007", "12", "0"], "leading_zeros", 1),
        (["12345678901234567890", "1"], "large_numbers", 0),
        (["1", "2", "abc"], "read_as_text", 2),
        (["NA", ""], "no_values", 0),
        (["a ", "b"], "trimmed", 1),
    ],
)
def test_remarks(tmp_path: Path, values: list[str], code: str, count: int) -> None:
    (note,) = table(tmp_path, values).notes

    assert (note.code, note.column, note.count) == (code, "v", count)


def test_the_summary(tmp_path: Path) -> None:
    _, found = summarise(table(tmp_path, ["1", "2", "3", "NA", "10"]))

    assert (found.rows, found.missing, found.distinct) == (5, 1, 4)
    assert (found.minimum, found.maximum, found.mean, found.median) == (1, 10, 4, 2.5)
    assert found.std is not None
    assert math.isclose(found.std, math.sqrt(50 / 3))
    assert found.counts == (3, 0, 0, 1)
    assert found.edges == (1, 3.25, 5.5, 7.75, 10)
    assert found.common == (("1", 1), ("2", 1), ("3", 1), ("10", 1))


def test_numbers_that_may_be_codes_are_counted_as_they_are_named_and_quantities_are_not(
    tmp_path: Path,
) -> None:
    _, codes = summarise(table(tmp_path, ["1.0", "2.5", "2.5", "NA"]))
    _, many = summarise(table(tmp_path, [str(value) for value in range(30)]))
    _, truths = summarise(table(tmp_path, ["true", "false", "true"]))

    assert codes.common == (("2.5", 2), ("1", 1))
    assert many.common == ()
    assert truths.common == (("true", 2), ("false", 1))

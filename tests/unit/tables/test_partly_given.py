"""A dialect of which a part was said: that part stands, and the rest is found in the file as if nothing had been said."""

from pathlib import Path

import pytest
import xlsxwriter

from zerosec_shared.files import Dialect, InputFile
from zerosec_shared.tables import (
    EncodingError,
    NotATableError,
    UnknownSheetError,
    detect,
    read_table,
    scan_table,
)

SHIFT_JIS = "測定 2026\n\n試料;摩耗量;力\n甲;0,52;1\n乙;0,61;2\n丙;-9;3\n".encode("cp932")


def write(folder: Path, content: bytes | str, name: str = "data.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    "given",
    [
        {"decimal": ","},
        {"separator": ";"},
        {"encoding": "shift_jis"},
        {"header_row": 3},
        {"missing": ("", "-9")},
        {"thousands": ""},
        {"kind": "csv"},
    ],
)
def test_one_part_that_is_said_leaves_the_others_to_be_found(
    tmp_path: Path, given: dict[str, object]
) -> None:
    path = write(tmp_path, SHIFT_JIS)
    asked = Dialect.partly(**given)

    table = read_table(path, asked)

    assert table.frame["摩耗量"][:2].to_list() == [0.52, 0.61]
    assert table.frame["試料"][0] == "甲"
    assert table.dialect.detect == ()
    assert table.dialect.separator == ";"
    assert table.dialect.header_row == 3
    assert {name: getattr(table.dialect, name) for name in given} == asked.given
    assert scan_table(path, asked).dialect == table.dialect


def test_what_is_said_stands_even_where_the_file_looks_otherwise(tmp_path: Path) -> None:
    path = write(tmp_path, "a;b\n1,5;2\n")

    assert read_table(path, Dialect.partly(decimal=".")).frame["a"].to_list() == ["1,5"]


def test_a_decimal_comma_separates_columns_only_where_nothing_else_does(tmp_path: Path) -> None:
    spaced = write(tmp_path, "x y\n1,5 2,5\n3,5 4,5\n5,5 6,5\n", "spaced.csv")
    quoted = write(tmp_path, 'x,y\n"1,5","2,5"\n"3,5","4,5"\n', "quoted.csv")

    for path in (spaced, quoted):
        frame = read_table(path, Dialect.partly(decimal=",")).frame
        assert frame["x"].to_list()[:2] == [1.5, 3.5], path.name


@pytest.mark.parametrize(
    ("sign", "text", "decimal"),
    [(".", "1.234,5", ","), (",", "1,234.5", "."), (" ", "1 234,5", ","), ("'", "1'234.5", ".")],
)
def test_the_decimal_mark_follows_from_what_groups_digits(
    tmp_path: Path, sign: str, text: str, decimal: str
) -> None:
    path = write(tmp_path, f"x;y\n{text};1\n{text};2\n")

    table = read_table(path, Dialect.partly(thousands=sign))

    assert table.dialect.decimal == decimal
    assert table.frame["x"].to_list() == [1234.5, 1234.5]


def test_quotes_that_are_ordinary_characters_are_no_hindrance(tmp_path: Path) -> None:
    path = write(tmp_path, 'width;note\n1,5;7" long\n2,5;"\n')

    table = read_table(path, Dialect.partly(quote=""))

    assert table.frame["note"].to_list() == ['7" long', '"']
    assert table.frame["width"].to_list() == [1.5, 2.5]


def test_of_a_workbook_the_header_is_found_on_the_sheet_that_was_said(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("first").write_row(0, 0, ["u"])
        sheet = book.add_worksheet("data")
        sheet.write(0, 0, "Measured in May")
        sheet.write_row(1, 0, ["x", "y", "z"])
        sheet.write_row(2, 0, [1, 2, 3])

    table = read_table(path, Dialect.partly(sheet="data"))

    assert table.dialect.header_row == 2
    assert table.frame.rows() == [(1, 2, 3)]
    assert [note.code for note in table.notes if note.code == "sheets"] == []
    with pytest.raises(UnknownSheetError):
        read_table(path, Dialect.partly(sheet="date"))
    with pytest.raises(NotATableError, match="no decimal mark can be chosen"):
        read_table(path, Dialect.partly(decimal=","))


def test_an_encoding_that_does_not_exist_is_told(tmp_path: Path) -> None:
    with pytest.raises(EncodingError):
        detect(write(tmp_path, "a\n1\n"), Dialect.partly(encoding="klingon"))


def test_what_a_request_leaves_out_of_a_dialect_is_left_open_and_stays_so_when_written_again() -> None:
    request = {"sha256": "0" * 64, "name": "a.csv", "dialect": {"decimal": ","}}

    file = InputFile.model_validate(request)

    assert file.dialect == Dialect.partly(decimal=",")
    assert InputFile.model_validate_json(file.model_dump_json()) == file
    complete = InputFile(sha256="0" * 64, name="a.csv", dialect=Dialect())
    assert InputFile.model_validate_json(complete.model_dump_json()) == complete

"""Delimited text: every row is whole or named, and each row knows its line."""

from pathlib import Path

import polars as pl
import pytest

from zerosec_shared.files import Dialect
from zerosec_shared.tables import (
    CellsError,
    EmptyTableError,
    EncodingError,
    ShapeError,
    TooLargeError,
    UnknownColumnError,
    preview,
    read_table,
    read_text_columns,
    scan_table,
)
from zerosec_shared.tables import delimited as delimited_module


def write(folder: Path, content: bytes | str) -> Path:
    path = folder / "data.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("a,b\n", EmptyTableError, "column names but no row"),
        ("a,b\n1,2\n3\n5,6\n", ShapeError, "Line 3 has 1 cells, the header in row 1 has 2"),
        ("a,b\n1,2\n3,4,5\n5,6\n", ShapeError, "Line 3 has 3 cells"),
        ('a,b\n"x\ny",2\n3,4,5\n', ShapeError, "Line 4 has 3 cells"),
        ("a,b,a\n1,2,3\n", ShapeError, r"'a' \(columns 1, 3\)"),
        ('a,b\n1,"two\n3,4\n5,6\n', ShapeError, "opens in line 2"),
        ('a,b\n"1","2"\n"3","4\n"5","6"\n', ShapeError, "ine 3|line 4"),
        ("a,b\n1,2\n3,\x004\n", ShapeError, "Line 3 has a NUL byte"),
        ('a,b\n1,2\n"x"y,4\n', ShapeError, "line 3 something stands between"),
    ],
)
def test_bad_files_are_refused_with_the_line(
    tmp_path: Path, text: str, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        read_table(write(tmp_path, text), Dialect())


def test_a_ragged_row_deep_in_a_file_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b,c\n" + "1,2,\n" * 400_000 + "1,2\n" + "1,2,3\n" * 10)

    with pytest.raises(ShapeError) as caught:
        read_table(path)

    assert caught.value.row == 400_002


def test_blank_lines_are_left_out_and_lines_still_counted(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "a,b\r\n1,2\r\n\r\n3,4\r\n,\r\n   \r\n5,\r\n\r\n"))

    assert table.frame.to_dict(as_series=False) == {"a": [1, 3, 5], "b": [2, 4, None]}
    assert [table.row_number(row) for row in range(3)] == [2, 4, 7]
    assert [note.code for note in table.notes] == ["empty_rows"]


def test_fields_with_line_feeds_keep_the_count(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, 'a,b\n"x\n\ny",1\nz,2\n"say ""hi""",abc\n'))

    assert table.frame["a"].to_list() == ["x\n\ny", "z", 'say "hi"']
    assert [table.row_number(row) for row in range(3)] == [2, 5, 6]
    with pytest.raises(CellsError, match="Row 6, column b: 'abc' is not a number"):
        table.require_numbers(["b"])


def test_a_quote_inside_a_field_is_an_ordinary_character(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, 'tool,d\n5" drill,1\n6" drill,2\n7 drill,3\n"a ""b"",c",4\n'))

    assert table.frame["tool"].to_list() == ['5" drill', '6" drill', "7 drill", 'a "b",c']
    assert table.frame["d"].to_list() == [1, 2, 3, 4]


@pytest.mark.parametrize("first", ["x^2", "x\x01", "x", "(a"])
def test_text_that_looks_packed_is_not_unpacked(tmp_path: Path, first: str) -> None:
    table = read_table(write(tmp_path, f"{first},y\n1,2\nx^,4\n"), Dialect())

    assert table.frame.columns == [first, "y"]
    assert table.frame.rows() == [("1", 2), ("x^", 4)]
    assert read_table(write(tmp_path, "x^2\n1\nx^3\n"), Dialect()).frame.rows() == [("1",), ("x^3",)]


def test_old_mac_line_ends(tmp_path: Path) -> None:
    assert read_table(write(tmp_path, "a,b\r1,2\r3,4\r")).frame.rows() == [(1, 2), (3, 4)]


def test_columns_aligned_with_spaces(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "  y      x\n 0.10   1.5 \n10.25  20.5\n -1    3\n"))

    assert table.frame.rows() == [(0.1, 1.5), (10.25, 20.5), (-1.0, 3.0)]


def test_a_wrong_encoding_names_the_line(tmp_path: Path) -> None:
    path = write(tmp_path, ("a,b\n1,x\n" * 1 + "2,測定\n").encode("cp932"))

    with pytest.raises(EncodingError, match="Line 3 is not text in the encoding 'utf-8'"):
        read_table(path, Dialect())
    with pytest.raises(EncodingError, match="not a text encoding"):
        read_table(path, Dialect(encoding="klingon"))


def test_blank_names_are_made_up_and_said_so(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, ",x\n1,2\n3,4\n"))

    assert table.frame.columns == ["column_1", "x"]
    assert "Column 1 has no name" in table.notes[0].text


def test_duplicates_are_numbered_when_asked(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "a,a,b,a (2)\n1,2,3,4\n"), Dialect(), number_duplicates=True)

    assert table.frame.columns == ["a", "a (3)", "b", "a (2)"]


def test_unknown_columns_are_listed(tmp_path: Path) -> None:
    with pytest.raises(UnknownColumnError, match=r"has no 'z'\. It has 'a', 'b'"):
        read_table(write(tmp_path, "a,b\n1,2\n"), columns=["a", "z"])


def test_columns_read_apart_stay_aligned(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b\n1,\n,2\n\n3,4\n")

    assert read_table(path, columns=["a"]).frame["a"].to_list() == [1, None, 3]
    assert read_table(path, columns=["b"]).frame["b"].to_list() == [None, 2, 4]


def test_one_row_is_said(tmp_path: Path) -> None:
    assert "one_row" in {note.code for note in read_table(write(tmp_path, "a,b\n1,2\n")).notes}


def test_exact_texts_keep_every_digit(tmp_path: Path) -> None:
    path = write(tmp_path, "y;t\n0,10000000000000000000001;p\n -1,5E-3 ;NA\n")

    texts = read_text_columns(path)

    assert texts["y"].to_list() == ["0.10000000000000000000001", "-1.5E-3"]
    assert texts["t"].to_list() == ["p", None]


def test_a_line_without_end_is_refused_at_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("wb") as file:
        file.write(b"a,b\n1,2\n")
        for _ in range(100):
            file.write(b"x" * 2**20)

    with pytest.raises(TooLargeError, match="Line 3 is longer than 32 MB"):
        read_table(path)
    assert preview(path, rows=1).frame.rows() == [(1, 2)]


def test_small_blocks_read_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(f'{i},"a\n{i}","q""{i}"\n' for i in range(2000))
    path = write(tmp_path, "n,t,u\n" + rows)
    whole = read_table(path)

    monkeypatch.setattr(delimited_module, "_FIRST_BLOCK_BYTES", 57)
    monkeypatch.setattr(delimited_module, "_BLOCK_BYTES", 101)
    pieces = read_table(path)

    assert pieces.frame.equals(whole.frame)
    assert [pieces.row_number(row) for row in (0, 1, 1999)] == [2, 4, 4000]


def test_a_type_that_changes_late_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited_module, "_FIRST_BLOCK_BYTES", 64)
    monkeypatch.setattr(delimited_module, "_BLOCK_BYTES", 64)
    head = "i,f,t,d\n"
    path = write(
        tmp_path,
        head
        + "".join(f"{n},{n},{n}.50,2024-01-02\n" for n in range(100))
        + "7,0.25,abc,soon\n9007199254740993,1,2,\n",
    )

    table = read_table(path)
    scan = scan_table(path)

    assert table.frame.dtypes == [pl.Int64, pl.Float64, pl.String, pl.String]
    assert table.frame["t"][1] == "1.50"
    assert table.frame["d"][0] == "2024-01-02"
    assert table.frame["i"][-1] == 9007199254740993
    assert pl.concat(list(scan.batches(7))).equals(table.frame)
    assert {batch.height for batch in scan.batches(7)} == {7, 102 % 7}
    with pytest.raises(CellsError, match="Row 102, column t: 'abc'"):
        scan.require_numbers(["i", "t"])
    assert scan.row_number(101) == 103

"""How a file is to be read is found from its content, never from its name."""

from pathlib import Path

import polars as pl
import pytest

from zerosec_shared.files import Dialect, TableKind
from zerosec_shared.tables import (
    EmptyTableError,
    FileUnreadableError,
    NotATableError,
    detect,
    read_table,
    scan_table,
)

EXAMPLES = Path(__file__).parents[3] / "examples"
JAPANESE = "試料;摩耗量(mm);備考\n1;0,52;良好\n2;0,61;表面に傷がある\n3;0,58;良好\n"


def write(folder: Path, content: bytes | str, name: str = "data.bin") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", " "])
def test_each_separator_is_found(tmp_path: Path, separator: str) -> None:
    lines = [["name", "a", "b"], ["u", "1.5", "2"], ["v", "2.5", "3"], ["w", "3.5", "4"]]
    path = write(tmp_path, "\n".join(separator.join(line) for line in lines) + "\n")

    table = read_table(path)

    assert table.dialect.separator == separator
    assert table.frame.to_dict(as_series=False) == {
        "name": ["u", "v", "w"],
        "a": [1.5, 2.5, 3.5],
        "b": [2, 3, 4],
    }


@pytest.mark.parametrize(
    ("encoding", "codec"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("cp932", "cp932"),
        ("euc_jp", "euc_jp"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
    ],
)
def test_each_encoding_is_found(tmp_path: Path, encoding: str, codec: str) -> None:
    table = read_table(write(tmp_path, JAPANESE.encode(codec)))

    assert table.dialect.encoding == encoding
    assert table.dialect.decimal == ","
    assert table.frame["摩耗量(mm)"].to_list() == [0.52, 0.61, 0.58]
    assert table.frame["備考"][1] == "表面に傷がある"


def test_western_letters_are_not_taken_for_japanese(tmp_path: Path) -> None:
    text = "Größe;Café;Ära\n1,5;é;µm\n2,5;ü;°C\n3,5;naïve résumé;Å\n"

    table = read_table(write(tmp_path, text.encode("cp1252")))

    assert table.dialect.encoding == "cp1252"
    assert table.frame["Größe"].to_list() == [1.5, 2.5, 3.5]
    assert [note.code for note in table.notes] == ["encoding_guessed"]


def test_an_encoding_that_shows_only_after_megabytes_is_found(tmp_path: Path) -> None:
    rows = "1,2\n" * 500_000

    table = read_table(
        write(tmp_path, ("a,b\n" + rows).encode() + "3,欠測\n3,測定不能と記録された\n".encode("cp932"))
    )

    assert table.dialect.encoding == "cp932"
    assert table.frame["b"][-1] == "測定不能と記録された"


def test_lines_above_the_header_are_skipped_and_said_so(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "Wear test 2024\n\nx,y,z\n1,2,3\n4,5,6\n7,8,9\n"))

    assert table.dialect.header_row == 3
    assert table.frame.columns == ["x", "y", "z"]
    assert table.row_number(0) == 4
    assert "row 3" in table.notes[0].text


def test_remarks_above_the_header_are_skipped(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "# made by X\n# 2024\na,b\n1,2\n3,4\n"))

    assert table.dialect.header_row == 3
    assert table.frame.rows() == [(1, 2), (3, 4)]


def test_a_table_without_names_gets_some_and_says_so(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "1,2\n3,4\n"))

    assert table.dialect.header_row == 0
    assert table.frame.to_dict(as_series=False) == {"column_1": [1, 3], "column_2": [2, 4]}
    assert table.row_number(0) == 1
    assert "no_header" in {note.code for note in table.notes}


@pytest.mark.parametrize(
    ("text", "decimal", "note"),
    [
        ("a;b\n1,5;2\n3,25;4\n", ",", None),
        ("a\tb\n1.5\t2\n3.25\t4\n", ".", None),
        ("a;b\n1.234,56;2\n3,5;4\n", ",", "grouped_digits"),
        ('a,b\n"1,234.56",2\n"5,000.00",4\n', ".", "grouped_digits"),
        ("a\tb\n1,234\t2\n5,678\t4\n", ".", "decimal_unclear"),
        ("a;b\n1,234;2\n5,678;4\n", ",", "decimal_assumed"),
        ("a;b\n1,5;2.5\n3,5;4.5\n", ".", "two_decimals"),
        ('a,b\n"12,000",0.5\n"8,000",0.25\n', ".", "grouped_digits"),
        ("a;b\n2.400;0,91\n800;0,12\n", ",", "grouped_digits"),
    ],
)
def test_the_decimal_sign_is_found_and_doubts_are_named(
    tmp_path: Path, text: str, decimal: str, note: str | None
) -> None:
    found = detect(write(tmp_path, text))

    assert found.dialect.decimal == decimal
    assert [each.code for each in found.notes] == ([note] if note else [])


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("a;b\n1,5;2.5\n3,5;4.5\n", "two_decimals"),
        ("a;b\n1,234;2\n5,678;4\n", "decimal_assumed"),
        ("a;b\n1.234,56;2\n3,5;4\n", "grouped_digits"),
    ],
)
def test_doubts_stay_where_what_was_found_is_taken_over_and_go_where_another_sign_is_chosen(
    tmp_path: Path, text: str, note: str
) -> None:
    path = write(tmp_path, text)
    found = detect(path).dialect
    other = found.model_copy(update={"decimal": "." if found.decimal == "," else ","})

    for read in (read_table, scan_table):
        assert note in {each.code for each in read(path, found).notes}
        assert note not in {each.code for each in read(path, other).notes}


def test_grouped_digits_are_numbers_only_when_the_user_says_so(tmp_path: Path) -> None:
    path = write(tmp_path, "a;b\n1.234,56;2\n3,5;4\n")

    guessed = read_table(path)
    told = read_table(path, guessed.dialect.model_copy(update={"thousands": "."}))

    assert guessed.frame["a"].to_list() == ["1.234,56", "3,5"]
    assert told.frame["a"].to_list() == [1234.56, 3.5]


def test_kind_is_judged_by_content_not_by_name(tmp_path: Path) -> None:
    parquet = tmp_path / "table.csv"
    pl.DataFrame({"a": [1]}).write_parquet(parquet)

    assert detect(parquet).kind is TableKind.PARQUET
    assert detect(write(tmp_path, (EXAMPLES / "nist_linear.xlsx").read_bytes(), "b.csv")).sheets == (
        "Longley",
        "Norris",
    )
    assert detect(write(tmp_path, "a,b\n1,2\n", "c.xlsx")).kind is TableKind.CSV


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n....", "image"),
        (b"\x1f\x8b\x08....", "unpack it first"),
        (bytes(range(256)) * 20, "bytes that no text has"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Office document"),
        (b"PK\x03\x04junk", "damaged"),
        (b"  <html><table><tr><td>1</td></tr></table></html>", "web page"),
        (b'{"a": [1, 2]}', "JSON"),
    ],
)
def test_what_is_no_table_is_refused_in_words(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(NotATableError, match=words):
        detect(write(tmp_path, content, "data.csv"))


def test_missing_empty_and_folder(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadableError, match="is not there"):
        read_table(tmp_path / "gone.csv")
    with pytest.raises(FileUnreadableError, match="is a folder"):
        read_table(tmp_path)
    with pytest.raises(EmptyTableError, match="no bytes"):
        read_table(write(tmp_path, b"", "a.xlsx"))
    with pytest.raises(EmptyTableError):
        read_table(write(tmp_path, b"\n\n  \n"))


@pytest.mark.parametrize("name", ["penguins.csv", "penguins_ja.csv"])
def test_the_examples_read_alike(name: str) -> None:
    table = read_table(EXAMPLES / name)

    mass = table.frame.to_series(5)
    assert table.frame.shape == (344, 8)
    assert (mass.null_count(), mass.sum()) == (2, 1437000)
    assert table.notes == ()


def test_a_recorded_dialect_reads_the_same_again(tmp_path: Path) -> None:
    path = write(tmp_path, JAPANESE.encode("cp932"))
    first = read_table(path)

    again = read_table(path, Dialect.model_validate_json(first.dialect.model_dump_json()))

    assert again.frame.equals(first.frame)


@pytest.mark.parametrize("name", ["t.xlsx", "t.XLS", "t.parquet"])
def test_a_text_that_is_called_otherwise_is_read_and_said_to_be_a_text(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("a,b\n1,2\n3,4\n", encoding="utf-8")
    table = read_table(path)
    assert table.frame.shape == (2, 2)
    (note,) = [note for note in table.notes if note.code == "text_after_all"]
    assert note.text.startswith(f"The name ends in {path.suffix}, but the file holds plain text")

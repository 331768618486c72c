"""Workbooks: exact numbers, error cells named, and nothing unpacked that is not safe."""

import datetime as dt
import struct
import time
import zipfile
import zlib
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from zerosec_shared.files import Dialect, TableKind
from zerosec_shared.tables import (
    EmptyTableError,
    NotATableError,
    ShapeError,
    TooLargeError,
    UnknownSheetError,
    detect,
    preview,
    read_table,
    read_text_columns,
)

EXCEL = Dialect(kind=TableKind.EXCEL)


def workbook(
    path: Path, rows: list[list[object]], *, sheet: str = "Data", top: int = 0, left: int = 0
) -> Path:
    book = xlsxwriter.Workbook(path, {"nan_inf_to_errors": True, "default_date_format": "yyyy-mm-dd hh:mm"})
    page = book.add_worksheet(sheet)
    for at, row in enumerate(rows):
        page.write_row(top + at, left, row)
    book.close()
    return path


def edited(path: Path, change: dict[str, bytes]) -> Path:
    """The same workbook with some parts replaced."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()} | change
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def sheet_xml(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


def test_a_sheet_reads_with_its_types_and_rows(tmp_path: Path) -> None:
    day = dt.datetime(2024, 1, 2)
    path = workbook(
        tmp_path / "a.xlsx",
        [
            ["試料", "摩耗量", "n", "when", "ok"],
            ["a", 0.25, 1, day, True],
            [],
            ["b", None, 2, day, False],
        ],
        top=2,
        left=1,
    )

    table = read_table(path)

    assert table.dialect.header_row == 3
    assert table.frame.rows() == [("a", 0.25, 1, day.date(), True), ("b", None, 2, day.date(), False)]
    assert [table.row_number(0), table.row_number(1)] == [4, 6]
    assert {note.code for note in table.notes} == {"lines_skipped", "empty_rows"}


def test_a_column_that_mixes_texts_and_numbers_keeps_every_digit(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["x", "y"], [1.5, "12"], [2.5, 7], ["<LOD", 1.5]])
    xml = sheet_xml(path).replace(b"<v>1.5</v>", b"<v>1.2345678901234567E-7</v>")
    edited(path, {"xl/worksheets/sheet1.xml": xml})

    table = read_table(path)
    texts = read_text_columns(path)

    assert [float(text) for text in table.frame["x"][:2]] == [1.2345678901234567e-7, 2.5]
    assert table.column("x").not_number is not None
    assert str(table.column("x").not_number) == "row 4, column x: '<LOD' is not a number"
    assert table.frame["y"].to_list() == [12, 7, 1.2345678901234567e-7]
    assert float(texts["y"][2]) == 1.2345678901234567e-7


def test_truth_values_are_not_added_to_numbers(tmp_path: Path) -> None:
    table = read_table(workbook(tmp_path / "a.xlsx", [["x"], [2.5], [True], [0]]))

    assert table.frame["x"].to_list() == ["2.5", "true", "0"]


def test_error_cells_are_missing_and_named(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["x", "y"], [1.5, 2], [float("nan"), 3], [2.5, 4]])

    table = read_table(path)

    assert table.frame["x"].to_list() == [1.5, None, 2.5]
    (note,) = table.notes
    assert (note.code, note.column, note.count) == ("error_cells", "x", 1)
    assert "row 3" in note.text


def test_formulas_are_read_by_their_last_result(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet()
    page.write_row(0, 0, ["x", "twice"])
    page.write_row(1, 0, [2])
    page.write_formula(1, 1, "=2*A2", None, 4)
    book.close()

    assert read_table(path).frame.rows() == [(2, 4)]


def test_sheets_are_listed_when_the_wanted_one_is_not_there(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["x"], [1]], sheet="測定")

    with pytest.raises(UnknownSheetError, match=r"no sheet 'Data'\. It has '測定'"):
        read_table(path, EXCEL.model_copy(update={"sheet": "Data"}))
    assert read_table(path, EXCEL.model_copy(update={"sheet": "測定"})).frame.rows() == [(1,)]


@pytest.mark.parametrize(
    ("rows", "error", "words"),
    [
        ([], EmptyTableError, "has no cells"),
        ([["a", "b"]], EmptyTableError, "no row below"),
        ([["a", "b", "a"], [1, 2, 3]], ShapeError, r"'a' \(columns 1, 3\)"),
    ],
)
def test_bad_sheets(tmp_path: Path, rows: list[list[object]], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        read_table(workbook(tmp_path / "a.xlsx", rows))


def test_a_bomb_is_refused_by_its_directory(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["x"], [1]])
    edited(path, {"xl/sharedStrings.xml": b" " * (400 * 2**20)})

    with pytest.raises(TooLargeError, match="not safe to open"):
        detect(path)


def test_a_bomb_with_a_lying_directory_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["x"], [1]])
    honest = b"<sst>" + b" " * 1000
    hidden = honest + b" " * (300 * 2**20)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/sharedStrings.xml"] = hidden
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    raw = path.read_bytes()
    truth = struct.pack("<II", zlib.crc32(hidden), archive.getinfo("xl/sharedStrings.xml").compress_size)
    lie = struct.pack("<II", zlib.crc32(honest), archive.getinfo("xl/sharedStrings.xml").compress_size)
    raw = raw.replace(truth + struct.pack("<I", len(hidden)), lie + struct.pack("<I", len(honest)))
    path.write_bytes(raw)

    with pytest.raises(TooLargeError, match="larger than its directory says"):
        read_table(path)


def test_two_far_cells_are_no_reason_to_fill_the_memory(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["x"], [1]])
    far = b"<row r='1048576'><c t='n' r='XFD1048576'><v>1</v></c></row></sheetData>"
    edited(path, {"xl/worksheets/sheet1.xml": sheet_xml(path).replace(b"</sheetData>", far)})

    with pytest.raises(TooLargeError, match="1,048,576 rows and 16,384 columns"):
        read_table(path, EXCEL)


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["x"], [1]])
    xml = sheet_xml(path)
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    start = xml.index(b"<worksheet")
    bad = (
        xml[:start]
        + f'<!DOCTYPE w [<!ENTITY e SYSTEM "file://{secret}">]>'.encode()
        + xml[start:].replace(b"<v>1</v>", b"<v>&e;</v>")
    )
    edited(path, {"xl/worksheets/sheet1.xml": bad})

    try:
        seen = str(read_table(path, EXCEL).frame.rows())
    except (NotATableError, EmptyTableError) as error:
        seen = str(error)
    assert "secret" not in seen.replace(str(secret), "")


def test_a_protected_workbook_is_told_from_a_damaged_one(tmp_path: Path) -> None:
    protected = tmp_path / "p.xlsx"
    protected.write_bytes(
        bytes.fromhex("d0cf11e0a1b11ae1")
        + b"\0" * 1016
        + "EncryptedPackage".encode("utf-16-le")
        + b"\0" * 400
    )
    broken = workbook(tmp_path / "b.xlsx", [["x"], [1]])
    broken.write_bytes(broken.read_bytes()[:-300])

    with pytest.raises(NotATableError, match="protected by a password"):
        read_table(protected)
    with pytest.raises(NotATableError, match="damaged"):
        read_table(broken)


def test_a_sheet_of_bytes_that_do_not_unpack_is_damaged(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["x"], *([n * 1.1] for n in range(500))])
    raw = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        at = archive.getinfo("xl/worksheets/sheet1.xml").header_offset + 200
    raw[at : at + 40] = b"\xff" * 40
    path.write_bytes(raw)

    with pytest.raises(NotATableError, match="damaged"):
        read_table(path)


def test_a_long_sheet_is_previewed_at_once_and_alike(tmp_path: Path) -> None:
    path = tmp_path / "long.xlsx"
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    page = book.add_worksheet()
    page.write_row(0, 0, ["n", "x", "t"])
    for row in range(1, 60_001):
        page.write_row(row, 0, [row, row / 7, f"text {row % 5}"])
    book.close()

    start = time.perf_counter()
    short = preview(path)
    soon = time.perf_counter() - start
    whole = read_table(path)
    took = time.perf_counter() - start - soon

    print(f"preview {soon * 1000:.0f} ms, whole {took * 1000:.0f} ms")
    assert short.frame.equals(whole.frame.head(200))
    assert not short.complete


def test_opendocument(tmp_path: Path) -> None:
    cells = "".join(
        f'<table:table-row><table:table-cell office:value-type="string"><text:p>{name}</text:p></table:table-cell>'
        f"<table:table-cell {kind}><text:p>{value}</text:p></table:table-cell></table:table-row>"
        for name, value, kind in (
            ("k", "v", 'office:value-type="string"'),
            ("a", "1.5", 'office:value-type="float" office:value="1.5"'),
            ("b", "2", 'office:value-type="float" office:value="2"'),
        )
    )
    path = tmp_path / "a.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        archive.writestr(
            "content.xml",
            '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
            'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
            'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
            f'<table:table table:name="Sheet1">{cells}</table:table></office:spreadsheet></office:body></office:document-content>',
        )

    table = read_table(path)

    assert table.frame.rows() == [("a", 1.5), ("b", 2.0)]
    assert "errors_unseen" in {note.code for note in table.notes}


def test_parquet(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame(
        {
            "n": [1, 2, None],
            "x": [0.5, float("nan"), float("inf")],
            "t": ["a", " b", "NA"],
            "l": [[1], [2], [3]],
        }
    ).write_parquet(path)

    table = read_table(path)

    assert table.frame.to_dict(as_series=False) == {
        "n": [1, 2, None],
        "x": [0.5, None, None],
        "t": ["a", "b", None],
    }
    assert {"no_cells", "not_finite"} <= {note.code for note in table.notes}
    assert preview(path, rows=2).frame.equals(table.frame.head(2))
    path.write_bytes(path.read_bytes()[:-20] + b"x" * 20)
    with pytest.raises(NotATableError, match="damaged"):
        read_table(path)


def test_an_opendocument_bomb_of_repeated_cells_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.ods"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("META-INF/manifest.xml", "<manifest:manifest/>")
        archive.writestr(
            "content.xml",
            '<office:document-content><table:table table:name="S"><table:table-row table:number-rows-repeated="1048576">'
            '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
            "</table:table-row></table:table></office:document-content>",
        )

    with pytest.raises(TooLargeError, match="repeated cells"):
        read_table(path)


def test_an_archive_of_very_many_parts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for part in range(10_001):
            archive.writestr(f"{part}", b"")

    with pytest.raises(TooLargeError, match="10,001 parts"):
        detect(path)

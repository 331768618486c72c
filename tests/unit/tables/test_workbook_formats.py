"""Old and binary Excel workbooks and OpenDocument sheets hold the same table, and read as the same.

The .xls is written by xlwt, the .xlsb record by record after [MS-XLSB] (Microsoft Open Specifications, 2.1.4 and 2.2.1), the .ods
as the parts that OpenDocument 1.3 asks for.
"""

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

import polars as pl
import pytest
import xlwt  # type: ignore[import-untyped]

from zerosec_shared.files import Dialect, TableKind
from zerosec_shared.tables import NotATableError, UnknownSheetError, detect, read_table, read_text_columns

ROWS: list[list[object]] = [
    ["試料", "x", "n", "note"],
    ["甲", 0.1, 1, "a & b"],
    ["乙", -2.5, 2, None],
    ["丙", None, 3_000_000_000, "é"],
    ["丁", 1e-9, 4, "1,5"],
]
EXPECTED = pl.DataFrame(
    {
        "試料": ["甲", "乙", "丙", "丁"],
        "x": [0.1, -2.5, None, 1e-9],
        "n": [1.0, 2.0, 3e9, 4.0],
        "note": ["a & b", None, "é", "1,5"],
    }
)


def write_xls(path: Path) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    for name, rows in (("測定", ROWS), ("other", [["u"], [7]])):
        sheet = book.add_sheet(name)
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                if cell is not None:
                    sheet.write(r, c, cell)
    book.save(str(path))


def record(kind: int, data: bytes = b"") -> bytes:
    """A record of [MS-XLSB] 2.1.4: type and size in groups of seven bits, the lowest first."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size = len(data)
    while size > 127:
        head, size = head + bytes([size & 0x7F | 0x80]), size >> 7
    return head + bytes([size]) + data


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def binary_sheet(rows: list[list[object]]) -> bytes:
    size = struct.pack("<IIII", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)
    out = record(129) + record(148, size) + record(145)
    for r, row in enumerate(rows):
        out += record(0, struct.pack("<IIHHBI", r, 0, 300, 0, 0, 0))
        for c, cell in enumerate(row):
            place = struct.pack("<II", c, 0)
            if isinstance(cell, str):
                out += record(6, place + wide(cell))
            elif isinstance(cell, int) and cell < 2**29:
                out += record(2, place + struct.pack("<I", cell << 2 | 2))  # an integer as an RkNumber
            elif cell is not None:
                out += record(5, place + struct.pack("<d", cell))
    return out + record(146) + record(130)


def write_xlsb(path: Path) -> None:
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    sheets = {"測定": ROWS, "other": [["u"], [7]]}
    book, links = record(131) + record(143), ""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, rows) in enumerate(sheets.items(), start=1):
            book += record(156, struct.pack("<II", 0, number) + wide(f"rId{number}") + wide(name))
            links += f'<Relationship Id="rId{number}" Type="{office}/worksheet" Target="worksheets/sheet{number}.bin"/>'
            archive.writestr(f"xl/worksheets/sheet{number}.bin", binary_sheet(rows))
        archive.writestr("xl/workbook.bin", book + record(144) + record(132))
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            f'<?xml version="1.0"?><Relationships xmlns="{package}/relationships">{links}</Relationships>',
        )
        archive.writestr(
            "[Content_Types].xml",
            f'<?xml version="1.0"?><Types xmlns="{package}/content-types">'
            '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>',
        )


def write_ods(path: Path) -> None:
    def cell(value: object) -> str:
        if value is None:
            return "<table:table-cell/>"
        if isinstance(value, str):
            return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
        return f'<table:table-cell office:value-type="float" office:value="{value!r}"><text:p>?</text:p></table:table-cell>'

    def sheet(name: str, rows: list[list[object]]) -> str:
        lines = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
        return f'<table:table table:name="{name}">{lines}</table:table>'

    name = "urn:oasis:names:tc:opendocument:xmlns"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            zipfile.ZipInfo("mimetype"), "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED
        )
        archive.writestr(
            "META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{name}:manifest:1.0"/>'
        )
        archive.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{name}:office:1.0" xmlns:table="{name}:table:1.0" xmlns:text="{name}:text:1.0">'
            f"<office:body><office:spreadsheet>{sheet('測定', ROWS)}{sheet('other', [['u'], [7]])}"
            "</office:spreadsheet></office:body></office:document-content>",
        )


Write = Callable[[Path], None]
FORMATS = [
    pytest.param(write_xls, id="xls"),
    pytest.param(write_xlsb, id="xlsb"),
    pytest.param(write_ods, id="ods"),
]


@pytest.mark.parametrize("write", FORMATS)
def test_the_same_table_reads_the_same(tmp_path: Path, write: Write) -> None:
    path = tmp_path / "measured.bin"  # the name says nothing
    write(path)

    found = detect(path)
    table = read_table(path)

    assert (found.kind, found.sheets) == (TableKind.EXCEL, ("測定", "other"))
    assert table.frame.with_columns(pl.col("n").cast(pl.Float64)).equals(EXPECTED)
    assert [table.row_number(index) for index in range(4)] == [2, 3, 4, 5]
    assert read_text_columns(path, columns=["x"])["x"].to_list()[:2] == ["0.1", "-2.5"]


@pytest.mark.parametrize("write", FORMATS)
def test_another_sheet_is_read_by_its_name(tmp_path: Path, write: Write) -> None:
    path = tmp_path / "measured.bin"
    write(path)

    assert read_table(path, Dialect.partly(sheet="other")).frame.rows() == [(7,)]
    with pytest.raises(UnknownSheetError, match="測定"):
        read_table(path, Dialect.partly(sheet="othr"))


@pytest.mark.parametrize("write", FORMATS)
def test_one_that_was_cut_is_damaged_and_not_half_a_table(tmp_path: Path, write: Write) -> None:
    path = tmp_path / "measured.bin"
    write(path)
    whole = path.read_bytes()

    for share in (0.5, 0.9):
        path.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(NotATableError):
            read_table(path)

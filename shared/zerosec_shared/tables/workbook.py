"""A workbook's bytes before parsing: which format it is, where its sheets lie, and a short version for a preview."""

import html
import io
import re
import zipfile
from enum import StrEnum
from pathlib import Path

from zerosec_shared.tables.archive import damaged, encrypted, inflated, open_archive
from zerosec_shared.tables.problems import NotATableError

__all__ = ["WorkbookFormat", "sheet_parts", "shortened", "workbook_format"]

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_SMALL = 2 * 2**20
_XML_LIMIT = 16 * 2**20


class WorkbookFormat(StrEnum):
    """The kinds of workbook that can be read."""

    XLSX = "xlsx"
    XLSB = "xlsb"
    ODS = "ods"
    XLS = "xls"


def workbook_format(path: Path) -> WorkbookFormat | None:
    """The format by content; None if the bytes are no workbook. Raises NotATableError for encrypted or damaged ones."""
    with path.open("rb") as file:
        head = file.read(8)
    if head == _OLE:
        return _ole_format(path)
    if not head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return None
    with open_archive(path) as archive:
        names = set(archive.namelist())
        if "xl/workbook.xml" in names:
            return WorkbookFormat.XLSX
        if "xl/workbook.bin" in names:
            return WorkbookFormat.XLSB
        if "content.xml" in names and "META-INF/manifest.xml" in names:
            if b"encryption-data" in _read(archive, "META-INF/manifest.xml"):
                raise encrypted()
            return WorkbookFormat.ODS
        if any(name.startswith("xl/") for name in names):
            return WorkbookFormat.XLSX
    raise NotATableError(
        "Not a table",
        "The file is a zip archive but no Excel workbook.",
        "Unpack it and choose the table inside.",
    )


def _ole_format(path: Path) -> WorkbookFormat:
    """Old Excel files and encrypted new ones share a container; its folder names tell them apart."""
    marks = {name: name.encode("utf-16-le") for name in ("EncryptedPackage", "Workbook", "Book")}
    held = b""
    found = set()
    with path.open("rb") as file:
        while piece := file.read(_SMALL):
            data = held + piece
            found |= {name for name, mark in marks.items() if mark in data}
            held = data[-64:]
    if "EncryptedPackage" in found:
        raise encrypted()
    if found:
        return WorkbookFormat.XLS
    raise NotATableError(
        "Not a table",
        "The file is an old Office document but no Excel workbook.",
        "Save the table as .xlsx or CSV.",
    )


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The archive part of each sheet of an .xlsx, by sheet name; hidden sheets after those that a person sees."""
    try:
        book = _read(archive, "xl/workbook.xml").decode("utf-8")
        links = _read(archive, "xl/_rels/workbook.xml.rels").decode("utf-8")
    except (KeyError, UnicodeDecodeError) as error:
        raise damaged() from error
    targets = {}
    for tag in re.findall(r"<(?:\w+:)?Relationship\s[^>]*>", links):
        at = _attributes(tag)
        target = at.get("Target", "")
        targets[at.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    parts: dict[str, str] = {}
    hidden: dict[str, str] = {}
    for tag in re.findall(r"<(?:\w+:)?sheet\s[^>]*>", book):
        at = _attributes(tag)
        link = next((value for name, value in at.items() if name.endswith(":id")), "")
        part = targets.get(link, "")
        if part in archive.NameToInfo:
            kept = parts if at.get("state", "visible") == "visible" else hidden
            kept[html.unescape(at.get("name", ""))] = part
    return parts | hidden


def shortened(archive: zipfile.ZipFile, part: str, rows: int) -> bytes | None:
    """A copy of an .xlsx with the first rows of one sheet only, so that a preview need not parse a million rows.

    None if the sheet is small anyway, or laid out so that it cannot be cut.
    """
    if archive.getinfo(part).file_size <= _SMALL:
        return None
    sheet = b""
    for piece in inflated(archive, part):
        sheet += piece
        if sheet.count(b"<row ") > rows + 1 or b"<row " not in sheet:
            break
    starts = [match.start() for match in re.finditer(rb"<row ", sheet)]
    if len(starts) <= rows + 1:
        return None
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as copy:
        for entry in archive.infolist():
            if entry.filename == part:
                copy.writestr(part, sheet[: starts[rows + 1]] + b"</sheetData></worksheet>")
            elif not entry.filename.startswith(("xl/worksheets/", "xl/media/", "xl/drawings/", "xl/charts/")):
                copy.writestr(entry.filename, b"".join(inflated(archive, entry.filename)))
    return out.getvalue()


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > _XML_LIMIT:
        raise damaged()
    return b"".join(inflated(archive, name))


def _attributes(tag: str) -> dict[str, str]:
    return {
        name: double or single
        for name, double, single in re.findall(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""", tag)
    }

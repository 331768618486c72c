"""What is shown of a result's file inside the window: a table, a text, a picture, or a sentence why not. No widgets.

Files are foreign bytes: little of them is read, packed ones are unpacked no further than is shown, and pages are not shown at all: they
could carry programs.
"""

import gzip
import zlib
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zerosec_shared.tables import Table

__all__ = ["MOST_BYTES", "Kind", "Previewed", "kind_of", "read_previewed"]

MOST_BYTES = 64 * 2**20
"""Larger files are not fetched only to be looked at."""
SHOWN_BYTES = 100_000
SHOWN_ROWS = 1000
TABLES = {".csv", ".tsv", ".xlsx", ".parquet"}
PICTURES = {".png", ".jpg", ".jpeg", ".svg", ".bmp", ".webp"}
PAGES = {".html", ".htm"}
BINARY = {".bam", ".bai", ".csi", ".bw", ".zip", ".pdf", ".onnx", ".npz", ".skops", ".pkl", ".docx"}


class Kind(StrEnum):
    """What a file is shown as."""

    TABLE = "table"
    PICTURE = "picture"
    PAGE = "page"
    TEXT = "text"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Previewed:
    """A file as far as it is shown. `cut`: there is more of it. `empty`: it is a table without rows."""

    kind: Kind
    table: "Table | None" = None
    data: bytes = b""
    text: str = ""
    cut: bool = False
    empty: bool = False


def kind_of(path: str) -> Kind:
    """What a file is shown as, by its name; a text may turn out to be none."""
    suffix = PurePosixPath(path).suffix.lower()
    for kind, suffixes in ((Kind.TABLE, TABLES), (Kind.PICTURE, PICTURES), (Kind.PAGE, PAGES)):
        if suffix in suffixes:
            return kind
    return Kind.NOTHING if suffix in BINARY else Kind.TEXT


def read_previewed(place: Path, path: str) -> Previewed:
    """Read what is shown of a file; `path` is what the result calls it. For a worker thread. Raises OSError and TableError."""
    kind = kind_of(path)
    if kind is Kind.TABLE:
        from zerosec_shared.files import Dialect
        from zerosec_shared.tables import EmptyTableError, NotATableError, preview

        # An analysis leaves a cell empty where there is no value: its "-" is a strand, and words are words.
        written = Dialect.partly(missing=("",))
        try:
            table = preview(place, written, rows=SHOWN_ROWS + 1)
        except EmptyTableError:
            found = _text(place)
            return replace(found, empty=found.kind is Kind.NOTHING)
        except NotATableError:
            return _text(place)
        return Previewed(kind, table=table, cut=table.frame.height > SHOWN_ROWS)
    if kind is Kind.PICTURE:
        return Previewed(kind, data=place.read_bytes())
    if kind is Kind.TEXT:
        return _text(place)
    return Previewed(kind)


def _text(place: Path) -> Previewed:
    with place.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
    try:
        with gzip.open(place, "rb") if packed else place.open("rb") as file:
            data = file.read(SHOWN_BYTES + 1)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        return Previewed(Kind.NOTHING)
    if b"\0" in data:
        return Previewed(Kind.NOTHING)
    cut = len(data) > SHOWN_BYTES
    return Previewed(Kind.TEXT, text=data[:SHOWN_BYTES].decode("utf-8", "replace"), cut=cut)

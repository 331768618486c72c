"""Tables as the rest of the window asks for them; the reading process does the work. All of it blocks: call it from a thread."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zerosec_desktop.reading.answers import (
    FileStamp,
    Job,
    Request,
    detection_from,
    summaries_from,
    table_from,
)
from zerosec_desktop.reading.process import Leave, readers
from zerosec_shared.files import Dialect, TableKind
from zerosec_shared.texts import spoken

if TYPE_CHECKING:
    import polars as pl

    from zerosec_shared.profiles import Profile
    from zerosec_shared.tables import ColumnSummary, Detection, Table

__all__ = ["Looked", "look", "read_table", "read_texts"]


@dataclass(frozen=True, slots=True)
class Looked:
    """A table as far as it was read. `first`: these are its first rows; `final`: no more will come."""

    path: Path
    table: "Table"
    detection: "Detection"
    stamp: FileStamp
    first: bool
    final: bool


def look(
    path: Path,
    dialect: Dialect | None,
    *,
    everything: bool,
    leave: Leave,
    detected: "Callable[[Detection], None]",
    seen: Callable[[Looked], None],
    summarised: "Callable[[tuple[ColumnSummary, ...]], None]",
) -> None:
    """How it is read, first rows, all that can be held, a summary, each told as it comes. Raises ReadingError or OSError."""
    request = Request(Job.LOOK, path, dialect, everything=everything, language=spoken())
    for answer, scratch in readers.answers(request, leave):
        if answer["answer"] == "detected":
            detected(detection_from(answer["detection"]))
            continue
        if answer["answer"] == "summary":
            summarised(summaries_from(answer["summaries"]))
            continue
        table = _brought(answer, scratch)
        stamp = FileStamp(**answer["stamp"])
        detection = detection_from(answer["detection"])
        seen(Looked(path, table, detection, stamp, answer["answer"] == "first", bool(answer["final"])))


def read_table(path: Path, rows: int, profile: "Profile | None" = None) -> "Table":
    """The first rows of a table; of a workbook's sheets that which a profile recognises. Raises ReadingError or OSError."""
    toml = ""
    if profile is not None:
        from zerosec_shared.profiles import write_profile

        toml = write_profile(profile).decode()
    request = Request(Job.TABLE, path, rows=rows, language=spoken(), profile=toml)
    (table,) = [_brought(answer, scratch) for answer, scratch in readers.answers(request)]
    return table


def read_texts(path: Path, dialect: Dialect | None, rows: int) -> "tuple[pl.DataFrame, TableKind]":
    """The exact texts of the first rows, the line of names among them except in a Parquet file. Raises ReadingError or OSError."""
    import polars as pl

    request = Request(Job.TEXTS, path, dialect, rows, language=spoken())
    ((frame, kind),) = [
        (pl.read_ipc(scratch / answer["file"]), TableKind(answer["kind"]))
        for answer, scratch in readers.answers(request)
    ]
    return frame, kind


def _brought(answer: Mapping[str, Any], scratch: Path) -> "Table":
    """The table of an answer; its rows are in memory now, and need no file."""
    file = scratch / answer["file"]
    try:
        return table_from(answer["table"], file)
    finally:
        file.unlink(missing_ok=True)

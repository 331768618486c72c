"""What the reading process is asked and what it answers: one JSON text a line, tables as Arrow files beside it. No Qt.

Nothing is unpickled: the process has read hostile bytes, and what it says is checked like anything from outside.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from zerosec_shared.files import Dialect
    from zerosec_shared.tables import ColumnSummary, Detection, Table

__all__ = [
    "FileStamp",
    "Job",
    "Request",
    "detection_from",
    "detection_said",
    "summaries_from",
    "table_from",
    "table_said",
]

T = TypeVar("T")


class Job(StrEnum):
    """What can be asked for."""

    LOOK = "look"
    """How it is read, first rows, all rows, a summary of each column: four answers."""
    TABLE = "table"
    """The table, or its first rows: one answer."""
    TEXTS = "texts"
    """The exact texts of the first rows, without a header: one answer."""


@dataclass(frozen=True, slots=True)
class FileStamp:
    """Size and time of a file, to notice that it was changed."""

    size_bytes: int
    changed_ns: int

    @classmethod
    def of(cls, path: Path) -> "FileStamp":
        """The stamp of a file. Raises OSError. Waits as long as the disk or share does: not for the window's thread."""
        found = path.stat()
        return cls(found.st_size, found.st_mtime_ns)


@dataclass(frozen=True, slots=True)
class Request:
    """One job: the file, what is known of how it is read, and at most how many rows are wanted.

    `profile`, as TOML, chooses among the sheets of a workbook.
    """

    job: Job
    path: Path
    dialect: "Dialect | None" = None
    rows: int | None = None
    everything: bool = True
    language: str = "en"
    profile: str = ""

    def line(self) -> str:
        """As it is sent."""
        dialect = None if self.dialect is None else self.dialect.model_dump(mode="json")
        return json.dumps({**asdict(self), "path": str(self.path), "dialect": dialect})

    @classmethod
    def of(cls, line: str) -> "Request":
        """As it was sent."""
        from zerosec_shared.files import Dialect

        said = json.loads(line)
        dialect = None if said["dialect"] is None else Dialect.model_validate(said["dialect"])
        return cls(**{**said, "job": Job(said["job"]), "path": Path(said["path"]), "dialect": dialect})


def table_said(table: "Table") -> dict[str, Any]:
    """All of a table but its rows."""
    return {
        "dialect": table.dialect.model_dump(mode="json"),
        "columns": [asdict(state) for state in table.columns],
        "notes": [asdict(note) for note in table.notes],
        "complete": table.complete,
    }


def table_from(said: Mapping[str, Any], file: Path) -> "Table":
    """The table of an answer, its rows from `file`. Where a row stands in the data file is not brought along."""
    import polars as pl

    from zerosec_shared.files import Dialect
    from zerosec_shared.tables import ColumnState, Note, Table
    from zerosec_shared.tables.rows import RowNumbers

    return Table(
        pl.read_ipc(file),
        Dialect.model_validate(said["dialect"]),
        tuple(_adapter(ColumnState).validate_python(state) for state in said["columns"]),
        tuple(_adapter(Note).validate_python(note) for note in said["notes"]),
        RowNumbers(),
        bool(said["complete"]),
    )


def detection_said(detection: "Detection") -> dict[str, Any]:
    """A detection, for the wire."""
    return {**asdict(detection), "dialect": detection.dialect.model_dump(mode="json")}


def detection_from(said: Mapping[str, Any]) -> "Detection":
    """A detection, from the wire."""
    from zerosec_shared.files import Dialect
    from zerosec_shared.tables import Detection, Note

    notes = tuple(_adapter(Note).validate_python(note) for note in said["notes"])
    return Detection(
        Dialect.model_validate(said["dialect"]), float(said["confidence"]), notes, tuple(said["sheets"])
    )


def summaries_from(said: list[Mapping[str, Any]]) -> "tuple[ColumnSummary, ...]":
    """Summaries of columns, from the wire."""
    from zerosec_shared.tables import ColumnSummary

    return tuple(_adapter(ColumnSummary).validate_python(summary) for summary in said)


@cache
def _adapter(kind: type[T]) -> "TypeAdapter[T]":
    from pydantic import TypeAdapter

    return TypeAdapter(kind)

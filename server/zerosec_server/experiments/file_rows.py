"""The rows that a reading job found in a file, from its artifact `rows.jsonl`: one JSON object a line, bounded and checked."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationError

from zerosec_server.experiments.difference import FileRow
from zerosec_server.storage.base import Storage
from zerosec_shared.contract import Contract, Text
from zerosec_shared.experiments import ColumnKind, ColumnName, ExperimentColumn, Value
from zerosec_shared.texts import cut, say

__all__ = ["ROWS_PATH", "RowsUnreadableError", "read_rows"]

ROWS_PATH = "rows.jsonl"
MOST_ROWS = 200_000
MOST_BYTES = 256 * 2**20
LINE_BYTES = 2**20


class RowsUnreadableError(Exception):
    """The job's rows cannot be taken in; the message is a sentence for the user."""


class _Line(Contract):
    row: int = Field(ge=1)
    values: dict[ColumnName, Value] = Field(default_factory=dict)
    column: str = Field(default="", max_length=200)
    reason: Text = ""
    reasons: dict[Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")], Text] = Field(
        default_factory=dict, max_length=20
    )


def read_rows(storage: Storage, key: str, columns: Sequence[ExperimentColumn]) -> list[FileRow]:
    """All rows. Raises RowsUnreadableError, NoSuchBlobError."""
    size = storage.size(key) or 0
    if size > MOST_BYTES:
        raise RowsUnreadableError(
            say(
                "The file holds {size:.0f} MB of rows; an import takes {most}.",
                size=size / 2**20,
                most=MOST_BYTES >> 20,
            )
        )
    kinds = {column.name: column.kind for column in columns}
    rows: list[FileRow] = []
    for line in _lines(storage.read(key)):
        if len(rows) == MOST_ROWS:
            raise RowsUnreadableError(
                say("The file has more than {most:,} rows; import it in parts.", most=MOST_ROWS)
            )
        try:
            found = _Line.model_validate_json(line)
        except ValidationError as bad:
            raise RowsUnreadableError(
                "The rows that were read from the file are damaged: read it again."
            ) from bad
        rows.append(_checked(found, kinds))
    return rows


def _checked(line: _Line, kinds: dict[str, ColumnKind]) -> FileRow:
    for column, value in line.values.items():
        kind = kinds.get(column)
        if kind is not None and isinstance(value, str) is (kind is ColumnKind.NUMBER):
            said = (
                say("{column} has text, and the column holds numbers: {value}.", column=column, value=value)
                if isinstance(value, str)
                else say(
                    "{column} has a number, and the column holds text: {value}.", column=column, value=value
                )
            )
            return FileRow(line.row, {}, column, cut(said, 4000))
        if kind is ColumnKind.DATE and not _is_day(value):
            said = say("{column} holds dates, and “{value}” is none.", column=column, value=value)
            return FileRow(line.row, {}, column, cut(said, 4000))
    return FileRow(line.row, dict(line.values), line.column, line.reason, line.reasons)


def _is_day(value: Value) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _lines(chunks: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        if len(rest) > LINE_BYTES:
            raise RowsUnreadableError("A row of the file is too long to be taken in.")
        yield from (line for line in whole if line.strip())
    if rest.strip():
        yield rest

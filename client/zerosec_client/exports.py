"""Results for people and their spreadsheets: a CSV that Excel reads as it is meant, a typed Excel workbook, and the whole history.

A spreadsheet takes a text that begins with = + - or @ for a formula, and would work it out; in a CSV such a text gets an apostrophe
before it, which reading results takes off again. A CSV begins with the byte order mark by which Excel knows UTF-8.
"""

import asyncio
import csv
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from zerosec_client.api import Api
from zerosec_client.errors import LocalFileError
from zerosec_client.projects import Projects, job_ended
from zerosec_client.transfer import download
from zerosec_shared.causes import cause
from zerosec_shared.experiments import ColumnKind, Project, ProjectChange, Value
from zerosec_shared.files import ColumnType, Dialect, DownloadRequest
from zerosec_shared.formula_signs import guarded
from zerosec_shared.ids import new_id
from zerosec_shared.profiles import OneHotGroup, ValueKind, read_profile
from zerosec_shared.runs import JobCreate, RunCreate
from zerosec_shared.selections import ExperimentFilter, Selection, SelectionRequest
from zerosec_shared.texts import say

__all__ = ["Exported", "by_choice", "export_history", "export_results"]

EXPORTING = "table-to-excel"
WAIT_S = 20.0
HISTORY_HEADINGS = ("at", "by", "kind", "file", "experiment", "column", "old", "new", "import_id")


class Exported(Selection):
    """What was exported; `guarded` is how many texts of a CSV got an apostrophe."""

    guarded: int = 0


async def export_results(api: Api, project: Project, chosen: ExperimentFilter, target: Path) -> Exported:
    """Bring chosen experiments to `target`, replacing what is there: as CSV, or as an Excel workbook by the name's ending.

    Raises ReadingFailedError when the workbook could not be made, LocalFileError for the target, and what the server says.
    """
    made = await Projects(api).select(project.id, SelectionRequest(filter=chosen))
    if target.suffix.lower() == ".xlsx":
        dates = [column.name for column in project.columns if column.kind is ColumnKind.DATE]
        texts = [
            one.name for one in read_profile(project.profile.encode()).columns if one.kind is ValueKind.TEXT
        ]
        dialect = (made.file.dialect or Dialect()).model_copy(
            update={"types": dict.fromkeys(texts, ColumnType.TEXT)}
        )
        request = JobCreate(
            id=new_id(),
            run=RunCreate(
                id=new_id(),
                analysis=EXPORTING,
                name=target.name[:200],
                parameters={"date_columns": dates},
                inputs={"data": (made.file.model_copy(update={"dialect": dialect}),)},
            ),
        )
        await job_ended(api, await api.submit(request, wait_s=WAIT_S))
        await asyncio.to_thread(target.parent.mkdir, parents=True, exist_ok=True)
        await download(api, DownloadRequest(job_id=request.id, path="table.xlsx"), target)
        return Exported(**dict(made))
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "selection.csv"
        await download(api, DownloadRequest(sha256=made.file.sha256), raw)

        def rows() -> Iterator[list[str]]:
            with raw.open(encoding="utf-8", newline="") as file:
                yield from csv.reader(file)

        count = await asyncio.to_thread(_write, target, rows())
    return Exported(**dict(made), guarded=count)


async def export_history(api: Api, project: Project, target: Path) -> int:
    """Bring every value that was ever set to `target` as CSV, oldest first, those of experiments that are gone too; how many.

    A choice written as 0 and 1, such as the brush, is one value.
    """
    told: list[ProjectChange] = []
    cursor: str | None = None
    while True:
        page = await Projects(api).changes(project.id, cursor=cursor)
        told += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    choices = read_profile(project.profile.encode()).one_hot
    changes = groupby(told, key=lambda one: (one.import_id, one.experiment))
    rows = [
        [
            one.at.isoformat(), one.by, one.kind.value, one.file_name, one.experiment, one.column,
            _cell(one.old), _cell(one.new), str(one.import_id),
        ]
        for _, together in changes
        for one in by_choice(tuple(together), choices)
    ]  # fmt: skip
    await asyncio.to_thread(_write, target, [list(HISTORY_HEADINGS), *rows])
    return len(rows)


def by_choice(together: Sequence[ProjectChange], choices: Sequence[OneHotGroup]) -> Iterator[ProjectChange]:
    """What one import set in one experiment; a choice written as 0 and 1 as one change, from brush A13 to A11.

    Where not all of its columns were set, or not exactly one to 1, they are told as they are.
    """
    by_column = {one.column: one for one in together}
    told: dict[str, ProjectChange | None] = {}
    for choice in choices:
        if not all(member in by_column for member in choice.members):
            continue
        old = _chosen(choice, {member: by_column[member].old for member in choice.members})
        new = _chosen(choice, {member: by_column[member].new for member in choice.members})
        if old is not UNCLEAR and new is not UNCLEAR:
            first = next(one for one in together if one.column in choice.members)
            told |= dict.fromkeys(choice.members)
            told[first.column] = first.model_copy(update={"column": choice.name, "old": old, "new": new})
    for one in together:
        found = told.get(one.column, one)
        if found is not None:
            yield found


UNCLEAR = object()
"""Values of a choice that are not those of one level."""


def _chosen(choice: OneHotGroup, values: Mapping[str, Value | None]) -> object:
    """The level that is 1 where all others are 0; None where nothing is set."""
    if all(value is None for value in values.values()):
        return None
    ones = [member for member, value in values.items() if value == 1]
    return ones[0] if len(ones) == 1 and all(value in {0, 1} for value in values.values()) else UNCLEAR


def _cell(value: Value | None) -> str:
    if value is None:
        return ""
    return (
        value
        if isinstance(value, str)
        else f"{value:.15g}"
        if float(f"{value:.15g}") == value
        else repr(value)
    )


def _write(target: Path, rows: Iterable[list[str]]) -> int:
    """A CSV for a spreadsheet, whole or not at all; how many cells were guarded. Raises LocalFileError."""
    draft = target.with_name(f".{target.name}.part")
    count = 0
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with draft.open("w", encoding="utf-8-sig", newline="") as file:
                writer = csv.writer(file)
                for row in rows:
                    safe = [guarded(cell) for cell in row]
                    count += sum(1 for before, after in zip(row, safe, strict=True) if before != after)
                    writer.writerow(safe)
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise LocalFileError(
            say("{path} cannot be written: {cause}.", path=str(target), cause=cause(error)),
            hint="Close it where it is open, or choose another place.",
        ) from error
    return count

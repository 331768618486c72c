"""Makes the lab sheet of a design in a job."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import polars as pl

from zerosec_analyses.lab_sheet.columns import Fill, SheetColumn, given_values, sheet_columns, sheet_rows
from zerosec_analyses.lab_sheet.spec import LabSheetParameters
from zerosec_analyses.lab_sheet.workbook import write_workbook
from zerosec_analyses.sdk import Column, Context, InputError, say
from zerosec_shared.experiments import identity
from zerosec_shared.profiles import (
    CellValue,
    Profile,
    ProfileError,
    TablePurpose,
    as_meant,
    facts_of,
    read_profile,
    recognise,
)
from zerosec_shared.runs import ArtifactRole
from zerosec_shared.tables import TableError, read_table
from zerosec_shared.views import CardView, Cell, FileView

__all__ = ["run"]

MOST_RUNS = 5000


def run(ctx: Context, params: LabSheetParameters) -> None:
    """Write lab_sheet.xlsx and show it. Raises InputError."""
    try:
        profile = read_profile(params.profile.encode())
    except ProfileError as bad:
        raise InputError("The profile cannot be used.", str(bad)) from bad
    source = ctx.input("design")
    try:
        table, _ = as_meant(profile, read_table(source.path, source.dialect))
    except TableError as error:
        raise InputError(say("{title}.", title=error.title), error.detail, error.hint) from error
    frame = table.frame
    if frame.height > MOST_RUNS:
        raise InputError(
            say("{rows:,} runs are too many for a lab sheet; at most {most:,} are written.", rows=frame.height, most=MOST_RUNS)
        )  # fmt: skip
    found = recognise(profile, facts_of(table))
    if found.purpose is TablePurpose.NEITHER:
        raise InputError(
            say("{file} is no list of runs.", file=source.name),
            found.reasons[0],
            "Compare its columns with the profile.",
        )
    given = given_values(found.profile, params.given)
    _need_groups(found.profile, frame, {match.column for match in found.matches})
    known = [match.column for match in found.matches]
    columns = sheet_columns(found.profile, known, params.criterion)
    cells = sheet_rows(found, list(frame.iter_rows(named=True)), columns, given, params.criterion)
    _warn_of_repeats(ctx, found.profile, columns, cells)
    path = ctx.output / "lab_sheet.xlsx"
    write_workbook(path, columns, cells, params.title, _series(params.given))
    artifact = ctx.artifact(path, ArtifactRole.TABLE)
    empty = sum(1 for column in columns if column.fill is Fill.MEASURED)
    ctx.show(
        CardView(
            id="answer",
            title="Lab sheet",
            text=say(
                "{runs:,} runs, with {empty} columns to be filled in.",
                one="1 run, with {empty} columns to be filled in.",
                runs=len(cells),
                empty=empty,
            ),
        )
    )
    ctx.metric("runs", len(cells), label="Runs", headline=True)
    shown: list[list[Cell]] = [[_shown(value) for value in row] for row in cells]
    ctx.table(
        "lab_sheet",
        "Lab sheet",
        [Column(name=column.name, unit=column.unit) for column in columns],
        shown,
        source=artifact,
    )
    ctx.show(FileView(id="workbook", title="Lab sheet (Excel)", source=artifact))


def _warn_of_repeats(
    ctx: Context, profile: Profile, columns: Sequence[SheetColumn], cells: Sequence[Sequence[CellValue]]
) -> None:
    """Name runs that the results database would take for one experiment."""
    identifying = [column.name for column in profile.identifying]
    runs = defaultdict(list)
    for number, row in enumerate(cells, start=1):
        values = {
            column.name: value if isinstance(value, str) else float(value)
            for column, value in zip(columns, row, strict=True)
            if isinstance(value, str | int | float)
        }
        runs[identity(values, identifying)].append(str(number))
    repeated = [", ".join(numbers) for numbers in runs.values() if len(numbers) > 1]
    if repeated:
        ctx.warn(
            "repeated_runs",
            say(
                "The runs {runs} have the same settings, by which the results database tells experiments apart: it keeps one result of "
                "them. To keep each, let a number of the run tell experiments apart too (in the profile, before the first import).",
                runs="; ".join(repeated[:20]),
            ),
        )


def _need_groups(profile: Profile, frame: pl.DataFrame, known: set[str]) -> None:
    """A run is made with one member of each group: that all are meant is an answer for candidates, not for runs."""
    for group in profile.one_hot:
        if group.name not in known and not set(group.members) <= known:
            raise InputError(
                say("The runs do not say which {group} is used.", group=group.name),
                say("Needed are {members}, or a column {group}.", members=", ".join(group.members), group=group.name),
            )  # fmt: skip


def _series(given: Mapping[str, str]) -> str:
    return "  ".join(f"{name} {value}" for name, value in given.items())


def _shown(value: CellValue) -> Cell:
    return value if value is None or isinstance(value, str | int | float) else value.isoformat()

"""Which columns a lab sheet has, in which order, and what stands in them. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from zerosec_analyses.sdk import InputError, say
from zerosec_shared.contract import JsonValue
from zerosec_shared.profiles import (
    CRITERION,
    CellValue,
    ColumnRole,
    OneHotGroup,
    Profile,
    ProfileColumn,
    Recognition,
    RowReader,
    ValueKind,
    read_cell,
)

__all__ = ["Fill", "SheetColumn", "given_values", "sheet_columns", "sheet_rows"]

DEFAULTS = "lab-sheet"


class Fill(StrEnum):
    """Who fills a column."""

    NUMBER = "number"
    SET = "set"
    """What the run is made with."""
    CRITERION = "criterion"
    MEASURED = "measured"
    """Left empty, for the laboratory."""


@dataclass(frozen=True)
class SheetColumn:
    """One column of the sheet, by the heading the profile knows it by."""

    name: str
    fill: Fill
    unit: str = ""
    kind: ValueKind = ValueKind.ANY
    allowed: tuple[float | int | str, ...] = ()


def sheet_columns(profile: Profile, known: Sequence[str], criterion: str) -> tuple[SheetColumn, ...]:
    """The columns in order: number, one-hot groups, factors, conditions, criterion, responses, date.

    `known` are the profile's columns that the design holds. Conditions stand in the sheet where the design holds them or the
    profile's defaults of the lab sheet name them (`conditions = [...]`); without such a default, all do.
    """
    listed = _conditions(profile)

    def wanted(column: ProfileColumn) -> bool:
        if column.formula is not None:
            return False
        return column.role is not ColumnRole.CONDITION or column.name in known or column.name in listed

    def of(*roles: ColumnRole) -> list[SheetColumn]:
        set_here = {ColumnRole.RESPONSE: Fill.MEASURED, ColumnRole.DATE: Fill.MEASURED}
        return [
            SheetColumn(
                column.name, set_here.get(column.role, Fill.SET), column.unit, column.kind, column.values
            )
            for column in profile.with_role(*roles)
            if wanted(column)
        ]

    numbers = profile.with_role(ColumnRole.RUN_ID)
    found = [SheetColumn(numbers[0].name if numbers else "No.", Fill.NUMBER, kind=ValueKind.INTEGER)]
    found += of(ColumnRole.ONE_HOT)
    found += of(ColumnRole.FACTOR, ColumnRole.CATEGORICAL, ColumnRole.BLOCKING)
    found += of(ColumnRole.CONDITION)
    if criterion:
        found.append(SheetColumn(CRITERION, Fill.CRITERION))
    return (*found, *of(ColumnRole.RESPONSE), *of(ColumnRole.DATE))


def _conditions(profile: Profile) -> tuple[str, ...]:
    every = tuple(column.name for column in profile.with_role(ColumnRole.CONDITION))
    listed: JsonValue = profile.defaults.get(DEFAULTS, {}).get("conditions")
    return every if not isinstance(listed, list) else tuple(name for name in every if name in listed)


def given_values(profile: Profile, given: Mapping[str, str]) -> dict[str, CellValue]:
    """The values of the whole series by the profile's names. Raises InputError."""
    values: dict[str, CellValue] = {}
    for name, text in given.items():
        known = profile.known_as(name)
        if known is None or isinstance(known, OneHotGroup):
            raise InputError(say("The profile has no column “{column}”.", column=name))
        value, problem = read_cell(known, text)
        if problem is not None:
            raise InputError(say("The value given for {column} cannot be used.", column=known.name), problem)
        if value is not None:
            values[known.name] = value
    return values


def sheet_rows(
    found: Recognition,
    rows: Sequence[Mapping[str, CellValue]],
    columns: Sequence[SheetColumn],
    given: Mapping[str, CellValue],
    criterion: str,
) -> list[list[CellValue]]:
    """The cells of each run, in the order of the columns. Raises InputError for a run that the profile does not allow."""
    reader = RowReader(found, given)
    cells = []
    for number, raw in enumerate(rows, start=1):
        read = reader.read(raw)
        if read.problems:
            problem = read.problems[0]
            raise InputError(
                say("Run {number} of the design cannot be made.", number=number),
                problem.text,
                "Change the candidates or the profile, and make the design again.",
            )
        cells.append([_cell(column, number, read.values, criterion) for column in columns])
    return cells


def _cell(column: SheetColumn, number: int, values: Mapping[str, CellValue], criterion: str) -> CellValue:
    if column.fill is Fill.NUMBER:
        return number
    if column.fill is Fill.CRITERION:
        return criterion
    return values.get(column.name) if column.fill is Fill.SET else None

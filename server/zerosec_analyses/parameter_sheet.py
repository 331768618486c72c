"""Reads a parameter sheet: one column a variable, and rows named min, max and 間隔 in the first column.

What is wrong is said with the column's name and the cell (`C3` in a workbook, the line in a text file).
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from zerosec_analyses.levels import (
    Level,
    Variable,
    as_decimal,
    checked_levels,
    listed_levels,
    plain,
    ranged,
    shown,
)
from zerosec_analyses.sdk import InputError, say
from zerosec_shared.files import Dialect, TableKind
from zerosec_shared.parameter_labels import ROW_LABELS, row_of_label
from zerosec_shared.profiles.headings import closest
from zerosec_shared.tables import TableError, detect, read_table, read_text_columns
from zerosec_shared.texts import Said

__all__ = ["MAX_VARIABLES", "ParameterSheet", "read_parameter_sheet"]

MAX_VARIABLES = 200
MAX_ROWS = 60
"""Rows that are looked at; a parameter sheet has three or four."""


@dataclass(frozen=True)
class ParameterSheet:
    """What a sheet says: its variables in order, and how it was read."""

    variables: tuple[Variable, ...]
    dialect: Dialect


@dataclass(frozen=True)
class _Cell:
    text: str
    place: Said


@dataclass(frozen=True)
class _Grid:
    """The cells of a sheet as texts (None: empty), with the numbers its rows and columns have in the file, from 1."""

    cells: list[list[str | None]]
    rows: list[int]
    columns: list[int]
    dialect: Dialect

    def place(self, name: str, row: int, column: int) -> Said:
        """Where a cell is, in words."""
        if self.dialect.kind is TableKind.EXCEL:
            cell = f"{_letters(self.columns[column])}{self.rows[row]}"
            return say("Column “{column}”, cell {cell}", column=name, cell=cell)
        return say("Column “{column}”, line {line}", column=name, line=self.rows[row])

    def of_label(self, row: int, column: int) -> Said:
        """Where the name of a row is, in words."""
        if self.dialect.kind is TableKind.EXCEL:
            return say("Cell {cell}", cell=f"{_letters(self.columns[column])}{self.rows[row]}")
        return say("Line {line}", line=self.rows[row])

    def whole(self, name: str, column: int) -> Said:
        """Where a column is, in words."""
        if self.dialect.kind is TableKind.EXCEL:
            letters = _letters(self.columns[column])
            return say("Column “{column}” ({letters})", column=name, letters=letters)
        return say("Column “{column}”", column=name)


def read_parameter_sheet(path: Path, dialect: Dialect | None, *, open_ranges: bool = False) -> ParameterSheet:
    """Read the variables of a sheet. Raises InputError, naming the column and the cell.

    With `open_ranges` min and max without a step are a range, of which the ends are the levels.

    Where the names stand is found by the rows below them, so that a title above them does no harm. A comma in numbers is a
    decimal mark only if the user says so or min or max are written so; elsewhere it parts levels.
    """
    try:
        known = dialect if dialect is not None and not dialect.detect else detect(path, dialect).dialect
        grid = _grid(path, known)
    except TableError as error:
        raise InputError(say("{title}.", title=error.title), error.detail, error.hint) from error
    label_column = _label_column(grid)
    rows, top = _rows(grid, label_column)
    _require_rows(rows, open_ranges=open_ranges)
    names = grid.cells[top]
    variables = []
    for column, name in enumerate(names):
        if column == label_column:
            continue
        cells = {
            row: _Cell(plain(text), grid.place(name or "?", at, column))
            for row, at in rows.items()
            if (text := grid.cells[at][column]) is not None and row != "unit"
        }
        if name is None:
            if cells:
                raise InputError(
                    say(
                        "{place}: these levels have no name above them.",
                        place=next(iter(cells.values())).place,
                    )
                )
            continue
        if not cells:
            raise InputError(
                say("{place} has no values.", place=grid.whole(name, column)),
                hint="Fill in min, max and 間隔, or delete the column.",
            )
        reader = _Reader(known, dialect, cells, open_ranges=open_ranges)
        variables.append(reader.variable(name, grid.whole(name, column)))
    if not variables:
        raise InputError(
            "The parameter sheet has no variable.",
            hint="Its first column names the rows (min, max, 間隔); each further column is a variable.",
        )
    if len(variables) > MAX_VARIABLES:
        raise InputError(
            say(
                "The parameter sheet has {count:,} variables; at most {most} are possible.",
                count=len(variables),
                most=MAX_VARIABLES,
            )
        )
    return ParameterSheet(tuple(variables), known)


def _grid(path: Path, dialect: Dialect) -> _Grid:
    raw = dialect.model_copy(update={"header_row": 0, "decimal": ".", "thousands": ""})
    table = read_table(path, raw, max_rows=MAX_ROWS)
    texts = read_text_columns(path, raw, max_rows=MAX_ROWS)
    cells = [list(row) for row in texts.rows()]
    rows = [table.row_number(index) for index in range(len(cells))]
    columns = [
        int(name.removeprefix("column_")) if name.startswith("column_") else place
        for place, name in enumerate(texts.columns, 1)
    ]
    if dialect.kind is TableKind.PARQUET:
        cells, rows = [list(texts.columns), *cells], [0, *rows]
    return _Grid(cells, rows, columns, dialect)


def _label_column(grid: _Grid) -> int:
    """The first column in which a row is named."""
    for column in range(len(grid.columns)):
        if any(row_of_label(row[column]) for row in grid.cells):
            return column
    _require_rows({})
    raise AssertionError("without rows there is an error")


def _rows(grid: _Grid, label_column: int) -> tuple[dict[str, int], int]:
    """The named rows, and the row of the variables' names above them."""
    labels = [row[label_column] for row in grid.cells]
    first = next(at for at, label in enumerate(labels) if row_of_label(label))
    head = grid.of_label(first, label_column)
    if first == 0:
        raise InputError(
            say("{place}: there are no names of variables above this row.", place=head),
            hint="Write the name of each variable above its values.",
        )
    top = first - 1
    others = [
        text for column, text in enumerate(grid.cells[top]) if column != label_column and text is not None
    ]
    rows: dict[str, int] = {}
    start = top if labels[top] is not None and all(as_decimal(text) is not None for text in others) else first
    for at in range(start, len(labels)):
        label = labels[at]
        row = row_of_label(label)
        place = grid.of_label(at, label_column)
        if row is None:
            raise InputError(
                say(
                    "{place}: “{label}” names no row of a parameter sheet.",
                    place=place,
                    label=(label or "")[:60],
                ),
                hint=_meant(label or ""),
            )
        if row in rows:
            raise InputError(say("{place}: the row {label} stands twice.", place=place, label=label or ""))
        rows[row] = at
    return rows, top


def _meant(label: str) -> Said:
    """What a label that names no row may have been meant for."""
    near = closest(label, ROW_LABELS, 0.5)
    if near is None:
        return say("The first column holds min, max and 間隔 (or step, levels).")
    return say(
        "Did you mean {label}? The first column holds min, max and 間隔 (or step, levels).",
        label=ROW_LABELS[near][0],
    )


def _require_rows(rows: dict[str, int], *, open_ranges: bool = False) -> None:
    wanted = {"min", "max"} if open_ranges else {"min", "max", "step"}
    if "levels" in rows or wanted <= rows.keys():
        return
    labels = {"min": "min", "max": "max", "step": "間隔"}
    missing = [label for row, label in labels.items() if row not in rows]
    raise InputError(
        say("The parameter sheet has no row {rows}.", rows=", ".join(missing)),
        hint="Its first column names the rows: min, max and 間隔 (or step). 間隔 is a step or a comma list of levels.",
    )


class _Reader:
    """Reads the cells of one variable, with the decimal mark that is meant."""

    def __init__(
        self, found: Dialect, given: Dialect | None, cells: dict[str, _Cell], *, open_ranges: bool
    ) -> None:
        asked = given is not None and "decimal" in given.given and given.decimal == ","
        ends = [cells[row].text for row in ("min", "max") if row in cells]
        self._cells, self._open_ranges = cells, open_ranges
        self._comma = asked or (
            found.decimal == "," and any(re.fullmatch(r"[+-]?\d*,\d+", text) for text in ends)
        )

    def variable(self, name: str, column: Said) -> Variable:
        """The variable and its levels. Raises InputError."""
        low, high = self._end("min"), self._end("max")
        step, levels = self._cells.get("step"), self._cells.get("levels")
        if step is not None and levels is not None:
            raise InputError(
                say("{place}: there is both a step and a list of levels.", place=levels.place),
                hint="Keep one of them.",
            )
        if levels is not None:
            found = self._listed(levels) or checked_levels([self._text(levels)], levels.place)
            return Variable(name, _within(found, low, high, levels.place), levels.place)
        if step is not None:
            return self._by_step(name, step, low, high, column)
        if low is not None and low == high:
            return Variable(name, (low,), column)
        if low is not None and high is not None and low > high:
            ranged(name, low, high, low, column)
        if self._open_ranges and low is not None and high is not None:
            return Variable(name, (low, high), column, is_range=True)
        raise InputError(
            say("{place}: min and max are given, but no step.", place=column)
            if low is not None and high is not None
            else say("{place}: there is neither a range nor a list of levels.", place=column),
            hint="Fill in min, max and 間隔.",
        )

    def _by_step(
        self, name: str, step: _Cell, low: Decimal | None, high: Decimal | None, column: Said
    ) -> Variable:
        listed = self._listed(step)
        if listed is not None:
            return Variable(name, _within(listed, low, high, step.place), step.place)
        size = as_decimal(self._text(step))
        if size is None:
            if low is None and high is None:
                return Variable(name, (step.text,), step.place)
            raise InputError(
                say(
                    "{place}: “{text}” is neither a step nor a list of levels.",
                    place=step.place,
                    text=step.text[:60],
                ),
                hint="Write a number, or levels with commas between them.",
            )
        if low is None or high is None:
            lacking = ", ".join([label for label, value in (("min", low), ("max", high)) if value is None])
            raise InputError(
                say("{place}: there is a step, but no {lacking}.", place=column, lacking=lacking),
                hint="Fill it in. A list of levels needs a comma: “6,” is the level 6.",
            )
        return ranged(name, low, high, size, step.place)

    def _listed(self, cell: _Cell) -> tuple[Level, ...] | None:
        return listed_levels(self._text(cell), cell.place)

    def _text(self, cell: _Cell) -> str:
        return re.sub(r"(?<=\d),(?=\d)", ".", cell.text) if self._comma else cell.text

    def _end(self, row: str) -> Decimal | None:
        cell = self._cells.get(row)
        if cell is None:
            return None
        value = as_decimal(self._text(cell))
        if value is None:
            raise InputError(
                say("{place}: “{text}” is not a number.", place=cell.place, text=cell.text[:60]),
                hint="min and max are numbers. Words stand in the row 間隔, with commas between them.",
            )
        return value


def _within(
    levels: tuple[Level, ...], low: Decimal | None, high: "Decimal | None", place: Said
) -> tuple[Level, ...]:
    for level in levels:
        if isinstance(level, str):
            if low is not None or high is not None:
                raise InputError(
                    say(
                        "{place}: “{level}” is not a number, but the column has min or max.",
                        place=place,
                        level=level[:60],
                    ),
                    hint="Empty min and max for a variable of words.",
                )
        elif low is not None and level < low:
            raise InputError(
                say(
                    "{place}: the level {level} is below min, {limit}.",
                    place=place,
                    level=shown(level),
                    limit=shown(low),
                )
            )
        elif high is not None and level > high:
            raise InputError(
                say(
                    "{place}: the level {level} is above max, {limit}.",
                    place=place,
                    level=shown(level),
                    limit=shown(high),
                )
            )
    return levels


def _letters(position: int) -> str:
    """The letters of a sheet's column, counted from 1."""
    letters = ""
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters

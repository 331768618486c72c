"""What both ways of reading refuse and remark: unknown columns, text where numbers are needed, no rows at all."""

import re
from collections.abc import Mapping, Sequence

from zerosec_shared.tables.problems import (
    BadCell,
    CellsError,
    EmptyTableError,
    Note,
    TableError,
    UnknownColumnError,
)
from zerosec_shared.tables.state import KINDS, ColumnKind, ColumnState
from zerosec_shared.texts import Said, joined, say

__all__ = ["known", "no_rows", "require_numbers", "row_notes"]

_OTHERWISE_MARKED = re.compile(r"\s*[+-]?[0-9.]*[0-9][,'’][0-9.,'’]*\s*|\s*[+-]?[0-9]+(\.[0-9]+){2,}\s*")
"""A number, were its signs read otherwise."""


def known(names: Sequence[str], wanted: Sequence[str] | None) -> list[str]:
    """The wanted names, all by default, each once. Raises UnknownColumnError."""
    if wanted is None:
        return list(names)
    present = set(names)
    unknown = [name for name in wanted if name not in present]
    if unknown:
        listed = ", ".join(f"'{name}'" for name in unknown[:10])
        have = ", ".join(f"'{name}'" for name in names[:30]) + (", …" if len(names) > 30 else "")
        raise UnknownColumnError(
            "No such column" if len(unknown) == 1 else "No such columns",
            say("The table has no {wanted}. It has {names}.", wanted=listed, names=have),
            "Choose from these; names must match to the letter.",
            columns=tuple(unknown),
        )
    return list(dict.fromkeys(wanted))


def require_numbers(states: Mapping[str, ColumnState], names: Sequence[str]) -> None:
    """Raise CellsError, naming the first offending row of each column, unless all these columns are numeric."""
    known(list(states), names)
    cells = []
    for name in names:
        state = states[name]
        if not state.kind.is_numeric and state.kind is not ColumnKind.EMPTY:
            cells.append(state.not_number or BadCell(0, name, state.kind.value))
    if cells:
        listed = joined(
            (_told(cell, states[cell.column], first=not at) for at, cell in enumerate(cells[:10])), "; "
        )
        raise CellsError(
            "Text where numbers are needed",
            say("{cells}.", cells=listed),
            _hint(cells),
            row=cells[0].row or None,
            columns=tuple(cell.column for cell in cells),
            cells=tuple(cells),
        )


def _hint(cells: Sequence[BadCell]) -> Said:
    if any(_OTHERWISE_MARKED.fullmatch(cell.text) for cell in cells):
        return say("Choose the file's decimal sign and what groups its digits, or correct these cells.")
    return say("Correct these cells, or add their text to the missing markers if it means 'no value'.")


def _told(cell: BadCell, state: ColumnState, *, first: bool) -> Said:
    if cell.row:
        return cell.opening if first else cell.sentence
    kind = KINDS[state.kind]
    if first:
        return say("Column {column} holds no numbers but {kind}", column=cell.column, kind=kind)
    return say("column {column} holds no numbers but {kind}", column=cell.column, kind=kind)


def no_rows() -> TableError:
    """The error of a table without rows."""
    return EmptyTableError(
        "There are no data",
        "The file has column names but no row below them.",
        "Check that it was saved completely.",
    )


def row_notes(rows: int, dropped: int) -> list[Note]:
    """Remarks on rows left out and on a single row."""
    notes = []
    if dropped:
        notes.append(
            Note(
                "empty_rows",
                say(
                    "{rows:,} rows with nothing in them were left out.",
                    one="1 row with nothing in it was left out.",
                    rows=dropped,
                ),
                count=dropped,
            )
        )
    if rows == 1:
        notes.append(Note("one_row", say("The table has a single row."), count=1))
    return notes

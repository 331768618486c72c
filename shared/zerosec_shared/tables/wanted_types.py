"""Types the user gives to columns: text stays text, and what is to be numbers or dates is, or the cell that is not is named."""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from zerosec_shared.files import ColumnType, Dialect
from zerosec_shared.tables.problems import FileUnreadableError
from zerosec_shared.tables.rows import Block
from zerosec_shared.tables.state import KINDS, ColumnKind, ColumnState
from zerosec_shared.texts import say

__all__ = ["check_wanted", "first_state", "texts_wanted"]

_HELD_BY = {
    ColumnType.TEXT: {ColumnKind.TEXT, ColumnKind.EMPTY},
    ColumnType.NUMBER: {ColumnKind.INTEGER, ColumnKind.NUMBER, ColumnKind.EMPTY},
    ColumnType.DATE: {ColumnKind.DATE, ColumnKind.DATETIME, ColumnKind.EMPTY},
}
_WORDS = {ColumnType.NUMBER: say("numbers"), ColumnType.DATE: say("dates"), ColumnType.TEXT: say("texts")}


def first_state(name: str, dialect: Dialect, *, signed: bool) -> ColumnState:
    """What is known of a column before any value was seen; a `signed` one holds texts."""
    text = signed or dialect.types.get(name) is ColumnType.TEXT
    return ColumnState(name, ColumnKind.TEXT if text else ColumnKind.EMPTY, signed=signed)


def texts_wanted(block: Block, dialect: Dialect) -> Block:
    """The block with columns that are to be text as text, where the file declares another type: 7, not 7.0."""
    wanted = [
        name
        for name, dtype in block.frame.schema.items()
        if dtype not in (pl.String, pl.Null) and dialect.types.get(name) is ColumnType.TEXT
    ]
    if not wanted:
        return block
    columns = [_as_text(block.frame[name]) for name in wanted]
    return replace(block, frame=block.frame.with_columns(columns), parsed=block.parsed - set(wanted))


def _as_text(column: pl.Series) -> pl.Series:
    if column.dtype.is_float():
        known = column.drop_nulls()
        whole = known.cast(pl.Int64, strict=False)
        if whole.null_count() == 0 and bool((whole.cast(column.dtype) == known).all()):
            column = column.cast(pl.Int64)
    return column.cast(pl.String)


def check_wanted(
    states: Mapping[str, ColumnState], dialect: Dialect, block: Block, text: pl.DataFrame
) -> None:
    """Raise FileUnreadableError for a column of this block whose values are not of the type that was given to it.

    `text` holds the block's text columns trimmed, what means “no value” being null.
    """
    for name, wanted in dialect.types.items():
        state = states.get(name)
        if state is None or name not in block.frame.columns or state.kind in _HELD_BY[wanted]:
            continue
        where = say("The file says that it holds {kind}.", kind=KINDS[state.kind])
        if wanted is ColumnType.NUMBER and state.not_number is not None:
            cell = state.not_number
            where = say("Row {row:,} holds “{text}”.", row=cell.row, text=cell.text[:60])
        elif wanted is ColumnType.DATE and name in text.columns:
            odd = _first_without_date(text[name])
            if odd is not None:
                where = say("Row {row:,} holds “{text}”.", row=block.row(odd), text=text[name][odd][:60])
        raise FileUnreadableError(
            say("Column “{column}” cannot be read as {kind}", column=name, kind=_WORDS[wanted]),
            where,
            "Correct the cell, say that it means “no value”, or let the column be read as it is.",
            columns=(name,),
        )


def _first_without_date(values: pl.Series) -> int | None:
    dated = values.str.contains(r"^\d{4}[-/年]\d{1,2}[-/月]\d{1,2}|^\d{1,2}\.\d{1,2}\.\d{4}")
    odd = (~dated).fill_null(value=False)
    return (
        odd.arg_max() if odd.any() else (values.is_not_null().arg_max() if len(values.drop_nulls()) else None)
    )

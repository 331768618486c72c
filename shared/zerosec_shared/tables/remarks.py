"""The sentences about a column that a user should see beside it."""

from zerosec_shared.tables.problems import Note
from zerosec_shared.tables.state import EXACT_INTEGER, ColumnKind, ColumnState

__all__ = ["remarks"]


def remarks(state: ColumnState) -> list[Note]:
    """What is unusual about a column, as notes."""
    name, kind, found = state.name, state.kind, []
    if kind is ColumnKind.EMPTY:
        found.append(("no_values", f"{name} has no value in any row.", 0))
    if kind is ColumnKind.TEXT and state.not_number is not None and state.numbers:
        text = f"{name} is read as text although it holds numbers: {state.not_number}."
        found.append(("read_as_text", text, state.numbers))
    if kind is ColumnKind.TEXT and state.trimmed:
        found.append(
            ("trimmed", f"{name}: spaces around {state.trimmed:,} texts were left out.", state.trimmed)
        )
    if kind.is_numeric and state.non_finite:
        text = (
            f"{name}: {state.non_finite:,} values stand for no finite number (inf, NaN or too large) and count as "
            f"missing; the first is in row {state.first_non_finite or 0:,}."
        )
        found.append(("not_finite", text, state.non_finite))
    if kind.is_numeric and state.full_width:
        text = f"{name}: {state.full_width:,} numbers in full-width digits (１２.５) were read as numbers."
        found.append(("full_width", text, state.full_width))
    if kind.is_numeric and state.leading_zeros:
        text = f"{name}: {state.leading_zeros:,} numbers lost their leading zeros. Are they codes?"
        found.append(("leading_zeros", text, state.leading_zeros))
    if kind is ColumnKind.NUMBER and EXACT_INTEGER <= state.largest < 1e22:
        found.append(("large_numbers", f"{name}: numbers above 2^53 keep 16 digits only. Are they codes?", 0))
    if state.marked:
        text = f"{name}: {state.marked:,} numbers are missing markers and count as missing."
        found.append(("marked_missing", text, state.marked))
    return [Note(code, text, column=name, count=count) for code, text, count in found]

"""The sentences about a column that a user should see beside it."""

from zerosec_shared.tables.problems import Note
from zerosec_shared.tables.state import EXACT_INTEGER, ColumnKind, ColumnState
from zerosec_shared.texts import Said, say

__all__ = ["remarks"]


def remarks(state: ColumnState) -> list[Note]:
    """What is unusual about a column, as notes."""
    name, kind = state.name, state.kind
    found: list[tuple[str, Said, int]] = []
    if kind is ColumnKind.EMPTY:
        found.append(("no_values", say("{column} has no value in any row.", column=name), 0))
    if kind is ColumnKind.TEXT and state.not_number is not None and state.numbers:
        text = say(
            "{column} is read as text although it holds numbers: {cell}.",
            column=name,
            cell=state.not_number.sentence,
        )
        found.append(("read_as_text", text, state.numbers))
    if kind is ColumnKind.TEXT and state.trimmed:
        found.append(
            (
                "trimmed",
                say(
                    "{column}: spaces around {count:,} texts were left out.",
                    one="{column}: spaces around 1 text were left out.",
                    column=name,
                    count=state.trimmed,
                ),
                state.trimmed,
            )
        )
    if kind.is_numeric and state.non_finite:
        text = say(
            "{column}: {count:,} values stand for no finite number (inf, NaN or too large) and count as missing; the first is in "
            "row {row:,}.",
            one="{column}: 1 value stands for no finite number (inf, NaN or too large) and counts as missing; it is in row {row}.",
            column=name,
            count=state.non_finite,
            row=state.first_non_finite or 0,
        )
        found.append(("not_finite", text, state.non_finite))
    if kind.is_numeric and state.full_width:
        text = say(
            "{column}: {count:,} numbers in full-width digits (１２.５) were read as numbers.",
            one="{column}: 1 number in full-width digits (１２.５) was read as a number.",
            column=name,
            count=state.full_width,
        )
        found.append(("full_width", text, state.full_width))
    if kind.is_numeric and state.leading_zeros:
        text = say(
            "{column}: {count:,} numbers lost their leading zeros. Are they codes?",
            one="{column}: 1 number lost its leading zeros. Is it a code?",
            column=name,
            count=state.leading_zeros,
        )
        found.append(("leading_zeros", text, state.leading_zeros))
    if kind is ColumnKind.NUMBER and EXACT_INTEGER <= state.largest < 1e22:
        found.append(
            (
                "large_numbers",
                say("{column}: numbers above 2^53 keep 16 digits only. Are they codes?", column=name),
                0,
            )
        )
    if state.marked:
        text = say(
            "{column}: {count:,} numbers are missing markers and count as missing.",
            one="{column}: 1 number is a missing marker and counts as missing.",
            column=name,
            count=state.marked,
        )
        found.append(("marked_missing", text, state.marked))
    return [Note(code, text, column=name, count=count) for code, text, count in found]

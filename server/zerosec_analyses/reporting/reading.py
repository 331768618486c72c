"""How a data file was read, as findings: what was remarked, and what to do where it is not what was meant."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from zerosec_analyses.reporting.finding import NOTHING, Finding
from zerosec_analyses.sdk import ours, say
from zerosec_shared.tables import Note

AS_EXPECTED = frozenset({"thousands"})
"""Remarks that only confirm how numbers were written."""
WHAT_TO_DO = {
    "two_decimals": say(
        "Where the numbers with a comma are needed, write one decimal sign, a point or a comma, in the whole file."
    ),
    "read_as_text": say(
        "If the column holds categories, nothing needs to be done. If it should hold numbers, correct that cell, leave it empty, or say "
        "that what stands there means “no value” (Look at the data, Correct…; --missing in a command)."
    ),
    "decimal_unclear": say(
        "Choose the decimal sign, or what groups digits: Look at the data, Correct…; --decimal or --thousands in a command."
    ),
    "decimal_assumed": say(
        "If the comma groups digits, say so: Look at the data, Correct…; --thousands comma in a command."
    ),
}


def about_reading(notes: Iterable[Note], columns: Collection[str]) -> Iterator[Finding]:
    """What was remarked of the file as a whole, and of these columns."""
    for note in notes:
        if note.column is None or note.column in columns:
            yield Finding(
                f"reading_{note.code}",
                ours(note.text),
                WHAT_TO_DO.get(note.code, NOTHING),
                is_warning=note.code not in AS_EXPECTED,
            )

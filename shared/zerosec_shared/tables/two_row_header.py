"""A sheet's header over two rows of merged cells: 回転速度 over both, and ブラシ over A13 | A11 | A21."""

import re
from collections.abc import Sequence

from zerosec_shared.tables.problems import Note
from zerosec_shared.texts import say

__all__ = ["divided_names", "lower_row"]

_NUMBER = re.compile(r"^\s*[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?\s*$")


def lower_row(rows: Sequence[Sequence[str | None]], header: int, most: int) -> int | None:
    """The lower row of a header that spans two, between which merged cells divide the names; counted from 1.

    Its upper row may be taken for the header, or, where that is short, the first row of the data below both.
    """
    for lower in (header - 1, header + 1):
        if lower < 2 or lower >= len(rows):
            continue
        pairs = list(zip(*(map(_stripped, rows[at]) for at in (lower - 2, lower - 1)), strict=True))
        names = [below or above for above, below in pairs if below or above]
        above_alone = sum(bool(above and not below) for above, below in pairs)
        below_alone = sum(bool(below and not above) for above, below in pairs)
        titles = len(names) - above_alone - below_alone  # of groups, over the first of their columns
        divided = above_alone and below_alone >= max(1, titles)
        worded = len(names) >= 0.7 * most and not any(_NUMBER.match(name) for name in names)
        data = [cell for cell in rows[lower] if cell and _NUMBER.match(cell)]
        if divided and worded and data:
            return lower
    return None


def _stripped(cell: str | None) -> str:
    return (cell or "").strip()


def divided_names(header: int) -> Note:
    """The remark on such a header; `header` is its lower row."""
    return Note(
        "lines_skipped",
        say(
            "The column names are taken from rows {upper} and {lower}, which divide them between them.",
            upper=header - 1,
            lower=header,
        ),
        count=header - 1,
    )

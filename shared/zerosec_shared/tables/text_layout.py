"""How a text table is laid out, judged from its first lines: quote, separator, row of the names, decimal mark.

What could be read in two ways is never guessed silently: it is a note.
"""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice

from zerosec_shared.tables.encoding import SAMPLE_BYTES
from zerosec_shared.tables.problems import Note
from zerosec_shared.tables.quoting import masked
from zerosec_shared.texts import say

__all__ = [
    "MOST_LINES",
    "NUMBER",
    "decimal_mark_of",
    "first_records",
    "header_of",
    "no_names",
    "quote_of",
    "rows_skipped",
    "separator_of",
    "without_quoted",
]

MOST_LINES = 200
"""So many lines are looked at."""
NUMBER = re.compile(r"^\s*[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?\s*$")
_COMMA = re.compile(r"^\s*[+-]?\d*,\d+([eE][+-]?\d+)?\s*$")
_POINT = re.compile(r"^\s*[+-]?\d*\.\d+([eE][+-]?\d+)?\s*$")
_GROUPED_COMMA = re.compile(r"^\s*[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?\s*$")
_GROUPED_POINT = re.compile(r"^\s*[+-]?[1-9]\d{0,2}(\.\d{3})+,\d*\s*$")
_GROUPED_POINT_WHOLE = re.compile(r"^\s*[+-]?[1-9]\d{0,2}(\.\d{3})+\s*$")


def without_quoted(text: str, separator: str, quote: str) -> str:
    """The text with everything that stands in quotes hidden."""
    return masked(text.encode(), separator.encode(), quote.encode()).decode() if quote else text


def quote_of(text: str) -> str:
    """The quote that opens fields: after a separator or a line's start."""
    found = Counter(
        re.findall(r"(?:^|[,;\t| ])(['\"])(?=[^'\"\n]*\1[,;\t| \r\n])", text[:65536], re.MULTILINE)
    )
    return "'" if found["'"] > 2 * found['"'] and found["'"] > 2 else '"'


def separator_of(lines: list[str], text: str, quote: str, candidates: Sequence[str]) -> tuple[str, float]:
    """The separator whose count is most alike in all lines, and how alike that is."""
    best, best_share = ",", 0.0
    for separator in candidates:
        clean = without_quoted(text, separator, quote).split("\n")[: len(lines)]
        clean = [line for line in clean if line.strip()][: len(lines)] or lines
        if separator == " ":
            counts = [len(line.split()) - 1 for line in clean]
        else:
            counts = [line.count(separator) for line in clean]
        common = Counter(count for count in counts if count).most_common(1)
        if not common:
            continue
        share = common[0][1] / len(counts)
        if separator == " " and best_share:
            continue
        if share > best_share + (0.15 if best_share >= 0.8 else 0.0):
            best, best_share = separator, share
    if best == " " and best_share < 0.9:
        return ",", 0.5
    return best, best_share if best_share else 0.8


def first_records(text: str, separator: str, quote: str, whole: bool) -> list[tuple[int, list[str]]]:
    """The first records with the line each starts on (from 1)."""
    lines = text.split("\n")
    if not whole:
        lines = lines[:-1] or lines
    lines = lines[: 4 * MOST_LINES]
    spaced = [re.sub(r"[ \t]+", " ", line).strip() for line in lines] if separator == " " else lines
    csv.field_size_limit(max(csv.field_size_limit(), SAMPLE_BYTES * 2))
    reader = csv.reader(
        (line + "\n" for line in spaced),
        delimiter=separator,
        quotechar=quote or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        strict=False,
    )
    rows, line = [], 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((line, row))
            line = reader.line_num + 1
            if len(rows) >= MOST_LINES:
                break
    except csv.Error:
        return rows
    return rows


def header_of(rows: list[tuple[int, list[str]]], notes: list[Note]) -> int:
    """The line of the column names, 0 where there seem to be none; what is strange about it is noted."""
    if not rows:
        return 1
    found = Counter(len(row) for _, row in rows)
    width = max(found, key=lambda each: (found[each], each))
    first = rows[0]
    at = next(index for index, (_, row) in enumerate(rows) if len(row) == width)
    # lines above the table (a title, a date) have few cells, and below them nearly all rows are alike;
    # a header that is one short, or a single bad row, is for the reader to name
    above = [len([cell for cell in row if cell.strip()]) for _, row in rows[:at]]
    alike = sum(len(row) == width for _, row in rows[at:])
    if at and max(above) <= max(1, width // 2) and alike >= max(2, 0.8 * (len(rows) - at)):
        first = rows[at]
        notes.append(rows_skipped(first[0]))
    cells = [cell for cell in first[1] if cell.strip()]
    if cells and all(NUMBER.match(cell) for cell in cells):
        notes.append(no_names(first[0]))
        return 0
    return first[0]


def decimal_mark_of(
    rows: list[tuple[int, list[str]]], separator: str, notes: list[Note], thousands: str | None
) -> str:
    """The decimal mark of the cells below the first record; what could be meant otherwise is noted."""
    if thousands in {",", "."}:  # what groups digits is no decimal mark
        return "." if thousands == "," else ","
    cells = list(islice((cell for _, row in rows[1:] for cell in row), 20_000))
    if thousands:
        cells = [re.sub(rf"(?<=\d){re.escape(thousands)}(?=\d)", "", cell) for cell in cells]
    points = [cell.strip() for cell in cells if _POINT.match(cell)]
    commas = sum(bool(_COMMA.match(cell)) for cell in cells)
    grouped = [cell.strip() for cell in cells if _GROUPED_POINT.match(cell)]
    if grouped:
        notes.append(_grouping(grouped[0], "."))
        return ","
    mixed = [cell.strip() for cell in cells if _GROUPED_COMMA.match(cell)]
    if any("." in cell for cell in mixed):
        notes.append(_grouping(next(cell for cell in mixed if "." in cell), ","))
        return "."
    if not commas:
        return "."
    if points and len(mixed) == commas:  # 12,000 beside 0.5
        notes.append(_grouping(mixed[0], ","))
        return "."
    if points and all(_GROUPED_POINT_WHOLE.match(cell) for cell in points):  # 2.400 beside 0,91
        notes.append(_grouping(points[0], "."))
        return ","
    if points:
        notes.append(
            Note(
                "two_decimals",
                "Both 1.5 and 1,5 occur; numbers with a comma are not read as numbers.",
                count=commas,
            )
        )
        return "."
    if len(mixed) == commas:
        if separator == ";":
            notes.append(
                Note(
                    "decimal_assumed",
                    say(
                        "'{example}' is read with a decimal comma; it could also be grouped digits.",
                        example=mixed[0],
                    ),
                    count=commas,
                )
            )
            return ","
        notes.append(
            Note(
                "decimal_unclear",
                say(
                    "'{example}' could be grouped digits or have a decimal comma; it is read as text. Choose which.",
                    example=mixed[0],
                ),
                count=commas,
            )
        )
        return "."
    return ","


def rows_skipped(header: int) -> Note:
    """What stands above the column names is left out."""
    return Note(
        "lines_skipped",
        say("The column names are taken from row {header}; what stands above is left out.", header=header),
        count=header - 1,
    )


def no_names(row: int) -> Note:
    """The first row is one of numbers."""
    return Note(
        "no_header",
        say(
            "Row {row} holds numbers only, so the table seems to have no column names; they are called column_1, column_2, …",
            row=row,
        ),
    )


def _grouping(example: str, sign: str) -> Note:
    return Note(
        "grouped_digits",
        say(
            "Numbers such as '{example}' group their digits with '{sign}'; they stay text until you say so (thousands separator).",
            example=example,
            sign=sign,
        ),
    )

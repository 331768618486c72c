"""Column names: trimmed, given to columns without one, and refused when two are the same."""

from collections import Counter
from collections.abc import Sequence

from zerosec_shared.tables.problems import Note, ShapeError, TooLargeError
from zerosec_shared.texts import joined, say

__all__ = ["MAX_COLUMNS", "column_names"]

MAX_COLUMNS = 100_000


def column_names(
    header: Sequence[str | None], row: int, *, number_duplicates: bool = False
) -> tuple[list[str], list[Note]]:
    """The names a table goes by, and remarks on those that were made up.

    Raises ShapeError for names that occur twice, unless `number_duplicates` asks for `name`, `name (2)`, ….
    """
    if len(header) > MAX_COLUMNS:
        raise TooLargeError(
            "Too many columns",
            say(
                "The file has {count:,} columns; at most {most:,} can be read.",
                count=len(header),
                most=MAX_COLUMNS,
            ),
            "Check that the separator is right, or split the table.",
        )
    notes: list[Note] = []
    names = [(name or "").strip().replace("\r\n", " ").replace("\n", " ") for name in header]
    blank = [position for position, name in enumerate(names, 1) if not name]
    taken = set(names)
    for position in blank:
        name = f"column_{position}"
        while name in taken:
            name += "_"
        taken.add(name)
        names[position - 1] = name
    if blank and row:
        shown = ", ".join(str(position) for position in blank[:10]) + (", …" if len(blank) > 10 else "")
        notes.append(
            Note(
                "blank_name",
                say(
                    "Column {numbers} has no name in row {row} and is called after its place: column_N.",
                    numbers=shown,
                    row=row,
                )
                if len(blank) == 1
                else say(
                    "Columns {numbers} have no name in row {row} and are called after their places: column_N.",
                    numbers=shown,
                    row=row,
                ),
                count=len(blank),
            )
        )
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated and not number_duplicates:
        places = {
            name: [str(place) for place, other in enumerate(names, 1) if other == name]
            for name in repeated[:10]
        }
        listed = joined(
            (
                say("'{name}' (columns {numbers})", name=name, numbers=", ".join(at[:6]))
                for name, at in places.items()
            ),
            "; ",
        )
        raise ShapeError(
            "Column names occur twice",
            say("These names stand over more than one column: {names}.", names=listed)
            if len(repeated) <= 10
            else say(
                "These names stand over more than one column: {names} and {count} more.",
                names=listed,
                count=len(repeated) - 10,
            ),
            "Rename them in the file, so that it is clear which column is meant.",
            row=row or None,
            columns=tuple(repeated),
        )
    if repeated:
        seen: Counter[str] = Counter()
        for index, name in enumerate(names):
            seen[name] += 1
            if seen[name] > 1:
                number = seen[name]
                while (renamed := f"{name} ({number})") in taken:
                    number += 1
                taken.add(renamed)
                names[index] = renamed
        notes.append(
            Note(
                "numbered_name",
                say("Names that occur twice were numbered: {names}.", names=", ".join(repeated[:10])),
                count=len(repeated),
            )
        )
    return names, notes

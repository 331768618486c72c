"""Which sheet of a workbook is meant: people put a cover, a legend or a chart before the table."""

from pathlib import Path

from zerosec_shared.files import Dialect, TableKind
from zerosec_shared.profiles.as_meant import as_meant
from zerosec_shared.profiles.facts import facts_of
from zerosec_shared.profiles.model import Profile
from zerosec_shared.profiles.recognise import TablePurpose, recognise
from zerosec_shared.texts import Said, say

__all__ = ["recognised_sheet"]

LOOKED_AT = 30
ROWS = 2000


def recognised_sheet(
    path: Path, profile: Profile, asked: Dialect | None = None
) -> tuple[Dialect | None, Said | None]:
    """How a file is to be read: as asked, but of several sheets the first that holds results by the profile, else candidates.

    With it comes what is to be said of that choice. Nothing changes where a sheet was asked for, or none is recognised.
    Raises TableError.
    """
    from zerosec_shared.tables import TableError, detect, read_table

    found = detect(path, asked)
    given = {} if asked is None else asked.given
    if found.kind is not TableKind.EXCEL or len(found.sheets) < 2 or "sheet" in given:
        return asked, None
    by_purpose: dict[TablePurpose, list[tuple[str, Dialect]]] = {}
    for sheet in found.sheets[:LOOKED_AT]:
        dialect = Dialect.partly(**{**given, "sheet": sheet})
        try:
            table = read_table(path, dialect, max_rows=ROWS)
        except TableError:
            continue
        purpose = recognise(profile, facts_of(as_meant(profile, table)[0])).purpose
        by_purpose.setdefault(purpose, []).append((sheet, dialect))
    meant = by_purpose.get(TablePurpose.RESULTS) or by_purpose.get(TablePurpose.CANDIDATES)
    if not meant:
        return asked, None
    (sheet, dialect), *others = meant
    if not others:
        return dialect, say("Of {count} sheets “{sheet}” is read.", count=len(found.sheets), sheet=sheet)
    names = ", ".join(f"“{name}”" for name, _ in others[:10])
    return dialect, say(
        "Of {count} sheets “{sheet}” is read; {others} would do too. To read another, choose it or move it to the front.",
        count=len(found.sheets),
        sheet=sheet,
        others=names,
    )

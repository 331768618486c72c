"""Columns of a table nobody described: read, their roles inferred, to be confirmed once. No Qt; reads a file."""

from dataclasses import replace
from pathlib import Path

from zerosec_desktop.reading.tables import read_table
from zerosec_desktop.screens.experiments.profile_editor.draft import ProfileDraft
from zerosec_shared.profiles import facts_of, infer_profile

__all__ = ["draft_from_table"]

ROWS_LOOKED_AT = 100_000


def draft_from_table(path: Path) -> ProfileDraft:
    """The draft of a profile for this table. What tells experiments apart is needed in later files. Raises OSError, ReadingError."""
    table = read_table(path, ROWS_LOOKED_AT)
    profile, roles = infer_profile(facts_of(table), "own", path.stem[:200] or "–")
    draft = ProfileDraft.of(profile, roles)
    columns = tuple(replace(column, required=column.identifies) for column in draft.columns)
    return replace(draft, columns=columns)

"""Projects and their results database: experiments that were done, how they came in, and which of them are chosen."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Literal
from unicodedata import normalize

from pydantic import AfterValidator, Field, StringConstraints

from zerosec_shared.contract import Contract, Instant, Name, Text
from zerosec_shared.ids import Id, Sha256
from zerosec_shared.translations import Worded

__all__ = [
    "Backup",
    "CellChange",
    "ChangeRecord",
    "ColumnKind",
    "ColumnName",
    "EntryKind",
    "Experiment",
    "ExperimentColumn",
    "ImportCreate",
    "ImportEntry",
    "ImportKind",
    "ImportPreview",
    "ImportRecord",
    "Number",
    "Project",
    "ProjectChange",
    "ProjectCreate",
    "ProjectPatch",
    "RestoreRequest",
    "UndoRequest",
    "Value",
    "identity",
    "normalised",
    "profile_digest",
]

ColumnName = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
CellText = Annotated[str, StringConstraints(min_length=1, max_length=1000, pattern=r"^[^\x00]*$")]


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError("a value is a finite number")
    return value + 0.0  # -0.0 and 0.0 are one number


Number = Annotated[float, AfterValidator(_finite)]
Value = Number | CellText
"""One value of an experiment: a number, a text, or a date written as 2025-10-29. A missing value is absent, never zero."""

IDENTITY_DECIMALS = Decimal("0.00001")
"""Numbers that differ by less than this are the same setting of an experiment."""


class ColumnKind(StrEnum):
    """What a column of the results database holds."""

    NUMBER = "number"
    TEXT = "text"
    DATE = "date"


class ExperimentColumn(Contract):
    """One column of the results database, by its name in the profile."""

    name: ColumnName
    kind: ColumnKind = ColumnKind.NUMBER
    unit: str = Field(default="", max_length=40)
    identifying: bool = Field(
        default=False, description="Together these columns say which experiment a row is about."
    )


class ProjectCreate(Contract):
    """A new project. Idempotent by its id."""

    id: Id
    name: Name
    profile: Annotated[str, StringConstraints(min_length=1, max_length=200_000)] = Field(
        description="The profile as TOML: what the columns are, and which of them identify an experiment."
    )


def profile_digest(profile: str) -> str:
    """SHA-256 of a profile as TOML, in UTF-8: 64 lower-case hexadecimal digits."""
    return hashlib.sha256(profile.encode()).hexdigest()


class ProjectPatch(Contract):
    """What may change; what is left out stays."""

    name: Name | None = None
    profile: Annotated[str, StringConstraints(min_length=1, max_length=200_000)] | None = Field(
        default=None,
        description="A new profile may add columns. It keeps those that hold values, and the identifying ones, while there are experiments.",
    )
    profile_before: Sha256 | None = Field(
        default=None,
        description="SHA-256 of the profile (UTF-8) that the new one was written from. If the project has another one by now, nothing is changed. Left out: whatever is there is replaced.",
    )


class Project(Contract):
    """A project: a profile, and the results database of its experiments."""

    id: Id
    name: Name
    profile: str
    columns: tuple[ExperimentColumn, ...]
    experiments: int = Field(ge=0)
    revision: int = Field(ge=0, description="Grows with every change of the results.")
    created_at: Instant
    changed_at: Instant

    @property
    def profile_sha256(self) -> str:
        """SHA-256 of the profile, which says what a new one was written from (`ProjectPatch.profile_before`)."""
        return profile_digest(self.profile)


class Experiment(Contract):
    """One experiment that was done, as the database knows it now."""

    id: int
    values: dict[str, Value]


class CellChange(Contract):
    """One value that an import sets. `old` is None where there was none."""

    column: ColumnName
    old: Value | None = None
    new: Value | None = None


class EntryKind(StrEnum):
    """What an import would do with rows of the file."""

    NEW = "new"
    CHANGED = "changed"
    IDENTICAL = "identical"
    REJECTED = "rejected"


class ImportEntry(Worded):
    """One experiment of the file, or one row that cannot be taken."""

    kind: EntryKind
    rows: tuple[int, ...] = Field(description="Rows of the file as a person counts them.")
    experiment: str = Field(default="", description="The identifying values, readable.")
    changes: tuple[CellChange, ...] = ()
    column: str = Field(default="", description="Of a rejected row: where the reason lies.")
    reason: Text = ""
    remark: Text = Field(
        default="", description="What should be known of rows that are taken: settings that count as one."
    )


class ImportPreview(Contract):
    """What an import would do, before it does anything."""

    project_id: Id
    job_id: Id
    revision: int = Field(description="Of the results it was compared with; the import names it.")
    counts: dict[EntryKind, int]
    entries: tuple[ImportEntry, ...]
    next_offset: int | None = None


class ImportKind(StrEnum):
    """What changed the results."""

    IMPORT = "import"
    UNDO = "undo"
    RESTORE = "restore"


class ImportCreate(Contract):
    """Take in what was previewed. Idempotent by its id; refused when the results have changed since the preview."""

    id: Id
    job_id: Id = Field(description="The finished job that read the file.")
    revision: int = Field(ge=0)


class UndoRequest(Contract):
    """Take an import back. Idempotent by its id."""

    id: Id


class ImportRecord(Contract):
    """One change of the results, kept for ever."""

    id: Id
    kind: ImportKind
    file_name: str = ""
    file_sha256: str = ""
    by: str
    at: Instant
    revision: int = Field(description="Of the results after it.")
    new: int = 0
    changed: int = 0
    identical: int = 0
    rejected: int = 0
    kept: int = Field(default=0, description="Of an undo: values that a later import set, and that stay.")
    undoes: Id | None = None
    undone_by: Id | None = None


class ChangeRecord(Contract):
    """One value that was set: by whom, when and from which file."""

    import_id: Id
    kind: ImportKind
    at: Instant
    by: str
    file_name: str
    column: str
    old: Value | None
    new: Value | None


class ProjectChange(ChangeRecord):
    """One value that was set in any experiment of a project."""

    experiment: str = Field(description="What identifies it; it may be gone since.")


class Backup(Contract):
    """A copy of a project's results that can be restored."""

    id: Annotated[str, StringConstraints(pattern=r"^[0-9]{8}T[0-9]{12}Z-[a-z]+$")]
    at: Instant
    reason: Literal["daily", "asked", "restore"]
    experiments: int
    revision: int
    size_bytes: int


class RestoreRequest(Contract):
    """Put the results back as a backup holds them. What is there now is backed up first. Idempotent by its id."""

    id: Id


def normalised(value: Value) -> str:
    """How a value counts in an experiment's identity: numbers to five decimals, texts by NFKC without outer blanks."""
    return normalize("NFKC", value).strip() if isinstance(value, str) else _normalised_number(float(value))


@lru_cache(maxsize=65_536)  # the settings of a series are few: half of the time of a large import
def _normalised_number(value: float) -> str:
    rounded = (
        Decimal(repr(value)).quantize(IDENTITY_DECIMALS, rounding=ROUND_HALF_EVEN)
        if abs(value) < 1e20
        else Decimal(repr(value))
    )
    text = format(rounded.normalize(), "f")
    return "0" if text in {"-0", "0"} else text


def identity(values: Mapping[str, Value], identifying: Sequence[str]) -> tuple[str, ...]:
    """The normalised identifying values in the profile's order; a blank is empty, and an identity of its own."""
    return tuple(normalised(values[column]) if column in values else "" for column in identifying)

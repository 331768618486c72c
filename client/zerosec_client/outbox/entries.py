"""What the outbox keeps of a submission: the user's wish, complete enough to do it after a restart, and how far it has come."""

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

from pydantic import Field, ValidationError

from zerosec_shared.contract import Contract, Instant, JsonValue
from zerosec_shared.files import Dialect, InputFile
from zerosec_shared.runs import JobCreate

__all__ = ["COLUMNS", "FINISHED", "Entry", "Intent", "LocalInput", "State", "readable"]


class State(StrEnum):
    """How far a submission has come."""

    INTENDED = "intended"
    """Written down; files may be partly uploaded."""
    FROZEN = "frozen"
    """The files are stored and the request is fixed; the server may have it already."""
    ACCEPTED = "accepted"
    """The server has the job; its results were not brought back yet."""
    DONE = "done"
    """The job ended and its results, if asked for, are here."""
    REFUSED = "refused"
    """The server said no, or the file is not the same any more; `trouble` says why."""
    DISCARDED = "discarded"
    """The user gave it up before the server had it."""

    @property
    def finished(self) -> bool:
        """Whether nothing is left to do."""
        return self in FINISHED


class LocalInput(Contract):
    """A file of this machine as an input, and how it looked when the user chose it."""

    path: str
    name: str
    size_bytes: int
    modified_ns: int
    dialect: Dialect | None = None
    copy_of: InputFile | None = Field(
        default=None,
        description="The stored file this is a copy of; its origin goes along while the bytes are the same.",
    )
    stored: bool = Field(
        default=False, description="It lies on the server alone, as `copy_of` says: nothing is read or sent."
    )


class Intent(Contract):
    """What the user asked for, complete enough to do it after a restart."""

    job_id: UUID
    run_id: UUID
    target: str
    analysis: str
    step: str | None = None
    name: str
    parameters: dict[str, JsonValue] = Field(default_factory=dict)
    inputs: dict[str, tuple[LocalInput, ...]] = Field(default_factory=dict)
    tags: tuple[str, ...] = ()
    destination: str | None = Field(default=None, description="Folder for the results; None: not wanted.")
    again: bool = Field(
        default=False,
        description="The run stands on the server: its step is executed once more, with its parameters and inputs, where nothing "
        "else is given here: what is becomes the run's for that step.",
    )
    chosen: dict[str, tuple[InputFile, ...]] = Field(
        default_factory=dict,
        description="Only for `again`: stored files that the step reads, such as another step's output.",
    )


class Entry(Contract):
    """A submission and how far it has come. `request` is set from FROZEN on."""

    intent: Intent
    state: State
    request: JobCreate | None = None
    trouble: str = ""
    created_at: Instant
    changed_at: Instant


FINISHED = (State.DONE, State.REFUSED, State.DISCARDED)
COLUMNS = "intent_json, state, request_json, trouble, created_at, changed_at"


def readable(rows: Sequence[Sequence[str | None]]) -> list[Entry]:
    """Entries from rows of COLUMNS; those that another version wrote and this one cannot read are left out."""
    found = []
    for row in rows:
        try:
            found.append(_entry(row))
        except ValidationError:
            continue  # kept as it is, and told by `Outbox.set_aside`
    return found


def _entry(row: Sequence[str | None]) -> Entry:
    intent, state, request, trouble, created_at, changed_at = row
    return Entry.model_validate(
        {
            "intent": Intent.model_validate_json(intent or ""),
            "state": state,
            "request": None if request is None else JobCreate.model_validate_json(request),
            "trouble": trouble,
            "created_at": created_at,
            "changed_at": changed_at,
        }
    )

"""A run as a record and as an archive: everything that explains its results, and enough to repeat it elsewhere."""

from typing import Literal

from pydantic import Field

from zerosec_shared.analyses import Citation
from zerosec_shared.contract import Contract, Instant, Name
from zerosec_shared.ids import Id, Sha256
from zerosec_shared.runs import Artifact, Job, Run

__all__ = ["ImportRequest", "JobInRecord", "MethodsText", "RunRecord"]


class JobInRecord(Contract):
    """A job with all that explains its result, and what it left."""

    job: Job
    artifacts: tuple[Artifact, ...]


class RunRecord(Contract):
    """The audit trail of a run: who, what, when, with which versions, command lines, parameters and input hashes.

    It holds the configuration too: imported, it gives a run that can be repeated.
    """

    format: Literal["zerosec-run"] = "zerosec-run"
    version: Literal[1] = 1
    server_version: str = Field(default="", max_length=60)
    exported_at: Instant
    run: Run
    jobs: tuple[JobInRecord, ...] = Field(default=(), description="Oldest first; none in a configuration.")


class MethodsText(Contract):
    """A paragraph for a paper, by language, and what it cites."""

    paragraphs: dict[str, str] = Field(description="Language to text.")
    citations: tuple[Citation, ...]


class ImportRequest(Contract):
    """Make a run from a stored file: a configuration (JSON) or an archive (ZIP) of another run."""

    run_id: Id = Field(description="Of the run to be made.")
    file: Sha256 = Field(description="The stored file.")
    name: Name | None = Field(default=None, description="None: as it was called.")

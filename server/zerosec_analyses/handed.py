"""What is handed to a step and back: its input files, and the outcome it leaves for the worker."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from zerosec_shared.contract import Contract
from zerosec_shared.files import Dialect, MadeBy, Origin, Registered
from zerosec_shared.programs import RanProgram
from zerosec_shared.runs import ArtifactRole
from zerosec_shared.texts import Said, say
from zerosec_shared.views import Result

__all__ = ["JobInput", "Outcome", "ReadAs"]


@dataclass(frozen=True, kw_only=True)
class JobInput:
    """One input file, already on this disk. `name` is what the user calls it; `path` is where it lies.

    `made_by` tells which step of the run made it, and under which path; None for a file of the user's. `registered` tells
    the name and the genome build of a reference that was registered on the server.
    """

    path: Path
    name: str
    sha256: str = ""
    dialect: Dialect | None = None
    origin: Origin | None = None
    made_by: MadeBy | None = None
    registered: Registered | None = None

    @property
    def chosen_by(self) -> Said | None:
        """How the file was made from a project's results, for reports; None if it was not."""
        if self.origin is None:
            return None
        return say(
            "{rows:,} experiments of the project {project}, as of revision {revision} of its results: {filter}",
            one="1 experiment of the project {project}, as of revision {revision} of its results: {filter}",
            rows=self.origin.rows,
            project=self.origin.project,
            revision=self.origin.revision,
            filter=self.origin.filter_text or say("all of them"),
        )


class ReadAs(Contract):
    """How an input file was read for which no dialect was given: recorded with the job."""

    slot: str
    position: int = Field(default=0, ge=0, description="Of several files of one slot, counted from 0.")
    dialect: Dialect


class Outcome(Contract):
    """What a finished step leaves for the worker, as `outcome.json` in the workspace, beside the output folder."""

    result: Result
    roles: dict[str, ArtifactRole] = Field(default_factory=dict)
    environment: dict[str, str] = Field(default_factory=dict)
    read_as: tuple[ReadAs, ...] = ()
    ran: tuple[RanProgram, ...] = ()

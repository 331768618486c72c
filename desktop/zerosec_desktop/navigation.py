"""Where the window can go: typed routes, and the way back."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from zerosec_shared.contract import JsonValue
    from zerosec_shared.files import Dialect, InputFile

__all__ = [
    "AnalysisRoute",
    "CatalogueRoute",
    "CompareRoute",
    "ExperimentsRoute",
    "HistoryRoute",
    "HomeRoute",
    "JobKey",
    "JobsRoute",
    "PreviewRoute",
    "ProgramsRoute",
    "ReferencesRoute",
    "Route",
    "RunRoute",
    "SettingsRoute",
    "TargetsRoute",
]


@dataclass(frozen=True, order=True)
class JobKey:
    """A job on a target: ids are unique, yet only the target that holds a job can answer for it."""

    target: str
    job_id: UUID

    def __post_init__(self) -> None:
        # Hashed thousands of times a second while jobs stream; a UUID computes its own anew each time.
        object.__setattr__(self, "_hash", hash((self.target, self.job_id.int)))

    def __hash__(self) -> int:
        found: int = self._hash  # type: ignore[attr-defined]
        return found


@dataclass(frozen=True)
class HomeRoute:
    """Where everything begins."""


@dataclass(frozen=True)
class CatalogueRoute:
    """All analyses a target offers."""


@dataclass(frozen=True)
class PreviewRoute:
    """Look at a data file."""

    path: Path


@dataclass(frozen=True)
class AnalysisRoute:
    """The form of an analysis, empty, with files, as an example, or as a job left it."""

    analysis: str
    files: tuple[Path, ...] = ()
    example: int | None = None
    like: JobKey | None = None
    step: str = ""
    """Empty: the first, or the one the job was of."""
    dialect: Dialect | None = None
    """How the files are read, where the user has corrected that."""
    copy_of: InputFile | None = None
    """The stored file the first of them is a copy of: chosen experiments, whose filter goes along."""
    parameters: tuple[tuple[str, JsonValue], ...] = ()
    """What the form begins with, instead of its draft."""


@dataclass(frozen=True)
class JobsRoute:
    """The live list of jobs; with a job, its row chosen and its details open."""

    select: JobKey | None = None


@dataclass(frozen=True)
class RunRoute:
    """One run: its progress while it goes on, its results afterwards. The run is the one of this job."""

    job: JobKey


@dataclass(frozen=True)
class CompareRoute:
    """Two runs side by side."""

    first: JobKey
    second: JobKey


@dataclass(frozen=True)
class ExperimentsRoute:
    """The experiments workspace, at a step of the project that is open."""

    step: str = ""
    runs: bytes = b""
    """Rows that were chosen in a result, as CSV: a lab sheet of them is offered."""


@dataclass(frozen=True)
class HistoryRoute:
    """What was done before, by day."""

    search: str = ""


@dataclass(frozen=True)
class TargetsRoute:
    """The servers work can be sent to."""

    select: str = ""


@dataclass(frozen=True)
class ProgramsRoute:
    """The external programs of the server that new work goes to."""


@dataclass(frozen=True)
class ReferencesRoute:
    """The references that are registered on the server that new work goes to."""


@dataclass(frozen=True)
class SettingsRoute:
    """Settings, at a section."""

    section: str = ""


Route = (
    HomeRoute
    | CatalogueRoute
    | PreviewRoute
    | AnalysisRoute
    | JobsRoute
    | RunRoute
    | CompareRoute
    | ExperimentsRoute
    | HistoryRoute
    | TargetsRoute
    | ProgramsRoute
    | ReferencesRoute
    | SettingsRoute
)


@dataclass
class Trail:
    """The way back and forward, as in a browser."""

    here: Route = field(default_factory=HomeRoute)
    back: list[Route] = field(default_factory=list)
    forward: list[Route] = field(default_factory=list)

    def go(self, route: Route) -> None:
        """Go on to a route; the way forward is forgotten."""
        if route != self.here:
            self.back.append(self.here)
            self.here = route
            self.forward.clear()
            del self.back[:-100]

    def go_back(self) -> Route:
        """Step back; stays where nothing is behind."""
        if self.back:
            self.forward.append(self.here)
            self.here = self.back.pop()
        return self.here

    def go_forward(self) -> Route:
        """Step forward again."""
        if self.forward:
            self.back.append(self.here)
            self.here = self.forward.pop()
        return self.here

"""What a design is asked for: the project's candidates made ready, or the variables themselves, and the parameters that follow."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from zerosec_desktop.resources.language import translate
from zerosec_desktop.screens.experiments.candidate_list import Candidates, look, make_ready, write_ready
from zerosec_desktop.screens.experiments.done_experiments import done_experiments
from zerosec_desktop.screens.experiments.folders import LISTS
from zerosec_desktop.screens.experiments.open_project import OpenProject
from zerosec_shared.contract import JsonValue
from zerosec_shared.profiles import TablePurpose

__all__ = ["ANALYSIS", "CRITERIA", "DesignInput", "NoCandidatesError", "folder_title", "ready_input"]

ANALYSIS = "optimal-design"
CRITERIA: Mapping[str, str] = {
    "D": "D最適化",
    "I": "I最適化",
    "A": "A最適化",
    "bayesian-D": "ベイズD最適化",
    "maximin": "空間充填",
}
"""The titles of folders, by the analysis' names of the criteria."""


class NoCandidatesError(Exception):
    """There is nothing to choose from. `title` and `detail` say why, in the user's words."""

    def __init__(self, title: str, detail: str = "") -> None:
        super().__init__(title)
        self.title, self.detail = title, detail


@dataclass(frozen=True)
class DesignInput:
    """The file of candidates (None: planned without a list), and the parameters that say what varies."""

    path: Path | None
    parameters: dict[str, JsonValue]
    candidates: Candidates | None = None


def folder_title(criterion: str) -> str:
    """What an accepted design's folder is called."""
    return CRITERIA.get(criterion, criterion)


async def ready_input(project: OpenProject) -> DesignInput:
    """The candidates as they are now, without what was tested. Raises NoCandidatesError, OSError, TableError, and what the server says."""
    notes = project.notes
    if notes.factors:
        return DesignInput(None, {"factors": dict(notes.factors)})
    if notes.candidates_file is None:
        raise NoCandidatesError(translate("Experiments", "First choose or make a list of candidates"))
    done = await done_experiments(project)
    looked = await asyncio.to_thread(look, notes.candidates_file, project.profile)
    if looked.found.purpose is not TablePurpose.CANDIDATES:
        raise NoCandidatesError(
            translate("Experiments", "{name} is no list of candidates any more").format(
                name=looked.path.name
            ),
            translate("Experiments", "Read it again under Candidates to see why."),
        )
    ready = await asyncio.to_thread(make_ready, looked, done, notes.given)
    if not ready.left:
        raise NoCandidatesError(
            translate("Experiments", "No candidate is left: all were tested, or are forbidden"),
            translate("Experiments", "Look at them under Candidates."),
        )
    if not ready.columns:
        raise NoCandidatesError(
            translate("Experiments", "All candidates are alike: nothing varies"),
            translate("Experiments", "Give at least one variable two levels."),
        )
    path = await asyncio.to_thread(write_ready, ready, project.folder / LISTS)
    return DesignInput(path, {"columns": list(ready.columns)}, ready)

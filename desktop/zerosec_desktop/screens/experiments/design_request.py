"""What a design is asked for: the project's candidates made ready, or the variables themselves, and the parameters that follow.

With runs already done, the design completes them: they count as rows that stand.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from zerosec_desktop.resources.language import translate
from zerosec_desktop.screens.experiments.candidate_list import (
    Candidates,
    look,
    make_ready,
    series_values,
    settings_of,
    write_frame,
    write_ready,
)
from zerosec_desktop.screens.experiments.done_experiments import done_experiments
from zerosec_desktop.screens.experiments.done_runs import DoneRuns, done_runs
from zerosec_desktop.screens.experiments.folders import LISTS
from zerosec_desktop.screens.experiments.open_project import OpenProject
from zerosec_desktop.screens.experiments.without_list import PlanError, conditions, planned
from zerosec_desktop.widgets.form.number_text import NumberTextError, parse_number
from zerosec_shared.contract import JsonValue
from zerosec_shared.experiments import Value
from zerosec_shared.profiles import ColumnRole, Profile, TablePurpose

__all__ = [
    "ANALYSIS",
    "CRITERIA",
    "Completing",
    "DesignInput",
    "folder_title",
    "ready_input",
    "usual_parameters",
]

ANALYSIS = "optimal-design"
CRITERIA: Mapping[str, str] = {
    "D": "D最適化",
    "I": "I最適化",
    "A": "A最適化",
    "bayesian-D": "ベイズD最適化",
    "maximin": "空間充填",
}
"""The titles of folders, by the analysis' names of the criteria."""


class Completing(StrEnum):
    """Which runs already done a design completes."""

    NOTHING = "nothing"
    PROJECT = "project"
    FILE = "file"


@dataclass(frozen=True)
class DesignInput:
    """The file of candidates (None: planned without a list), that of runs done, and the parameters that say what varies."""

    path: Path | None
    parameters: dict[str, JsonValue]
    candidates: Candidates | None = None
    done_path: Path | None = None
    done: DoneRuns | None = None


def usual_parameters(profile: Profile) -> dict[str, JsonValue]:
    """What a design begins with: the profile's defaults, and no run twice where the results of both could not be kept."""
    beside = {ColumnRole.RUN_ID, ColumnRole.DATE, ColumnRole.BLOCKING}
    kept = any(column.role in beside for column in profile.identifying)
    return {**({} if kept else {"repeats": False}), **profile.defaults.get(ANALYSIS, {})}


def folder_title(criterion: str) -> str:
    """What an accepted design's folder is called."""
    return CRITERIA.get(criterion, criterion)


async def ready_input(project: OpenProject) -> DesignInput:
    """The candidates as they are now, without what was tested, and the runs to be completed.

    Raises PlanError, OSError, ReadingError, and what the server says.
    """
    done = await done_experiments(project)
    counted = await _counted(project, done)
    if project.notes.factors:
        return await asyncio.to_thread(_without_list, project, counted)
    return await asyncio.to_thread(_from_list, project, done, counted)


async def _counted(
    project: OpenProject, done: Sequence[Mapping[str, Value]]
) -> Sequence[Mapping[str, Value]] | None:
    """The runs that may be completed; None where none are to be."""
    notes = project.notes
    if notes.completing == Completing.PROJECT:
        return done
    if notes.completing == Completing.FILE and notes.done_file is not None:
        looked = await asyncio.to_thread(look, notes.done_file, project.profile)
        if looked.found.purpose is TablePurpose.NEITHER:
            raise PlanError(
                translate("Experiments", "{name} holds no runs of this project's columns").format(
                    name=looked.path.name
                ),
                "\n".join(looked.found.reasons),
            )
        return await asyncio.to_thread(settings_of, looked)
    return None


def _without_list(project: OpenProject, counted: Sequence[Mapping[str, Value]] | None) -> DesignInput:
    notes, profile = project.notes, project.profile
    plan = planned(profile, notes.factors, notes.fixed)
    told = conditions(profile, plan, notes.given, notes.keep, notes.forbidden)
    parameters: dict[str, JsonValue] = {"factors": dict(plan.factors)}
    if told:
        parameters["constraints"] = "\n".join(told)
    choices = {group.name: group.members for group in profile.one_hot}
    constants = dict(series_values(profile, notes.given))
    for name, text in plan.fixed.items():
        for member in choices.get(name, ()):
            constants[member] = float(member == text)
        if name not in choices:
            constants[name] = _value(text)
    found = None if counted is None else done_runs(counted, tuple(plan.factors), constants, choices)
    return DesignInput(None, parameters, done_path=_written(project, found), done=found)


def _value(text: str) -> Value:
    try:
        return parse_number(text)
    except NumberTextError:
        return text


def _from_list(
    project: OpenProject,
    done: Sequence[Mapping[str, Value]],
    counted: Sequence[Mapping[str, Value]] | None,
) -> DesignInput:
    notes = project.notes
    if notes.candidates_file is None:
        raise PlanError(translate("Experiments", "First choose or make a list of candidates"))
    looked = look(notes.candidates_file, project.profile)
    if looked.found.purpose is not TablePurpose.CANDIDATES:
        raise PlanError(
            translate("Experiments", "{name} is no list of candidates any more").format(
                name=looked.path.name
            ),
            translate("Experiments", "Read it again under Candidates to see why."),
        )
    ready = make_ready(looked, done, notes.given)
    if not ready.left:
        raise PlanError(
            translate("Experiments", "No candidate is left: all were tested, or are forbidden"),
            translate("Experiments", "Look at them under Candidates."),
        )
    if not ready.columns:
        raise PlanError(
            translate("Experiments", "All candidates are alike: nothing varies"),
            translate("Experiments", "Give at least one variable two levels."),
        )
    path = write_ready(ready, project.folder / LISTS)
    found = None
    if counted is not None:
        constants = {**series_values(project.profile, notes.given), **ready.constants}
        found = done_runs(counted, ready.columns, constants)
    return DesignInput(path, {"columns": list(ready.columns)}, ready, _written(project, found), found)


def _written(project: OpenProject, found: DoneRuns | None) -> Path | None:
    if found is None or not found.rows:
        return None
    import polars as pl

    frame = pl.DataFrame([dict(row) for row in found.rows], infer_schema_length=None)
    return write_frame(frame, project.folder / LISTS, "実施済み")

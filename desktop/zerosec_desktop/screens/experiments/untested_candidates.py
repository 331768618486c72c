"""The candidates of a project that were not tested yet, as the rows that a model of the project predicts first."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from zerosec_desktop.screens.experiments.candidate_list import look, make_ready, series_values, write_frame
from zerosec_desktop.screens.experiments.done_experiments import done_experiments
from zerosec_desktop.screens.experiments.folders import LISTS
from zerosec_desktop.screens.experiments.open_project import OpenProject
from zerosec_shared.experiments import Value
from zerosec_shared.profiles import TablePurpose

__all__ = ["Untested", "untested_candidates"]

TITLE = "未実施の候補"


@dataclass(frozen=True)
class Untested:
    """The file, how many rows it has, and how many were left out because they were tested."""

    path: Path
    rows: int
    tested: int


async def untested_candidates(project: OpenProject) -> Untested | None:
    """Write them, with the values of the whole series; None where the project has no list, or none of it is left.

    Raises OSError, ReadingError, and what the server says.
    """
    if project.notes.candidates_file is None or project.notes.factors:
        return None
    done = await done_experiments(project)
    return await asyncio.to_thread(_written, project, project.notes.candidates_file, done)


def _written(project: OpenProject, listed: Path, done: Sequence[Mapping[str, Value]]) -> Untested | None:
    import polars as pl

    looked = look(listed, project.profile)
    if looked.found.purpose is not TablePurpose.CANDIDATES:
        return None
    ready = make_ready(looked, done, project.notes.given)
    if not ready.left:
        return None
    series = series_values(project.profile, project.notes.given)
    frame = ready.frame.with_columns(
        pl.lit(value).alias(name) for name, value in series.items() if name not in ready.frame.columns
    )
    return Untested(write_frame(frame, project.folder / LISTS, TITLE), ready.left, ready.tested)

"""OK: an accepted design becomes a lab sheet, and goes with its figures into a numbered folder of the project."""

import asyncio
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from zerosec_client.api import Api
from zerosec_client.lab_sheets import SHEET, make_lab_sheet
from zerosec_client.transfer import download
from zerosec_desktop.screens.experiments.design_request import folder_title
from zerosec_desktop.screens.experiments.fetching import fetch_into_numbered
from zerosec_desktop.screens.experiments.folders import LISTS
from zerosec_desktop.screens.experiments.open_project import OpenProject
from zerosec_shared.files import DownloadRequest
from zerosec_shared.runs import ArtifactRole, Job

__all__ = ["LAB_SHEET_NAME", "Accepted", "accept"]

DESIGN = "tables/design.csv"
LAB_SHEET_NAME = "実験リスト.xlsx"


@dataclass(frozen=True)
class Accepted:
    """Where the lab sheet lies, and its digest."""

    sheet: Path
    sha256: str


async def accept(project: OpenProject, design: Job) -> Accepted:
    """Make the lab sheet and fetch it with the design and its figures. Nothing is left behind when something fails.

    Raises OSError, ReadingFailedError with the reason when no sheet can be made, and what the server says.
    """
    api = await project.context.session.connection(project.target).api()
    outbox = await project.context.session.submissions.open_outbox()
    criterion = str(design.parameters.get("criterion", "D"))
    conditions = {column.name for column in project.profile.columns if column.formula is None}
    given = {name: text for name, text in project.notes.given.items() if name in conditions}
    with tempfile.TemporaryDirectory(prefix="zerosec-") as scratch:
        runs = Path(scratch) / "design.csv"
        await download(api, DownloadRequest(job_id=design.id, path=DESIGN), runs)
        if project.notes.fixed and "factors" in design.parameters:
            await asyncio.to_thread(_add_columns, runs, project.notes.fixed)
        sheet = await make_lab_sheet(
            api,
            outbox,
            project.target,
            runs,
            project.project.profile,
            title=project.project.name,
            criterion=criterion,
            given=given,
        )
    wanted = await _wanted(api, design.id, sheet)
    folder = await fetch_into_numbered(api, wanted, project.folder / LISTS, folder_title(criterion))
    (digest,) = [one.sha256 for one in await api.artifacts(sheet) if one.path == SHEET]
    return Accepted(folder / LAB_SHEET_NAME, digest)


async def _wanted(api: Api, design: UUID, sheet: UUID) -> dict[tuple[UUID, str], str]:
    """The lab sheet, the runs, the report and the figures, with the names they get."""
    wanted = {(sheet, SHEET): LAB_SHEET_NAME}
    for artifact in await api.artifacts(design):
        figure = artifact.role is ArtifactRole.PLOT and artifact.path.endswith(".png")
        if figure or artifact.role is ArtifactRole.REPORT or artifact.path == DESIGN:
            wanted[(design, artifact.path)] = Path(artifact.path).name
    return wanted


def _add_columns(path: Path, fixed: Mapping[str, str]) -> None:
    """Variables with one level stand in no design made without a list; the laboratory must know them all the same."""
    import polars as pl

    frame = pl.read_csv(path)
    missing = [pl.lit(text).alias(name) for name, text in fixed.items() if name not in frame.columns]
    frame.with_columns(missing).write_csv(path)

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

__all__ = ["LAB_SHEET_NAME", "Accepted", "accept", "accept_runs"]

DESIGN = "tables/design.csv"
CHOSEN_FOLDER, CHOSEN_NAME = "選択", "選択した行.csv"
LAB_SHEET_NAME = "実験リスト.xlsx"


@dataclass(frozen=True)
class Accepted:
    """Where the lab sheet lies, its digest, and what is to be said of it."""

    sheet: Path
    sha256: str
    remarks: tuple[str, ...] = ()


async def accept(project: OpenProject, design: Job) -> Accepted:
    """Make the lab sheet and fetch it with the design and its figures. Nothing is left behind when something fails.

    Raises OSError, ReadingFailedError with the reason when no sheet can be made, and what the server says.
    """
    api = await project.context.session.connection(project.target).api()
    outbox = await project.context.session.submissions.open_outbox()
    criterion = str(design.parameters.get("criterion", "D"))
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
            given=_given(project),
        )
    wanted = await _wanted(api, design.id, sheet)
    folder = await fetch_into_numbered(api, wanted, project.folder / LISTS, folder_title(criterion))
    (digest,) = [one.sha256 for one in await api.artifacts(sheet) if one.path == SHEET]
    return Accepted(folder / LAB_SHEET_NAME, digest, await _remarks(api, sheet))


async def accept_runs(project: OpenProject, runs: bytes) -> Accepted:
    """Make the lab sheet of rows chosen in a result (CSV), and put it with them into a numbered folder. Raises as `accept`."""
    api = await project.context.session.connection(project.target).api()
    outbox = await project.context.session.submissions.open_outbox()
    with tempfile.TemporaryDirectory(prefix="zerosec-") as scratch:
        table = Path(scratch) / CHOSEN_NAME
        await asyncio.to_thread(table.write_bytes, runs)
        sheet = await make_lab_sheet(
            api, outbox, project.target, table, project.project.profile, title=project.project.name, given=_given(project)
        )  # fmt: skip
    folder = await fetch_into_numbered(
        api, {(sheet, SHEET): LAB_SHEET_NAME}, project.folder / LISTS, CHOSEN_FOLDER
    )
    await asyncio.to_thread((folder / CHOSEN_NAME).write_bytes, runs)
    (digest,) = [one.sha256 for one in await api.artifacts(sheet) if one.path == SHEET]
    return Accepted(folder / LAB_SHEET_NAME, digest, await _remarks(api, sheet))


async def _remarks(api: Api, sheet: UUID) -> tuple[str, ...]:
    """What the server remarked on the sheet, such as runs that the results database cannot tell apart."""
    result = (await api.job(sheet)).result
    return () if result is None else tuple(notice.message for notice in result.warnings)


def _given(project: OpenProject) -> dict[str, str]:
    """The values of the whole series that a lab sheet can hold."""
    conditions = {column.name for column in project.profile.columns if column.formula is None}
    return {name: text for name, text in project.notes.given.items() if name in conditions}


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

"""Files of jobs come from the server into a numbered folder of the project, whole or not at all."""

import asyncio
import shutil
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from uuid import UUID

from zerosec_client.api import Api
from zerosec_client.transfer import download
from zerosec_desktop.screens.experiments.folders import next_numbered
from zerosec_shared.files import DownloadRequest

__all__ = ["fetch_into_numbered"]


async def fetch_into_numbered(
    api: Api, wanted: Mapping[tuple[UUID, str], str], parent: Path, title: str
) -> Path:
    """Fetch artifacts (job and path, to the name they get) into a new folder `001_title_…` below `parent`; the folder.

    Nothing is left behind when one cannot be had. Raises OSError, LocalFileError, and what the server says.
    """
    draft = await asyncio.to_thread(_draft, parent)
    try:
        for (job_id, path), name in wanted.items():
            await download(api, DownloadRequest(job_id=job_id, path=path), draft / name)
        return await asyncio.to_thread(_moved, draft, parent, title)
    finally:
        await asyncio.to_thread(shutil.rmtree, draft, ignore_errors=True)


def _draft(parent: Path) -> Path:
    parent.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=".part-", dir=parent))


def _moved(draft: Path, parent: Path, title: str) -> Path:
    folder = next_numbered(parent, title, datetime.now().astimezone())
    for made in draft.iterdir():
        made.replace(folder / made.name)
    return folder

"""The runs of a design as a lab sheet: made by the server, written down before it is sent like every submission."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

from zerosec_client.api import Api
from zerosec_client.chosen_files import local_input
from zerosec_client.outbox import Intent, Outbox, State
from zerosec_client.projects import job_ended
from zerosec_client.submission import submit
from zerosec_shared.ids import new_id

__all__ = ["LAB_SHEET", "SHEET", "make_lab_sheet"]

LAB_SHEET = "lab-sheet"
SHEET = "lab_sheet.xlsx"
"""The artifact."""


async def make_lab_sheet(
    api: Api,
    outbox: Outbox,
    target: str,
    design: Path,
    profile: str,
    *,
    title: str = "",
    criterion: str = "",
    given: Mapping[str, str] | None = None,
) -> UUID:
    """Have the server make the lab sheet of a table of runs; the id of the job that holds it as `SHEET`.

    Raises LocalFileError for the file, ReadingFailedError with the reason when no sheet can be made, and what the server says.
    """
    chosen = await asyncio.to_thread(local_input, design)
    intent = Intent(
        job_id=new_id(),
        run_id=new_id(),
        target=target,
        analysis=LAB_SHEET,
        name=title[:200] or chosen.name,
        parameters={
            "profile": profile,
            "title": title[:120],
            "criterion": criterion,
            "given": dict(given or {}),
        },
        inputs={"design": (chosen,)},
    )
    await asyncio.to_thread(outbox.intend, intent)
    state = await submit(api, outbox, intent)
    try:
        await job_ended(api, state)
    finally:
        await asyncio.to_thread(outbox.mark, intent.job_id, State.DONE)
    return intent.job_id

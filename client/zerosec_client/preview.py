"""What a run would do, asked before it is submitted: the files go up as they would for the run, which then finds them there."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from uuid import UUID

from zerosec_client.api import Api
from zerosec_client.chosen_files import upload_all
from zerosec_client.errors import ClientError
from zerosec_client.outbox import LocalInput, Outbox
from zerosec_client.transfer import TransferProgress
from zerosec_shared.contract import JsonValue
from zerosec_shared.files import InputFile
from zerosec_shared.ids import new_id
from zerosec_shared.runs import Job, PreviewCreate

__all__ = ["ask_preview"]

WAIT_S = 20.0
GOODBYE_S = 0.5


async def ask_preview(
    api: Api,
    outbox: Outbox,
    *,
    target: str,
    analysis: str,
    step: str | None = None,
    inputs: Mapping[str, Sequence[LocalInput]],
    parameters: Mapping[str, JsonValue],
    chosen: Mapping[str, tuple[InputFile, ...]] | None = None,
    run_id: UUID | None = None,
    progress: Callable[[str, TransferProgress], None] | None = None,
) -> Job:
    """Ask, and wait for the ended job: succeeded with its result, or failed with the reason. `chosen` are files that are stored, outputs of the run
    `run_id` among them.

    Parameters and files may be incomplete: the result then has a notice of the code `not_yet`. Cancelling ends the job on the
    server too. Raises LocalFileError for a file that cannot be read or has changed, and what the server says.
    """
    stored = await upload_all(api, outbox, target, inputs, progress)
    request = PreviewCreate(
        id=new_id(),
        analysis=analysis,
        step=step,
        inputs={**stored, **(chosen or {})},
        parameters=dict(parameters),
        run_id=run_id,
    )
    try:
        state = await api.preview(request, wait_s=WAIT_S)
        while not isinstance(state, Job):
            if state.status.terminal:
                return await api.job(request.id)
            await api.events(request.id, after=state.last_event, wait_s=WAIT_S)
            state = await api.job_state(request.id)
    except asyncio.CancelledError:
        await _cancel(api, request.id)
        raise
    return state


async def _cancel(api: Api, job_id: UUID) -> None:
    """Nobody waits for it any more. That it does not come through costs the server a little work."""
    with suppress(ClientError, TimeoutError):
        await asyncio.wait_for(api.cancel(job_id), GOODBYE_S)

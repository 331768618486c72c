"""Executing a step of a run that is there: what is given for it becomes the run's, so that it can be repeated."""

from collections.abc import Mapping
from uuid import UUID

from zerosec_client.api import Api
from zerosec_shared.contract import JsonValue
from zerosec_shared.files import InputFile
from zerosec_shared.runs import JobState, StepCreate

__all__ = ["execute_step"]


async def execute_step(
    api: Api,
    run_id: UUID,
    step: str,
    job_id: UUID,
    parameters: Mapping[str, JsonValue],
    inputs: Mapping[str, tuple[InputFile, ...]],
    chosen: Mapping[str, tuple[InputFile, ...]],
) -> JobState:
    """Execute a step of a run. Parameters and own files become the run's for this step, so that it can be repeated; `chosen` are
    outputs of other steps, for this time only. What is given nowhere is as the run and its plan say. What the server refuses does
    not become the run's: it would be refused again with every later try.
    """
    request = StepCreate(
        job_id=job_id,
        parameters=dict(parameters),
        inputs={**inputs, **chosen} or None,
        keep_parameters=bool(parameters),
        keep_inputs=tuple(slot for slot in inputs if slot not in chosen),
    )
    return await api.create_step(run_id, step, request)

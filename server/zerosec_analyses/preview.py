"""Runs a step's preview: what is not given yet becomes a sentence that says so, beside whatever could be shown."""

from collections.abc import Callable

from zerosec_analyses.declaration import Parameters, Step
from zerosec_analyses.draft import NotYetError
from zerosec_analyses.sdk import Context, MissingInputError
from zerosec_shared.views import NOT_YET, Severity

__all__ = ["preview"]


def preview(
    step: Step, work: Callable[[Context, Parameters], None], ctx: Context, params: Parameters
) -> None:
    """Call `work`, the function that `step.preview` names. Raises what it raises, but for what is not given yet."""
    try:
        work(ctx, params)
    except NotYetError as waits:
        ctx.warn(NOT_YET, waits.sentence, severity=Severity.INFO)
    except MissingInputError as missing:
        title = next((slot.title for slot in step.inputs if slot.name == missing.slot), missing.slot)
        ctx.warn(NOT_YET, NotYetError(title, chosen=False).sentence, severity=Severity.INFO)

"""Runs a step's preview: what is not given yet becomes a sentence that says so, beside whatever could be shown."""

from collections.abc import Callable

from zerosec_analyses.declaration import Parameters, Step
from zerosec_analyses.draft import NotYetError
from zerosec_analyses.sdk import Context, InputError, MissingInputError, joined, ours
from zerosec_shared.views import NOT_YET, Severity

__all__ = ["preview", "say_refused"]


def preview(
    step: Step, work: Callable[[Context, Parameters], None], ctx: Context, params: Parameters
) -> None:
    """Call `work`, the function that `step.preview` names. Raises what it raises, but for what is not given yet or stands at a field."""
    try:
        work(ctx, params)
    except NotYetError as waits:
        ctx.warn(NOT_YET, waits.sentence, severity=Severity.WARNING if waits.chosen else Severity.INFO)
    except MissingInputError as missing:
        title = next((slot.title for slot in step.inputs if slot.name == missing.slot), missing.slot)
        ctx.warn(NOT_YET, NotYetError(title, chosen=False).sentence, severity=Severity.INFO)
    except InputError as refused:
        if not refused.field:
            raise
        say_refused(ctx, "refused", refused)


def say_refused(ctx: Context, code: str, refused: InputError) -> None:
    """Say at its field, beside all else that a preview shows, what the run would refuse."""
    parts = [ours(part) for part in (refused.detail, refused.hint) if part]
    ctx.warn(
        code,
        refused.title,
        joined(parts, " "),
        Severity.ERROR,
        field=refused.field,
        undecided=refused.undecided,
    )

"""Whether the programs a step needs are there: looked at before anything is queued."""

from zerosec_analyses.declaration import Step
from zerosec_analyses.programs import Need, find_program
from zerosec_server.api.errors import ApiError
from zerosec_server.settings import Settings
from zerosec_shared.errors import ProblemCode
from zerosec_shared.texts import joined, ours, say

__all__ = ["check_programs", "missing_needs", "titles_of"]


def missing_needs(settings: Settings, step: Step) -> list[Need]:
    """The needs of a step that no program of the server meets."""
    return [
        need
        for need in step.needs
        if not need.optional and not any(find_program(p, settings.programs) for p in need.any_of)
    ]


def titles_of(need: Need) -> str:
    """The programs of which one is needed."""
    return " / ".join(program.title for program in need.any_of)


def check_programs(settings: Settings, step: Step) -> None:
    """Refuse a step without whose programs it cannot do. Raises ApiError."""
    for need in missing_needs(settings, step):
        raise ApiError(
            ProblemCode.PROGRAM_MISSING,
            say("The program {program} is not installed on the server.", program=titles_of(need)),
            say("The step “{step}” needs it; nothing was started.", step=ours(step.title)),
            joined([ours(program.install) for program in need.any_of], " "),
        )

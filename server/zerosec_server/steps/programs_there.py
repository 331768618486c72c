"""Whether the programs a step needs are there: looked at before anything is queued."""

from zerosec_analyses.declaration import Step
from zerosec_analyses.programs import Program, find_program
from zerosec_server.api.errors import ApiError
from zerosec_server.settings import Settings
from zerosec_shared.errors import ProblemCode
from zerosec_shared.texts import ours, say

__all__ = ["check_programs", "missing_programs"]


def missing_programs(settings: Settings, step: Step) -> list[Program]:
    """Of each need that is not met, the first program that would meet it."""
    return [
        need.any_of[0]
        for need in step.needs
        if not need.optional and not any(find_program(p, settings.programs) for p in need.any_of)
    ]


def check_programs(settings: Settings, step: Step) -> None:
    """Refuse a step without whose programs it cannot do. Raises ApiError."""
    for program in missing_programs(settings, step):
        raise ApiError(
            ProblemCode.PROGRAM_MISSING,
            say("The program {program} is not installed on the server.", program=program.title),
            say("The step “{step}” needs it; nothing was started.", step=ours(step.title)),
            program.install,
        )

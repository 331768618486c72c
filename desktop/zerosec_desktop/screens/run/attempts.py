"""Which attempt at its step each job of a run is, as the panel and the head tell it."""

from uuid import UUID

from zerosec_shared.runs import RunStatus

__all__ = ["numbered_attempts"]


def numbered_attempts(status: RunStatus) -> dict[UUID, tuple[int, int]]:
    """Number and count by job, of the steps that were executed more than once."""
    return {
        job.id: (number, len(history.jobs))
        for history in status.steps
        if len(history.jobs) > 1
        for number, job in enumerate(reversed(history.jobs), start=1)
    }

"""Previews that have ended are forgotten soon: nobody can find them again, and a form asks for many."""

from sqlalchemy import ColumnElement, Connection, bindparam, delete, exists, select, true

from zerosec_server.database.connection import db_now
from zerosec_server.database.tables import jobs, runs

__all__ = ["KEPT_S", "MOST_AT_ONCE", "any_to_forget", "forget", "to_forget"]

KEPT_S = 60.0
"""How long the answer of a preview can be asked for again, in seconds after its end."""
MOST_AT_ONCE = 500

_OVER = (jobs.c.preview == true(), jobs.c.status.in_(("succeeded", "failed", "cancelled")))
_TO_FORGET = (
    select(jobs.c.id).where(*_OVER, jobs.c.ended_at < db_now() - bindparam("kept_s")).limit(MOST_AT_ONCE)
)
_RUNS_OF = select(jobs.c.run_id).where(jobs.c.id.in_(bindparam("some", expanding=True)))
_FORGET = delete(runs).where(runs.c.id.in_(_RUNS_OF), runs.c.preview == true())


def any_to_forget() -> ColumnElement[bool]:
    """A condition: whether a preview ended longer ago than it is kept."""
    return exists().where(*_OVER, jobs.c.ended_at < db_now() - KEPT_S)


def to_forget(c: Connection, kept_s: float = KEPT_S) -> list[str]:
    """The ids of previews that ended longer ago than `kept_s`; at most MOST_AT_ONCE. Their blobs go before their rows."""
    return list(c.execute(_TO_FORGET, {"kept_s": kept_s}).scalars())


def forget(c: Connection, job_ids: list[str]) -> None:
    """Remove these previews with all that belongs to them. Nothing else is touched, whatever the ids."""
    if job_ids:
        c.execute(_FORGET, {"some": job_ids})

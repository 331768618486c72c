"""Lists of runs and jobs: newest first, in pages that stay put while new ones arrive, filtered."""

import base64
import binascii
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Connection, Table, exists, false, func, or_, select, tuple_

from zerosec_server.database.connection import search_key
from zerosec_server.database.parameters import parameter_is
from zerosec_server.database.queries import JOB_COLUMNS, RUN_COLUMNS, jobs_of, latest_status, runs_of
from zerosec_server.database.tables import job_inputs, job_parameters, jobs, run_parameters, run_tags, runs
from zerosec_shared.runs import Job, JobStatus, Run
from zerosec_shared.system import Page

__all__ = ["BadCursorError", "Filters", "after_cursor", "cursor_after", "list_jobs", "list_runs"]


class BadCursorError(Exception):
    """This cursor was not given out by a list."""


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a list shows; values of one filter are alternatives, different filters must all hold."""

    status: Sequence[JobStatus] = ()
    analysis: Sequence[str] = ()
    owner: Sequence[str] = ()
    text: str | None = None
    run: UUID | None = None
    project: UUID | None = None
    parameters: Mapping[str, Sequence[str]] = field(default_factory=dict)


def list_jobs(c: Connection, owner: str, filters: Filters, cursor: str | None, limit: int) -> Page[Job]:
    """A page of an owner's jobs, without their results. Raises BadCursorError."""
    conditions = [jobs.c.owner == owner, *_common(filters, jobs, job_parameters)]
    if filters.status:
        conditions.append(jobs.c.status.in_([status.value for status in filters.status]))
    if filters.run is not None:
        conditions.append(jobs.c.run_id == str(filters.run))
    if filters.project is not None:
        chosen = job_inputs.c.project_id == str(filters.project)
        conditions.append(exists().where(job_inputs.c.job_id == jobs.c.id, chosen))
    rows = c.execute(
        select(*JOB_COLUMNS)
        .join(runs)
        .where(*conditions, *after_cursor(cursor, jobs.c.created_at, jobs.c.id))
        .order_by(jobs.c.created_at.desc(), jobs.c.id.desc())
        .limit(limit + 1)
    ).all()
    return Page[Job](items=jobs_of(c, rows[:limit]), next_cursor=cursor_after(rows, limit))


def list_runs(c: Connection, owner: str, filters: Filters, cursor: str | None, limit: int) -> Page[Run]:
    """A page of an owner's runs; their status is that of the newest job. Raises BadCursorError."""
    conditions = [runs.c.owner == owner, *_common(filters, runs, run_parameters)]
    if filters.status:
        conditions.append(latest_status.in_([status.value for status in filters.status]))
    rows = c.execute(
        select(*RUN_COLUMNS)
        .where(*conditions, *after_cursor(cursor, runs.c.created_at, runs.c.id))
        .order_by(runs.c.created_at.desc(), runs.c.id.desc())
        .limit(limit + 1)
    ).all()
    return Page[Run](items=runs_of(c, rows[:limit]), next_cursor=cursor_after(rows, limit))


def _common(filters: Filters, table: Table, parameters: Table) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [runs.c.deleted_at.is_(None), runs.c.preview == false()]
    if filters.analysis:
        conditions.append(table.c.analysis.in_(filters.analysis))
    if filters.owner:
        conditions.append(table.c.owner.in_(filters.owner))
    if filters.text:
        tagged = exists().where(run_tags.c.run_id == runs.c.id, _contains(run_tags.c.tag, filters.text))
        conditions.append(or_(_contains(runs.c.name, filters.text), tagged))
    for name, values in filters.parameters.items():
        conditions.append(or_(*(parameter_is(parameters, table.c.id, name, value) for value in values)))
    return conditions


def _contains(column: Column[str], text: str) -> ColumnElement[bool]:
    found: ColumnElement[int] = func.instr(func.search_key(column), search_key(text))
    return found > 0


def after_cursor(
    cursor: str | None, created_at: Column[float], item_id: Column[str]
) -> Sequence[ColumnElement[bool]]:
    """The condition of what comes after a cursor. Raises BadCursorError."""
    if cursor is None:
        return ()
    try:
        when, last_id = json.loads(base64.b64decode(cursor.encode("ascii"), altchars=b"-_", validate=True))
        if not isinstance(when, float) or not math.isfinite(when):
            raise TypeError
        UUID(last_id)
    except (ValueError, TypeError, AttributeError, binascii.Error, RecursionError) as bad:
        raise BadCursorError(cursor) from bad
    return (tuple_(created_at, item_id) < tuple_(when, str(last_id)),)


def cursor_after(rows: Sequence[object], limit: int) -> str | None:
    """The cursor of the page after these rows, of which one more than `limit` was read; None: there is none."""
    if len(rows) <= limit:
        return None
    last = rows[limit - 1]
    where = json.dumps([last.created_at, last.id], separators=(",", ":"))  # type: ignore[attr-defined]
    return base64.urlsafe_b64encode(where.encode("ascii")).decode("ascii")

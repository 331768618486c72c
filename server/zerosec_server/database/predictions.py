"""The prediction database as a view: which jobs predicted rows, by which model, of which table; the rows are those jobs' files."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, exists, false, or_, select, tuple_

from zerosec_server.database.inputs import read_many_inputs
from zerosec_server.database.listing import after_cursor, cursor_after
from zerosec_server.database.queries import instant
from zerosec_server.database.tables import artifacts, job_inputs, jobs, runs
from zerosec_shared.contract import JsonValue
from zerosec_shared.files import InputFile
from zerosec_shared.predictions import PredictionRecord
from zerosec_shared.runs import JobStatus
from zerosec_shared.system import Page

__all__ = ["PREDICTIONS", "StoredPrediction", "list_predictions", "stored_predictions"]

PREDICTIONS = "predictions.parquet"
"""What a prediction leaves its rows in."""
MODEL, ROWS = "model", "rows"
"""The input slots of a prediction."""
PREDICTED = "predicted "
"""How the column of a target begins."""
FLAGS = "flags"
"""The last of the columns that a prediction adds; those of the table follow."""

Steps = Collection[tuple[str, str]]
"""Analysis and step of everything that predicts."""


@dataclass(frozen=True, kw_only=True)
class StoredPrediction:
    """A prediction and, unless its files were cleaned, the SHA-256 of its rows."""

    record: PredictionRecord
    sha256: str | None


def list_predictions(
    c: Connection, owner: str, steps: Steps, *, project: UUID | None, cursor: str | None, limit: int
) -> Page[PredictionRecord]:
    """A page of an owner's predictions, newest first. Raises BadCursorError."""
    conditions = (*_of(owner, steps, project), *after_cursor(cursor, jobs.c.created_at, jobs.c.id))
    rows = _read(c, conditions, limit + 1)
    found = tuple(one.record for one in _predictions(c, rows[:limit]))
    return Page[PredictionRecord](items=found, next_cursor=cursor_after(rows, limit))


def stored_predictions(
    c: Connection, owner: str, steps: Steps, *, project: UUID | None, only: Sequence[UUID], most: int
) -> tuple[StoredPrediction, ...]:
    """At most so many of an owner's predictions, newest first: those of a project, or `only` these jobs."""
    conditions = _of(owner, steps, project)
    if only:
        conditions = (*conditions, jobs.c.id.in_([str(job_id) for job_id in only]))
    return _predictions(c, _read(c, conditions, most))


def _of(owner: str, steps: Steps, project: UUID | None) -> tuple[ColumnElement[bool], ...]:
    conditions: tuple[ColumnElement[bool], ...] = (
        jobs.c.owner == owner,
        jobs.c.status == JobStatus.SUCCEEDED.value,
        jobs.c.preview == false(),
        runs.c.deleted_at.is_(None),
        tuple_(jobs.c.analysis, jobs.c.step).in_(list(steps)),
    )
    if project is None:
        return conditions
    fed_jobs = jobs.alias("fed_jobs")
    fed = (
        select(fed_jobs.c.run_id)
        .join(job_inputs, job_inputs.c.job_id == fed_jobs.c.id)
        .where(job_inputs.c.project_id == str(project))
    )
    built_jobs, built, model = jobs.alias("built_jobs"), artifacts.alias("built"), job_inputs.alias("models")
    by_file = (
        exists()
        .where(model.c.job_id == jobs.c.id, model.c.slot == MODEL)
        .where(built.c.sha256 == model.c.sha256)
        .where(built_jobs.c.id == built.c.job_id, built_jobs.c.run_id.in_(fed))
    )
    return (*conditions, or_(jobs.c.run_id.in_(fed), by_file))


@dataclass(frozen=True)
class _Row:
    id: str
    run_id: str
    run_name: str
    analysis: str
    step: str
    created_at: float
    ended_at: float
    result_json: str | None
    sha256: str | None
    size_bytes: int | None


def _read(c: Connection, conditions: Sequence[ColumnElement[bool]], most: int) -> list[_Row]:
    rows = c.execute(
        select(
            jobs.c.id,
            jobs.c.run_id,
            runs.c.name.label("run_name"),
            jobs.c.analysis,
            jobs.c.step,
            jobs.c.created_at,
            jobs.c.ended_at,
            jobs.c.result_json,
            artifacts.c.sha256,
            artifacts.c.size_bytes,
        )
        .join(runs, runs.c.id == jobs.c.run_id)
        .outerjoin(artifacts, (artifacts.c.job_id == jobs.c.id) & (artifacts.c.path == PREDICTIONS))
        .where(*conditions)
        .order_by(jobs.c.created_at.desc(), jobs.c.id.desc())
        .limit(most)
    )
    return [_Row(**row._mapping) for row in rows]


def _predictions(c: Connection, rows: Sequence[_Row]) -> tuple[StoredPrediction, ...]:
    inputs = read_many_inputs(c, job_inputs, [row.id for row in rows]) if rows else {}
    models = {job_id: slots[MODEL][0] for job_id, slots in inputs.items() if slots.get(MODEL)}
    builders = _builders(c, {file.sha256 for file in models.values() if file.made_by is None})
    return tuple(
        StoredPrediction(
            record=_record(row, inputs.get(row.id, {}), _builder(row, models.get(row.id), builders)),
            sha256=row.sha256,
        )
        for row in rows
    )


@dataclass(frozen=True)
class _Builder:
    """What a model is called, and the run that built it."""

    name: str
    run_id: str | None = None


def _builder(row: _Row, model: InputFile | None, builders: Mapping[str, _Builder]) -> _Builder:
    if model is None:
        return _Builder("")
    if model.made_by is not None:
        return _Builder(row.run_name, row.run_id)
    return builders.get(model.sha256, _Builder(model.name))


def _builders(c: Connection, models: Collection[str]) -> dict[str, _Builder]:
    """The newest run that left a model file, by the file's SHA-256."""
    rows = c.execute(
        select(artifacts.c.sha256, runs.c.name, runs.c.id)
        .join(jobs, jobs.c.id == artifacts.c.job_id)
        .join(runs, runs.c.id == jobs.c.run_id)
        .where(artifacts.c.sha256.in_(models), runs.c.deleted_at.is_(None))
        .order_by(jobs.c.created_at)
    )
    return {row.sha256: _Builder(row.name, row.id) for row in rows}


def _record(row: _Row, inputs: Mapping[str, Sequence[InputFile]], built: _Builder) -> PredictionRecord:
    count, targets = _told(row.result_json)
    files = inputs.get(ROWS, ())
    return PredictionRecord(
        job_id=UUID(row.id),
        run_id=UUID(row.run_id),
        run_name=row.run_name,
        analysis=row.analysis,
        step=row.step,
        predicted_at=instant(row.ended_at),
        model=built.name,
        model_run_id=None if built.run_id is None else UUID(built.run_id),
        rows_file=files[0].name if files else "",
        rows=count,
        targets=targets,
        size_bytes=row.size_bytes or 0,
        cleaned=row.sha256 is None,
    )


def _told(result_json: str | None) -> tuple[int, tuple[str, ...]]:
    """How many rows a prediction left, and its targets: what its own table says, whose first columns are what was predicted."""
    result: dict[str, JsonValue] = json.loads(result_json or "{}")
    views = result.get("views")
    for view in views if isinstance(views, list) else ():
        if isinstance(view, dict) and (view.get("kind"), view.get("id")) == ("table", "predictions"):
            columns, total = view.get("columns"), view.get("total_rows")
            names = (
                [str(one["name"]) for one in columns if isinstance(one, dict)]
                if isinstance(columns, list)
                else []
            )
            added = names[: names.index(FLAGS)] if FLAGS in names else names
            targets = (name.removeprefix(PREDICTED) for name in added if name.startswith(PREDICTED))
            return total if isinstance(total, int) else 0, tuple(targets)
    return 0, ()

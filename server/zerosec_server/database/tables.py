"""The tables. Times are seconds since 1970 by the database's own clock (`db_now()`), as double precision."""

from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    event,
    false,
    text,
)

__all__ = [
    "artifacts",
    "events",
    "files",
    "job_inputs",
    "job_parameters",
    "job_sources",
    "jobs",
    "metadata",
    "run_inputs",
    "run_parameters",
    "run_steps",
    "run_tags",
    "runs",
    "sequences",
    "shared_references",
    "uploads",
    "workers",
]

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

files = Table(
    "files",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("size_bytes", Integer, nullable=False),
    Column("created_at", Double, nullable=False),
)

shared_references = Table(
    "shared_references",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("owner", String(200), nullable=False, comment="who registered it; all may use it"),
    Column("kind", String(20), nullable=False),
    Column("genome_build", String(60), nullable=False),
    Column("sha256", ForeignKey("files.sha256"), nullable=False, index=True),
    Column("file_name", String(200), nullable=False),
    Column("created_at", Double, nullable=False),
)

uploads = Table(
    "uploads",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("owner", String(200), nullable=False),
    Column("name", String(200), nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("sha256", String(64), comment="as announced; null until the completion brings it"),
    Column("part_size_bytes", Integer, nullable=False),
    Column(
        "completed_sha256",
        String(64),
        comment="set once the file exists: completing again gives the same answer",
    ),
    Column("created_at", Double, nullable=False),
    Column("expires_at", Double, nullable=False, index=True),
)

runs = Table(
    "runs",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("owner", String(200), nullable=False, index=True),
    Column("analysis", String(60), nullable=False, index=True),
    Column("analysis_version", String(20), nullable=False),
    Column("name", String(200), nullable=False),
    Column("pinned", Boolean, nullable=False, default=False),
    Column("request_digest", String(64), nullable=False, comment="same id, other body: conflict"),
    Column("created_at", Double, nullable=False),
    Column("files_cleaned_at", Double),
    Column("deleted_at", Double),
    Column(
        "preview", Boolean, nullable=False, server_default=false(), comment="of a form: in no list, gone soon"
    ),
    Column("inputs_changed_at", Double, comment="null: as they were given first"),
    Index("ix_runs_created", "created_at", "id"),
)

run_steps = Table(
    "run_steps",
    metadata,
    Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("step", String(60), primary_key=True),
    Column("included", Boolean, nullable=False, comment="without a row: as the analysis declares"),
)

sequences = Table(
    "sequences",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("owner", String(200), nullable=False),
    Column("request_digest", String(64), nullable=False),
    Column(
        "status",
        String(10),
        CheckConstraint("status IN ('running', 'paused', 'succeeded')", name="status"),
        nullable=False,
        index=True,
    ),
    Column("steps_json", Text, nullable=False, comment="step ids in the order of execution"),
    Column("position", Integer, nullable=False, comment="of the step that is executed, or comes next"),
    Column("job_id", String(36), comment="of that step; null: not made yet"),
    Column("reason_json", Text, comment="why it is paused"),
    Column("created_at", Double, nullable=False),
    Column("changed_at", Double, nullable=False),
)

run_tags = Table(
    "run_tags",
    metadata,
    Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("tag", String(200), primary_key=True),
)

VALUE_KINDS = "kind IN ('text', 'integer', 'number', 'boolean', 'null', 'list', 'json')"


def _parameter_table(name: str, owner: str) -> Table:
    """Parameters as rows. A scalar is one row at position 0; a list is a row of kind `list` at position 0 whose
    number is its length, and its elements at positions 1 to n; anything deeper is JSON text, as `json`.
    """
    return Table(
        name,
        metadata,
        Column(f"{owner}_id", ForeignKey(f"{owner}s.id", ondelete="CASCADE"), primary_key=True),
        Column("name", String(200), primary_key=True),
        Column("position", Integer, primary_key=True),
        Column("kind", String(10), CheckConstraint(VALUE_KINDS, name="kind"), nullable=False),
        Column("text_value", Text),
        Column("number_value", Double, comment="integers, numbers, booleans as 0 and 1, list lengths"),
        Index(f"ix_{name}_text", "name", "text_value"),
        Index(f"ix_{name}_number", "name", "number_value"),
    )


def _input_table(name: str, owner: str) -> Table:
    return Table(
        name,
        metadata,
        Column(f"{owner}_id", ForeignKey(f"{owner}s.id", ondelete="CASCADE"), primary_key=True),
        Column("slot", String(60), primary_key=True),
        Column("position", Integer, primary_key=True),
        Column("sha256", ForeignKey("files.sha256"), nullable=False, index=True),
        Column("name", String(200), nullable=False),
        Column("dialect_json", Text),
        Column("origin_json", Text, comment="how it was made from a project's results"),
        Column("project_id", String(36), index=True, comment="of the origin; the project may be gone"),
        Column("registered_json", Text, comment="the name and genome build it was registered under"),
    )


jobs = Table(
    "jobs",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("owner", String(200), nullable=False),
    Column("analysis", String(60), nullable=False),
    Column("analysis_version", String(20), nullable=False),
    Column("step", String(60), nullable=False),
    Column("request_digest", String(64), nullable=False),
    Column(
        "status",
        String(10),
        CheckConstraint("status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')", name="status"),
        nullable=False,
    ),
    Column("attempt", Integer, nullable=False, default=0, comment="the fencing token"),
    Column("max_attempts", Integer, nullable=False),
    Column("cancel_requested", Boolean, nullable=False, default=False),
    Column(
        "available_at",
        Double,
        nullable=False,
        comment="not claimed before this: back-off after a lost worker",
    ),
    Column("worker_id", String(100), comment="who holds the lease"),
    Column("lease_until", Double),
    Column("heartbeat_at", Double),
    Column("last_seq", Integer, nullable=False, default=0, comment="number of the newest event"),
    Column("progress_json", Text),
    Column("progress_at", Double),
    Column("failure_json", Text),
    Column("result_json", Text),
    Column("environment_json", Text),
    Column("created_at", Double, nullable=False),
    Column("started_at", Double),
    Column("ended_at", Double),
    Column("preview", Boolean, nullable=False, server_default=false(), comment="as of its run"),
    Column(
        "finish_requested",
        Boolean,
        nullable=False,
        server_default=false(),
        comment="end soon, with what there is",
    ),
    Column("ran_json", Text, comment="external programs: command lines, versions, ends"),
    Index("ix_jobs_claim", "status", "available_at"),
    Index("ix_jobs_lease", "status", "lease_until"),
    Index("ix_jobs_created", "created_at", "id"),
    Index(
        "ix_jobs_previews",
        "status",
        "ended_at",
        sqlite_where=text("preview = 1"),
    ),
)

run_parameters = _parameter_table("run_parameters", "run")
job_parameters = _parameter_table("job_parameters", "job")
run_inputs = _input_table("run_inputs", "run")
job_inputs = _input_table("job_inputs", "job")
job_sources = Table(
    "job_sources",
    metadata,
    Column("job_id", ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("slot", String(60), primary_key=True),
    Column("position", Integer, primary_key=True, comment="among all inputs of the slot"),
    Column("sha256", String(64), nullable=False),
    Column("name", String(200), nullable=False),
    Column("dialect_json", Text),
    Column("source_job_id", String(36), nullable=False, index=True, comment="of the same run"),
    Column("source_step", String(60), nullable=False),
    Column("source_path", String(500), nullable=False),
)
"""Inputs of jobs that are outputs of earlier jobs of the same run."""

events = Table(
    "events",
    metadata,
    Column("job_id", ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("attempt", Integer, nullable=False),
    Column("at", Double, nullable=False),
    Column("terminal", Boolean, nullable=False, default=False),
    Column("body_json", Text, nullable=False),
    # The database itself refuses a second end of a job.
    Index(
        "uq_events_one_terminal",
        "job_id",
        unique=True,
        sqlite_where=text("terminal = 1"),
    ),
)

artifacts = Table(
    "artifacts",
    metadata,
    Column("job_id", ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("path", String(500), primary_key=True),
    Column("attempt", Integer, nullable=False, comment="the winning attempt: only it ever writes rows here"),
    Column("storage_key", String(200), nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("role", String(20), nullable=False),
    Column("media_type", String(100), nullable=False),
)

workers = Table(
    "workers",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("host", String(200), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("slots", Integer, nullable=False),
    Column("slots_busy", Integer, nullable=False),
    Column("started_at", Double, nullable=False),
    Column("heartbeat_at", Double, nullable=False),
)


@event.listens_for(metadata, "before_create")
def _partial_in_postgresql(_metadata: MetaData, connection: Connection, **_: Any) -> None:
    """PostgreSQL's words for the partial indexes. Said here and not beside the index, since naming a dialect there imports it: a
    twentieth of a server's start.
    """
    if connection.dialect.name == "postgresql":
        for table, name, condition in (
            (jobs, "ix_jobs_previews", "preview"),
            (events, "uq_events_one_terminal", "terminal"),
        ):
            (index,) = (index for index in table.indexes if index.name == name)
            index.dialect_options["postgresql"]["where"] = text(condition)

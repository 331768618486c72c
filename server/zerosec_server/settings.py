"""Every knob of the server, once. Environment variables start with ZEROSEC_; .env.example documents each."""

import os
from enum import StrEnum
from pathlib import Path

import platformdirs
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

__all__ = ["PREVIEW_SLOTS", "Deployment", "Settings"]

MIB = 1024**2
GIB = 1024**3
PREVIEW_SLOTS = 2
"""Beside the slots of jobs: a form must not wait for an analysis that takes hours."""


class Deployment(StrEnum):
    """How this server is used: bundled with one person's desktop, or shared."""

    EMBEDDED = "embedded"
    SERVER = "server"


class Settings(BaseSettings):
    """Read from the environment, then from a .env file in the working folder; arguments of `zerosec-server` come first."""

    model_config = SettingsConfigDict(env_prefix="ZEROSEC_", env_file=".env", extra="ignore", frozen=True)

    deployment: Deployment = Field(
        Deployment.EMBEDDED, description="embedded: one user on this machine; server: shared."
    )
    data_dir: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("zerosec", appauthor=False)),
        description="Where the database, stored files and workspaces lie.",
    )
    host: str = Field(
        "127.0.0.1", description="Address to listen on. The embedded server refuses any but loopback."
    )
    port: int = Field(0, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    analysis_spec_modules: tuple[str, ...] = Field(
        (), description="Spec modules of analyses to offer besides the built-in and the installed ones."
    )
    programs: dict[str, str] = Field(
        {},
        description='Where external programs lie that are not on the PATH: \'{"bwa": "/opt/bwa/bwa"}\'.',
    )
    slots: int = Field(
        default_factory=lambda: max(1, os.cpu_count() or 1),
        ge=1,
        le=256,
        description="Jobs that run at the same time.",
    )
    run_slots: int = Field(2, ge=1, le=256, description="Steps of one run that run at the same time.")
    clean_runs_after_days: float = Field(
        0.0, ge=0, description="Files of runs go so long after their last job, unless pinned; 0: never."
    )
    clean_runs_above_bytes: int = Field(
        0,
        ge=0,
        description="Of runs that are not pinned, files of the oldest go when those of all of them take more; 0: no limit.",
    )
    lease_ttl_s: float = Field(
        10.0, ge=0.5, description="A job whose worker is silent for so long goes to another."
    )
    max_attempts: int = Field(
        3, ge=1, le=20, description="Lost workers after which a job ends as worker_lost."
    )
    retry_delay_s: float = Field(
        1.0, ge=0, description="Back-off after a lost worker; doubles with each attempt."
    )
    queue_limit: int = Field(
        10_000, ge=1, description="Queued jobs at which a submit is refused with queue_full."
    )
    job_wall_time_s: float = Field(24 * 3600, gt=0, description="Longest time a job may run.")
    preview_wall_time_s: float = Field(60.0, gt=0, description="Longest time a preview of a form may take.")
    job_memory_bytes: int = Field(
        8 * GIB, ge=64 * MIB, description="Most memory a job's processes may use together."
    )
    job_output_bytes: int = Field(20 * GIB, ge=MIB, description="Most bytes a job may leave as artifacts.")
    job_output_files: int = Field(20_000, ge=1, description="Most files a job may leave as artifacts.")
    job_log_bytes: int = Field(
        64 * MIB, ge=1024, description="A job's log is cut, and says so, beyond this size."
    )
    cancel_grace_s: float = Field(3.0, ge=0, description="Time between asking a job to end and killing it.")
    idle_timeout_s: float = Field(
        600.0, ge=0, description="The embedded server stops after so long without work or callers; 0: never."
    )
    warm_idle_s: float = Field(
        300.0,
        ge=0,
        description="Heavy libraries stay in memory for so long after a job that used them; 0: never.",
    )
    max_file_size_bytes: int = Field(1024 * GIB, ge=1, description="Largest file that may be stored.")
    storage_reserve_bytes: int = Field(
        256 * MIB,
        ge=0,
        description="Disk space that is never given to files, so that the database can go on.",
    )
    part_size_bytes: int = Field(16 * MIB, ge=64 * 1024, description="Size of the parts of an upload.")
    url_ttl_s: float = Field(900.0, gt=0, description="How long a signed URL is good for.")
    upload_ttl_s: float = Field(
        7 * 24 * 3600, gt=0, description="How long an unfinished upload can be resumed."
    )
    unreferenced_file_ttl_s: float = Field(
        30 * 24 * 3600, gt=0, description="How long a file that no run or job uses is kept."
    )
    handover: bool = Field(True, description="Offer file: URLs to clients that share this disk.")
    synchronous: bool = Field(True, description="Honour Prefer: wait.")
    max_wait_s: float = Field(60.0, ge=0, le=600, description="Longest wait that is honoured.")
    request_body_bytes: int = Field(4 * MIB, ge=1024, description="Largest JSON body.")
    log_level: str = Field(
        "info", pattern="^(debug|info|warning|error)$", description="What the server logs."
    )

    @property
    def database_path(self) -> Path:
        """The SQLite file."""
        return self.data_dir / "zerosec.db"

    @property
    def storage_dir(self) -> Path:
        """Stored files and artifacts."""
        return self.data_dir / "storage"

    @property
    def workspaces_dir(self) -> Path:
        """A folder a running attempt."""
        return self.data_dir / "workspaces"

    @property
    def backups_dir(self) -> Path:
        """Backups of projects, a folder each."""
        return self.data_dir / "backups"

    @property
    def cache_dir(self) -> Path:
        """What is made once for all jobs, and made anew if it is gone."""
        return self.data_dir / "cache"

    @property
    def scratch_dir(self) -> Path:
        """What is needed for moments; what killed processes have left there goes when the server starts."""
        return self.data_dir / "scratch"

    @property
    def token_path(self) -> Path:
        """The 0600 file with the embedded server's token."""
        return self.data_dir / "token"

    @property
    def ready_path(self) -> Path:
        """The ready line of the server that is running, for clients that look for it."""
        return self.data_dir / "server.json"

"""What the window remembers of a project beyond what the server keeps: files chosen, steps done; written atomically."""

import contextlib
import json
import os
import tempfile
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from zerosec_desktop.screens.experiments.steps import Note, Step
from zerosec_desktop.settings import settings_folder

__all__ = ["ProjectNotes", "last_project", "read_notes", "remember_project", "write_notes"]


class ProjectNotes(BaseModel):
    """Of one project. Losing it loses no result: every step can be taken again."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    folder: Path | None = None
    parameters_file: Path | None = None
    parameter_rows: tuple[tuple[str, str, str, str], ...] | None = Field(
        default=None, description="The form: name, min, max, step or levels; None while it is the profile's."
    )
    by_table: bool = Field(
        default=True, description="The variables are taken from the form, not from a sheet."
    )
    keep: str = ""
    forbidden: str = ""
    combination_job: str = ""
    candidates_file: Path | None = None
    factors: dict[str, str] = Field(
        default_factory=dict, description="Planned without a list: each factor's range or levels."
    )
    fixed: dict[str, str] = Field(
        default_factory=dict, description="Planned without a list: variables with one level."
    )
    completing: str = Field(default="nothing", description="Runs already done that a design completes.")
    done_file: Path | None = Field(default=None, description="Where they come from a file.")
    designs: tuple[str, ...] = Field(default=(), description="Jobs of designs, newest first.")
    design_job: str = Field(default="", description="The job of the design that was accepted.")
    lab_sheet: Path | None = None
    given: dict[str, str] = Field(
        default_factory=dict, description="Values of the whole series, as last used."
    )
    filter_json: str = ""
    profile_draft: str = Field(
        default="", description="Of the profile: what was written and not saved, as JSON."
    )
    profile_draft_of: str = Field(default="", description="SHA-256 of the profile it was written from.")
    steps: dict[Step, tuple[str, str]] = Field(
        default_factory=dict, description="Output and source of steps done."
    )

    def notes(self) -> dict[Step, Note]:
        """The steps that were done."""
        return {step: Note(output, source) for step, (output, source) in self.steps.items()}


def _path(project_id: str) -> Path:
    return settings_folder() / "projects" / f"{project_id}.json"


def read_notes(project_id: str) -> ProjectNotes:
    """What is remembered; nothing where the file is missing or cannot be read."""
    try:
        return ProjectNotes.model_validate_json(_path(project_id).read_bytes())
    except (OSError, ValidationError):
        return ProjectNotes()


def write_notes(project_id: str, notes: ProjectNotes) -> None:
    """Remember. Raises OSError."""
    _write(_path(project_id), notes.model_dump_json())


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            Path(draft).unlink()
        raise


def last_project() -> tuple[str, str]:
    """Target and id of the project that was open last; empty if there was none."""
    try:
        found = json.loads((settings_folder() / "projects" / "last.json").read_text(encoding="utf-8"))
        return str(found["target"]), str(found["project"])
    except (OSError, ValueError, KeyError, TypeError):
        return "", ""


def remember_project(target: str, project_id: str) -> None:
    """The project that is open now. Raises OSError."""
    _write(
        settings_folder() / "projects" / "last.json", json.dumps({"target": target, "project": project_id})
    )

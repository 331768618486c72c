"""Keeps forms: the draft that survives a crash, the values last used, and presets by name.

Everything is one small JSON file an analysis and step, replaced by rename, so that a crash while writing leaves the old
one. A file that cannot be read is set aside under another name and reported, never overwritten in silence.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from zerosec_shared.contract import JsonValue
from zerosec_shared.files import InputFile

__all__ = ["Draft", "FormStore", "StoredForm"]

_MAX_PRESETS = 200


class Draft(BaseModel):
    """A form that was being filled in: the file's path as the user chose it, its dialect, and the values."""

    model_config = ConfigDict(frozen=True)

    values: dict[str, JsonValue] = Field(default_factory=dict)
    files: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    copies: dict[str, InputFile] = Field(
        default_factory=dict, description="Stored files that a slot's file is a copy of."
    )
    name: str = ""


class StoredForm(BaseModel):
    """All that is kept for one step of one analysis."""

    model_config = ConfigDict(frozen=True)

    version: int = 1
    draft: Draft | None = None
    last: Draft | None = None
    """What was run last."""
    defaults: dict[str, JsonValue] | None = None
    """What a new form begins with, where the user has said so."""
    presets: dict[str, dict[str, JsonValue]] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _as_it_was_written(cls, stored: object) -> object:
        """Once the values alone were kept of what was run last."""
        if isinstance(stored, dict) and "last_used" in stored:
            values = stored["last_used"]
            rest = {name: value for name, value in stored.items() if name != "last_used"}
            return rest if values is None else {"last": {"values": values}, **rest}
        return stored


@dataclass(slots=True)
class FormStore:
    """Reads and writes the stored forms below one folder."""

    folder: Path
    set_aside: Path | None = None

    def load(self, analysis: str, step: str) -> StoredForm:
        """What is kept; empty when nothing is. An unreadable file is moved aside and named in `set_aside`."""
        path = self._path(analysis, step)
        try:
            return StoredForm.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            return StoredForm()
        except (ValidationError, ValueError, OSError):
            aside = path.with_suffix(".unreadable.json")
            try:
                path.replace(aside)
            except OSError:
                return StoredForm()
            self.set_aside = aside
            return StoredForm()

    def save_draft(self, analysis: str, step: str, draft: Draft | None) -> None:
        """Keep the form as it stands, or forget it after it was sent."""
        stored = self.load(analysis, step)
        if stored.draft != draft:
            self._write(analysis, step, stored.model_copy(update={"draft": draft}))

    def remember(self, analysis: str, step: str, sent: Draft) -> None:
        """Keep what was sent, and forget the draft."""
        stored = self.load(analysis, step)
        self._write(analysis, step, stored.model_copy(update={"last": sent, "draft": None}))

    def save_defaults(self, analysis: str, step: str, values: Mapping[str, JsonValue] | None) -> None:
        """What new forms begin with; None: what the analysis declares."""
        stored = self.load(analysis, step)
        kept = None if values is None else dict(values)
        self._write(analysis, step, stored.model_copy(update={"defaults": kept}))

    def save_preset(self, analysis: str, step: str, name: str, values: Mapping[str, JsonValue]) -> None:
        """Keep values under a name; the same name replaces. ValueError when there are too many."""
        stored = self.load(analysis, step)
        presets = {**stored.presets, name: dict(values)}
        if len(presets) > _MAX_PRESETS:
            raise ValueError(f"more than {_MAX_PRESETS} presets")
        self._write(analysis, step, stored.model_copy(update={"presets": presets}))

    def delete_preset(self, analysis: str, step: str, name: str) -> None:
        """Forget a preset."""
        stored = self.load(analysis, step)
        presets = {key: value for key, value in stored.presets.items() if key != name}
        self._write(analysis, step, stored.model_copy(update={"presets": presets}))

    def _path(self, analysis: str, step: str) -> Path:
        return self.folder / f"{analysis}.{step}.json"

    def _write(self, analysis: str, step: str, stored: StoredForm) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self._path(analysis, step)
        temporary = path.with_suffix(f".{os.getpid()}.part")
        text = json.dumps(stored.model_dump(mode="json"), ensure_ascii=False, indent=1)
        with temporary.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)

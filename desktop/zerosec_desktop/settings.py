"""The user's settings: one model in one file, written atomically, migrated by version; a bad file is set aside."""

import contextlib
import json
import os
import tempfile
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any

from platformdirs import user_config_path, user_documents_path
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from PySide6.QtCore import QObject, Signal

from zerosec_client.turns import AT_ONCE, MOST_AT_ONCE
from zerosec_desktop.resources.theme import ThemeChoice

__all__ = ["Language", "Settings", "SettingsStore", "settings_folder"]

VERSION = 2


class Language(StrEnum):
    """What the window speaks."""

    SYSTEM = "system"
    ENGLISH = "en"
    JAPANESE = "ja"


class Settings(BaseModel):
    """Every setting once. Frozen: change by `SettingsStore.change`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    version: int = VERSION
    language: Language = Language.SYSTEM
    theme: ThemeChoice = ThemeChoice.SYSTEM
    scale_percent: int = Field(default=100, ge=100, le=200)
    results_folder: Path = Field(default_factory=lambda: user_documents_path() / "ZeroSec")
    notify_when_done: bool = True
    leave_server_running: bool = True
    server_slots: int = Field(default=0, ge=0, le=64, description="Jobs at a time; 0: as many as processors.")
    job_memory_gib: int = Field(
        default=0, ge=0, le=4096, description="Most memory of a job; 0: the server's own limit."
    )
    job_hours: int = Field(
        default=0, ge=0, le=8760, description="Longest time of a job; 0: the server's own limit."
    )
    transfers_at_once: int = Field(default=AT_ONCE, ge=1, le=MOST_AT_ONCE)
    recent_files: tuple[Path, ...] = ()
    jobs_columns: tuple[str, ...] = ()
    jobs_group: str = ""
    window_geometry: str = ""
    navigation_folded: bool = False


def _to_2(old: dict[str, Any]) -> dict[str, Any]:
    """Version 1 wrote the scale as a factor."""
    factor = old.pop("scale", None)
    if isinstance(factor, int | float):
        old["scale_percent"] = min(200, max(100, round(factor * 100)))
    return old


_MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: _to_2}


def settings_folder() -> Path:
    """Where settings, the crash log and swap files are kept; ZEROSEC_DESKTOP_DIR overrides the system's place."""
    override = os.environ.get("ZEROSEC_DESKTOP_DIR")
    return Path(override) if override else user_config_path("zerosec", appauthor=False)


class SettingsStore(QObject):
    """Reads once, writes at each change, tells who listens."""

    changed = Signal(object)  # Settings

    def __init__(self, path: Path | None = None) -> None:
        super().__init__()
        self.path = path or settings_folder() / "settings.json"
        self.set_aside: Path | None = None
        """Where an unreadable file went; the window says so."""
        self.write_problem: OSError | None = None
        self.value = self._read()

    def change(self, **fields: object) -> None:
        """Change some settings; the file is on disk before anyone is told.

        A disk that refuses leaves the settings changed for this session and the reason in `write_problem`.
        """
        updated = Settings.model_validate({**self.value.model_dump(), **fields})
        if updated == self.value:
            return
        self.value = updated
        self._write()
        self.changed.emit(updated)

    def remember_file(self, path: Path) -> None:
        """Put a file first among the recent ones."""
        recent = (path, *(known for known in self.value.recent_files if known != path))
        self.change(recent_files=recent[:12])

    def _read(self) -> Settings:
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return Settings()
        except (OSError, UnicodeDecodeError):
            return self._put_aside()
        try:
            raw = json.loads(text)
            version = int(raw.get("version", 1))
            if version > VERSION:
                return self._put_aside()
            while version < VERSION:
                raw = _MIGRATIONS[version](raw)
                version += 1
            raw["version"] = VERSION
            return Settings.model_validate(raw)
        except (ValueError, AttributeError, TypeError, ValidationError):
            return self._put_aside()

    def _put_aside(self) -> Settings:
        number = 1
        while (kept := self.path.with_name(f"settings.bad-{number}.json")).exists():
            number += 1
        with contextlib.suppress(OSError):
            self.path.replace(kept)
            self.set_aside = kept
        return Settings()

    def _write(self) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=".settings-")
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    file.write(self.value.model_dump_json(indent=1))
                    file.flush()
                    os.fsync(file.fileno())
                Path(name).replace(self.path)
            except OSError:
                Path(name).unlink(missing_ok=True)
                raise
            self.write_problem = None
        except OSError as error:
            self.write_problem = error

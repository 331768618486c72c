"""The user's settings: one model in one file, written atomically, migrated by version; a bad file is set aside.

Pydantic is the judge of every value that is not plainly what it is declared to be, and is loaded when there is one: the window
is painted before.
"""

import contextlib
import json
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, get_type_hints

from platformdirs import user_config_path, user_documents_path
from PySide6.QtCore import QObject, Signal

from zerosec_client.turns import AT_ONCE, MOST_AT_ONCE
from zerosec_desktop.resources.theme import ThemeChoice

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema

__all__ = ["Language", "Settings", "SettingsStore", "settings_folder"]

VERSION = 2


class Language(StrEnum):
    """What the window speaks."""

    SYSTEM = "system"
    ENGLISH = "en"
    JAPANESE = "ja"


class Within(NamedTuple):
    """The least and the greatest value of a setting."""

    least: int
    greatest: int

    def __get_pydantic_core_schema__(self, source: object, handler: "GetCoreSchemaHandler") -> "CoreSchema":
        from pydantic_core.core_schema import int_schema

        return int_schema(ge=self.least, le=self.greatest)


@dataclass(frozen=True)
class Settings:
    """Every setting once. Frozen: change by `SettingsStore.change`."""

    version: int = VERSION
    language: Language = Language.SYSTEM
    theme: ThemeChoice = ThemeChoice.SYSTEM
    scale_percent: Annotated[int, Within(100, 200)] = 100
    results_folder: Path = field(default_factory=lambda: user_documents_path() / "ZeroSec")
    notify_when_done: bool = True
    leave_server_running: bool = True
    server_slots: Annotated[int, Within(0, 64)] = 0
    """Jobs at a time; 0: as many as processors."""
    job_memory_gib: Annotated[int, Within(0, 4096)] = 0
    """Most memory of a job; 0: the server's own limit."""
    job_hours: Annotated[int, Within(0, 8760)] = 0
    """Longest time of a job; 0: the server's own limit."""
    transfers_at_once: Annotated[int, Within(1, MOST_AT_ONCE)] = AT_ONCE
    recent_files: tuple[Path, ...] = ()
    jobs_columns: tuple[str, ...] = ()
    jobs_group: str = ""
    window_geometry: str = ""
    navigation_folded: bool = False


def _checked(values: Mapping[str, Any]) -> Settings:
    """Settings from what was read or changed; what is not declared is left out. Raises ValueError."""
    declared = _declared()
    found = {name: value for name, value in values.items() if name in declared}
    if all(_plainly(value, declared[name]) for name, value in found.items()):
        return Settings(**found)
    from pydantic import TypeAdapter

    return TypeAdapter(Settings).validate_python(found)


@cache
def _declared() -> dict[str, Any]:
    return get_type_hints(Settings, include_extras=True)


def _plainly(value: object, declared: Any) -> bool:
    """Whether a value needs no reading: it is of its type already, and within its bounds."""
    if hasattr(declared, "__metadata__"):
        bounds = declared.__metadata__[0]
        return type(value) is int and bounds.least <= value <= bounds.greatest
    if getattr(declared, "__origin__", None) is tuple:
        return type(value) is tuple and all(_plainly(item, declared.__args__[0]) for item in value)
    return isinstance(value, declared) and (
        declared in {Path, Language, ThemeChoice} or type(value) is declared
    )


def _to_2(old: dict[str, Any]) -> dict[str, Any]:
    """Version 1 wrote the scale as a factor."""
    factor = old.pop("scale", None)
    if isinstance(factor, int | float):
        old["scale_percent"] = min(200, max(100, round(factor * 100)))
    return old


_MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: _to_2}


def _from_json(raw: Mapping[str, Any]) -> dict[str, Any]:
    """What JSON has no type for, where it is plainly meant: paths, lists that never change, the few words."""
    made: dict[str, Callable[[Any], Any]] = {
        "language": Language,
        "theme": ThemeChoice,
        "results_folder": Path,
        "recent_files": lambda paths: tuple(Path(path) for path in paths) if type(paths) is list else paths,
        "jobs_columns": lambda names: tuple(names) if type(names) is list else names,
    }
    return {name: made[name](value) if name in made else value for name, value in raw.items()}


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
        updated = _checked({**vars(self.value), **fields})
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
            return _checked(_from_json(raw))
        except (ValueError, AttributeError, TypeError):
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
                    json.dump(asdict(self.value), file, indent=1, ensure_ascii=False, default=str)
                    file.flush()
                    os.fsync(file.fileno())
                Path(name).replace(self.path)
            except OSError:
                Path(name).unlink(missing_ok=True)
                raise
            self.write_problem = None
        except OSError as error:
            self.write_problem = error

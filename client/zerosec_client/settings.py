"""Settings of the client: the environment, else `client.env` in the one folder where this user keeps settings.

A `.env` file of the working folder is never read: a folder that came with somebody's data must not decide what program is
started here, and where data goes. For the same reason `client.env` counts only if nobody else could have written it.
"""

import os
import re
import stat
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from zerosec_shared.texts import say

if TYPE_CHECKING:
    from zerosec_client.errors import LocalFileError

__all__ = ["NAMES", "setting", "settings_file"]

NAMES = (
    "ZEROSEC_CLIENT_DIR",
    "ZEROSEC_DATA_DIR",
    "ZEROSEC_SERVER",
    "ZEROSEC_URL",
    "ZEROSEC_TOKEN",
    "ZEROSEC_CA_FILE",
)
TOKEN_OF_TARGET = re.compile(r"ZEROSEC_TOKEN_[A-Z0-9_]+")
MOST_BYTES = 64 * 1024


def settings_file() -> Path:
    """Where the settings file is, if there is one. No setting moves it."""
    import platformdirs

    return Path(platformdirs.user_config_dir("zerosec", appauthor=False)) / "client.env"


def setting(name: str) -> str | None:
    """A setting of the environment, else of the file; None where it is empty or not there. Raises LocalFileError."""
    if name in os.environ:
        return os.environ[name] or None
    return _from_file(settings_file()).get(name) or None


def _from_file(path: Path) -> dict[str, str]:
    try:
        with path.open("rb") as file:
            _check_rights(path, os.fstat(file.fileno()))
            text = file.read(MOST_BYTES).decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise _unusable(path, f"It cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise _unusable(path, "It is not text in UTF-8.") from error
    from dotenv.parser import parse_stream

    found = {}
    for binding in parse_stream(StringIO(text)):
        text_before = len(binding.original.string) - len(binding.original.string.lstrip("\r\n"))
        line = binding.original.line + binding.original.string.count("\n", 0, text_before)
        if binding.error or (binding.key is not None and binding.value is None):
            raise _unusable(path, f"Line {line} is not of the form NAME=value.")
        if binding.key is None:
            continue
        if binding.key not in NAMES and not TOKEN_OF_TARGET.fullmatch(binding.key):
            raise _unusable(
                path, f"Line {line} sets “{binding.key}”, and there are only {', '.join(NAMES)} and tokens."
            )
        found[binding.key] = binding.value or ""
    return found


def _check_rights(path: Path, facts: os.stat_result) -> None:
    if os.name != "posix":
        return
    others = facts.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    if facts.st_uid not in {0, os.geteuid()} or others:
        raise _unusable(
            path, "Others than you can change it, and it decides what is started here and where data goes."
        )
    if facts.st_mode & (stat.S_IRGRP | stat.S_IROTH) and b"ZEROSEC_TOKEN" in path.read_bytes():
        raise _unusable(path, "Others than you can read it, and it holds a token.")


def _unusable(path: Path, why: str) -> "LocalFileError":
    from zerosec_client.errors import (
        LocalFileError,  # with all models of errors, which a program's start has no time for
    )

    return LocalFileError(
        say("The file of settings ({path}) cannot be used.", path=path),
        why,
        say(
            "Correct it, or make it yours alone with “chmod 600 {path}”; docs/cli.md says what it may hold.",
            path=path,
        ),
    )

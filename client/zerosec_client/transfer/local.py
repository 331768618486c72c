"""Local files as transfers meet them: gone, unreadable, changing, no space; each told in words."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from zerosec_client.errors import LocalFileError, NoSpaceLeftError
from zerosec_client.fingerprint import Fingerprint
from zerosec_shared.causes import cause
from zerosec_shared.texts import say

__all__ = ["FileChangedError", "SourceFile", "local_path", "told_in_words"]

NO_SPACE = {errno.ENOSPC, errno.EDQUOT}


class FileChangedError(LocalFileError):
    """The file was changed while it was read."""

    code = "file_changed"

    def __init__(self, path: Path) -> None:
        super().__init__(
            say("{name} changed while it was being sent.", name=path.name),
            "What was sent is no one state of the file, and was not kept.",
            "Wait until the program that writes it has finished, then try again.",
        )


@contextmanager
def told_in_words(path: Path, *, writing: bool = False) -> Iterator[None]:
    """Turn what the operating system says about a path into words."""
    try:
        yield
    except FileNotFoundError as error:
        raise LocalFileError(
            say("{path} is not there.", path=path), hint="Check the name and the folder."
        ) from error
    except PermissionError as error:
        raise LocalFileError(
            say("{path} cannot be written: you have no rights to it.", path=path)
            if writing
            else say("{path} cannot be read: you have no rights to it.", path=path),
            hint="Ask for the rights, or choose another place.",
        ) from error
    except (IsADirectoryError, NotADirectoryError) as error:
        raise LocalFileError(
            say("{path} is not a file that can be written.", path=path)
            if writing
            else say("{path} is not a file that can be read.", path=path)
        ) from error
    except OSError as error:
        if error.errno in NO_SPACE:
            raise no_space(path) from error
        raise LocalFileError(
            say("{path} cannot be written: {cause}.", path=path, cause=cause(error))
            if writing
            else say("{path} cannot be read: {cause}.", path=path, cause=cause(error))
        ) from error


def no_space(path: Path) -> NoSpaceLeftError:
    """The disk that holds `path` is full."""
    return NoSpaceLeftError(
        say("There is no space left for {name}.", name=path.name),
        say("The disk that holds {parent} is full; nothing incomplete was left there.", parent=path.parent),
        "Free some space, or choose a folder on another disk.",
    )


class SourceFile:
    """A regular file, open for reading, and how it looked when it was opened."""

    def __init__(self, path: Path) -> None:
        """Open it. Raises LocalFileError."""
        self.path = path
        with told_in_words(path):
            if not stat.S_ISREG(path.stat().st_mode):
                raise LocalFileError(say("{path} is not a file.", path=path), hint="Choose a file.")
            self.fingerprint = Fingerprint.of(path)
            self.descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
            self.size_bytes = self.fingerprint.size_bytes
        self.check_unchanged()

    def check_unchanged(self) -> None:
        """Raises FileChangedError if the file is not what it was when it was opened, LocalFileError if it is gone."""
        with told_in_words(self.path):
            seen = os.fstat(self.descriptor)
            same = (seen.st_size, seen.st_mtime_ns) == (self.size_bytes, self.fingerprint.modified_ns)
            if not same or Fingerprint.of(self.path) != self.fingerprint:
                raise FileChangedError(self.path)

    def close(self) -> None:
        """Close it."""
        os.close(self.descriptor)


def local_path(url: str) -> Path | None:
    """The path of a file: URL of this machine, None for any other URL."""
    parts = urlsplit(url)
    if parts.scheme != "file" or parts.netloc not in {"", "localhost"}:
        return None
    return Path(url2pathname(parts.path))

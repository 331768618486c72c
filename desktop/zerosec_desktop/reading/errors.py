"""Why a data file could not be read, in the user's words."""

import errno
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zerosec_desktop.resources.language import translate

__all__ = ["ReadingError", "as_sentence", "ended", "failure", "out_of_time", "stands_still"]


@dataclass(eq=False)
class ReadingError(Exception):
    """A file could not be read. All but `technical` is for the user as it stands."""

    title: str
    detail: str = ""
    hint: str = ""
    technical: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (as_sentence(self.title), self.detail, self.hint) if part)


def as_sentence(title: str) -> str:
    """With the full stop of the language."""
    return translate("Reading", "{title}.").format(title=title)


def ended(path: Path) -> ReadingError:
    """The process ended over it."""
    return ReadingError(
        translate("Reading", "The file cannot be read"),
        translate(
            "Reading",
            "What reads files for ZeroSec gave up over “{name}”: the file is damaged, or needs more memory than there is.",
        ).format(name=path.name),
        translate("Reading", "Save it again from the program it came from, for example as CSV."),
    )


def stands_still(path: Path, seconds: float) -> ReadingError:
    """Nothing came for so long."""
    return ReadingError(
        translate("Reading", "The file does not answer"),
        translate(
            "Reading",
            "Nothing of “{name}” arrived for {seconds} seconds: the disk or network share it lies on may be away.",
        ).format(name=path.name, seconds=f"{seconds:.0f}"),
        translate("Reading", "Look whether the share is connected, then open the file again."),
    )


def out_of_time(path: Path, seconds: float) -> ReadingError:
    """It took longer than anyone waits."""
    return ReadingError(
        translate("Reading", "Reading the file takes too long"),
        translate("Reading", "“{name}” was not read within {minutes} minutes, and was given up.").format(
            name=path.name, minutes=f"{seconds / 60:.0f}"
        ),
        translate("Reading", "Save it as Parquet or CSV, or copy it to this computer's own disk first."),
    )


def failure(path: Path, said: Mapping[str, Any]) -> Exception:
    """What the process says of a file it could not read."""
    if said.get("memory"):
        return ended(path)
    if said.get("errno") == errno.ENOENT:
        return ReadingError(
            translate("Reading", "The file is not there"),
            translate("Reading", "“{name}” was moved, renamed or deleted.").format(name=path.name),
            translate("Reading", "Choose it again at its new place."),
        )
    if "errno" in said:
        return OSError(int(said["errno"]), str(said["strerror"]), str(said["filename"] or path))
    if said.get("title"):
        return ReadingError(str(said["title"]), str(said["detail"]), str(said["hint"]))
    return ReadingError(
        translate("Reading", "The file cannot be read"),
        translate("Reading", "“{name}” holds something that ZeroSec does not know.").format(name=path.name),
        translate("Reading", "Save it again from the program it came from, for example as CSV."),
        str(said.get("technical", "")),
    )

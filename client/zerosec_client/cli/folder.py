"""The folder for results: its name when none was given, and that it can be written before anything is computed."""

import os
import tempfile
from pathlib import Path

from zerosec_client.errors import LocalFileError
from zerosec_shared.causes import cause
from zerosec_shared.texts import say

__all__ = ["free_folder", "prepare_folder"]


MOST_BYTES = 200


def free_folder(name: str, kind: str) -> Path:
    """A folder called by a name and a kind in the working folder that does not exist yet: with a number where it does.

    A name that is longer than folders' may be is cut.
    """
    while len(os.fsencode(name)) > MOST_BYTES:
        name = name[:-1]
    stem = "-".join(part for part in (name, kind) if part)
    first = Path.cwd() / stem
    candidate, number = first, 2
    while candidate.exists():
        candidate, number = first.with_name(f"{stem}-{number}"), number + 1
    return candidate


def prepare_folder(folder: Path, *, overwrite: bool) -> Path:
    """Make the folder and try to write in it. LocalFileError where it cannot be used or holds files already."""
    absolute = folder.expanduser().absolute()
    try:
        str(absolute).encode()
    except UnicodeEncodeError as error:
        shown = str(folder).encode(errors="replace").decode()
        raise LocalFileError(
            say("The name of the folder {shown} is no valid text.", shown=shown),
            hint="Choose another folder with --out.",
        ) from error
    try:
        if absolute.exists() and not absolute.is_dir():
            raise LocalFileError(
                say("{folder} is a file, and a folder is needed for the results.", folder=folder)
            )
        if absolute.is_dir() and not overwrite and any(absolute.iterdir()):
            raise LocalFileError(
                say("The folder {folder} holds files already.", folder=folder),
                "Results of two runs in one folder could be taken for one another.",
                "Choose another folder, or say --overwrite to put the results over what is there.",
            )
        absolute.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=absolute):
            pass
    except PermissionError as error:
        raise LocalFileError(
            say("You have no right to write in {folder}.", folder=folder),
            hint="Choose another folder with --out.",
        ) from error
    except OSError as error:
        raise LocalFileError(
            say(
                "The folder {folder} cannot be made or written: {cause}.",
                folder=folder,
                cause=cause(error),
            )
        ) from error
    return absolute

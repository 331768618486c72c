"""matplotlib's list of fonts, made by one job and used by the next ones; it takes most of a second to make.

Each job has a folder of its own for it, filled with a copy of the shared list and given back by rename: a job that is killed
half way leaves neither a half written list nor a lock to the others. A list is used for a day, so that new fonts are found.
"""

import os
import re
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

__all__ = ["give_back_fonts", "take_fonts"]

FONT_LIST = re.compile(r"fontlist-.*\.json")
GOOD_FOR_S = 24 * 3600.0


def _shared(cache: str) -> Path:
    return Path(cache) / "matplotlib"


def _lists(folder: Path) -> list[Path]:
    """Raises FileNotFoundError; quicker than a glob, since every job looks."""
    return [folder / name for name in os.listdir(folder) if FONT_LIST.fullmatch(name)]  # noqa: PTH208


def take_fonts(cache: str, own: Path) -> None:
    """Put the shared lists into a job's own folder. Without them, or where it fails, the job makes its own, and the folder too."""
    if cache:
        with suppress(OSError):
            for found in _lists(_shared(cache)):
                if 0 <= time.time() - found.stat().st_mtime < GOOD_FOR_S:
                    own.mkdir(mode=0o700, exist_ok=True)
                    shutil.copyfile(found, own / found.name)


def give_back_fonts(cache: str, own: Path) -> None:
    """Share what a job has made; a failure costs the next job a second and nothing else."""
    if not cache:
        return
    shared = _shared(cache)
    with suppress(OSError):
        for made in _lists(own):
            place = shared / made.name
            if place.is_file() and 0 <= time.time() - place.stat().st_mtime < GOOD_FOR_S:
                continue
            shared.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, name = tempfile.mkstemp(dir=shared)
            os.close(handle)
            try:
                shutil.copyfile(made, name)
                Path(name).rename(place)
            finally:
                Path(name).unlink(missing_ok=True)

"""What analyses have made of references, such as the index of a genome: kept for all runs in the folder they share, by the file's checksum.

Guards against two that make, check or remove the same thing at the same time, and against removing what a job reads: whoever
makes or checks it is alone with it, and whoever reads it holds it. Both end with the process, however that ends.
"""

import fcntl
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

__all__ = [
    "MAKING",
    "MANIFEST",
    "Freed",
    "alone_with",
    "forget_prepared",
    "held",
    "prepared_bytes",
    "references_folder",
]

MANIFEST = "manifest.json"
"""The file that makes it whole; written last."""
MAKING = ".making"
"""At the end of the name of a folder that is not whole."""
LOCK = ".lock"


@dataclass(frozen=True)
class Freed:
    """What removing freed. `in_use`: something was left, since a job reads it or makes it just now."""

    size_bytes: int = 0
    in_use: bool = False


def references_folder(cache: Path) -> Path:
    """Where an analysis keeps what it made of references, in its folder of the cache: one folder each, `CHECKSUM-…`."""
    return cache / "references"


@contextmanager
def alone_with(place: Path, *, wait: bool = True) -> Iterator[bool]:
    """Nobody else makes, checks or removes what is kept at `place` while the block runs; False if somebody does, who is not waited for."""
    with place.with_name(place.name + LOCK).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True


@contextmanager
def held(place: Path) -> Iterator[None]:
    """What is whole at `place` is not removed while the block runs. To be entered while alone with it."""
    with (place / MANIFEST).open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield


def prepared_bytes(cache: Path) -> Mapping[str, int]:
    """How large what is whole is, by the checksum of the reference; `cache` is the server's."""
    found: Counter[str] = Counter()
    for place in _places(cache, "*"):
        if not place.name.endswith(MAKING) and (place / MANIFEST).exists():
            found[place.name.partition("-")[0]] += _size(place)
    return found


def forget_prepared(cache: Path, sha256: str) -> Freed:
    """Remove all that was made of a reference, but for what is in use; it is made again when somebody needs it. Raises OSError."""
    freed, in_use = 0, False
    for place in {place.with_name(place.name.removesuffix(MAKING)) for place in _places(cache, sha256)}:
        with alone_with(place, wait=False) as alone:
            if not alone or _is_held(place):
                in_use = True
                continue
            going = place.with_name(place.name + MAKING)  # never seen half removed
            freed += _size(going)
            shutil.rmtree(going, ignore_errors=True)
            if place.exists():
                freed += _size(place)
                place.rename(going)
                shutil.rmtree(going)
    return Freed(freed, in_use)


def _places(cache: Path, sha256: str) -> list[Path]:
    return [
        place
        for analysis in (cache / "analyses").glob("*")
        for place in references_folder(analysis).glob(f"{sha256}-*")
        if place.is_dir()
    ]


def _is_held(place: Path) -> bool:
    try:
        with (place / MANIFEST).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False


def _size(folder: Path) -> int:
    total = 0
    for path in folder.glob("*"):
        try:
            total += path.stat().st_size
        except FileNotFoundError:  # it went meanwhile
            continue
    return total

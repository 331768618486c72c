"""numba's compiled functions, compiled by one job and used by the next ones; a compilation takes seconds.

Guards against what numba's own cache folder does not stand when jobs share it: two that write at a time may number different
functions alike, and one may then run the other's machine code. So each job has a folder of its own, filled with links to the
shared files of its analysis, and what it adds is given back under a lock that dies with its holder. What is shared is a
generation, a folder that never changes; a link names the newest, and is replaced by rename. A job that is killed at any moment
gives nothing or all.
"""

import fcntl
import os
import re
import secrets
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["MOST_BYTES", "CompiledCache"]

MOST_BYTES = 512 * 1024**2
"""Beyond this size all but the newest functions go, and with them those of older versions."""
NEWEST, LOCK = "newest", "lock"
FUNCTION_FILE = re.compile(r"\.(?:nbi|\d+\.nbc)$")


class CompiledCache:
    """The compiled functions of one job, and those its analysis shares. A failure costs a compilation and nothing else."""

    def __init__(self, cache: str, analysis: str, own: Path) -> None:
        """`cache` is the folder of all that jobs share, none if empty; `own` is made for this job."""
        self.own = own
        self._shared = Path(cache) / "numba" / analysis if cache else None
        self._taken: dict[str, tuple[int, int]] = {}

    def take(self) -> None:
        """Fill the job's folder, and point numba to it, whether it is imported already or not."""
        os.environ["NUMBA_CACHE_DIR"] = str(self.own)
        if config := sys.modules.get("numba.core.config"):
            config.reload_config()
        if self._shared is None:
            return
        with suppress(OSError):
            newest = self._shared / os.readlink(self._shared / NEWEST)  # noqa: PTH115 - one call for a job without
            for name, place in _files(newest).items():
                _link(place, self.own / name)
        self._taken = _identities(self.own)

    def give_back(self) -> None:
        """Share what this job has compiled."""
        if self._shared is None or _identities(self.own) == self._taken:
            return
        with suppress(OSError):
            self._shared.mkdir(parents=True, exist_ok=True, mode=0o700)
            with _locked(self._shared / LOCK):
                self._publish(self._shared)

    def _publish(self, shared: Path) -> None:
        newest = shared / NEWEST
        old = shared / newest.readlink() if newest.is_symlink() else None
        chosen = self._chosen(_files(old) if old else {})
        fresh = shared / secrets.token_hex(8)
        try:
            for name, place in chosen.items():
                _link(place, fresh / name)
            draft = shared / f"{fresh.name}.link"
            draft.symlink_to(fresh.name)
            draft.rename(newest)
        except OSError:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
        for entry in shared.iterdir():  # the generation before, and what killed jobs have left
            if entry.name not in {fresh.name, NEWEST, LOCK}:
                if entry.is_dir() and not entry.is_symlink():
                    shutil.rmtree(entry, ignore_errors=True)
                else:
                    entry.unlink(missing_ok=True)

    def _chosen(self, theirs: Mapping[str, Path]) -> dict[str, Path]:
        """A function's files are ours or theirs together: ours unless another job has changed them meanwhile."""
        ours, now = _files(self.own), {name: _identity(place) for name, place in theirs.items()}
        if sum(place.stat().st_size for place in theirs.values()) > MOST_BYTES:
            return {name: place for name, place in ours.items() if _identity(place) != self._taken.get(name)}
        names = now.keys() | self._taken.keys()
        changed = {_function(name) for name in names if now.get(name) != self._taken.get(name)}
        chosen = {name: place for name, place in theirs.items() if _function(name) in changed}
        return chosen | {name: place for name, place in ours.items() if _function(name) not in changed}


def _function(name: str) -> str:
    return FUNCTION_FILE.sub("", name)


def _files(folder: Path) -> dict[str, Path]:
    """The finished files below a folder by their relative names."""
    found = {}
    for parent, _folders, names in os.walk(folder):
        for name in names:
            if FUNCTION_FILE.search(name):
                place = Path(parent) / name
                found[place.relative_to(folder).as_posix()] = place
    return found


def _identity(place: Path) -> tuple[int, int]:
    found = place.stat()
    return found.st_ino, found.st_mtime_ns


def _identities(folder: Path) -> dict[str, tuple[int, int]]:
    return {name: _identity(place) for name, place in _files(folder).items()}


def _link(source: Path, target: Path) -> None:
    """A link is as good as a copy: numba writes by rename, never into a file that is there. Its inode tells it is the same."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    target.hardlink_to(source)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Raises BlockingIOError where another holds it: what is not shared now, a later job shares."""
    with path.open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield

"""What stands at a path: asked beside the window's thread, for the disk or share it lies on may never answer.

At most one thread waits for a folder at a time, however often it is asked for; what has not answered in time is `SILENT`.
"""

import asyncio
import stat
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from zerosec_desktop.bridge import Bridge, Work
from zerosec_desktop.reading.answers import FileStamp

__all__ = ["ANSWER_S", "PathFacts", "PathKind", "ask_paths", "facts_of_paths"]

ANSWER_S = 3.0


class PathKind(StrEnum):
    """What stands there."""

    FILE = "file"
    FOLDER = "folder"
    OTHER = "other"
    """A pipe or device, which would never end."""
    GONE = "gone"
    BARRED = "barred"
    """There may be something, and this user may not know."""
    SILENT = "silent"
    """The disk or share has not answered."""


@dataclass(frozen=True, slots=True)
class PathFacts:
    """Kind of a path; size and time where it is a file."""

    kind: PathKind
    stamp: FileStamp | None = None

    @property
    def size_bytes(self) -> int:
        """The size of a file, else 0."""
        return 0 if self.stamp is None else self.stamp.size_bytes


_SILENT = PathFacts(PathKind.SILENT)
_lock = threading.Lock()
_asked: dict[Path, "Future[dict[Path, PathFacts]]"] = {}
"""Folders somebody waits for."""


def ask_paths(
    bridge: Bridge,
    paths: Iterable[Path],
    done: Callable[[Mapping[Path, PathFacts]], None],
    within_s: float | None = None,
) -> Work:
    """Ask from the window's thread; `done` is called there, within `within_s` or `ANSWER_S`."""
    patience_s = ANSWER_S if within_s is None else within_s
    return bridge.start(facts_of_paths(tuple(paths), patience_s), name="look at paths", done=done)


async def facts_of_paths(paths: Iterable[Path], within_s: float) -> Mapping[Path, PathFacts]:
    """What stands at each path, as far as it answers in time."""
    folders: defaultdict[Path, list[Path]] = defaultdict(list)
    for path in paths:
        folders[path.parent].append(path)
    found = await asyncio.gather(*(_folder(folder, inside, within_s) for folder, inside in folders.items()))
    return {path: facts for several in found for path, facts in several.items()}


async def _folder(folder: Path, paths: list[Path], within_s: float) -> dict[Path, PathFacts]:
    until = asyncio.get_running_loop().time() + within_s
    while (left := until - asyncio.get_running_loop().time()) > 0:
        with _lock:
            waiting = _asked.get(folder)
            ours = waiting is None
            if waiting is None:
                waiting = _asked[folder] = Future()
                threading.Thread(
                    target=_look, args=(folder, paths, waiting), name="look at paths", daemon=True
                ).start()
        try:
            answer = await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(waiting)), left)
        except TimeoutError:
            break
        if ours:
            return answer
    return dict.fromkeys(paths, _SILENT)


def _look(folder: Path, paths: list[Path], answer: "Future[dict[Path, PathFacts]]") -> None:
    found = {path: _facts(path) for path in paths}
    with _lock:
        del _asked[folder]
    if answer.set_running_or_notify_cancel():
        answer.set_result(found)


def _facts(path: Path) -> PathFacts:
    try:
        there = path.stat()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return PathFacts(PathKind.GONE)
    except OSError:
        return PathFacts(PathKind.BARRED)
    if stat.S_ISREG(there.st_mode):
        return PathFacts(PathKind.FILE, FileStamp(there.st_size, there.st_mtime_ns))
    return PathFacts(PathKind.FOLDER if stat.S_ISDIR(there.st_mode) else PathKind.OTHER)

"""Which versions the programs of this machine have. Some take a minute to tell on a busy machine, so that nobody waits for all of them: what
is not known in time is asked on, and told with the next look. What a program did not tell is asked again, what it told never.
"""

import asyncio
import threading
from collections.abc import Iterable
from concurrent.futures import Future
from pathlib import Path

from zerosec_analyses.programs import FoundProgram, version_of

__all__ = ["ProgramVersions"]

Asked = tuple[FoundProgram, int]


class ProgramVersions:
    """What is known of the files as they are: a program that was replaced is asked anew."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked: dict[Asked, Future[str]] = {}

    async def told(self, programs: Iterable[FoundProgram], within_s: float) -> dict[str, str]:
        """The versions by the program's name, empty where none is known so far; within so many seconds."""
        asked = {found.program.name: await asyncio.to_thread(self._ask, found) for found in programs}
        if asked:
            await asyncio.wait([asyncio.wrap_future(one) for one in asked.values()], timeout=within_s)
        return {name: one.result() if one.done() else "" for name, one in asked.items()}

    def _ask(self, found: FoundProgram) -> Future[str]:
        asked = (found, _changed_at(found.path))
        with self._lock:
            known = self._asked.get(asked)
            if known is not None and (not known.done() or known.result()):
                return known
            answer = self._asked[asked] = Future()
        # a daemon: the end of the server does not wait for a program that does not answer
        threading.Thread(target=self._learn, args=(found, answer), name="version", daemon=True).start()
        return answer

    @staticmethod
    def _learn(found: FoundProgram, answer: "Future[str]") -> None:
        version = ""
        try:
            version = version_of(found)
        finally:
            answer.set_result(version)


def _changed_at(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0

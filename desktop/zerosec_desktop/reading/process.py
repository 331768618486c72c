"""The window's side of the reading process: one is kept warm, one that died is replaced, one that stands still is killed.

Guarantees: whoever asks gets answers, or an error in the user's words within `still_s` of the last sign of life; never a wait without
end, and never an abort of this process, whatever the file holds. Everything here blocks: call it from a thread.
"""

import atexit
import contextlib
import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from zerosec_desktop.reading.answers import Request
from zerosec_desktop.reading.errors import ended, failure, out_of_time, stands_still

__all__ = ["Leave", "Readers", "readers"]

STILL_S = 15.0
"""So long a file may give nothing at all, neither bytes nor work over them, before it is given up."""
LIMIT_S = 600.0
LOOK_S = 0.5
SCRATCH = "zerosec-look-"
LARGEST_KEPT_BYTES = 400 * 1024**2
"""A process that has grown larger is not kept for the next file."""


class Leave:
    """Says that the answers are no longer wanted. From any thread."""

    def __init__(self) -> None:
        self._process: _Process | None = None
        self.asked = False

    def now(self) -> None:
        """Nobody waits any more: the reading ends."""
        self.asked = True
        if self._process is not None:
            self._process.heard.put(None)

    def watch(self, process: "_Process") -> None:
        """The process to be left."""
        self._process = process
        if self.asked:
            process.heard.put(None)


def _remove_left() -> None:
    """What windows that were killed with their reading processes have left."""
    import psutil  # type: ignore[import-untyped]

    for folder in Path(tempfile.gettempdir()).glob(f"{SCRATCH}*-*"):
        owner = folder.name.removeprefix(SCRATCH).partition("-")[0]
        if owner.isdecimal() and not psutil.pid_exists(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


class _Process:
    """One reading process. What it says is heard by a thread of its own, for a process that stands still may outlive its kill."""

    def __init__(self) -> None:
        import psutil

        _remove_left()
        self.scratch = Path(tempfile.mkdtemp(prefix=f"{SCRATCH}{os.getpid()}-"))
        frozen = bool(getattr(sys, "frozen", False))
        entry = [] if frozen else ["-P", "-m", "zerosec_desktop"]
        self.child = subprocess.Popen(
            [sys.executable, *entry, "--read-files", str(self.scratch)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: value for name, value in os.environ.items() if not name.startswith("ZEROSEC_")},
        )
        self.life = psutil.Process(self.child.pid)
        self.heard: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self.used = False
        self._listener: threading.Thread | None = None
        self.asked_at = self._lived_at = 0.0
        self._signs = (0.0, 0)

    def ask(self, request: Request) -> None:
        """Send a job, and listen until it is done."""
        self.heard = queue.SimpleQueue()
        self.asked_at = self._lived_at = time.monotonic()
        self._listener = threading.Thread(
            target=self._listen, args=(self.heard,), name="read a file", daemon=True
        )
        assert self.child.stdin is not None
        try:
            self.child.stdin.write(request.line().encode() + b"\n")
            self.child.stdin.flush()
        except OSError:
            self.heard.put({"over": True})
        else:
            self._listener.start()

    def _listen(self, heard: "queue.SimpleQueue[dict[str, Any] | None]") -> None:
        assert self.child.stdout is not None
        answer: dict[str, Any] = {}
        while "done" not in answer and "failure" not in answer:
            line = self.child.stdout.readline()
            try:
                answer = json.loads(line) if line else {"over": True}
            except ValueError:
                answer = {"over": True}
            heard.put(answer)
            if "over" in answer:
                return

    def lived(self) -> None:
        """It has said something."""
        self._lived_at = time.monotonic()

    def still_since(self, now: float) -> float:
        """For how many seconds it has neither worked nor read nor said anything."""
        signs = self._grown()
        if signs != self._signs:
            self._signs, self._lived_at = signs, now
        return now - self._lived_at

    def _grown(self) -> tuple[float, int]:
        """What only grows while it lives: processor seconds, bytes read."""
        import psutil

        try:
            times = self.life.cpu_times()
            counters = self.life.io_counters() if hasattr(self.life, "io_counters") else None
        except psutil.Error:
            return 0.0, 0
        return times.user + times.system, getattr(counters, "read_chars", getattr(counters, "read_bytes", 0))

    def large(self) -> bool:
        """Whether it has grown too large to be kept."""
        import psutil

        try:
            return int(self.life.memory_info().rss) > LARGEST_KEPT_BYTES
        except psutil.Error:
            return True

    def gone(self) -> bool:
        """Whether it has ended."""
        return self.child.poll() is not None

    def end(self) -> None:
        """Kill it and what it left."""
        self.child.kill()
        with contextlib.suppress(OSError):
            assert self.child.stdin is not None
            self.child.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.child.wait(LOOK_S)  # one that hangs in the system ends when the system lets it
        if self._listener is not None and self._listener.ident is not None:
            self._listener.join(LOOK_S)
        if self.child.stdout is not None and (self._listener is None or not self._listener.is_alive()):
            self.child.stdout.close()
        shutil.rmtree(self.scratch, ignore_errors=True)


class Readers:
    """The reading processes of this window."""

    def __init__(self, still_s: float = STILL_S, limit_s: float = LIMIT_S) -> None:
        self.still_s, self.limit_s = still_s, limit_s
        self._lock = threading.Lock()
        self._idle: _Process | None = None
        self._busy: set[_Process] = set()
        self._ended: list[_Process] = []

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes there are."""
        with self._lock:
            every = [*self._busy, *([] if self._idle is None else [self._idle])]
        return tuple(process.child.pid for process in every if not process.gone())

    def warm(self) -> None:
        """Have a process ready for the first file."""
        with self._lock:
            if self._idle is None:
                self._idle = _Process()

    def answers(self, request: Request, leave: Leave | None = None) -> Iterator[tuple[dict[str, Any], Path]]:
        """Each answer, and the folder its table is in. Raises ReadingError or OSError; ends without either when left."""
        while True:
            process = self._take()
            reused, process.used = process.used, True
            began = whole = False
            try:
                process.ask(request)
                if leave is not None:
                    leave.watch(process)
                while (answer := self._next(process, request)) is not None:
                    if "over" in answer:
                        break
                    if "done" in answer:
                        whole = True
                        return
                    if "failure" in answer:
                        whole = True
                        raise failure(request.path, answer["failure"])
                    if "began" in answer:
                        began = True
                    else:
                        yield answer, process.scratch
                else:
                    return
            finally:
                self._give_back(process, keep=whole)
            if began or not reused:  # else it had died while nobody needed it, and the file is not the reason
                raise ended(request.path)

    def close(self) -> None:
        """End them all; a later file starts one anew."""
        with self._lock:
            every = [*self._busy, *([] if self._idle is None else [self._idle])]
            self._idle = None
        for process in every:
            process.heard.put(None)
            self._end(process)

    def _take(self) -> _Process:
        with self._lock:
            self._ended = [process for process in self._ended if not process.gone()]
            process, self._idle = self._idle, None
            if process is None:
                process = _Process()
            self._busy.add(process)
        return process

    def _give_back(self, process: _Process, *, keep: bool) -> None:
        keep = keep and not process.gone() and not process.large()
        with self._lock:
            self._busy.discard(process)
            if keep and self._idle is None:
                self._idle = process
                return
        self._end(process)

    def _end(self, process: _Process) -> None:
        process.end()
        if not process.gone():
            with self._lock:
                self._ended.append(process)

    def _next(self, process: _Process, request: Request) -> dict[str, Any] | None:
        """What it says next; None when it was left. Raises ReadingError where it stands still or takes too long."""
        while True:
            try:
                answer = process.heard.get(timeout=LOOK_S)
            except queue.Empty:
                pass
            else:
                process.lived()
                return answer
            now = time.monotonic()
            if process.still_since(now) > self.still_s:
                raise stands_still(request.path, self.still_s)
            if now - process.asked_at > self.limit_s:
                raise out_of_time(request.path, self.limit_s)


readers = Readers()
"""Those of this program."""
atexit.register(readers.close)

"""Jobs of a running server as fault tests see them: submitted and watched over plain HTTP, their processes by name."""

import json
import os
import sqlite3
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import psutil

from tests.conftest import RunningServer
from zerosec_shared.ids import new_id

T = TypeVar("T")
__all__ = ["Barrier", "Jobs", "eventually", "kill", "kill_at_once", "named"]


def eventually(look: Callable[[], T], seconds: float = 120.0, every_s: float = 0.01) -> T:
    """Wait for a condition to hold and return it."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(every_s)
    return found


def kill_at_once(processes: Sequence[psutil.Process]) -> None:
    """Kill −9 of them all, in their order, as when the power fails; one may end by itself over the death of another."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    _, alive = psutil.wait_procs(processes, timeout=120)
    assert not alive


def kill(process: psutil.Process) -> None:
    """Kill −9 of one, and wait until it is gone or a zombie; its parent may reap it between any two looks."""
    process.kill()

    def ended() -> bool:
        try:
            return process.status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return True

    eventually(ended)


def named(name: str, processes: Iterable[psutil.Process]) -> list[psutil.Process]:
    """Those of this name; others come and go while they are asked."""
    found = []
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            if process.name() == name:
                found.append(process)
    return found


WAITING_AT_MOST = 2 + 2
"""Shims that wait: one for each slot of these tests, and two for previews."""


@dataclass
class Barrier:
    """A folder at which a faulty job waits in the middle of its run."""

    folder: Path

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True)

    def pids(self, kind: str = "started") -> list[int]:
        return [int(entry.suffix[1:]) for entry in self.folder.glob(f"{kind}.[0-9]*")]

    def reached(self) -> int:
        """Wait until the job is there; returns the pid of its newest process."""
        return eventually(lambda: self.pids())[-1]

    def open(self) -> None:
        (self.folder / "go").touch()

    def close(self) -> None:
        for entry in self.folder.iterdir():
            entry.unlink()


@dataclass
class Jobs:
    """One server's jobs and processes."""

    server: RunningServer

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, bytes]:
        request = urllib.request.Request(
            f"{self.server.url}/api/v1{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self.server.token}",
                "Content-Type": "application/json",
                **headers,
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read()

    def get(self, path: str) -> Any:
        status, body = self.call("GET", path)
        assert status == 200, (status, body)
        return json.loads(body)

    def submit(self, analysis: str = "faulty", **parameters: Any) -> str:
        job_id = str(new_id())
        run = {"id": str(new_id()), "analysis": analysis, "name": "a fault", "parameters": parameters}
        status, body = self.call("POST", "/jobs", {"id": job_id, "run": run})
        assert status in {200, 201, 202}, (status, body)
        return job_id

    def ended(self, job_id: str, seconds: float = 120.0) -> Any:
        """Wait for the job's end; checks that it has exactly one, and that it is the last event."""
        eventually(
            lambda: self.get(f"/jobs/{job_id}/status")["status"] in {"succeeded", "failed", "cancelled"},
            seconds,
        )
        events = self.events(job_id)
        states = [event["body"]["status"] for event in events if event["body"]["kind"] == "state"]
        ends = [state for state in states if state in {"succeeded", "failed", "cancelled"}]
        assert len(ends) == 1
        assert events[-1]["body"]["kind"] == "state"
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
        return self.get(f"/jobs/{job_id}")

    def events(self, job_id: str) -> list[Any]:
        found: list[Any] = []
        while True:
            page = self.get(f"/jobs/{job_id}/events?after={len(found)}")
            found += page["events"]
            if not page["events"] or page["complete"]:
                return found

    def cancel(self, job_id: str) -> None:
        status, body = self.call("POST", f"/jobs/{job_id}/cancel")
        assert status in {200, 202}, (status, body)

    def log(self, job_id: str) -> bytes:
        status, body = self.call("GET", f"/jobs/{job_id}/log")
        assert status in {200, 206}, (status, body)
        return body

    def artifacts(self, job_id: str) -> dict[str, Any]:
        found = self.get(f"/jobs/{job_id}/artifacts")
        items = found["items"] if isinstance(found, dict) else found
        return {artifact["path"]: artifact for artifact in items}

    def still_works(self) -> None:
        """The next job runs."""
        assert self.ended(self.submit("noop"))["status"] == "succeeded"

    # Processes.

    def process(self, name: str) -> psutil.Process:
        """The one process of this name directly below the parent."""

        def look() -> list[psutil.Process]:
            return named(f"zerosec-{name}", psutil.Process(self.server.pid).children())

        return eventually(look)[0]

    def stopped(self, name: str) -> psutil.Process:
        """The process of this name, stopped (SIGSTOP) at a moment at which it does not hold the database: else nobody could write."""
        process = self.process(name)

        def stop() -> bool:
            process.suspend()
            eventually(lambda: process.status() == psutil.STATUS_STOPPED)
            with closing(
                sqlite3.connect(self.server.data_dir / "zerosec.db", timeout=1, isolation_level=None)
            ) as database:
                try:
                    database.execute("BEGIN IMMEDIATE")
                except sqlite3.OperationalError:
                    process.resume()
                    return False
                database.execute("ROLLBACK")
                return True

        eventually(stop)
        return process

    def idle(self) -> bool:
        """Whether the server has its own four processes and nothing but waiting shims, each with its one waiting job."""
        try:
            tree = self.server.tree()
            names = [process.name() for process in tree]
            pairs = names.count("zerosec-shim")
            return len(names) == 4 + 2 * pairs and names.count("zerosec-job") == pairs <= WAITING_AT_MOST
        except psutil.NoSuchProcess:
            return False

    def nothing_left_of(self, *pids: int) -> None:
        """Wait until these processes are gone and the server is idle."""
        eventually(lambda: not any(_alive(pid) for pid in pids))
        eventually(self.idle)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except (ProcessLookupError, psutil.NoSuchProcess):
        return False

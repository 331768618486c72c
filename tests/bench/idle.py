"""A server that starts, and one that waits: time to its ready line, and the memory of all its processes together."""

import tempfile
import time
from pathlib import Path

import psutil

from tests.bench.figures import Figure, figure
from tests.conftest import start_server

__all__ = ["measure"]

STARTS = 30
MIB = 1024**2
SETTLE_S = 0.2
SETTLED_FOR = 5


def _proportional_mib(processes: list[psutil.Process]) -> float:
    """Proportional set size: memory that processes share is counted once."""
    return sum(process.memory_full_info().pss for process in processes) / MIB


def _settled_mib(processes: list[psutil.Process]) -> float:
    """The memory once none of the processes has used the processor for a while."""
    quiet, last = 0, -1.0
    while quiet < SETTLED_FOR:
        time.sleep(SETTLE_S)
        used = sum(sum(process.cpu_times()[:2]) for process in processes)
        quiet, last = (quiet + 1 if used - last < 0.02 else 0), used
    return _proportional_mib(processes)


def measure() -> list[Figure]:
    """Start servers in fresh folders, one after the other."""
    ready_s: list[float] = []
    memory_mib: list[float] = []
    for _ in range(STARTS):
        with tempfile.TemporaryDirectory() as folder:
            started = time.perf_counter()
            server = start_server(Path(folder) / "server")
            ready_s.append(time.perf_counter() - started)
            try:
                memory_mib.append(_settled_mib(server.tree()))
            finally:
                server.stop()
    return [
        figure(
            "server start to ready line",
            "s",
            ready_s,
            target="≤ 1.0",
            met=sorted(ready_s)[STARTS // 2] <= 1.0,
            note="fresh data folder, warm disk",
        ),
        figure(
            "idle server, all processes",
            "MiB",
            memory_mib,
            target="≤ 120",
            met=sorted(memory_mib)[STARTS // 2] <= 120,
            note="proportional set size",
        ),
    ]

"""A server that starts, and one that waits: time to its ready line, and the memory of all its processes together."""

import tempfile
import time
from pathlib import Path

import psutil

from tests.bench.figures import Figure, figure
from tests.conftest import start_server

__all__ = ["measure"]

STARTS = 30
MB = 1e6
SETTLE_S = 0.2
SETTLED_FOR = 5


def _proportional_mb(processes: list[psutil.Process]) -> float:
    """Proportional set size: memory that processes share is counted once."""
    return sum(process.memory_full_info().pss for process in processes) / MB


def _settled_mb(processes: list[psutil.Process]) -> float:
    """The memory once none of the processes has used the processor for a while."""
    quiet, last = 0, -1.0
    while quiet < SETTLED_FOR:
        time.sleep(SETTLE_S)
        used = sum(sum(process.cpu_times()[:2]) for process in processes)
        quiet, last = (quiet + 1 if used - last < 0.02 else 0), used
    return _proportional_mb(processes)


def measure() -> list[Figure]:
    """Start servers in fresh folders, one after the other."""
    ready_s: list[float] = []
    memory_mb: list[float] = []
    for _ in range(STARTS):
        with tempfile.TemporaryDirectory() as folder:
            started = time.perf_counter()
            server = start_server(Path(folder) / "server")
            ready_s.append(time.perf_counter() - started)
            try:
                memory_mb.append(_settled_mb(server.tree()))
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
            "MB",
            memory_mb,
            target="≤ 120",
            met=sorted(memory_mb)[STARTS // 2] <= 120,
            note="proportional set size: what other programs share with it counts in part",
        ),
    ]

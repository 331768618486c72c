"""Process trees on Linux: subreapers, killing every descendant, and the memory that a tree uses.

Guards against processes that outlive their job. A process group is not enough (a daemon calls setsid); but with the subreaper
flag every orphan comes back to the shim, so that "no child is left" means that nothing is left.
"""

import ctypes
import gc
import os
import resource
import select
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

__all__ = [
    "JOB_NAME",
    "SHIM_NAME",
    "SUPPORTED",
    "become_subreaper",
    "children",
    "descendants",
    "die_with_parent",
    "kill_descendants",
    "kill_trees",
    "name_process",
    "oom_kills",
    "pause",
    "process_name",
    "reap_children",
    "settle_memory",
    "terminate_descendants",
    "tree_memory_bytes",
    "use_one_heap",
]

SHIM_NAME, JOB_NAME = "zerosec-shim", "zerosec-job"
SUPPORTED = sys.platform == "linux"

PR_SET_PDEATHSIG = 1
PR_SET_NAME = 15
M_ARENA_MAX = -8
PR_SET_CHILD_SUBREAPER = 36
_libc = ctypes.CDLL(None, use_errno=True) if SUPPORTED else None


def _prctl(option: int, value: int) -> None:
    assert _libc is not None
    if _libc.prctl(option, value, 0, 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def become_subreaper() -> None:
    """Adopt every orphaned descendant of this process."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent(number: signal.Signals, parent: int) -> None:
    """Get this signal when the parent ends; at once if it has ended already. The parent must have one thread."""
    _prctl(PR_SET_PDEATHSIG, number)
    if os.getppid() != parent:
        os.kill(os.getpid(), number)


def use_one_heap() -> None:
    """One heap for all threads, inherited by forks: glibc's heap a thread costs megabytes and gains nothing under the GIL."""
    assert _libc is not None
    if hasattr(_libc, "mallopt"):
        _libc.mallopt(M_ARENA_MAX, 1)


def settle_memory() -> None:
    """After starting: the garbage collector works from here on, looks at nothing that exists now, and free pages go back.

    What imports leave is kept without being looked at: some hundred objects, and looking costs 30 ms of every start.
    """
    gc.freeze()
    gc.enable()
    if _libc is not None and hasattr(_libc, "malloc_trim"):
        _libc.malloc_trim(0)


def name_process(name: str) -> None:
    """What `ps` and `top` show: at most 15 characters."""
    assert _libc is not None
    _libc.prctl(PR_SET_NAME, name.encode()[:15], 0, 0, 0)


def process_name(pid: int) -> str:
    """What `ps` shows of a process; empty if there is none."""
    try:
        return Path(f"/proc/{pid}/comm").read_text(errors="replace").strip()
    except OSError:
        return ""


def children(pid: int) -> list[int]:
    """Its child processes, of all its threads."""
    try:
        threads = os.listdir(f"/proc/{pid}/task")  # noqa: PTH208 - thousands of times a minute
    except OSError:
        return []
    found: list[int] = []
    for thread in threads:
        with suppress(OSError), open(f"/proc/{pid}/task/{thread}/children", "rb") as listing:  # noqa: PTH123
            found += map(int, listing.read().split())
    return found


def descendants(root: int) -> Iterator[int]:
    """All processes below `root`, parents first."""
    waiting = children(root)
    while waiting:
        pid = waiting.pop(0)
        yield pid
        waiting += children(pid)


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def kill_trees(roots: Iterable[int]) -> None:
    """Kill these processes with all below them."""
    every = [pid for root in roots for pid in (root, *descendants(root))]
    for number in (signal.SIGSTOP, signal.SIGKILL):
        for pid in every:
            _signal(pid, number)


def terminate_descendants() -> None:
    """Ask every descendant of this process to end."""
    for pid in list(descendants(os.getpid())):
        _signal(pid, signal.SIGTERM)
        _signal(pid, signal.SIGCONT)


def reap_children(statuses: dict[int, int]) -> bool:
    """Collect all children that have ended into `statuses` (wait status by pid); whether any child is left."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return False
        if pid == 0:
            return True
        statuses[pid] = status


def pause(seconds: float) -> None:
    """Sleep, by a clock that nobody sets: `time.sleep` fails where a library pretends another time (libfaketime)."""
    select.select([], [], [], seconds)


def kill_descendants(statuses: dict[int, int], patience_s: float = 30.0) -> bool:
    """Kill until this process, a subreaper, has no child left; whether that succeeded.

    All are stopped before they are killed, so that none can fork away from the sweep. Only a process that hangs in the kernel
    (a dead network disk) outlasts the patience.
    """
    pause_s, deadline = 0.0002, time.monotonic() + patience_s
    while reap_children(statuses):
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for pid in list(descendants(os.getpid())):
                _signal(pid, number)
        if time.monotonic() > deadline:
            return False
        pause(pause_s)
        pause_s = min(0.02, pause_s * 2)
    return True


def _resident_bytes(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/statm", "rb") as statm:  # noqa: PTH123
            return int(statm.read().split()[1]) * resource.getpagesize()
    except (OSError, IndexError):
        return 0


def _proportional_bytes(pid: int) -> int:
    """Memory with every shared page divided by the number of its users; the resident size where that is not told."""
    try:
        with open(f"/proc/{pid}/smaps_rollup", "rb") as rollup:  # noqa: PTH123
            for line in rollup:
                if line.startswith(b"Pss:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        return _resident_bytes(pid)
    return 0


def tree_memory_bytes(root: int, limit_bytes: int) -> int:
    """Memory of all processes below `root`. The quick sum counts shared pages doubly, so only near the limit is it made exact."""
    pids = list(descendants(root))
    resident = sum(map(_resident_bytes, pids))
    return resident if resident < limit_bytes else sum(map(_proportional_bytes, pids))


def oom_kills() -> int:
    """How often this machine's kernel has killed for want of memory; -1 where it does not tell."""
    with suppress(OSError, ValueError):
        with open("/proc/vmstat", "rb", buffering=0) as vmstat:  # noqa: PTH123 - for every job
            told = vmstat.read()
        return int(told[told.index(b"\noom_kill ") :].split(None, 2)[1])
    return -1

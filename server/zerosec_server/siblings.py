"""A server's processes below the parent: forked from it, named, restarted with a growing pause when they die."""

import logging
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from zerosec_server.worker.processes import die_with_parent, name_process

__all__ = ["Sibling", "fork_process"]

log = logging.getLogger("zerosec.parent")

FIRST_PAUSE_S = 0.05
LONGEST_PAUSE_S = 5.0
STEADY_S = 10.0


def fork_process(
    name: str, main: Callable[[], None], die_with: signal.Signals | None, guardian: int | None = None
) -> int:
    """Fork a process that runs `main` and ends; returns its pid. The caller must have one thread only.

    It has a session of its own, so that Ctrl+C in a terminal reaches the parent alone, which then ends all in order; and its
    standard output is standard error, because the parent's belongs to the ready line. With a `guardian`, the subreaper above
    the caller, it begins once the caller has ended, and gets `die_with` when the guardian ends.
    """
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    code = 70
    try:
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        os.setsid()
        os.dup2(2, 1)
        name_process(name)
        if guardian is not None:
            _wait_for_end(parent)
            parent = guardian
        if die_with is not None:
            die_with_parent(die_with, parent)
        main()
        code = 0
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 1
    except BaseException:  # noqa: BLE001 - reported; the parent sees the exit code
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _wait_for_end(pid: int) -> None:
    """Until our parent has ended, and we have another."""
    with suppress(ProcessLookupError):
        ended = os.pidfd_open(pid)
        try:
            select.select([ended], [], [])
        finally:
            os.close(ended)


@dataclass
class Sibling:
    """One process that the parent keeps alive."""

    name: str
    main: Callable[[], None]
    die_with: signal.Signals | None = signal.SIGTERM
    pid: int = 0
    started_at: float = 0.0
    restart_at: float = 0.0
    deaths: int = field(default=0)

    def start(self) -> None:
        """Fork it."""
        self.pid = fork_process(self.name, self.main, self.die_with)
        self.started_at = time.monotonic()

    def died(self, wait_status: int) -> None:
        """Note its death, and when it is to start again."""
        now = time.monotonic()
        self.deaths = 1 if now - self.started_at > STEADY_S else self.deaths + 1
        pause_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (self.deaths - 1))
        log.error(
            "%s (pid %s) ended unexpectedly (%s); it starts again in %.2f s",
            self.name,
            self.pid,
            os.waitstatus_to_exitcode(wait_status),
            pause_s,
        )
        self.pid, self.restart_at = 0, now + pause_s

    def signal(self, number: signal.Signals) -> None:
        """Send a signal, if it runs."""
        if self.pid:
            os.kill(self.pid, number)

"""The zygote: a small, warm, single-threaded process that forks shims ahead of need.

Importing the SDK afresh costs a third of a second a job; a fork costs two milliseconds, and a waiting shim nothing. The zygote
never reads an order: idle shims wait on the same socket, and the kernel gives each order to one of them. So the zygote holds
no state that its death could lose; another can be forked in its place, and orders wait in the socket meanwhile.

It is a subreaper as well: when a shim is killed, what it guarded comes here and is killed too.
"""

import math
import os
import select
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress

from zerosec_analyses.catalogue import Catalogue
from zerosec_server.worker.processes import (
    SHIM_NAME,
    become_subreaper,
    children,
    kill_trees,
    name_process,
    pause,
    settle_memory,
)
from zerosec_server.worker.shim import IDLE, NOTE_BYTES, SPARE_PATIENCE_S, serve_jobs

__all__ = ["clean_environment", "run_zygote"]

KEPT = frozenset(
    [
        "PATH",
        "LANG",
        "LANGUAGE",
        "TZ",
        "PYTHONPATH",
        "PYTHONHOME",
        "PYTHONHASHSEED",
        "PYTHONDONTWRITEBYTECODE",
        "VIRTUAL_ENV",
        "LD_LIBRARY_PATH",
        "FONTCONFIG_PATH",
        "FONTCONFIG_FILE",
        "SSL_CERT_FILE",
    ]
)


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """What a job may see of the server's environment: how to find programs and libraries, the language; no secret."""
    return {name: value for name, value in environment.items() if name in KEPT or name.startswith("LC_")}


def run_zygote(
    requests: socket.socket,
    catalogue: Catalogue,
    pool: int,
    most: int,
    warm_up: Callable[[], None] | None = None,
    patience_s: float = math.inf,
) -> None:
    """Keep `pool` idle shims waiting on `requests` until its other end is closed; never more than `most` in all.

    `warm_up` brings into memory what every job is to inherit. Without a job for `patience_s` shims and zygote end.
    """
    become_subreaper()
    kept = clean_environment(os.environ)
    os.environ.clear()
    os.environ.update(kept)
    if warm_up is not None:
        warm_up()
    settle_memory()
    _Zygote(requests, catalogue, pool, most, patience_s).run()


class _Zygote:
    def __init__(
        self, requests: socket.socket, catalogue: Catalogue, pool: int, most: int, patience_s: float
    ) -> None:
        self.requests, self.catalogue, self.pool, self.most = requests, catalogue, pool, most
        self.patience_s, self.used_at = patience_s, time.monotonic()
        self.idle: set[int] = set()
        self.busy: set[int] = set()
        self.notes_out, self.notes_in = os.pipe()
        self.woken_out, self.woken_in = os.pipe()
        for number in (self.notes_out, self.woken_out, self.woken_in):
            os.set_blocking(number, False)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        for number_ in (signal.SIGINT, signal.SIGHUP):
            signal.signal(number_, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.set_wakeup_fd(self.woken_in, warn_on_full_buffer=False)

    def run(self) -> None:
        poll = select.poll()
        poll.register(self.requests, 0)  # only its end concerns us: shims read the orders
        poll.register(self.notes_out, select.POLLIN)
        poll.register(self.woken_out, select.POLLIN)
        while True:
            if not self._wanted() and not self.idle and not self.busy:
                return  # an order that comes now waits in the socket until a zygote is started again
            wait_ms = None if not self._wanted() or self._fill_pool() else 100
            events = dict(poll.poll(wait_ms))
            if events.get(self.requests.fileno(), 0) & (select.POLLHUP | select.POLLERR):
                return
            for number in (self.notes_out, self.woken_out):
                if number in events:
                    self._read(number)
            self._reap()

    def _wanted(self) -> bool:
        """Whether jobs are to be expected. Shims end by themselves, so that none is ended with an order in its hand."""
        return time.monotonic() < self.used_at + self.patience_s

    def _read(self, number: int) -> None:
        with suppress(BlockingIOError):
            data = os.read(number, 4096 - 4096 % NOTE_BYTES)
            if number == self.notes_out:
                for start in range(0, len(data), NOTE_BYTES):
                    note = data[start : start + NOTE_BYTES]
                    pid = int.from_bytes(note[:-1], "big")
                    self.used_at = time.monotonic()
                    came_from, goes_to = (
                        (self.busy, self.idle) if note[-1:] == IDLE else (self.idle, self.busy)
                    )
                    if pid in came_from:
                        came_from.remove(pid)
                        goes_to.add(pid)

    def _fill_pool(self) -> bool:
        """Fork shims until the pool is full; False when the machine refuses for now."""
        while len(self.idle) < self.pool and len(self.idle) + len(self.busy) < max(self.pool, self.most):
            spare = len(self.idle) + len(self.busy) >= self.pool
            try:
                pid = os.fork()
            except OSError:
                return False
            if pid == 0:
                self._be_shim(spare=spare)
            self.idle.add(pid)
        return True

    def _be_shim(self, *, spare: bool) -> None:
        """In the forked process: never returns."""
        code = 70
        try:
            signal.set_wakeup_fd(-1)
            for number in (self.notes_out, self.woken_out, self.woken_in):
                os.close(number)
            name_process(SHIM_NAME)
            patience_s = min(SPARE_PATIENCE_S, self.patience_s) if spare else self.patience_s
            serve_jobs(self.requests, self.notes_in, self.catalogue, patience_s)
            code = 0
        except BaseException:  # noqa: BLE001 - reported; the worker sees the control socket's end
            traceback.print_exc()
            sys.stderr.flush()
        finally:
            os._exit(code)

    def _reap(self) -> None:
        suspicious = died_idle = False
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                break
            if pid == 0:
                break
            died_idle |= status != 0 and pid in self.idle
            suspicious |= status != 0 or pid not in self.idle | self.busy
            self.idle.discard(pid)
            self.busy.discard(pid)
        if suspicious:
            self._kill_orphans()
        if died_idle:
            pause(0.05)  # a shim that cannot even wait must not become a storm of forks

    def _kill_orphans(self) -> None:
        """Kill what a dead shim has left: every child of ours that is no shim, with all below it."""
        shims = self.idle | self.busy
        kill_trees(pid for pid in children(os.getpid()) if pid not in shims)

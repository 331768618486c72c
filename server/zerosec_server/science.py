"""The parent's part in keeping heavy libraries warm: starts a science zygote when the worker asks, and tells it when it is ready.

The zygote holds what the analyses that were used have declared, together; one more analysis starts it anew with all of it. It
ends by itself when no job has needed it for a while. An order that was handed to one that is gone waits in the socket, and
brings up another. No job depends on it: until it is ready, and when it cannot be, jobs import what they need themselves.
"""

import logging
import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from pydantic import ValidationError

from zerosec_server.siblings import Sibling
from zerosec_server.worker.warmth import MAX_NOTE_BYTES, WarmthNote

__all__ = ["ScienceZygote"]

log = logging.getLogger("zerosec.parent")

DEATHS_BEFORE_READY = 3


class ScienceZygote:
    """The science zygote as its parent sees it."""

    def __init__(self, main: Callable[[tuple[str, ...], Callable[[WarmthNote], None]], None]) -> None:
        """`main` runs the zygote in the forked process, with the modules to import and a way to tell which are warm."""
        self._main = main
        self.orders_in, self.orders_out = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.worker_line, self._line = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._told, self._tell = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        for ours in (self.orders_in, self.worker_line, self._line, self._told):
            ours.setblocking(False)
        self._modules: tuple[str, ...] = ()
        self._warm: tuple[str, ...] = ()
        self._refused: set[str] = set()
        self._sibling = Sibling("zerosec-science", self._run, die_with=None)
        self._retired: set[int] = set()

    def close_other_ends(self, *, worker: bool = False) -> None:
        """In a process forked from the parent: keep only the worker's ends, if any."""
        for ours in (self._line, self._told, self._tell, self.orders_out):
            ours.close()
        if not worker:
            self.orders_in.close()
            self.worker_line.close()

    def close(self) -> None:
        """The server ends: so do shims that wait."""
        self.close_other_ends()

    @property
    def pids(self) -> set[int]:
        """The zygotes, which are no strangers among the parent's children."""
        return {self._sibling.pid, *self._retired} - {0}

    def watched(self) -> list[socket.socket]:
        """What the parent waits for on our behalf."""
        waiting = not self._sibling.pid and self._may_start() and time.monotonic() >= self._sibling.restart_at
        return [self._line, self._told, *([self.orders_out] if waiting else [])]

    def restart_at(self) -> float | None:
        """When an order may bring up another after a death; None if that is no question of time."""
        late = not self._sibling.pid and self._may_start() and time.monotonic() < self._sibling.restart_at
        return self._sibling.restart_at if late else None

    def look(self, readable: list[Any]) -> None:
        """Do what the readable ones of the watched ask for."""
        if self._told in readable and (note := _received(self._told)) is not None:
            self._hear_of_zygote(note)
        if self._line in readable and (note := _received(self._line)) is not None:
            self._hear_of_need(note)
        if self.orders_out in readable and not self._sibling.pid:
            self._start()

    def died(self, pid: int, wait_status: int) -> bool:
        """Whether this was one of ours."""
        if pid in self._retired:
            self._retired.discard(pid)
            return True
        if not pid or pid != self._sibling.pid:
            return False
        if wait_status == 0:
            self._sibling.pid, self._sibling.deaths = 0, 0
        else:
            self._sibling.died(wait_status)
            if not self._may_start():
                log.error(
                    "%s cannot be kept in memory: jobs import them themselves", ", ".join(self._modules)
                )
        self._warm = ()
        self._inform_worker()
        return True

    def _may_start(self) -> bool:
        return self._sibling.deaths < DEATHS_BEFORE_READY

    def _hear_of_need(self, note: WarmthNote) -> None:
        held = self._modules if self._sibling.pid else ()
        missing = [name for name in note.modules if name not in held and name not in self._refused]
        if missing and self._may_start() and time.monotonic() >= self._sibling.restart_at:
            self._retire()
            self._modules = (*held, *missing)
            self._start()
        else:
            self._inform_worker()

    def _hear_of_zygote(self, note: WarmthNote) -> None:
        if note.refused:
            log.warning("%s starts a thread when imported, so that jobs import it themselves", note.refused)
            self._refused.add(note.refused)
            self._modules = tuple(name for name in self._modules if name != note.refused)
            self._retire()
            if self._modules:
                self._start()
        elif set(note.modules) <= set(self._modules):
            self._warm, self._sibling.deaths = note.modules, 0
            self._inform_worker()

    def _retire(self) -> None:
        """Its busy shims go on to the end of their jobs, and the idle ones end when their patience does."""
        if self._sibling.pid:
            with suppress(ProcessLookupError):
                os.kill(self._sibling.pid, signal.SIGKILL)
            self._retired.add(self._sibling.pid)
            self._sibling.pid = 0
        self._warm = ()
        self._inform_worker()

    def _start(self) -> None:
        self._sibling.start()

    def _run(self) -> None:
        def tell(note: WarmthNote) -> None:
            with suppress(OSError):
                self._tell.send(note.model_dump_json().encode())

        for ours in (self.orders_in, self.worker_line, self._line, self._told):
            ours.close()
        self._main(self._modules, tell)

    def _inform_worker(self) -> None:
        with suppress(OSError):
            self._line.send(WarmthNote(modules=self._warm).model_dump_json().encode())


def _received(line: socket.socket) -> WarmthNote | None:
    try:
        return WarmthNote.model_validate_json(line.recv(MAX_NOTE_BYTES))
    except (BlockingIOError, ValidationError):
        return None

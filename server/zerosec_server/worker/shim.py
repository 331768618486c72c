"""The shim: the guardian of one job's process tree.

It adopts every orphan of the job, so that no daemon escapes; it holds the read end of a lifeline (its control socket), so that
the death of the worker, even by kill -9, ends the job within milliseconds; it enforces time, memory and output limits and the
lease; and it pumps the job's output to the log, so that a full pipe never blocks a job and no log fills a disk.

A shim is forked ahead of need by the zygote, and forks the process of its next job ahead of need too, which waits behind a
pipe. It serves one job at a time and many one after the other, since it runs nothing of theirs and keeps nothing; a fork of a
warm shim costs half of what a new one does. A shim that could not end all of a job's processes ends itself.
"""

import fcntl
import gc
import math
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from zerosec_analyses.catalogue import Catalogue
from zerosec_server.worker.child import run_child
from zerosec_server.worker.order import Command, Ended, Reason, ShimOrder, Started
from zerosec_server.worker.processes import (
    JOB_NAME,
    become_subreaper,
    die_with_parent,
    kill_descendants,
    name_process,
    oom_kills,
    reap_children,
    terminate_descendants,
    tree_memory_bytes,
)

__all__ = ["BUSY", "IDLE", "MAX_MESSAGE_BYTES", "NOTE_BYTES", "SPARE_PATIENCE_S", "hand_over", "serve_jobs"]

MAX_MESSAGE_BYTES = 60_000
SAMPLE_S = 0.1
MOST_JOBS = 200
"""Jobs that one shim serves: what little its memory gathers goes with it."""
SPARE_PATIENCE_S = 5.0
BUSY, IDLE = b"b", b"i"
NOTE_BYTES = 5
"""A note of a shim to its zygote: its pid, and BUSY or IDLE."""
FRAMES_FD, GO_FD, FIRST_OTHER_FD = 3, 4, 5
CUT = b"\n[The log was cut here: it reached the largest size that is kept.]\n"


@dataclass
class _Child:
    """A job's process that waits for its order, and our ends of its pipes; -1 once closed."""

    pid: int
    frames: int
    log: int
    go: int

    def release(self) -> None:
        """Let it have its order to the end, and its frames to whoever has got them."""
        for number in (self.frames, self.go):
            if number >= 0:
                os.close(number)
        self.frames = self.go = -1

    def close(self) -> None:
        """Close what is open."""
        self.release()
        os.close(self.log)


def serve_jobs(requests: socket.socket, notes: int, catalogue: Catalogue, patience_s: float) -> None:
    """Wait for orders and see each to its end, telling the zygote on `notes` when busy and when idle again.

    Returns when the server stops, after many jobs, and when no order comes for `patience_s`.
    """
    gc.disable()
    os.setsid()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    become_subreaper()
    me = os.getpid().to_bytes(NOTE_BYTES - 1, "big")
    zygote = os.getppid()
    for _ in range(MOST_JOBS):
        child = _fork_child(catalogue)
        received = _receive_order(requests, patience_s)
        if received is None:
            return
        _note(notes, me + BUSY)
        statuses: dict[int, int] = {}
        reap_children(statuses)
        if child.pid in statuses:  # it was killed while it waited
            child.close()
            child = _fork_child(catalogue)
        if not _Shim(*received, child).run() or os.getppid() != zygote:
            return  # something is left that only a zygote can wait for, or the zygote was killed and another fills its pool
        _note(notes, me + IDLE)


def _note(notes: int, note: bytes) -> None:
    with suppress(BrokenPipeError):  # its zygote was killed; another has filled its own pool
        os.write(notes, note)


def _receive_order(requests: socket.socket, patience_s: float) -> tuple[bytes, socket.socket] | None:
    until = time.monotonic() + patience_s
    hurried = (
        patience_s < math.inf
    )  # then never blocked in `recv` by an order that another shim was quicker to take
    while True:
        if hurried and not select.select([requests], [], [], max(0.0, until - time.monotonic()))[0]:
            return None
        try:
            data, handed, _flags, _address = socket.recv_fds(
                requests, MAX_MESSAGE_BYTES, 1, socket.MSG_DONTWAIT if hurried else 0
            )
        except BlockingIOError:
            continue
        if not data:
            return None
        if len(handed) == 1:
            return data, socket.socket(fileno=handed[0])


def _fork_child(catalogue: Catalogue) -> _Child:
    frames_out, frames_in = os.pipe()
    log_out, log_in = os.pipe()
    go_out, go_in = os.pipe()
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        code = 70
        try:
            code = _child_main(parent, frames_in, log_in, go_out, catalogue)
        finally:
            os._exit(code)
    for given in (frames_in, log_in, go_out):
        os.close(given)
    os.set_blocking(log_out, False)
    return _Child(pid=pid, frames=frames_out, log=log_out, go=go_in)


def _child_main(parent: int, frames: int, log: int, go: int, catalogue: Catalogue) -> int:
    """The job's process until its order comes: a session of its own, nothing of the server's left open."""
    # As in any Python program; SIGPIPE, SIGCHLD and SIGXFSZ are so in the shim.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.setsid()
    name_process(JOB_NAME)
    # Above all targets first, so that no dup2 overwrites an end that is still to be moved.
    frames, log, go = (_moved_high(number) for number in (frames, log, go))
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    os.dup2(frames, FRAMES_FD, inheritable=False)
    os.dup2(go, GO_FD, inheritable=False)
    os.closerange(FIRST_OTHER_FD, 1 << 16)
    die_with_parent(signal.SIGKILL, parent)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115
    order = b"".join(_until_end(GO_FD))
    os.close(GO_FD)
    if not order:
        return 0
    gc.enable()
    shim_order = ShimOrder.model_validate_json(order)
    code = run_child(Path(shim_order.workspace), shim_order.limits, FRAMES_FD, catalogue)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    return code


def _moved_high(number: int) -> int:
    return fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, 64)


def _until_end(number: int) -> Iterator[bytes]:
    while chunk := os.read(number, 1 << 16):
        yield chunk


class _Log:
    """The job's log file: made with its first byte, cut at a size; a full disk loses lines, never the job."""

    def __init__(self, path: Path, limit_bytes: int) -> None:
        self._path, self._left = path, limit_bytes
        self._file = -1

    def write(self, data: bytes) -> None:
        if self._left <= 0:
            return
        text = memoryview(data[: self._left])
        self._left -= len(text)
        if self._left <= 0:
            text = memoryview(bytes(text) + CUT)
        with suppress(OSError):
            if self._file < 0:
                self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            while text:
                text = text[os.write(self._file, text) :]

    def close(self) -> None:
        """Nothing more is written."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


class _Shim:
    """One job under guard."""

    def __init__(self, order_text: bytes, control: socket.socket, child: _Child) -> None:
        order = ShimOrder.model_validate_json(order_text)
        self.workspace, self.limits = Path(order.workspace), order.limits
        self.control, self.child = control, child
        self.reason = Reason.ITSELF
        self.log = _Log(self.workspace / "log.txt", self.limits.log_bytes)
        now = time.monotonic()
        self.started_at, self.lease_until, self.kill_at = now, now + order.lease_s, float("inf")
        self.output_check_at = now + 1.0
        self.memory_peak = 0
        self.order_text = order_text

    def run(self) -> bool:
        """From the order to the last message; nothing of the job is alive when it is sent. False if something had to be left."""
        oom_before = oom_kills()
        try:
            started = Started(pid=self.child.pid, shim=os.getpid()).model_dump_json().encode()
            socket.send_fds(self.control, [started], [self.child.frames])
            os.write(self.child.go, self.order_text)
            self.child.release()
            self._watch()
        except OSError:  # the worker is gone: nobody to tell, everything to end
            self.reason = Reason.LEASE
        statuses: dict[int, int] = {}
        clean = kill_descendants(statuses)
        self._pump()
        self.log.close()
        self.child.close()
        status = statuses.get(self.child.pid, self._status)
        ended = Ended(
            wait_status=status,
            reason=self.reason,
            out_of_memory=status != 0 and oom_kills() > oom_before >= 0,
            memory_peak_bytes=self.memory_peak,
            survivors=not clean,
        )
        with self.control, suppress(OSError):
            self.control.sendall(ended.model_dump_json().encode())
        return clean

    _status = signal.SIGKILL.value

    def _watch(self) -> None:
        """Until the job ends by itself or has to be ended."""
        exited = os.pidfd_open(self.child.pid)
        try:
            self._watch_until(exited)
        finally:
            os.close(exited)

    def _watch_until(self, exited: int) -> None:
        poll = select.poll()
        for number in (exited, self.control.fileno(), self.child.log):
            poll.register(number, select.POLLIN)
        look_at = self.started_at + SAMPLE_S
        while self.reason in {Reason.ITSELF, Reason.ASKED}:
            ready = {number for number, _ in poll.poll(1000 * max(0.0, look_at - time.monotonic()))}
            if self.child.log in ready and not self._pump():
                poll.unregister(self.child.log)
            if exited in ready:
                return
            if self.control.fileno() in ready and not self._obey():
                self.reason = Reason.LEASE
                return
            now = time.monotonic()
            if now >= self.kill_at:
                return
            if now >= look_at:
                self._enforce(now)
                look_at = now + SAMPLE_S

    def _obey(self) -> bool:
        """Do what the worker asks; False when it is gone."""
        data = self.control.recv(MAX_MESSAGE_BYTES)
        if not data:
            return False
        command = Command.model_validate_json(data)
        now = time.monotonic()
        if command.lease_s is not None:
            self.lease_until = now + command.lease_s
        if command.terminate_grace_s is not None:
            if self.reason is Reason.ITSELF and command.terminate_grace_s > 0:
                terminate_descendants()
            self.reason = Reason.ASKED
            self.kill_at = min(self.kill_at, now + command.terminate_grace_s)
        return True

    def _enforce(self, now: float) -> None:
        memory = tree_memory_bytes(os.getpid(), self.limits.memory_bytes)
        self.memory_peak = max(self.memory_peak, memory)
        if now >= self.lease_until:
            self.reason = Reason.LEASE
        elif now - self.started_at >= self.limits.wall_time_s:
            self.reason = Reason.WALL_TIME
        elif memory > self.limits.memory_bytes:
            self.reason = Reason.MEMORY
        elif now >= self.output_check_at and not self._output_fits(now):
            self.reason = Reason.OUTPUT

    def _output_fits(self, now: float) -> bool:
        """Count what lies in output and scratch; the larger they are, the more rarely."""
        size = count = 0
        for folder in ("output", "scratch"):
            for found in _files_below(str(self.workspace / folder)):
                size, count = size + found, count + 1
        took = time.monotonic() - now
        self.output_check_at = now + max(1.0, 20 * took)
        return size <= 2 * self.limits.output_bytes and count <= 10 * self.limits.output_files

    def _pump(self) -> bool:
        """Move what the job has printed into its log; False at the end of the pipe."""
        try:
            for _ in range(64):  # then look at the limits again, however much it prints
                data = os.read(self.child.log, 1 << 16)
                if not data:
                    return False
                self.log.write(data)
        except BlockingIOError:
            pass
        return True


def _files_below(folder: str) -> Iterator[int]:
    """Bytes on disk of each file below a folder, links not followed."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _files_below(entry.path)
            else:
                with suppress(OSError):
                    yield entry.stat(follow_symlinks=False).st_blocks * 512


def hand_over(requests: socket.socket, order: ShimOrder) -> socket.socket:
    """Worker's side: ask for a shim; returns our end of its control socket."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        socket.send_fds(requests, [order.model_dump_json().encode()], [theirs.fileno()])
    return ours

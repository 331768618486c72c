"""A job's processes as the worker sees them: an order handed to a shim, frames as they come, and the end."""

import asyncio
import fcntl
import os
import signal
import socket
import struct
import termios
import time
from collections.abc import Callable
from contextlib import suppress

from pydantic import ValidationError

from zerosec_server.worker.frames import Frame, FrameDecoder, FrameError
from zerosec_server.worker.order import Command, Ended, ShimOrder, Started
from zerosec_server.worker.shim import MAX_MESSAGE_BYTES, hand_over

__all__ = ["GuardedProcess"]

CHUNK = 1 << 16
FLOOD_PAUSE_S = 0.02


class GuardedProcess:
    """One job's process tree under its shim. All methods belong to the event loop's thread.

    `ended` resolves to the shim's last word, or to None when the shim itself is gone: then the zygote ends what is left.
    """

    def __init__(
        self,
        requests: socket.socket,
        order: ShimOrder,
        on_frame: Callable[[Frame], None],
        on_garbage: Callable[[FrameError], None],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._on_frame, self._on_garbage = on_frame, on_garbage
        self._decoder = FrameDecoder()
        self._frames = -1
        self._end: Ended | None = None
        self._control_closed = False
        self._shim = -1
        self._unheard_since: float | None = None
        self.started: asyncio.Future[int] = self._loop.create_future()
        self.ended: asyncio.Future[Ended | None] = self._loop.create_future()
        self._control = hand_over(requests, order)
        self._control.setblocking(False)
        self._loop.add_reader(self._control, self._on_control)

    def command(self, command: Command) -> None:
        """Tell the shim something; one that is gone needs no telling."""
        if not self._control_closed:
            with suppress(OSError):
                self._control.send(command.model_dump_json(exclude_none=True).encode())

    def unheard_s(self) -> float:
        """For how long the shim has not taken what it was told; as exact as commands are frequent."""
        if self._control_closed:
            return 0.0
        unread = struct.unpack("i", fcntl.ioctl(self._control, termios.TIOCOUTQ, bytes(4)))[0]
        if not unread:
            self._unheard_since = None
        elif self._unheard_since is None:
            self._unheard_since = time.monotonic()
        return 0.0 if self._unheard_since is None else time.monotonic() - self._unheard_since

    def kill_guardian(self) -> None:
        """End a shim that guards nothing any more, because it was stopped or hangs; its job's processes end with it."""
        if self._shim >= 0:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._shim, signal.SIGKILL)
        self.abandon()

    def abandon(self) -> None:
        """Cut the lifeline: the shim kills everything, and nothing more is heard of it."""
        self._close_control()
        self._close_frames()
        self._settle()

    def _on_control(self) -> None:
        try:
            data, handed, _flags, _address = socket.recv_fds(self._control, MAX_MESSAGE_BYTES, 1)
        except (BlockingIOError, ConnectionResetError):
            # A shim that ends before it has read our last command resets the socket; its last word is read after that.
            return
        except OSError:
            data, handed = b"", []
        if handed:
            self._frames = handed[0]
            os.set_blocking(self._frames, False)
            self._loop.add_reader(self._frames, self._on_readable)
        if not data:
            self._close_control()
            if self._end is None:
                self._close_frames()
            self._settle()
            return
        try:
            if self.started.done():
                self._end = Ended.model_validate_json(data)
            else:
                started = Started.model_validate_json(data)
                with suppress(ProcessLookupError):
                    self._shim = os.pidfd_open(started.shim)
                self.started.set_result(started.pid)
        except ValidationError:
            self.abandon()

    def _on_readable(self) -> None:
        try:
            chunk = os.read(self._frames, CHUNK)
        except BlockingIOError:
            return
        if not chunk:
            self._close_frames()
            self._settle()
            return
        try:
            for frame in self._decoder.feed(chunk):
                self._on_frame(frame)
        except FrameError as garbage:
            self._close_frames()
            self._on_garbage(garbage)
            self._settle()
            return
        if len(chunk) == CHUNK:  # a job that floods waits in its own pipe; others are served meanwhile
            self._loop.remove_reader(self._frames)
            self._loop.call_later(FLOOD_PAUSE_S, self._resume)

    def _resume(self) -> None:
        if self._frames >= 0:
            self._loop.add_reader(self._frames, self._on_readable)

    def _close_control(self) -> None:
        if not self._control_closed:
            self._control_closed = True
            self._loop.remove_reader(self._control)
            self._control.close()
            if self._shim >= 0:
                os.close(self._shim)
                self._shim = -1

    def _close_frames(self) -> None:
        if self._frames >= 0:
            self._loop.remove_reader(self._frames)
            os.close(self._frames)
            self._frames = -1

    def _settle(self) -> None:
        """The end is known when the shim has ended and all that the job said has been read."""
        if self._control_closed and self._frames < 0:
            if not self.started.done():
                self.started.cancel()
            if not self.ended.done():
                self.ended.set_result(self._end)

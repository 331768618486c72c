"""One connection for signed blob traffic: the kernel sends from the file, and receives into a few buffers.

Blocking, for a thread of its own; a general HTTP client spends three times the CPU on the same bytes. Every wait is bounded: a
connection over which nothing moves for 30 s is given up. Signed URLs carry their own permission, so no token is ever sent here.
"""

import errno
import http.client
import os
import select
import socket
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from queue import SimpleQueue
from urllib.parse import SplitResult, urlsplit

from pydantic import ValidationError

from zerosec_client.certificates import trust_trouble, trusted
from zerosec_client.errors import (
    BadAnswerError,
    ClientError,
    ConnectionLostError,
    ServerUnreachableError,
    TimedOutError,
    problem_error,
)
from zerosec_shared.content import read_chunks
from zerosec_shared.errors import Problem
from zerosec_shared.texts import say
from zerosec_shared.translations import as_spoken

__all__ = ["Buffers", "Channel"]

SILENCE_S = 30.0
CONNECT_S = 10.0
STEP_BYTES = 1024**2
MOST_PROBLEM_BYTES = 256 * 1024


class Buffers:
    """A few buffers that go round between those who fill them and those who empty them."""

    def __init__(self, count: int, size_bytes: int) -> None:
        self._free: SimpleQueue[memoryview] = SimpleQueue()
        for _ in range(count):
            self._free.put(memoryview(bytearray(size_bytes)))

    def take(self) -> memoryview:
        """A free buffer; waits for one."""
        return self._free.get()

    def give(self, buffer: memoryview) -> None:
        """Give it back."""
        self._free.put(buffer)


class Channel:
    """Keeps its connection for the next request; `abort` may be called from any thread and ends what is under way."""

    def __init__(self, silence_s: float = SILENCE_S, ca_file: str | None = None) -> None:
        self._silence_s, self._ca_file = silence_s, ca_file
        self._connection: http.client.HTTPConnection | None = None
        self._server: tuple[str, str] | None = None
        self._aborted = False

    def abort(self) -> None:
        """Break whatever is under way, for good."""
        self._aborted = True
        connection = self._connection
        if connection is not None and connection.sock is not None:
            with suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection; the next request opens a new one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def put(
        self,
        url: str,
        headers: Mapping[str, str],
        descriptor: int,
        start: int,
        length: int,
        sent: Callable[[int], None],
    ) -> None:
        """PUT a range of a file. `sent` is told of bytes that went out. Raises ClientError; then nothing was kept."""
        parts = urlsplit(url)
        try:
            connection = self._connect(parts)
            connection.putrequest("PUT", _target(parts), skip_accept_encoding=True)
            for name, value in {**headers, "Content-Length": str(length)}.items():
                connection.putheader(name, value)
            connection.endheaders()
            refused = False
            try:
                self._send_range(connection.sock, descriptor, start, length, sent)
            except (BrokenPipeError, ConnectionResetError):
                refused = (
                    True  # the server may have answered without reading on: its reason is better than ours
                )
            response = connection.getresponse()
            body = response.read(MOST_PROBLEM_BYTES)
            if response.status >= 400:
                raise _problem(parts, response, body)
            if refused or response.will_close or not response.isclosed():
                self.close()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise _lost(parts, error) from error
        except BaseException:
            self.close()
            raise

    def get(
        self,
        url: str,
        start: int,
        end: int,
        buffers: Buffers,
        received: Callable[[memoryview, Callable[[], None]], None],
    ) -> None:
        """GET the bytes `start … end` (end exclusive).

        `received` gets them in order, with what is to be called, once, when the piece is not needed any more.
        """
        parts = urlsplit(url)
        try:
            connection = self._connect(parts)
            connection.putrequest("GET", _target(parts), skip_accept_encoding=True)
            connection.putheader("Range", f"bytes={start}-{end - 1}")
            connection.endheaders()
            response = connection.getresponse()
            if response.status >= 400:
                raise _problem(parts, response, response.read(MOST_PROBLEM_BYTES))
            span = response.getheader("Content-Range", "").split("/")[0]
            if response.status != 206 or span != f"bytes {start}-{end - 1}" or response.length != end - start:
                raise _not_ours(parts, response.status)
            left = end - start
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise _lost(parts, error) from error
        except BaseException:
            self.close()
            raise
        self._receive(parts, response, left, buffers, received)

    def _receive(
        self,
        parts: SplitResult,
        response: http.client.HTTPResponse,
        left: int,
        buffers: Buffers,
        received: Callable[[memoryview, Callable[[], None]], None],
    ) -> None:
        try:
            while left:
                buffer = buffers.take()
                try:
                    count = response.readinto(buffer[: min(len(buffer), left)])
                    if count == 0:
                        raise ConnectionResetError
                except (OSError, http.client.HTTPException) as error:
                    buffers.give(buffer)
                    raise _lost(parts, error) from error
                left -= count
                received(buffer[:count], partial(buffers.give, buffer))
            if response.will_close:
                self.close()
            response.close()
        except BaseException:
            self.close()
            raise

    def _connect(self, parts: SplitResult) -> http.client.HTTPConnection:
        server = (parts.scheme, parts.netloc)
        if self._connection is not None and self._server != server:
            self.close()
        if self._connection is None:
            host, port = parts.hostname or "", parts.port
            if parts.scheme == "https":
                context = trusted(self._ca_file)
                self._connection = http.client.HTTPSConnection(host, port, timeout=CONNECT_S, context=context)
            else:
                self._connection = http.client.HTTPConnection(host, port, timeout=CONNECT_S)
            self._server = server
            try:
                self._connection.connect()
            except OSError as error:
                self.close()
                if (untrusted := trust_trouble(f"{parts.scheme}://{parts.netloc}", error)) is not None:
                    raise untrusted from error
                raise ServerUnreachableError(
                    say("The server at {host} cannot be reached.", host=parts.hostname or ""),
                    "What was transferred so far is kept.",
                    "Check that it runs and that the network lets you through.",
                ) from error
            self._connection.sock.settimeout(self._silence_s)
        if self._aborted:
            raise ConnectionAbortedError
        return self._connection

    def _send_range(
        self, sock: socket.socket, descriptor: int, start: int, length: int, sent: Callable[[int], None]
    ) -> None:
        end = start + length
        in_kernel = hasattr(os, "sendfile") and not isinstance(sock, ssl.SSLSocket)
        while start < end:
            count = min(STEP_BYTES, end - start)
            if in_kernel:
                try:
                    count = self._send_in_kernel(sock, descriptor, start, count)
                except OSError as error:
                    if error.errno not in {errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP}:
                        raise
                    in_kernel = False  # this file system cannot
                    continue
            else:
                count = self._send_read(sock, descriptor, start, count)
            if count == 0:
                raise OSError("the file became shorter")
            start += count
            sent(count)

    def _send_in_kernel(self, sock: socket.socket, descriptor: int, start: int, count: int) -> int:
        while True:
            try:
                return os.sendfile(sock.fileno(), descriptor, start, count)
            except BlockingIOError:
                writable = select.poll()
                writable.register(sock, select.POLLOUT)
                if not writable.poll(self._silence_s * 1000):
                    raise TimeoutError from None

    def _send_read(self, sock: socket.socket, descriptor: int, start: int, count: int) -> int:
        for chunk in read_chunks(descriptor, start, count):
            sock.sendall(chunk)
            return len(chunk)
        return 0


def _target(parts: SplitResult) -> str:
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _not_ours(parts: SplitResult, status: int) -> BadAnswerError:
    return BadAnswerError(
        say("What answers at {host} did not send the bytes that were asked for.", host=parts.hostname or ""),
        say("It answered with status {status}.", status=status),
        "Something between you and the server may be changing the traffic.",
        status,
    )


def _problem(parts: SplitResult, response: http.client.HTTPResponse, body: bytes) -> ClientError:
    try:
        problem = as_spoken(Problem.model_validate_json(body))
    except ValidationError:
        return _not_ours(parts, response.status)
    after = response.getheader("Retry-After", "")
    return problem_error(problem, float(after) if after.isdecimal() else None)


def _lost(parts: SplitResult, error: Exception) -> ServerUnreachableError:
    if isinstance(error, TimeoutError):
        return TimedOutError(
            say("Nothing has come from or gone to {host} for a while.", host=parts.hostname or ""),
            "What was transferred so far is kept.",
        )
    return ConnectionLostError(
        say("The connection to {host} broke.", host=parts.hostname or ""),
        "What was transferred so far is kept.",
    )

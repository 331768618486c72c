"""One pass over a file that goes up: the CRC-32 of each part as soon as it is read, the SHA-256 of the whole at the end.

Parts are sent behind the pass, by the kernel, so that a file is copied into memory of ours once and not twice.
"""

import asyncio
import hashlib
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any

from zerosec_shared.content import crc32, read_chunks

__all__ = ["OnePass"]


class OnePass:
    """Reads a file in a thread of `pool` until its end, or until `stopped` says so. Made and asked in an event loop."""

    def __init__(
        self,
        descriptor: int,
        size_bytes: int,
        part_size_bytes: int,
        pool: Executor,
        stopped: Callable[[], bool],
    ) -> None:
        self._descriptor, self.part_size_bytes, self._stopped = descriptor, part_size_bytes, stopped
        self._loop = asyncio.get_running_loop()
        self._crc32s: list[asyncio.Future[tuple[str, int]]] = [
            self._loop.create_future() for _ in range(-(-size_bytes // part_size_bytes))
        ]
        self._sha256 = self._loop.run_in_executor(pool, self._read)
        futures: list[asyncio.Future[Any]] = [*self._crc32s, self._sha256]
        for future in futures:
            future.add_done_callback(_noticed)

    async def crc32(self, part_number: int) -> tuple[str, int]:
        """CRC-32 of a part as 8 hexadecimal digits, and how many bytes it had. Raises OSError."""
        return await asyncio.shield(self._crc32s[part_number - 1])

    async def sha256(self) -> str:
        """SHA-256 of all that was read, in hexadecimal. Raises OSError."""
        return await asyncio.shield(self._sha256)

    def _read(self) -> str:
        digest, at = hashlib.sha256(), 0
        try:
            for part in self._crc32s:
                value = length = 0
                for chunk in read_chunks(self._descriptor, at, self.part_size_bytes):
                    if self._stopped():
                        raise InterruptedError
                    value = crc32(chunk, value)
                    digest.update(chunk)
                    length += len(chunk)
                at += length
                self._loop.call_soon_threadsafe(_settle, part, (f"{value:08x}", length))
        except BaseException as error:
            for part in self._crc32s:
                self._loop.call_soon_threadsafe(_settle, part, error)
            raise
        return digest.hexdigest()


def _settle(future: "asyncio.Future[tuple[str, int]]", outcome: tuple[str, int] | BaseException) -> None:
    if future.done():
        return
    if isinstance(outcome, tuple):
        future.set_result(outcome)
    else:
        future.set_exception(outcome)


def _noticed(future: "asyncio.Future[Any]") -> None:
    if not future.cancelled():
        future.exception()  # whoever waits for it gets it; nobody waits after another failure

"""Calls that may wait for a disk or a share as long as that likes: each in a thread of its own, which holds up nobody else."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar, cast

__all__ = ["in_own_thread"]

T = TypeVar("T")


async def in_own_thread(call: Callable[[], T], name: str) -> T:
    """What the call returns or raises. Cancelled, it is not waited for; its thread ends with the call, or with the program."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def tell(value: T | None, error: Exception | None) -> None:
        if answer.done():
            return
        if error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(cast("T", value))

    def run() -> None:
        value: T | None = None
        failed: Exception | None = None
        try:
            value = call()
        except Exception as error:  # noqa: BLE001 -- handed to who asked
            failed = error
        with suppress(RuntimeError):  # the loop has ended: nobody waits
            loop.call_soon_threadsafe(tell, value, failed)

    threading.Thread(target=run, name=name, daemon=True).start()
    return await answer

"""The library of plots, brought into memory without a stall: Qt's types in slices of the window's thread, the rest in a worker thread.

Guards against a type of Qt that is made in two threads at once: PySide makes each when it is first asked for, and pyqtgraph asks for
all of them while it is imported.
"""

import asyncio
import sys
import time
from collections.abc import Iterator
from contextlib import suppress

from PySide6 import QtCore, QtGui, QtWidgets

from zerosec_desktop.bridge.base import Bridge

__all__ = ["warm_up"]

SLICE_S = 0.005
"""So long the window does nothing else; a key that is pressed waits no longer."""


async def warm_up(bridge: Bridge) -> None:
    """Import what plots need, on the bridge's loop, while the user waits for the numbers anyway."""
    loop, types = asyncio.get_running_loop(), _types()
    while "pyqtgraph" not in sys.modules:
        turned: asyncio.Future[bool] = loop.create_future()
        bridge.deliver(_turn, types, loop, turned)
        if not await turned:
            break
    await asyncio.to_thread(_import)


def _import() -> None:
    import pyqtgraph  # noqa: F401

    import zerosec_desktop.views.linked.panel
    import zerosec_desktop.views.plots  # noqa: F401


def _types() -> Iterator[None]:
    """Make every type of the modules that pyqtgraph copies, one a step."""
    for module in (QtCore, QtGui, QtWidgets):
        for name in dir(module):
            getattr(module, name)
            yield


def _turn(types: Iterator[None], loop: asyncio.AbstractEventLoop, turned: "asyncio.Future[bool]") -> None:
    """In the window's thread: make types for a slice of time, and say whether there are more."""
    end, left = time.perf_counter() + SLICE_S, True
    while left and time.perf_counter() < end:
        left = next(types, _NO_MORE) is not _NO_MORE

    def tell() -> None:
        if not turned.done():  # who waits may have been cancelled
            turned.set_result(left)

    with suppress(RuntimeError):  # the loop may have ended meanwhile
        loop.call_soon_threadsafe(tell)


_NO_MORE = object()

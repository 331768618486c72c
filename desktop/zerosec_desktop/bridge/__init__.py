"""The one seam between Qt and asyncio: coroutines run on a loop, their answers arrive in the window's thread."""

from zerosec_desktop.bridge.base import Bridge, Failure, Work

__all__ = ["Bridge", "Failure", "LoopKind", "Work", "make_bridge"]

from enum import StrEnum


class LoopKind(StrEnum):
    """Where the asyncio loop turns."""

    THREAD = "thread"
    QASYNC = "qasync"


def make_bridge(kind: LoopKind = LoopKind.THREAD) -> Bridge:
    """Make the bridge of a kind. The rest of the desktop can't tell which it has.

    The thread is the default: a call on the loop that waits for a disk then delays news, and no repaint. Without such a call
    the two are equally quick (docs/window.md).
    """
    if kind is LoopKind.QASYNC:
        from zerosec_desktop.bridge.on_qasync import QasyncBridge

        return QasyncBridge()
    from zerosec_desktop.bridge.on_thread import ThreadBridge

    return ThreadBridge()

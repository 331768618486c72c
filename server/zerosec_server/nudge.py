"""Nudges between the server's processes: one byte that says "look again" and carries nothing.

A lost nudge costs a second (both sides also poll), a doubled one a query; so neither end ever blocks or fails. The receiver
clears it *before* it queries the database: what is written after the query nudges again.
"""

import socket
from contextlib import suppress

__all__ = ["NudgeReceiver", "NudgeSender", "nudge_pair"]

MOST = 4096
"""Taken at a time; where there were fewer, all have been taken."""


class NudgeSender:
    """The end that nudges; from any thread."""

    def __init__(self, end: socket.socket) -> None:
        end.setblocking(False)
        self._end = end

    def nudge(self) -> None:
        """Ask the other side to look. A full buffer means that it has been asked already."""
        with suppress(OSError):
            self._end.send(b"\x01")


class NudgeReceiver:
    """The end that is nudged; readable while a nudge waits."""

    def __init__(self, end: socket.socket) -> None:
        end.setblocking(False)
        self._end = end

    def fileno(self) -> int:
        """For an event loop's `add_reader`."""
        return self._end.fileno()

    def clear(self) -> None:
        """Forget all nudges that have arrived; call it before querying."""
        with suppress(OSError):
            while len(self._end.recv(MOST)) == MOST:
                pass


def nudge_pair() -> tuple[NudgeSender, NudgeReceiver]:
    """A sender and its receiver. Whoever forks both sides keeps them, so that they outlive a side that is restarted."""
    sending, receiving = socket.socketpair()
    return NudgeSender(sending), NudgeReceiver(receiving)

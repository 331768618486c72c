"""How far one file is on its way, told to the window ten times a second at most."""

import time
from dataclasses import replace
from typing import Protocol

from zerosec_desktop.jobs import Transfer
from zerosec_desktop.navigation import JobKey

__all__ = ["Meter"]

TELL_EVERY_S = 0.1


class _Told(Protocol):
    """Who is told."""

    def transfer_news(self, transfer: Transfer) -> None: ...


class Meter:
    """Tells of one transfer."""

    def __init__(self, key: JobKey, name: str, host: _Told, *, upward: bool = True) -> None:
        self._host = host
        self._transfer = Transfer(key, name, upward, 0, 0)
        self._told_at = 0.0
        self._began = time.monotonic()
        self._told = False

    def tell(self, done_bytes: int, total_bytes: int, rate: float | None) -> None:
        """So much has gone over."""
        at = time.monotonic()
        if at - self._told_at < TELL_EVERY_S:
            return
        self._told_at, self._told = at, True
        if rate is None:
            rate = done_bytes / max(at - self._began, TELL_EVERY_S)
        self._transfer = replace(
            self._transfer, bytes_done=done_bytes, bytes_total=total_bytes, bytes_per_s=rate
        )
        self._host.transfer_news(self._transfer)

    def end(self) -> None:
        """It is over, one way or the other."""
        if self._told:
            self._told = False
            self._host.transfer_news(replace(self._transfer, ended=True))

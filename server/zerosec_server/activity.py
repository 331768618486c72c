"""When the server was last used, in memory that its processes share: the API notes callers, the worker notes work, the parent
decides whether the embedded server has been idle for long enough to end.
"""

import mmap
import struct
import time

__all__ = ["SharedActivity"]

OPEN_CALLS, LAST_CALL, LAST_WORK = 0, 8, 16


class SharedActivity:
    """Made before the fork. Times are of the monotonic clock, which all processes of a machine share.

    To the API's gate it is an Activity (it counts open calls and says when the last one ended), without the parent
    having to load the API for that.
    """

    def __init__(self) -> None:
        self._shared = mmap.mmap(-1, mmap.PAGESIZE)
        self.last_call = time.monotonic()
        self.note_work()

    def _get(self, place: int) -> float:
        (value,) = struct.unpack_from("=d", self._shared, place)
        return float(value)

    def _set(self, place: int, value: float) -> None:
        struct.pack_into("=d", self._shared, place, value)

    @property
    def open_calls(self) -> int:
        """Calls that are being served."""
        return int(self._get(OPEN_CALLS))

    @open_calls.setter
    def open_calls(self, value: int) -> None:
        self._set(OPEN_CALLS, value)

    @property
    def last_call(self) -> float:
        """When the last call ended."""
        return self._get(LAST_CALL)

    @last_call.setter
    def last_call(self, value: float) -> None:
        self._set(LAST_CALL, value)

    def note_work(self) -> None:
        """There is a job that is queued or running."""
        self._set(LAST_WORK, time.monotonic())

    def idle_s(self) -> float:
        """Seconds without a caller; 0 while one is served."""
        return 0.0 if self.open_calls else time.monotonic() - self.last_call

    def unused_s(self) -> float:
        """Seconds without a caller and without work."""
        return min(self.idle_s(), time.monotonic() - self._get(LAST_WORK))

"""The limits that the user sets for the server of this computer: handed over when it starts, by its own environment variables."""

import os

from zerosec_desktop.settings import Settings

__all__ = ["ServerLimits"]


class ServerLimits:
    """What was in the environment when the window started is the administrator's word, and stays."""

    NAMES = ("ZEROSEC_SLOTS", "ZEROSEC_JOB_MEMORY_BYTES", "ZEROSEC_JOB_WALL_TIME_S")

    def __init__(self) -> None:
        self.from_outside = frozenset(name for name in self.NAMES if name in os.environ)

    def apply(self, settings: Settings) -> None:
        """From the next start of the server on. Zero leaves it to the server."""
        values = (settings.server_slots, settings.job_memory_gib * 1024**3, settings.job_hours * 3600)
        for name, value in zip(self.NAMES, values, strict=True):
            if name in self.from_outside:
                continue
            if value:
                os.environ[name] = str(value)
            else:
                os.environ.pop(name, None)

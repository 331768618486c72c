"""What an engine is: it decides where and when a queued job gets a worker's attention, and nothing else.

The database holds the queue and its order; whatever an engine loses, doubles or delays, the job protocol makes harmless.
"""

import asyncio
from typing import Protocol

__all__ = ["Engine"]


class Engine(Protocol):
    """Runs queued jobs until it is told to stop."""

    async def run(self, stop: asyncio.Event) -> None:
        """Claim and run jobs until `stop` is set; then end in order: jobs that cannot end in time go back to the queue."""

    def look(self) -> None:
        """Something may have changed: queued, to be cancelled, or to finish early."""

"""What request handlers work with: made once at start, found on `app.state.services`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from zerosec_analyses.catalogue import Catalogue
from zerosec_server.database.connection import Database
from zerosec_server.events import Bell, EventFeed
from zerosec_server.settings import Settings
from zerosec_server.storage.base import Storage

__all__ = ["Services"]


@dataclass(frozen=True, kw_only=True)
class Services:
    """Everything behind the API of one process.

    `token` is the secret callers must show. `nudge_worker` tells the worker that something was queued or cancelled: it
    never blocks, and losing a nudge costs a second and nothing else.
    """

    settings: Settings
    database: Database
    storage: Storage
    catalogue: Catalogue
    events: EventFeed
    nudge_worker: Callable[[], None]
    token: str = field(repr=False)
    instance_id: str = ""
    sequences_bell: Bell = field(default_factory=Bell)
    """Rung when a *Run all* was started or resumed."""
    references_bell: Bell = field(default_factory=Bell)
    """Rung when a reference was taken from the list and something of it had to stay."""
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))

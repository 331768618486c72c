"""Events: the numbered, append-only record of a job, and what goes over the WebSocket."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from zerosec_shared.contract import Contract, Instant, Text
from zerosec_shared.errors import Problem
from zerosec_shared.ids import Id
from zerosec_shared.runs import Artifact, JobFailure, JobProgress, JobStatus
from zerosec_shared.translations import Worded
from zerosec_shared.views import Metric, Notice

__all__ = [
    "ArtifactEvent",
    "ClientMessage",
    "Event",
    "EventBody",
    "EventPage",
    "LogEvent",
    "MetricEvent",
    "NoticeEvent",
    "ProgressEvent",
    "ServerMessage",
    "StateEvent",
    "Subscribe",
    "Unsubscribe",
    "WsError",
    "WsEvent",
    "WsHeartbeat",
    "WsResync",
    "client_messages",
    "server_messages",
]


class StateEvent(Worded):
    """The status changed (or a new attempt was queued)."""

    kind: Literal["state"] = "state"
    status: JobStatus
    attempt: int
    reason: Text = ""
    failure: JobFailure | None = None


class ProgressEvent(Contract):
    """Where the job is. Coalesced: at most four a second reach the record."""

    kind: Literal["progress"] = "progress"
    progress: JobProgress


class LogEvent(Worded):
    """A line for the user to see as it happens; the whole log is a file of its own."""

    kind: Literal["log"] = "log"
    level: Literal["info", "warning", "error"] = "info"
    message: Text


class MetricEvent(Contract):
    """A number known before the end."""

    kind: Literal["metric"] = "metric"
    metric: Metric


class ArtifactEvent(Contract):
    """A file of the result is durable; written with the terminal state, before it."""

    kind: Literal["artifact"] = "artifact"
    artifact: Artifact


class NoticeEvent(Contract):
    """Something to be seen beside the number."""

    kind: Literal["problem"] = "problem"
    notice: Notice


EventBody = Annotated[
    StateEvent | ProgressEvent | LogEvent | MetricEvent | ArtifactEvent | NoticeEvent,
    Field(discriminator="kind"),
]


class Event(Contract):
    """One numbered event of one job: `seq` counts from 1 without gaps."""

    job_id: Id
    seq: int = Field(ge=1)
    attempt: int = Field(ge=0)
    at: Instant
    body: EventBody

    @property
    def terminal(self) -> bool:
        """Whether this event ends the job."""
        return isinstance(self.body, StateEvent) and self.body.status.terminal


class EventPage(Contract):
    """Events after a number. `complete`: the job has ended and nothing comes after the last of these."""

    events: tuple[Event, ...]
    last_seq: int
    complete: bool


class Subscribe(Contract):
    """Follow a job, from the first event after a number."""

    type: Literal["subscribe"] = "subscribe"
    job_id: Id
    after: int = Field(default=0, ge=0)


class Unsubscribe(Contract):
    """Stop following a job."""

    type: Literal["unsubscribe"] = "unsubscribe"
    job_id: Id


ClientMessage = Annotated[Subscribe | Unsubscribe, Field(discriminator="type")]


class WsEvent(Contract):
    """An event of a job subscribed to."""

    type: Literal["event"] = "event"
    event: Event


class WsHeartbeat(Contract):
    """The server is there; sent every few seconds when nothing else is."""

    type: Literal["heartbeat"] = "heartbeat"
    at: Instant


class WsResync(Contract):
    """The watcher was too slow and its queue was dropped: subscribe again after the last number seen."""

    type: Literal["resync"] = "resync"
    job_id: Id
    last_seq: int


class WsError(Contract):
    """A message was refused; the connection goes on."""

    type: Literal["error"] = "error"
    problem: Problem
    job_id: Id | None = None


ServerMessage = Annotated[WsEvent | WsHeartbeat | WsResync | WsError, Field(discriminator="type")]

client_messages: TypeAdapter[Subscribe | Unsubscribe] = TypeAdapter(ClientMessage)
server_messages: TypeAdapter[WsEvent | WsHeartbeat | WsResync | WsError] = TypeAdapter(ServerMessage)

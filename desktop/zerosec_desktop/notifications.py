"""The notification centre: everything that must be said, with its severity, in plain words, each thing once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

from PySide6.QtCore import QObject, Signal

from zerosec_desktop.bridge import Failure
from zerosec_shared.severity import Severity

__all__ = ["Action", "Notification", "NotificationCentre"]

_numbers = count(1)
KEPT = 200


@dataclass(frozen=True)
class Action:
    """What the user can do about it: a word for the button, and what it does."""

    title: str
    call: Callable[[], None]


@dataclass(frozen=True)
class Notification:
    """What happened, what it means, what to do. `key` makes a later one replace an earlier of the same matter."""

    title: str
    detail: str = ""
    hint: str = ""
    severity: Severity = Severity.INFO
    technical: str = ""
    """Folded away: for a report to whoever looks after the server."""
    actions: tuple[Action, ...] = ()
    key: str = ""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    number: int = field(default_factory=lambda: next(_numbers))

    @property
    def text(self) -> str:
        """All of it as plain text, for the clipboard."""
        parts = (self.at.isoformat(timespec="seconds"), self.title, self.detail, self.hint, self.technical)
        return "\n".join(part for part in parts if part)


class NotificationCentre(QObject):
    """Keeps the last ones; the toasts, the bell and the tray only listen."""

    posted = Signal(object)  # Notification
    withdrawn = Signal(str)  # key
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.items: list[Notification] = []
        self._unread: set[int] = set()

    @property
    def unread(self) -> int:
        """How many of those that are kept the user has not seen: what was replaced or taken back is none of them."""
        return sum(item.number in self._unread for item in self.items)

    def post(self, notification: Notification) -> Notification:
        """Say something. One with the same non-empty key is replaced."""
        if notification.key:
            self.items = [item for item in self.items if item.key != notification.key]
        self.items.insert(0, notification)
        del self.items[KEPT:]
        self._unread.add(notification.number)
        self.posted.emit(notification)
        self.changed.emit()
        return notification

    def info(self, title: str, detail: str = "", *, key: str = "", actions: tuple[Action, ...] = ()) -> None:
        """Say something good or neutral."""
        self.post(Notification(title, detail, key=key, actions=actions))

    def warn(self, title: str, detail: str = "", hint: str = "", *, key: str = "") -> None:
        """Say that something needs a look."""
        self.post(Notification(title, detail, hint, Severity.WARNING, key=key))

    def problem(self, error: BaseException, title: str = "", *, key: str = "") -> None:
        """Say that something failed, in the words of the error where it has any for the user."""
        from zerosec_desktop.problems import in_words

        words = in_words(error)
        self.post(
            Notification(
                title or words.title,
                words.detail if not title else " ".join(filter(None, (words.title, words.detail))),
                words.hint,
                Severity.ERROR,
                words.technical,
                key=key,
            )
        )

    def unhandled(self, failure: Failure) -> None:
        """Take what the bridge reports."""
        self.problem(failure.error, key=f"unhandled:{failure.name}:{type(failure.error).__name__}")

    def withdraw(self, key: str) -> None:
        """Take back what is no longer so (a server that answers again)."""
        left = [item for item in self.items if item.key != key]
        if len(left) != len(self.items):
            self.items = left
            self.withdrawn.emit(key)
            self.changed.emit()

    def read_all(self) -> None:
        """The user has seen them."""
        self._unread.clear()
        self.changed.emit()

    def clear(self) -> None:
        """Forget all."""
        self.items.clear()
        self.read_all()

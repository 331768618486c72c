"""What every screen is given: the few things that exist once in the window."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zerosec_desktop.bridge import Bridge
    from zerosec_desktop.notifications import NotificationCentre
    from zerosec_desktop.session import Session
    from zerosec_desktop.settings import SettingsStore

__all__ = ["Context"]


@dataclass(frozen=True)
class Context:
    """Handed down; nothing is looked up from globals (the theme excepted)."""

    bridge: "Bridge"
    session: "Session"
    settings: "SettingsStore"
    notifications: "NotificationCentre"

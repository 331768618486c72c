"""The one place where the client meets the window: its news become typed Qt signals, the window's wishes its calls."""

from zerosec_desktop.session.session import Session

__all__ = ["Session"]

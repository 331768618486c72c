"""How much a notice matters. Apart from the views, so that a window need not know those before it is painted."""

from enum import StrEnum

__all__ = ["Severity"]


class Severity(StrEnum):
    """How much a notice matters."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"

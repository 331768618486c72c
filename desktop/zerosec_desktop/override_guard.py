"""An exception in a method of ours that Qt calls is an error like any other, and never the end of the program.

Where Python has called Qt and Qt calls an override (a resize that paints, a scene that is cleared), PySide keeps the override's
exception and raises it when Qt returns. Up to Python 3.11 it reads the arguments of an exception that may not be made yet, as
those of `1 / 0`, `int("x")` or a Qt object that is deleted are not, and the process ends with a segmentation fault (PySide 6.8 to
6.11, measured). Raised again from an `except` clause it is made. So overrides are wrapped as their classes are defined, those
of pyqtgraph too.
"""

import functools
import sys
from collections.abc import Callable
from types import FunctionType
from typing import Any

from PySide6.QtCore import QObject

__all__ = ["guard_overrides"]

AFFECTED = sys.version_info < (3, 12)


def guard_overrides() -> None:
    """From now on, for every class that is derived from QObject; again it does nothing."""
    if AFFECTED and not getattr(QObject.__init_subclass__, "guards_overrides", False):
        _guard.guards_overrides = True  # type: ignore[attr-defined]
        QObject.__init_subclass__ = classmethod(_guard)  # type: ignore[assignment]


def _guard(cls: type) -> None:
    qt = [base for base in cls.__mro__[1:] if base.__module__.startswith("PySide6.")]
    for name, found in list(vars(cls).items()):
        if isinstance(found, FunctionType) and any(name in vars(base) for base in qt):
            setattr(cls, name, _raised_again(found))


def _raised_again(override: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(override)
    def guarded(*args: Any, **named: Any) -> Any:
        try:
            return override(*args, **named)
        except BaseException:  # noqa: TRY203 -- being caught is what makes the exception
            raise

    return guarded

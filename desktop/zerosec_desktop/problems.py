"""Errors in the user's words: what happened, what it means for their data, what to do. Never an exception's name."""

import errno
import traceback
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

__all__ = ["Words", "in_words"]


@dataclass(frozen=True)
class Words:
    """An error, ready to be shown. `technical` is folded away."""

    title: str
    detail: str = ""
    hint: str = ""
    technical: str = ""


def in_words(error: BaseException) -> Words:
    """Put an error into words. Errors of the client and the server bring their own; the rest are told by kind."""
    title = str(getattr(error, "title", "") or "")
    if title:
        code = getattr(error, "code", "")
        request = getattr(error, "request_id", "")
        technical = " ".join(str(part) for part in (code, request) if part)
        return Words(
            title, str(getattr(error, "detail", "") or ""), str(getattr(error, "hint", "") or ""), technical
        )
    technical = "".join(traceback.format_exception(error))
    if isinstance(error, OSError):
        return _of_the_system(error, technical)
    return Words(
        _tr("Something went wrong inside ZeroSec"),
        _tr("What you submitted is kept, and the work on the server goes on."),
        _tr("Try again. If it happens again, copy the details and send them to whoever looks after ZeroSec."),
        technical,
    )


def _of_the_system(error: OSError, technical: str) -> Words:
    name = str(error.filename) if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Words(
            _tr("The disk is full"),
            _tr("{name} could not be written completely.").format(name=name or _tr("A file")),
            _tr("Free some space, then try again. Nothing that was saved before is affected."),
            technical,
        )
    if isinstance(error, FileNotFoundError):
        return Words(
            _tr("The file is no longer there"),
            name,
            _tr("It may have been moved, renamed or deleted. Choose it again at its new place."),
            technical,
        )
    if isinstance(error, PermissionError):
        return Words(
            _tr("No permission"),
            name,
            _tr("Choose another folder, or ask whoever owns this one for access."),
            technical,
        )
    return Words(_tr("The file could not be used"), name, _tr("Check the disk, then try again."), technical)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Problems", text)

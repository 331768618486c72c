"""Errors in the user's words: what happened, what it means for their data, what to do. Never an exception's name."""

import errno
import traceback
from dataclasses import dataclass

from zerosec_client.errors import ClientError
from zerosec_desktop.resources.language import translate
from zerosec_shared.texts import translated

__all__ = ["Words", "in_words"]


@dataclass(frozen=True)
class Words:
    """An error, ready to be shown. `technical` is folded away."""

    title: str
    detail: str = ""
    hint: str = ""
    technical: str = ""

    @property
    def sentences(self) -> str:
        """What happened, in one piece of running text."""
        if not self.title or not self.detail:
            return self.title or self.detail
        ends = self.title[-1] in ".。!?！？…:："
        joined = translate("Problems", "{0} {1}") if ends else translate("Problems", "{0}: {1}")
        return joined.format(self.title, self.detail)


def in_words(error: BaseException) -> Words:
    """Put an error into words. Errors of the client and the server bring their own; the rest are told by kind."""
    if isinstance(error, ClientError):
        return _of_the_client(error)
    title = getattr(error, "title", None)
    if isinstance(title, str) and title:  # a data file that cannot be read tells it in the user's words
        detail, hint = getattr(error, "detail", ""), getattr(error, "hint", "")
        return Words(
            translated(title), translated(detail), translated(hint), str(getattr(error, "technical", ""))
        )
    technical = "".join(traceback.format_exception(error))
    if isinstance(error, OSError):
        return _of_the_system(error, technical)
    return Words(
        translate("Problems", "Something went wrong inside ZeroSec"),
        translate("Problems", "What you submitted is kept, and the work on the server goes on."),
        translate(
            "Problems",
            "Try again. If it happens again, copy the details and send them to whoever looks after ZeroSec.",
        ),
        technical,
    )


def _of_the_client(error: ClientError) -> Words:
    code = str(error.code)
    request = str(getattr(error, "request_id", ""))
    technical = "\n".join(part for part in (error.title, error.detail, error.hint, code, request) if part)
    known = _known(code)
    if known is None:
        return Words(translated(error.title), translated(error.detail), translated(error.hint), technical)
    title, hint = known
    return Words(title, translated(error.detail or error.title), hint, technical)


def _known(code: str) -> tuple[str, str] | None:
    """Title and hint of what happens often, in the window's language; the server's own words stand below them."""
    return {
        "server_unreachable": (
            translate("Problems", "The server cannot be reached"),
            translate(
                "Problems",
                "What you have submitted is kept here, and sent as soon as the server answers. Anything else, do again then.",
            ),
        ),
        "connection_lost": (
            translate("Problems", "The connection to the server broke"),
            translate("Problems", "ZeroSec connects again by itself. Nothing you submitted is lost."),
        ),
        "timed_out": (
            translate("Problems", "The server did not answer in time"),
            translate("Problems", "It may be busy. ZeroSec asks again by itself."),
        ),
        "server_not_started": (
            translate("Problems", "The server of this computer could not be started"),
            translate("Problems", "Look at its log under Targets, or choose another target."),
        ),
        "folder_taken": (
            translate("Problems", "The folder holds the results of another run"),
            translate("Problems", "Choose another folder."),
        ),
        "unauthorized": (
            translate("Problems", "The server does not accept the token"),
            translate("Problems", "Enter a new token for this target under Targets."),
        ),
        "forbidden": (
            translate("Problems", "You may not do this on this server"),
            translate("Problems", "Ask whoever looks after the server for access."),
        ),
        "not_found": (
            translate("Problems", "It is no longer on the server"),
            translate("Problems", "It may have been deleted. Refresh the list."),
        ),
        "storage_full": (
            translate("Problems", "The server has no space left"),
            translate("Problems", "Delete runs you no longer need, or ask whoever looks after the server."),
        ),
        "no_space_left": (
            translate("Problems", "The disk of this computer is full"),
            translate("Problems", "Free some space, then try again. What was saved before is not affected."),
        ),
        "validation_error": (
            translate("Problems", "Something in the form is not right"),
            translate("Problems", "The fields concerned are marked."),
        ),
        "queue_full": (
            translate("Problems", "The server takes no more work at the moment"),
            translate("Problems", "Your work is kept here and sent again in a little while."),
        ),
        "file_too_large": (
            translate("Problems", "The file is larger than this server takes"),
            translate(
                "Problems", "Use a smaller file, or ask whoever looks after the server to raise the limit."
            ),
        ),
        "outbox": (
            translate("Problems", "The record of your submissions cannot be written"),
            translate(
                "Problems", "Nothing is sent without it, so that nothing can be lost. Free some space."
            ),
        ),
    }.get(code)


def _of_the_system(error: OSError, technical: str) -> Words:
    name = str(error.filename) if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Words(
            translate("Problems", "The disk is full"),
            translate("Problems", "{name} could not be written completely.").format(
                name=name or translate("Problems", "A file")
            ),
            translate(
                "Problems", "Free some space, then try again. Nothing that was saved before is affected."
            ),
            technical,
        )
    if isinstance(error, FileNotFoundError):
        return Words(
            translate("Problems", "The file is no longer there"),
            name,
            translate(
                "Problems", "It may have been moved, renamed or deleted. Choose it again at its new place."
            ),
            technical,
        )
    if isinstance(error, PermissionError):
        return Words(
            translate("Problems", "No permission"),
            name,
            translate("Problems", "Choose another folder, or ask whoever owns this one for access."),
            technical,
        )
    return Words(
        translate("Problems", "The file could not be used"),
        name,
        translate("Problems", "Check the disk, then try again."),
        technical,
    )

"""`@NAME` on a command line: a reference that is registered on the server, in place of a file of this computer."""

from collections.abc import Mapping, Sequence

from zerosec_client.api import Api
from zerosec_client.chosen_files import REGISTERED_SIGN, registered_input
from zerosec_client.cli.options import nearest
from zerosec_client.errors import UsageError
from zerosec_client.outbox import LocalInput
from zerosec_shared.analyses import InputSlotInfo
from zerosec_shared.references import Reference
from zerosec_shared.texts import say

__all__ = ["known_references", "meant_as_registered", "named_reference"]

Known = Mapping[str, Reference]


async def known_references(api: Api, words: Sequence[str]) -> Known:
    """The registered references by name, where one of the words may name one; otherwise the server is not asked."""
    if not any(
        word.partition("=")[2].startswith(REGISTERED_SIGN) or word.startswith(REGISTERED_SIGN)
        for word in words
    ):
        return {}
    return {reference.name: reference for reference in await api.references()}


def named_reference(word: str, slot: InputSlotInfo, known: Known) -> LocalInput | None:
    """What `@NAME` means for an input; None where the word is a file. Raises UsageError for a name that is not registered for it."""
    if not word.startswith(REGISTERED_SIGN) or slot.registered is None:
        return None
    found = known.get(word.removeprefix(REGISTERED_SIGN))
    fitting = [name for name, reference in known.items() if reference.kind is slot.registered]
    if found is None or found.kind is not slot.registered:
        raise UsageError(
            say("For “{title}” nothing is registered as {name}.", title=slot.title, name=word),
            nearest(word.removeprefix(REGISTERED_SIGN), fitting)
            or say("“zerosec references” lists what there is."),
        )
    return registered_input(found.file)


def meant_as_registered(word: str, slot: InputSlotInfo) -> str:
    """What to say where there is no file of this name, and an input also takes what is registered; empty where it does not."""
    if slot.registered is None:
        return ""
    return say(
        "If it is registered on the server, say {name}; “zerosec references” lists what is.",
        name=REGISTERED_SIGN + word,
    )

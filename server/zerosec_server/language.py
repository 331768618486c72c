"""The server's own sentences in other languages: it speaks English, and sends the translations along."""

from typing import TypeVar

from pydantic import BaseModel

from zerosec_shared.texts import NO_TEXTS, Texts, texts_of
from zerosec_shared.translations import with_translations

__all__ = ["server_texts", "worded"]

M = TypeVar("M", bound=BaseModel)


def server_texts() -> Texts:
    """The tables in `texts/`, over those of the contract."""
    return texts_of("zerosec_server", "zerosec_shared")


def worded(thing: M, others: Texts = NO_TEXTS) -> M:
    """The model with the translations of the server's sentences in it, and of those of `others`."""
    return with_translations(thing, others.over(server_texts()) if others is not NO_TEXTS else server_texts())

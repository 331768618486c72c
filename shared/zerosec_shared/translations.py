"""What crosses the wire brings its translations along: for exactly the texts it contains, by their English.

A model that is `Worded` has one additive field, `translations`. Whoever makes it calls `with_translations(model, texts)`; whoever
shows it calls `in_language(model, "ja")` and gets the same model with its texts replaced, in English where there is no translation.
Data of the user are not looked up: texts stand in the fields named here and in columns that are `worded`, and nowhere else.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel, Field

from zerosec_shared.contract import Contract
from zerosec_shared.texts import SOURCE, Said, Texts, has_words, spoken

__all__ = ["Worded", "as_spoken", "in_language", "texts_in", "with_translations"]

TEXT_FIELDS = frozenset(
    {
        "caption", "detail", "group", "help", "hint", "label", "label_text", "message", "note", "offer", "reason", "remark", "stage", "summary", "text",
        "title",
    }
)  # fmt: skip
"""Fields that hold our texts. In them a plain text is looked up as well as a sentence."""

MIXED_FIELDS = frozenset({"name", "unit", "value", "x", "x_labels", "y_labels"})
"""Fields that hold our texts or names of the user's. In them only a sentence made by `say` has a translation."""

SCHEMA_TEXTS = frozenset({"title", "description", "unit", "key_label", "value_label", "zero_label"})
SCHEMA_LABELS = frozenset({"labels"})
SCHEMA_NAMES = frozenset({"properties", "$defs"})

M = TypeVar("M", bound=BaseModel)
Change = Callable[[str, bool], str]
"""Gets a text, and whether its field is for our texts alone; returns what is to stand there."""


class Worded(Contract):
    """Something with texts for the user."""

    translations: dict[str, dict[str, str]] = Field(
        default_factory=dict,
        max_length=50,
        description="Language to English text to its translation, for exactly the texts in here.",
    )


W = TypeVar("W", bound=Worded)


class _Walk:
    """Goes through a model and changes its texts; what has none stays the very same object."""

    def enter(self, owner: Worded, outer: Change) -> Change:
        """The change for the texts of a model with translations of its own."""
        return outer

    def leave(self, owner: W) -> W:
        """Called with the model after the change."""
        return owner

    def model(self, thing: M, change: Change) -> M:
        if isinstance(thing, Worded):
            change = self.enter(thing, change)
        update: dict[str, Any] = {}
        for name in type(thing).model_fields:
            value = getattr(thing, name)
            made = self._field(thing, name, value, change)
            if made is not value:
                update[name] = made
        changed = thing.model_copy(update=update) if update else thing
        if isinstance(changed, Worded):
            changed = self.leave(changed)
        return changed

    def _field(self, owner: BaseModel, name: str, value: Any, change: Change) -> Any:
        if isinstance(value, str):
            return self._text(owner, value, name, change)
        if isinstance(value, BaseModel):
            return self.model(value, change)
        if name == "parameters_schema":
            return _schema(value, change)
        if name == "rows" and value and hasattr(owner, "columns"):
            return _rows(owner, value, change)
        if isinstance(value, tuple) and (
            (value and isinstance(value[0], BaseModel))
            or (name in MIXED_FIELDS and any(isinstance(item, str) for item in value))
        ):
            made = tuple(self._field(owner, name, item, change) for item in value)
            return value if all(a is b for a, b in zip(made, value, strict=True)) else made
        return value

    @staticmethod
    def _text(owner: BaseModel, value: str, name: str, change: Change) -> str:
        if not value or (name not in TEXT_FIELDS and name not in MIXED_FIELDS):
            return value
        if name == "name" and vars(owner).get("label"):
            return value  # its label is shown instead
        return change(value, name in TEXT_FIELDS)


def _is_a_name(text: str, for_texts: bool) -> bool:
    """Whether it is a name of the user's: plain in a field that may hold one, or `say("{name}", name=…)`, which has no words of ours."""
    if isinstance(text, Said):
        parts = text.values.values()
        return not has_words(text.template) and not any(isinstance(part, Said) for part in parts)
    return not for_texts


def _rows(table: Any, rows: tuple[tuple[Any, ...], ...], change: Change) -> tuple[tuple[Any, ...], ...]:
    ours = {place for place, column in enumerate(table.columns) if column.worded}
    if not ours:
        return rows
    return tuple(
        tuple(
            change(cell, False) if place in ours and isinstance(cell, str) else cell
            for place, cell in enumerate(row)
        )
        for row in rows
    )


def _schema(schema: Any, change: Change, *, is_field: bool = False) -> Any:
    """A JSON schema with other titles, descriptions, units and labels of its fields; what it says of types is for programs."""
    if isinstance(schema, list):
        return [_schema(item, change) for item in schema]
    if not isinstance(schema, dict):
        return schema
    made: dict[str, Any] = {}
    for key, value in schema.items():
        if key in SCHEMA_NAMES and isinstance(value, dict):
            made[key] = {n: _schema(v, change, is_field=key == "properties") for n, v in value.items()}
        elif is_field and key in SCHEMA_TEXTS and isinstance(value, str):
            made[key] = change(value, True)
        elif is_field and key in SCHEMA_LABELS and isinstance(value, dict):
            made[key] = {name: change(text, True) for name, text in value.items()}
        elif key != "default":
            made[key] = _schema(value, change)
        else:
            made[key] = value
    return made


def texts_in(thing: BaseModel) -> list[str]:
    """The texts for the user in a model: sentences, and plain texts in fields that are for nothing else."""
    found: list[str] = []

    def note(text: str, ours: bool) -> str:
        if ours or isinstance(text, Said):
            found.append(text)
        return text

    _Walk().model(thing, note)
    return found


class _Translating(_Walk):
    """Collects the texts of each `Worded` model, and gives it their translations."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._open: list[tuple[list[str], set[str]]] = []

    def enter(self, owner: Worded, outer: Change) -> Change:
        ours: list[str] = []
        data: set[str] = set()
        self._open.append((ours, data))

        def note(text: str, for_texts: bool) -> str:
            if _is_a_name(text, for_texts):
                data.add(str(text))
            else:
                ours.append(text)
            return text

        return note

    def leave(self, owner: W) -> W:
        ours, data = self._open.pop()
        tables = {}
        for language in self._texts.languages:
            found = {str(text): self._texts.find(text, language) for text in ours if text not in data}
            table = {text: there for text, there in found.items() if there is not None and there != text}
            table = {**owner.translations.get(language, {}), **table}
            if table:
                tables[language] = table
        return owner.model_copy(update={"translations": tables}) if tables != owner.translations else owner


def with_translations(thing: M, texts: Texts) -> M:
    """The model, every `Worded` model in it with the translations of its own texts.

    A text that is also a name of the user's in the same model is left without: it could not be told from it.
    """
    return _Translating(texts).model(thing, lambda text, _ours: text)


class _Speaking(_Walk):
    """Puts each text into one language, from whichever it reads in now."""

    def __init__(self, language: str) -> None:
        self._language = language

    def enter(self, owner: Worded, outer: Change) -> Change:
        if not owner.translations:
            return outer
        wanted = owner.translations.get(self._language, {})
        english = {
            there: text for table in owner.translations.values() for text, there in reversed(table.items())
        }

        def speak(text: str, _ours: bool) -> str:
            source = english.get(text, text)
            return wanted.get(source, source)

        return speak


def in_language(thing: M, language: str) -> M:
    """The model as it reads in a language, whichever it reads in now; what has no translation stays in English."""
    return _Speaking(language).model(thing, lambda text, _ours: text)


def as_spoken(thing: M) -> M:
    """What just came over the wire, in the language this process speaks."""
    return thing if spoken() == SOURCE else in_language(thing, spoken())

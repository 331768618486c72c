"""Sentences in more than one language: a sentence remembers its template and its values, and a table has the template in Japanese.

English is the source. `say("{rows:,} rows have no value in {column}.", rows=3, column=name)` is a `str` for every purpose; where it
crosses a wire or is shown, `Texts` finds its template in `texts/ja.toml` of the package and fills in the same values. Fields are
filled by plain replacement, once: a value never formats, however it reads, and braces in it stay braces.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module, resources
from pathlib import PurePath
from uuid import UUID

__all__ = [
    "NO_TEXTS",
    "SOURCE",
    "Said",
    "Texts",
    "cut",
    "fields",
    "filled",
    "has_words",
    "joined",
    "ours",
    "say",
    "speak",
    "spoken",
    "texts_of",
    "translated",
]

SOURCE = "en"
"""The language every text is written in first."""

_FIELD = re.compile(r"\{([a-z][a-z0-9_]*)(?::([^{}]*))?\}")

Value = str | int | float | PurePath | UUID


class Said(str):
    """A sentence that knows what it was made from. Of no other effect than `str`."""

    template: str
    values: Mapping[str, str]
    most: int | None

    def __new__(cls, text: str, template: str, values: Mapping[str, str], most: int | None = None) -> "Said":
        """A sentence of at most `most` characters."""
        made = super().__new__(cls, text if most is None else text[:most])
        made.template, made.values, made.most = template, dict(values), most
        return made


def fields(template: str) -> dict[str, str]:
    """The named fields of a template with their formats, which are empty in translations."""
    return {name: spec or "" for name, spec in _FIELD.findall(template)}


def filled(template: str, values: Mapping[str, str]) -> str:
    """The template with its fields replaced, each once; a field without a value stays as it is."""
    return _FIELD.sub(lambda field: str(values.get(field[1], field[0])), template)


def say(template: str, /, *, one: str = "", **values: Value) -> Said:
    """A sentence made from a literal template: `say("{rows:,} rows miss {column}", rows=n, column=name)`.

    A field may have a format for numbers; another sentence may be a value. `one` is how English puts it where what it says in words
    of its own, and so has no field for, is 1: `one="1 row misses {column}"`. Translations are those of the template, of one thing
    or many. Raises KeyError for a field without a value or a value without a field, ValueError for a format that does not fit.
    """
    wanted = fields(template)
    if wanted.keys() != values.keys():
        raise KeyError(f"{template!r} has the fields {sorted(wanted)}, and {sorted(values)} were given")
    made = {
        name: format(value, wanted[name]) if wanted[name] or not isinstance(value, str) else value
        for name, value in values.items()
    }
    counted = wanted.keys() - fields(one).keys()
    alone = bool(one) and all(made[name] == "1" for name in counted)
    return Said(filled(one if alone else template, made), template, made)


def ours(text: str, /) -> Said:
    """A text of ours as it stands: a title that is declared elsewhere and said within a sentence, or a template whose fields are
    filled in where it is shown, as in `Series(labels=("3", "4"), label_text=ours("row {label}"))`.
    """
    return text if isinstance(text, Said) else Said(text, text, {})


def joined(parts: Iterable[str], by: str = ", ") -> Said:
    """Sentences and names in a row; each sentence is translated by itself."""
    values = {f"part_{number}": part for number, part in enumerate(parts)}
    template = by.join(f"{{{name}}}" for name in values)
    return Said(filled(template, values), template, values)


def has_words(template: str) -> bool:
    """Whether a template has words of its own, besides its fields: only then does it need a translation."""
    return any(sign.isalpha() for sign in _FIELD.sub("", template))


def cut(text: str, most: int) -> str:
    """The first `most` characters; a sentence stays one that can be translated."""
    if isinstance(text, Said):
        return text if len(text) <= most else Said(text, text.template, text.values, most)
    return text[:most]


class Texts:
    """Tables of translations: language to English text or template to its translation.

    Tables that lie over others stay apart, and are asked one after the other: to merge them is to touch every text in them, which
    in a process just forked copies their memory.
    """

    def __init__(self, tables: Mapping[str, Mapping[str, str]]) -> None:
        self._tables = {language: (dict(table),) for language, table in tables.items()}

    @property
    def languages(self) -> Iterator[str]:
        """The languages there are besides English."""
        return iter(self._tables)

    def table(self, language: str) -> dict[str, str]:
        """All there is in a language, in one table."""
        merged: dict[str, str] = {}
        for table in reversed(self._tables.get(language, ())):
            merged |= table
        return merged

    def over(self, others: "Texts") -> "Texts":
        """These, and what only the others have."""
        made = Texts({})
        for language in {**self._tables, **others._tables}:
            ours, theirs = self._tables.get(language, ()), others._tables.get(language, ())
            made._tables[language] = (*ours, *(one for one in theirs if not any(one is own for own in ours)))
        return made

    def _there(self, text: str, language: str) -> str | None:
        for table in self._tables.get(language, ()):
            if (found := table.get(text)) is not None:
                return found
        return None

    def find(self, text: str, language: str) -> str | None:
        """The text in a language; None where the table does not have it."""
        if not isinstance(text, Said):
            found = self._there(text, language)
            return None if found is None or fields(found) else found
        template, wordless = self._there(text.template, language), False
        if template is None:
            if has_words(text.template) or not any(self._tables.get(language, ())):
                return None
            template, wordless = _FIELD.sub(r"{\1}", text.template), True
        values = {
            name: self.find(value, language) or value if isinstance(value, Said) else value
            for name, value in text.values.items()
        }
        if wordless:  # a full stop that is as wide as any sign needs no space behind it
            for name in (name for name, value in values.items() if str(value).endswith("。")):
                template = template.replace(f"{{{name}}} ", f"{{{name}}}")
        whole = filled(template, values)
        return whole if text.most is None else whole[: text.most]


NO_TEXTS = Texts({})


@cache
def texts_of(*packages: str) -> Texts:
    """The tables in the folders `texts/` of packages (a file a language, such as `ja.toml`); the first one wins.

    Raises ImportError for a package that is not there, ValueError for a table that is none.
    """
    found = NO_TEXTS
    for package in packages:
        found = found.over(_own_texts_of(package))
    return found


@cache
def _own_texts_of(package: str) -> Texts:
    """The tables of one package; several analyses lend the same ones."""
    import_module(package)
    folder = resources.files(package) / "texts"
    tables: dict[str, dict[str, str]] = {}
    for file in folder.iterdir() if folder.is_dir() else ():
        if file.name.endswith(".toml"):
            table = tomllib.loads(file.read_text(encoding="utf-8"))
            if not all(isinstance(text, str) for text in table.values()):
                raise ValueError(f"{package}: texts/{file.name} holds something that is no text")
            tables[file.name.removesuffix(".toml")] = table
    return Texts(tables)


# What this process speaks: the window and the command say so at their start; a server speaks English and sends the tables along.

_spoken = SOURCE
_own: tuple[str, ...] = ("zerosec_shared",)


def speak(language: str, *packages: str) -> None:
    """From now on this process shows texts in a language; `packages` are those whose tables its own sentences come from."""
    global _spoken, _own
    _spoken, _own = language, (*packages, "zerosec_shared")


def spoken() -> str:
    """The language of this process."""
    return _spoken


def translated(text: str) -> str:
    """A sentence made in this process, in the language it speaks; any other text as it is."""
    if _spoken == SOURCE or not text:
        return text
    return texts_of(*_own).find(text, _spoken) or text

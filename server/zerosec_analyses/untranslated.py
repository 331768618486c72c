"""Which texts of an analysis have no translation: `python -m zerosec_analyses.untranslated PACKAGE …`.

Looks at what the declaration says and, in the source, at every template of `say` and every literal given to `ctx` or to an error, and
prints what is missing as lines for `texts/ja.toml`. A sentence put together in another way (an f-string, `+`, `.format`) where the user
will see it is found too: nobody could translate it.
"""

import ast
import importlib
import inspect
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable

from zerosec_analyses.catalogue import packages_lent_by
from zerosec_analyses.declaration import Analysis
from zerosec_shared.texts import Texts, fields, has_words, texts_of
from zerosec_shared.translations import texts_in

__all__ = ["Flaw", "Found", "flaws", "texts_of_package"]

LANGUAGES = ("ja",)

# Where texts for the user are given: the name called, the places of its texts, the keywords of its texts.
Places = tuple[tuple[int, ...], frozenset[str]]
TEXTS_OF_CALLS: dict[str, Places] = {
    ".say": ((0,), frozenset()),
    "say": ((0,), frozenset()),
    "ours": ((0,), frozenset()),
    "FormulaError": ((0,), frozenset({"message"})),
    "Note": ((1,), frozenset({"text"})),
    "warn": ((1, 2), frozenset({"message", "hint"})),
    "progress": ((1, 2), frozenset({"stage", "message"})),
    "metric": ((), frozenset({"label", "note"})),
    "table": ((1,), frozenset({"title", "caption"})),
    "log": ((0,), frozenset({"message"})),
    "InputError": ((0, 1, 2), frozenset({"title", "detail", "hint"})),
    "AnalysisError": ((0, 1, 2), frozenset({"title", "detail", "hint"})),
    "ProgramError": ((0, 1, 2), frozenset({"title", "detail", "hint"})),
    "ApiError": ((1, 2, 3), frozenset({"title", "detail", "hint"})),
    "JobFailure": ((), frozenset({"title", "detail", "hint"})),
    "Program": ((), frozenset({"summary", "install"})),
    "LogEvent": ((), frozenset({"message"})),
    "_refuse": ((1,), frozenset({"title"})),
    "Finish": ((), frozenset({"reason"})),
    "StateEvent": ((), frozenset({"reason"})),
    "FieldProblem": ((), frozenset({"message"})),
    "Notice": ((), frozenset({"message", "hint"})),
    "Metric": ((), frozenset({"label", "note"})),
    "Column": ((), frozenset({"label"})),
    "Series": ((), frozenset({"name", "label_text"})),
    **{
        f"{kind}View": ((), frozenset({"title", "caption", "text"}))
        for kind in ("Card", "Metric", "Table", "Line", "Scatter", "Bar", "Histogram", "HeatMap", "Image", "Text", "File")
    },
}  # fmt: skip
WORDS_OF_ERRORS = frozenset({"title", "detail", "hint"})
"""The parameters by which an exception takes texts for the user."""
METHODS_OF_CONTEXT = frozenset({"warn", "progress", "metric", "table", "log"})
"""Called on something that is named `ctx`, `context` or `self`; a call of the same name on anything else is another thing."""
CONTEXT_NAMES = frozenset({"ctx", "context"})


@dataclass(frozen=True)
class Found:
    """A text in the source, and where."""

    text: str
    place: str


@dataclass(frozen=True)
class Flaw:
    """Something that keeps a text from being read in another language."""

    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


def _sources(folder: Traversable, prefix: str) -> Iterator[tuple[str, str]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if (
            entry.is_dir()
            and not entry.name.startswith((".", "_"))
            and not entry.joinpath("spec.py").is_file()
        ):
            yield from _sources(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith((".py", ".j2")):
            yield f"{prefix}{entry.name}", entry.read_text(encoding="utf-8")


def _called(call: ast.Call) -> str:
    function = call.func
    if isinstance(function, ast.Name):
        return "" if function.id in METHODS_OF_CONTEXT else function.id
    if isinstance(function, ast.Attribute):
        if function.attr == "say":
            return ".say"  # a person is told something
        if function.attr not in METHODS_OF_CONTEXT:
            return function.attr
        if isinstance(function.value, ast.Name) and function.value.id in CONTEXT_NAMES:
            return function.attr
    return ""


def _texts(node: ast.expr, place: str) -> Iterator[Found | Flaw]:
    """What an argument for a text holds: literals, or something that cannot be translated."""
    match node:
        case ast.Constant(value=str() as text):
            if has_words(text):
                yield Found(text, place)
        case ast.IfExp(body=one, orelse=other):
            yield from _texts(one, place)
            yield from _texts(other, place)
        case ast.Call(func=ast.Name(id="cut"), args=[inner, *_]):
            yield from _texts(inner, place)
        case ast.Subscript(value=inner, slice=ast.Slice()):
            yield Flaw(place, "a slice of a text loses its translation: use cut(text, most)")
            yield from _texts(inner, place)
        case ast.JoinedStr():
            yield Flaw(place, "an f-string cannot be translated: use say(…)")
        case ast.BinOp(op=ast.Add() | ast.Mod()):
            yield Flaw(place, "a text put together by an operator cannot be translated: use say(…)")
        case ast.Call(func=ast.Attribute(attr="format" | "join" | "capitalize" | "strip" | "replace")):
            yield Flaw(place, "a text made by a method of str cannot be translated: use say(…)")


def _parameters(kind: type) -> list[str]:
    try:
        return list(inspect.signature(kind).parameters)
    except ValueError:  # it takes what every exception takes
        return []


def _errors(tree: ast.Module) -> dict[str, Places]:
    """The exceptions of ours that a module uses or defines, which take a title, a detail or a hint."""
    known: dict[str, Places] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("zerosec_") and not node.level:
            module = importlib.import_module(str(node.module))
            for alias in node.names:
                kind = getattr(module, alias.name, None)
                if isinstance(kind, type) and issubclass(kind, Exception):
                    names = _parameters(kind)
                    texts = WORDS_OF_ERRORS.intersection(names)
                    known[alias.asname or alias.name] = (tuple(map(names.index, texts)), texts)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            found = next(
                (known[base.id] for base in node.bases if isinstance(base, ast.Name) and base.id in known),
                None,
            )
            own = any(isinstance(part, ast.FunctionDef) and part.name == "__init__" for part in node.body)
            if found is not None and own:
                known[f"super of {node.name}"] = found
            elif found is not None:
                known[node.name] = found
    return {name: places for name, places in known.items() if places[0]}


def _in_call(call: ast.Call, name: str, calls: Mapping[str, Places], place: str) -> Iterator[Found | Flaw]:
    places, keywords = calls[name]
    if name in {"say", "ours"}:
        template = call.args[0] if call.args else None
        if isinstance(template, ast.Constant) and isinstance(template.value, str):
            if has_words(template.value):
                yield Found(template.value, place)
            yield from _of_one(call, template.value, place)
            given = {word.arg for word in call.keywords} - {"one"}
            if name == "say" and None not in given and given != set(fields(template.value)):
                yield Flaw(
                    place,
                    f"{template.value!r} has the fields {sorted(fields(template.value))}, not {sorted(map(str, given))}",
                )
        elif name == "say":
            yield Flaw(place, "say(…) takes a literal, so that its translation can be found")
        return
    for at, argument in enumerate(call.args):
        if at in places:
            yield from _texts(argument, place)
    for word in call.keywords:
        if word.arg in keywords:
            yield from _texts(word.value, place)


def _of_one(call: ast.Call, template: str, place: str) -> Iterator[Flaw]:
    """What is wrong with how a sentence is put where a count is 1: it must leave out the count, and nothing else is new in it."""
    for word in call.keywords:
        if word.arg != "one":
            continue
        if not isinstance(word.value, ast.Constant) or not isinstance(word.value.value, str):
            yield Flaw(place, "say(…, one=…) takes a literal")
        elif not fields(word.value.value).keys() < fields(template).keys():
            yield Flaw(
                place, f"{word.value.value!r} has other fields than {template!r}, or leaves out no count"
            )


def _in_source(name: str, source: str) -> Iterator[Found | Flaw]:
    tree = ast.parse(source, name)
    calls = {**_errors(tree), **TEXTS_OF_CALLS}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and (above := f"super of {node.name}") in calls:
            for call in ast.walk(node):
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "super().__init__":
                    yield from _in_call(call, above, calls, f"{name}:{call.lineno}")
        if not isinstance(node, ast.Call):
            continue
        place = f"{name}:{node.lineno}"
        called = _called(node)
        if called in calls:
            yield from _in_call(node, called, calls, place)
        elif called == "ValueError" and name.endswith(("spec.py", "form_fields.py")) and node.args:
            yield from _texts(node.args[0], place)


def _in_template(name: str, source: str) -> Iterator[Found | Flaw]:
    """The sentences of a Jinja template: `{{ say("…", rows=n) }}`."""
    for match in re.finditer(r"""\bsay\(\s*"([^"\\]*)\"""", source):
        yield Found(match[1], f"{name}:{source.count(chr(10), 0, match.start()) + 1}")


def texts_of_package(package: str) -> tuple[list[Found], list[Flaw]]:
    """The texts for the user in the source and the declaration of a package, and what nobody could translate."""
    importlib.import_module(package)
    folder = resources.files(package)
    found: list[Found] = []
    wrong: list[Flaw] = []
    for name, source in _sources(folder, ""):
        for one in _in_template(name, source) if name.endswith(".j2") else _in_source(name, source):
            if isinstance(one, Found):
                found.append(one)
            else:
                wrong.append(one)
    if folder.joinpath("spec.py").is_file():
        declared = importlib.import_module(f"{package}.spec").ANALYSIS
        assert isinstance(declared, Analysis)
        cited = {citation.text for citation in declared.citations}
        found += [
            Found(text, "spec.py")
            for text in texts_in(declared.info())
            if _is_english(text) and text not in cited
        ]
    return found, wrong


def _lenders(package: str) -> tuple[str, ...]:
    """The packages whose steps an analysis has as later ones of its own, and which hold their texts."""
    if not resources.files(package).joinpath("spec.py").is_file():
        return ()
    return packages_lent_by(importlib.import_module(f"{package}.spec").ANALYSIS, package)


def _is_english(text: str) -> bool:
    """Whether a text has words that want a translation; examples may be titled in the language of their data."""
    letters = [sign for sign in text if sign.isalpha()]
    return sum(ord(sign) < 0x3000 for sign in letters) > len(letters) / 2


def flaws(package: str, others: Texts | None = None) -> list[Flaw]:
    """What is wrong with the translations of a package: missing, of other fields, or of no use. `others`: tables that help out."""
    found, wrong = texts_of_package(package)
    own = texts_of(package)
    known = own.over(texts_of(*_lenders(package)))
    known = known if others is None else known.over(others)
    for language in LANGUAGES:
        table = known.table(language)
        for text, place in {one.text: one.place for one in reversed(found)}.items():
            if text not in table:
                wrong.append(Flaw(place, f"no {language}: {json.dumps(text, ensure_ascii=False)}"))
        needed = {one.text for one in found}
        for text, there in own.table(language).items():
            where = f"texts/{language}.toml"
            if has_words(text) and text not in needed:
                wrong.append(Flaw(where, f"{text!r} is said nowhere"))
            if fields(there).keys() - fields(text).keys() or any(fields(there).values()):
                wrong.append(Flaw(where, f"{text!r}: its translation has other fields, or formats"))
            elif fields(text).keys() - fields(there).keys():
                wrong.append(
                    Flaw(
                        where,
                        f"{text!r}: its translation leaves out {sorted(fields(text).keys() - fields(there).keys())}",
                    )
                )
    return wrong


def main(packages: list[str]) -> int:
    """Print what is wrong; the missing texts again as lines for `ja.toml`."""
    wrong = 0
    for package in packages:
        help_ = texts_of("zerosec_analyses", "zerosec_shared")
        found = flaws(package, help_ if package not in {"zerosec_analyses", "zerosec_shared"} else None)
        wrong += len(found)
        for flaw in found:
            if flaw.what.startswith("no ja: "):
                print(f'{flaw.what.removeprefix("no ja: ")} = ""  # {flaw.place}')  # noqa: T201
            else:
                print(f"# {flaw}")  # noqa: T201
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

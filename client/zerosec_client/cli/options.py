"""Command-line options made from an analysis: its parameters' JSON schema and its input slots."""

import argparse
import csv
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NoReturn

from pydantic import JsonValue

from zerosec_client.cli.no_effect import condition_in_words
from zerosec_client.errors import UsageError
from zerosec_shared.analyses import InputSlotInfo, SlotKind
from zerosec_shared.applying import read_only_when
from zerosec_shared.texts import joined, say

__all__ = [
    "DATA_BY_NAME",
    "Option",
    "Parser",
    "add_data_by_name",
    "add_parameters",
    "add_slots",
    "nearest",
    "parameters_of",
]

DATA_BY_NAME = "data by name"
"""Where argparse leaves the files of DATA that were given behind the input's own option."""

Schema = Mapping[str, JsonValue]


def nearest(word: str, known: Sequence[str]) -> str:
    """A sentence that names what was perhaps meant, or all there is."""
    close = get_close_matches(word, known, n=3, cutoff=0.5)
    if close:
        names: str = f"“{close[0]}”"
        for each in close[1:]:
            names = say("{names} or {other}", names=names, other=f"“{each}”")
        return say("Did you mean {names}?", names=names)
    return say("There is: {names}.", names=", ".join(known)) if known else say("There is none.")


class Parser(argparse.ArgumentParser):
    """argparse whose complaints are UsageErrors, so that they end like every other."""

    def __init__(self, **settings: object) -> None:
        super().__init__(allow_abbrev=False, **settings)  # type: ignore[arg-type]
        self.for_a_bare_word = say("Names with spaces need quotes.")

    def error(self, message: str) -> NoReturn:
        """Raise instead of printing and leaving."""
        raise UsageError(
            say("{upper}{message}.", upper=message[:1].upper(), message=message[1:]),
            hint=say("See “{prog} --help”.", prog=self.prog),
        )

    def parse_all(self, arguments: Sequence[str]) -> argparse.Namespace:
        """Parse options and positionals in any order; an option that does not exist is answered with the nearest."""
        found, unknown = self.parse_known_intermixed_args(list(arguments))
        for word in unknown:
            if word.startswith("-"):
                flag = word.split("=", 1)[0]
                raise UsageError(
                    say("There is no option {flag} here.", flag=flag),
                    nearest(flag, [name for name in self._option_string_actions if name.startswith("--")]),
                    say("See “{prog} --help”.", prog=self.prog),
                )
        if unknown:
            raise UsageError(
                say("“{unknown}” was not expected.", unknown=unknown[0]),
                hint=joined([self.for_a_bare_word, say("See “{prog} --help”.", prog=self.prog)], " "),
            )
        return found


@dataclass(frozen=True)
class Option:
    """How one parameter is given: its flag, where argparse leaves it, and how its words become a value."""

    parameter: str
    flag: str
    destination: str
    convert: Callable[[object], JsonValue]


def _resolve(schema: JsonValue, root: Schema) -> tuple[Schema, bool]:
    """Follow references and take `null` out of a union: the schema proper, and whether null is allowed."""
    assert isinstance(schema, dict)
    nullable = False
    while True:
        reference = schema.get("$ref")
        if isinstance(reference, str):
            found: JsonValue = dict(root)
            for part in reference.removeprefix("#/").split("/"):
                assert isinstance(found, dict)
                found = found[part]
            assert isinstance(found, dict)
            schema = {**found, **{key: value for key, value in schema.items() if key != "$ref"}}
            continue
        for key in ("anyOf", "oneOf", "allOf"):
            members = schema.get(key)
            if isinstance(members, list):
                proper = [m for m in members if not (isinstance(m, dict) and m.get("type") == "null")]
                nullable = nullable or len(proper) < len(members)
                if len(proper) == 1 and isinstance(proper[0], dict):
                    schema = {
                        **proper[0],
                        **{name: value for name, value in schema.items() if name != key},
                    }
                    break
        else:
            return schema, nullable


def _boolean(word: str) -> bool:
    if word.lower() in {"true", "yes", "1"}:
        return True
    if word.lower() in {"false", "no", "0"}:
        return False
    raise ValueError(word)


def _number(word: str) -> float | int:
    try:
        return int(word)
    except ValueError:
        value = float(word)
        if not math.isfinite(value):
            raise
        return value


SCALARS: Mapping[str, tuple[Callable[[str], JsonValue], str]] = {
    "integer": (int, say("a whole number")),
    "number": (_number, say("a number")),
    "boolean": (_boolean, say("yes or no")),
    "string": (str, say("a text")),
}


def _scalar(schema: Schema, flag: str) -> Callable[[str], JsonValue]:
    """Words to a value of this schema; what is neither text nor number is given as JSON."""
    read, expected = SCALARS.get(str(schema.get("type")), (json.loads, "JSON"))

    def convert(word: str) -> JsonValue:
        try:
            value: JsonValue = read(word)
        except ValueError as error:
            raise UsageError(
                say("{flag} takes {expected}, and “{word}” is not.", flag=flag, expected=expected, word=word)
            ) from error
        return value

    return convert


def _choices(schema: Schema) -> list[str] | None:
    values = schema.get("enum")
    if "const" in schema:
        values = [schema["const"]]
    return [str(value) for value in values] if isinstance(values, list) else None


def _help(schema: Schema, nullable: bool, flags: Mapping[str, str]) -> str:
    parts = [str(schema.get("description") or schema.get("title") or "")]
    notes = []
    if "unit" in schema:
        notes.append(f"in {schema['unit']}")
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    if low is not None and high is not None:
        notes.append(f"{low} to {high}")
    elif low is not None:
        notes.append(f"{'at least' if 'minimum' in schema else 'above'} {low}")
    elif high is not None:
        notes.append(f"{'at most' if 'maximum' in schema else 'below'} {high}")
    default = schema.get("default")
    if isinstance(default, bool):
        notes.append(f"default: {'yes' if default else 'no'}")
    elif default not in (None, "", [], {}):
        shown = ", ".join(map(str, default)) if isinstance(default, list) else str(default)
        notes.append(f"default: {shown}")
    if nullable and schema.get("type") != "string":
        notes.append("“none” for none")
    if condition := read_only_when(schema):
        notes.append(f"only with {condition_in_words(condition, flags)}")
    if notes:
        parts.append(f"({'; '.join(notes)})")
    return " ".join(part for part in parts if part).replace("%", "%%")


def _split(words: Sequence[str]) -> list[str]:
    """Lists are repeated or comma separated; a name that holds a comma stands in double quotes."""
    return [word.strip() for row in csv.reader(words, skipinitialspace=True) for word in row if word.strip()]


def _listed(item: Callable[[str], JsonValue]) -> Callable[[object], JsonValue]:
    def convert(words: object) -> JsonValue:
        assert isinstance(words, list)
        return [item(word) for word in _split(words)]

    return convert


def _mapped(item: Callable[[str], JsonValue], flag: str) -> Callable[[object], JsonValue]:
    def convert(words: object) -> JsonValue:
        assert isinstance(words, list)
        pairs: dict[str, JsonValue] = {}
        for word in _split(words):
            name, equals, value = word.partition("=")
            if not equals:
                raise UsageError(say("{flag} takes NAME=VALUE, and “{word}” is not.", flag=flag, word=word))
            pairs[name.strip()] = item(value.strip())
        return pairs

    return convert


def _single(item: Callable[[str], JsonValue], nothing: bool) -> Callable[[object], JsonValue]:
    def convert(word: object) -> JsonValue:
        assert isinstance(word, str)
        return None if nothing and word == "none" else item(word)

    return convert


def _taken(parser: argparse.ArgumentParser, flag: str) -> bool:
    return flag in parser._option_string_actions or f"--no-{flag[2:]}" in parser._option_string_actions


def add_parameters(parser: argparse.ArgumentParser, root: Schema) -> list[Option]:
    """An option for each parameter; one whose name is taken becomes `--param-NAME`."""
    properties = root.get("properties", {})
    required = root.get("required", [])
    assert isinstance(properties, dict)
    assert isinstance(required, list)
    plain = parser.add_argument_group("parameters")
    advanced = parser.add_argument_group("advanced parameters")
    options = []
    words = {name: name.replace("_", "-") for name in properties}
    flags = {
        name: f"--param-{word}" if _taken(parser, f"--{word}") else f"--{word}"
        for name, word in words.items()
    }
    for name, declared in properties.items():
        schema, nullable = _resolve(declared, root)
        flag = flags[name]
        destination = f"parameter:{name}"
        group = advanced if schema.get("advanced") else plain
        settings: dict[str, object] = {
            "dest": destination,
            "default": argparse.SUPPRESS,
            "required": name in required,
            "help": _help(schema, nullable, flags),
        }
        kind = schema.get("type")
        metavar = name.upper()
        convert: Callable[[object], JsonValue]
        if kind == "boolean":
            settings["action"] = argparse.BooleanOptionalAction

            def convert(value: object) -> JsonValue:
                return bool(value)

        elif kind == "array" and _resolve(schema.get("items", {}), root)[0].get("type") in SCALARS:
            item, _ = _resolve(schema.get("items", {}), root)
            convert = _listed(_scalar(item, flag))
            settings |= {"action": "append", "metavar": f"{metavar}[,…]"}
        elif kind == "object":
            inner = schema.get("additionalProperties")
            item, _ = _resolve(inner if isinstance(inner, dict) else {"type": "string"}, root)
            convert = _mapped(_scalar(item, flag), flag)
            settings |= {"action": "append", "metavar": "NAME=VALUE[,…]"}
        else:
            choices = _choices(schema)
            if choices is not None:
                settings["choices"] = choices + (["none"] if nullable and "none" not in choices else [])
                convert = _single(_of_enum(schema), nullable and "none" not in choices)
            else:
                settings["metavar"] = metavar
                convert = _single(_scalar(schema, flag), nullable and kind != "string")
        group.add_argument(flag, **settings)  # type: ignore[arg-type]
        options.append(Option(name, flag, destination, convert))
    return options


def _of_enum(schema: Schema) -> Callable[[str], JsonValue]:
    values = schema.get("enum", [schema.get("const")])
    assert isinstance(values, list)
    by_word = {str(value): value for value in values}
    return lambda word: by_word[word]


def parameters_of(found: argparse.Namespace, options: Sequence[Option]) -> dict[str, JsonValue]:
    """The parameters that were given; the rest are the server's defaults. UsageError for words that do not fit."""
    given = vars(found)
    return {
        option.parameter: option.convert(given[option.destination])
        for option in options
        if option.destination in given
    }


def add_slots(parser: Parser, slots: Sequence[InputSlotInfo]) -> tuple[InputSlotInfo | None, dict[str, str]]:
    """DATA for the input that is declared primary, else the first that is needed (or the only one, or the only table), an option
    for each other: that slot, and slot to destination.

    Where there are several and nothing says which one a bare file is for, each is an option.
    """
    declared = next((slot for slot in slots if slot.primary), None)
    alone = slots if len(slots) == 1 else [slot for slot in slots if slot.kind is SlotKind.TABLE]
    needed = next((slot for slot in slots if slot.required), alone[0] if len(alone) == 1 else None)
    primary = declared or needed
    destinations = {}
    group = parser.add_argument_group("data")
    for slot in slots:
        endings = f" ({', '.join(slot.extensions)})" if slot.extensions else ""
        help_text = f"{slot.title}{endings}. {slot.help}".strip().replace("%", "%%")
        if slot is primary:
            parser.add_argument("data", nargs="*", metavar="DATA", help=help_text)
            continue
        flag = "--" + slot.name.replace("_", "-")
        if _taken(parser, flag):
            flag = "--input-" + slot.name.replace("_", "-")
        destinations[slot.name] = f"slot:{slot.name}"
        _add_file_option(group, flag, slot, f"slot:{slot.name}", help_text, required=slot.required)
    if primary is None and destinations:
        flags = ", ".join(action.option_strings[0] for action in group._group_actions)
        parser.for_a_bare_word = say("Say what a file is for: {flags}.", flags=flags)
    return primary, destinations


def add_data_by_name(parser: Parser, primary: InputSlotInfo) -> None:
    """DATA behind an option of the input's own name too, as every other input has one; unless something else is called so."""
    flag = "--" + primary.name.replace("_", "-")
    if not _taken(parser, flag):
        help_text = say("The same as {data}.", data="DATA")
        _add_file_option(parser, flag, primary, DATA_BY_NAME, help_text, required=False)


def _add_file_option(
    group: argparse._ActionsContainer,
    flag: str,
    slot: InputSlotInfo,
    destination: str,
    help_text: str,
    *,
    required: bool,
) -> None:
    """Several files may follow one option where the input takes several, as a shell writes `*_R2.fastq.gz`."""
    group.add_argument(
        flag,
        dest=destination,
        action="extend",
        nargs="+" if slot.multiple else 1,
        default=[],
        required=required,
        metavar="FILE",
        help=help_text,
    )

"""Validation messages: what a person can act on, instead of a validator's own words."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from zerosec_shared.errors import FieldProblem

__all__ = ["field_problems", "message", "nearest", "readable"]

MOST_PROBLEMS = 100

_SENTENCES = {
    "missing": "A value is needed here.",
    "extra_forbidden": "There is no field of this name.",
    "json_invalid": "This is not valid JSON.",
    "int_type": "This must be a whole number.",
    "int_parsing": "This must be a whole number.",
    "int_from_float": "This must be a whole number.",
    "float_type": "This must be a number.",
    "float_parsing": "This must be a number.",
    "finite_number": "This must be a finite number.",
    "bool_type": "This must be true or false.",
    "bool_parsing": "This must be true or false.",
    "string_type": "This must be text.",
    "string_unicode": "This text holds characters that are not valid Unicode.",
    "list_type": "This must be a list.",
    "tuple_type": "This must be a list.",
    "dict_type": "This must be an object of names and values.",
    "model_attributes_type": "This must be an object of names and values.",
    "uuid_type": "This must be an id (a UUID).",
    "uuid_parsing": "This must be an id (a UUID).",
    "greater_than": "This must be greater than {gt}.",
    "greater_than_equal": "This must be at least {ge}.",
    "less_than": "This must be less than {lt}.",
    "less_than_equal": "This must be at most {le}.",
    "multiple_of": "This must be a multiple of {multiple_of}.",
    "string_too_short": "This must have at least {min_length} characters.",
    "string_too_long": "This may have at most {max_length} characters.",
    "too_short": "At least {min_length} are needed here.",
    "too_long": "At most {max_length} can be given here.",
    "enum": "This must be one of {expected}.",
    "literal_error": "This must be one of {expected}.",
    "string_pattern_mismatch": "This is not written as it must be (pattern {pattern}).",
}


def readable(value: str, limit: int = 200) -> str:
    """Text that any JSON writer can write: lone surrogates replaced, control characters shown, cut to a limit."""
    shown = value.encode("utf-8", "replace").decode("utf-8")
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in shown)
    return shown if len(shown) <= limit else shown[:limit] + "…"


def nearest(name: str, known: Iterable[str]) -> str:
    """A sentence that proposes the known name most like this one, or an empty one."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"Did you mean “{close[0]}”?" if close else ""


def message(error: Mapping[str, Any]) -> str:
    """The sentence for one error of pydantic's."""
    kind, context = str(error.get("type", "")), error.get("ctx") or {}
    if kind in {"value_error", "assertion_error"} and "error" in context:
        said = readable(str(context["error"]), 1000)
        said = said[:1].upper() + said[1:]
        return said if said.endswith((".", "!", "?")) else said + "."
    sentence = _SENTENCES.get(kind)
    if sentence is None:
        return readable(str(error.get("msg", "This value cannot be used.")), 1000)
    return readable(sentence.format_map({name: _shown(value) for name, value in context.items()}), 1000)


def _shown(value: object) -> str:
    return str(value)


def field_problems(
    errors: Sequence[Any], *, prefix: Sequence[str | int] = (), drop_first: Sequence[str] = ()
) -> tuple[FieldProblem, ...]:
    """Pydantic's errors as field problems: at most 100, with the path below `prefix`."""
    found = []
    for error in errors[:MOST_PROBLEMS]:
        place = tuple(error.get("loc", ()))
        if place and place[0] in drop_first:
            place = place[1:]
        path = tuple(part if isinstance(part, int) else readable(str(part)) for part in (*prefix, *place))
        found.append(FieldProblem(path=path, message=message(error), code=str(error.get("type", ""))))
    return tuple(found)

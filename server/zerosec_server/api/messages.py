"""Validation messages: what a person can act on, instead of a validator's own words."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from zerosec_shared.errors import FieldProblem
from zerosec_shared.texts import Said, fields, filled, ours, say

__all__ = ["and_then", "field_problems", "message", "nearest", "readable"]

MOST_PROBLEMS = 100

_SENTENCES = {
    "missing": ours("A value is needed here."),
    "extra_forbidden": ours("There is no field of this name."),
    "json_invalid": ours("This is not valid JSON."),
    "int_type": ours("This must be a whole number."),
    "int_parsing": ours("This must be a whole number."),
    "int_from_float": ours("This must be a whole number."),
    "float_type": ours("This must be a number."),
    "float_parsing": ours("This must be a number."),
    "finite_number": ours("This must be a finite number."),
    "bool_type": ours("This must be true or false."),
    "bool_parsing": ours("This must be true or false."),
    "string_type": ours("This must be text."),
    "string_unicode": ours("This text holds characters that are not valid Unicode."),
    "list_type": ours("This must be a list."),
    "tuple_type": ours("This must be a list."),
    "dict_type": ours("This must be an object of names and values."),
    "model_attributes_type": ours("This must be an object of names and values."),
    "uuid_type": ours("This must be an id (a UUID)."),
    "uuid_parsing": ours("This must be an id (a UUID)."),
    "greater_than": ours("This must be greater than {gt}."),
    "greater_than_equal": ours("This must be at least {ge}."),
    "less_than": ours("This must be less than {lt}."),
    "less_than_equal": ours("This must be at most {le}."),
    "multiple_of": ours("This must be a multiple of {multiple_of}."),
    "string_too_short": ours("This must have at least {min_length} characters."),
    "string_too_long": ours("This may have at most {max_length} characters."),
    "too_short": ours("At least {min_length} are needed here."),
    "too_long": ours("At most {max_length} can be given here."),
    "enum": ours("This must be one of {expected}."),
    "literal_error": ours("This must be one of {expected}."),
    "string_pattern_mismatch": ours("This is not written as it must be (pattern {pattern})."),
}


def readable(value: str, limit: int = 200) -> str:
    """Text that any JSON writer can write: lone surrogates replaced, control characters shown, cut to a limit."""
    shown = value.encode("utf-8", "replace").decode("utf-8")
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in shown)
    return shown if len(shown) <= limit else shown[:limit] + "…"


def nearest(name: str, known: Iterable[str]) -> Said | None:
    """A sentence that proposes the known name most like this one, if there is one."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return say("Did you mean “{name}”?", name=close[0]) if close else None


def and_then(sentence: Said, more: Said | None) -> Said:
    """Two sentences, or one."""
    return sentence if more is None else say("{sentence} {more}", sentence=sentence, more=more)


def message(error: Mapping[str, Any]) -> str:
    """The sentence for one error of pydantic's."""
    kind, context = str(error.get("type", "")), error.get("ctx") or {}
    if kind in {"value_error", "assertion_error"} and "error" in context:
        reason = context["error"]
        own = reason.args[0] if isinstance(reason, Exception) and len(reason.args) == 1 else reason
        if isinstance(own, Said):
            return own
        plain = readable(str(own), 1000)
        shown = plain[:1].upper() + plain[1:]
        # its translation, if there is one, stands under the words of the declaration
        return Said(shown if shown.endswith((".", "!", "?")) else shown + ".", plain, {})
    sentence = _SENTENCES.get(kind)
    if sentence is None:
        return readable(str(error.get("msg", "This value cannot be used.")), 1000)
    given = {name: readable(str(value), 1000) for name, value in context.items() if name in fields(sentence)}
    return Said(filled(sentence, given), sentence, given)


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

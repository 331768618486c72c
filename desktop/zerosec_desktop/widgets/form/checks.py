"""Checks a value against its field while the user types, with the sentence that says what to do.

The server checks again and its word is final; these checks only save the round trip. A value that passes here and is
refused there is shown at the same place in the server's own words.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence

from zerosec_desktop.resources.language import in_quotes, translate
from zerosec_desktop.widgets.form.applying import not_applying
from zerosec_desktop.widgets.form.number_text import exact_text
from zerosec_desktop.widgets.form.schema import FieldKind, FieldSpec
from zerosec_shared.contract import JsonValue

__all__ = ["check_field", "check_form", "names_of"]


def check_form(
    fields: Sequence[FieldSpec], values: Mapping[str, JsonValue], columns: Sequence[str] | None = None
) -> dict[str, str]:
    """What is wrong, by field name, of the fields that apply; empty when all is well. `columns`: the file's, None while they are not known."""
    problems = {}
    idle = not_applying(fields, values)
    for field in fields:
        if field.name in idle:
            continue
        message = check_field(field, values.get(field.name), columns, present=field.name in values)
        if message:
            problems[field.name] = message
    return problems


def check_field(
    field: FieldSpec, value: JsonValue, columns: Sequence[str] | None = None, *, present: bool = True
) -> str:
    """A sentence for the first thing wrong with a value, or an empty text."""
    if not present and not field.required:
        return ""
    if not present or value is None:
        if field.required or not field.nullable:
            return (
                translate("form", "This is needed.")
                if not field.is_column
                else translate("form", "Choose a column.")
            )
        return ""
    if field.kind in {FieldKind.INTEGER, FieldKind.NUMBER}:
        return _check_number(field, value)
    if field.kind is FieldKind.BOOLEAN:
        return "" if isinstance(value, bool) else translate("form", "Choose yes or no.")
    if field.kind is FieldKind.CHOICE:
        return (
            ""
            if any(choice.value == value for choice in field.choices)
            else translate("form", "Choose one of the list.")
        )
    if field.kind in {FieldKind.TEXT, FieldKind.FORMULA, FieldKind.COLUMN}:
        return _check_text(field, value, columns)
    if field.kind in {FieldKind.COLUMNS, FieldKind.TEXTS, FieldKind.CHOICES, FieldKind.NUMBERS}:
        return _check_list(field, value, columns)
    if field.kind is FieldKind.MAPPING:
        return _check_mapping(field, value)
    if field.kind is FieldKind.GROUP:
        return _check_group(field, value, columns)
    if field.kind is FieldKind.OBJECTS:
        return _check_objects(field, value, columns)
    return ""


def _check_group(field: FieldSpec, value: JsonValue, columns: Sequence[str] | None) -> str:
    """The first problem inside, with the title of its field."""
    if not isinstance(value, dict):
        return translate("form", "This needs values for its fields.")
    found = check_form(field.fields, value, columns)
    return next((f"{inner.title}: {found[inner.name]}" for inner in field.fields if inner.name in found), "")


def _check_objects(field: FieldSpec, value: JsonValue, columns: Sequence[str] | None) -> str:
    """The first problem of the list or of an item, with the item's number."""
    wrong = _check_list(field, value, None)
    if wrong or not isinstance(value, list):
        return wrong
    found = ((number, _check_group(field, item, columns)) for number, item in enumerate(value, 1))
    return next((f"{number}. {text}" for number, text in found if text), "")


def _check_number(field: FieldSpec, value: JsonValue) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return translate("form", "This needs a number.")
    if field.kind is FieldKind.INTEGER and value != int(value):
        return translate("form", "This needs a whole number.")
    unit = f" {field.unit}" if field.unit else ""
    low, high = field.minimum, field.maximum
    above, below = field.exclusive_minimum, field.exclusive_maximum
    if low is not None and high is not None and not low <= value <= high:
        return translate("form", "Must be between {0} and {1}.").format(
            exact_text(low), exact_text(high) + unit
        )
    if low is not None and value < low:
        return translate("form", "Must be at least {0}.").format(exact_text(low) + unit)
    if high is not None and value > high:
        return translate("form", "Must be at most {0}.").format(exact_text(high) + unit)
    if above is not None and value <= above:
        return translate("form", "Must be more than {0}.").format(exact_text(above) + unit)
    if below is not None and value >= below:
        return translate("form", "Must be less than {0}.").format(exact_text(below) + unit)
    step = field.multiple_of
    if step and abs(value / step - round(value / step)) > 1e-9:
        return translate("form", "Must be a multiple of {0}.").format(exact_text(step) + unit)
    return ""


def _check_text(field: FieldSpec, value: JsonValue, columns: Sequence[str] | None) -> str:
    if not isinstance(value, str):
        return translate("form", "This needs text.")
    if field.kind is FieldKind.COLUMN:
        if not value:
            return translate("form", "Choose a column.") if field.required or field.min_length else ""
        if columns is not None and value not in columns:
            return translate("form", "The file has no column “{0}”.").format(value)
        return ""
    if field.min_length and not value.strip():
        return translate("form", "This is needed.")
    if field.min_length and len(value) < field.min_length:
        return translate("form", "At least {0} characters are needed.").format(field.min_length)
    if field.max_length is not None and len(value) > field.max_length:
        return translate("form", "At most {0} characters; this has {1}.").format(field.max_length, len(value))
    if field.pattern and not _matches(field.pattern, value):
        return translate("form", "This does not have the form that is asked for.")
    return ""


def names_of(field: FieldSpec, columns: Sequence[str]) -> set[str]:
    """All names by which a field of columns may name those of the file."""
    return {*columns, *(name.removeprefix(field.column_prefix) for name in columns)}


def _check_list(field: FieldSpec, value: JsonValue, columns: Sequence[str] | None) -> str:
    if not isinstance(value, list):
        return translate("form", "This needs a list.")
    if field.min_items and len(value) < field.min_items:
        if field.kind is FieldKind.COLUMNS:
            return translate("form", "Choose at least {n} column(s).", None, field.min_items).format(
                n=field.min_items
            )
        return translate("form", "Give at least {0}.").format(field.min_items)
    if field.max_items is not None and len(value) > field.max_items:
        return translate("form", "At most {0} are possible; there are {1}.").format(
            field.max_items, len(value)
        )
    if field.kind is FieldKind.COLUMNS and columns is not None:
        names = names_of(field, columns)
        missing = [str(name) for name in value if name not in names]
        if missing:
            return translate("form", "The file has no column {0}.").format(_quoted(missing))
    if field.unique_items and len({repr(item) for item in value}) < len(value):
        return translate("form", "Something stands here twice.")
    if field.kind is FieldKind.NUMBERS:
        for number in value:
            message = _check_number(field, number)
            if message:
                return message
    return ""


def _check_mapping(field: FieldSpec, value: JsonValue) -> str:
    if not isinstance(value, dict):
        return translate("form", "This needs pairs of a name and a value.")
    if field.max_items is not None and len(value) > field.max_items:
        return translate("form", "At most {0} are possible; there are {1}.").format(
            field.max_items, len(value)
        )
    return ""


def _matches(pattern: str, value: str) -> bool:
    try:
        return re.search(pattern, value[:10_000]) is not None
    except re.error:
        return True


def _quoted(names: Iterable[str]) -> str:
    shown = list(names)
    return in_quotes(shown[:5]) + (" …" if len(shown) > 5 else "")

"""Which fields apply with the values of the others. Those that do not are not shown, not checked and not sent; what they hold stays."""

from collections.abc import Mapping, Sequence

from zerosec_desktop.widgets.form.schema import FieldKind, FieldSpec, defaults
from zerosec_shared.applying import applies
from zerosec_shared.contract import JsonValue

__all__ = ["not_applying", "that_apply"]


def not_applying(fields: Sequence[FieldSpec], values: Mapping[str, JsonValue]) -> frozenset[str]:
    """The names of the fields that have no effect with these values."""
    effective = {**defaults(tuple(fields)), **values}
    return frozenset(
        field.name for field in fields if field.only_when and not applies(field.only_when, effective)
    )


def that_apply(fields: Sequence[FieldSpec], values: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """The values of the fields that apply, inside objects too."""
    idle = not_applying(fields, values)
    known = {field.name: field for field in fields}
    return {
        name: _inside(known[name], value) if name in known else value
        for name, value in values.items()
        if name not in idle
    }


def _inside(field: FieldSpec, value: JsonValue) -> JsonValue:
    if field.kind is FieldKind.GROUP and isinstance(value, dict):
        return that_apply(field.fields, value)
    if field.kind is FieldKind.OBJECTS and isinstance(value, list):
        return [that_apply(field.fields, item) if isinstance(item, dict) else item for item in value]
    return value

"""Parameters that apply only with certain choices of others: what is declared is checked, what does not apply is as it comes.

A value that has no effect is not refused, since a script that tries one method after another gives all settings each time; but no
record may say that it was used. So it is put back to its default before anything reads it.
"""

from enum import Enum
from typing import Any

from pydantic import BaseModel, JsonValue, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from zerosec_shared.applying import ONLY_WHEN, OnlyWhen, applies, read_only_when

__all__ = ["check_conditions", "put_back"]


def check_conditions(model: type[BaseModel]) -> None:
    """Raises ValueError for a condition that names no other field, one that depends itself, or a value the field never has."""
    for name, field in model.model_fields.items():
        declared = _extra(field).get(ONLY_WHEN)
        if declared is None:
            continue
        where = f"{model.__name__}.{name}"
        condition = read_only_when({ONLY_WHEN: declared})
        if not condition or not isinstance(declared, dict) or set(condition) != set(declared):
            raise ValueError(f"{where}: only_when names fields and lists their values")
        if field.is_required():
            raise ValueError(
                f"{where}: only_when asks for a default, which holds where the field does not apply"
            )
        for other, values in condition.items():
            asked = model.model_fields.get(other)
            if asked is None or other == name:
                raise ValueError(f"{where}: only_when names no other field: {other}")
            if ONLY_WHEN in _extra(asked):
                raise ValueError(f"{where}: only_when asks {other}, which applies only sometimes itself")
            wrong = [value for value in values if not _possible(asked, value)]
            if wrong or not values:
                raise ValueError(f"{where}: only_when: {other} is never one of {wrong}")


def put_back(parameters: BaseModel) -> None:
    """Give every field that does not apply with the values of the others its declared default."""
    model = type(parameters)
    values: dict[str, JsonValue] | None = None
    for name, field in model.model_fields.items():
        condition = _condition(field)
        if not condition:
            continue
        if values is None:
            values = {key: _plain(value) for key, value in parameters.__dict__.items()}
        if not applies(condition, values):
            parameters.__dict__[name] = field.get_default(call_default_factory=True, validated_data={})
            parameters.model_fields_set.discard(name)


def _extra(field: FieldInfo) -> dict[str, Any]:
    return field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}


def _condition(field: FieldInfo) -> OnlyWhen:
    return read_only_when(_extra(field))


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def _possible(field: FieldInfo, value: JsonValue) -> bool:
    annotation: Any = field.annotation
    adapter: TypeAdapter[Any] = TypeAdapter(annotation)
    try:
        held = adapter.validate_python(value)
    except ValidationError:
        return False
    return bool(_plain(held) == value and isinstance(held, bool) is isinstance(value, bool))

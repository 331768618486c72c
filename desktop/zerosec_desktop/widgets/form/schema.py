"""Reads the JSON schema of a step's parameters into fields a form can show.

Guards against the silent loss of defaults that general form builders are known for: a default is kept as the very JSON
value the server declared, and a property this module cannot read becomes a JSON text field, never a missing one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from zerosec_desktop.resources.language import translate
from zerosec_shared.applying import OnlyWhen, read_only_when
from zerosec_shared.contract import JsonValue

__all__ = ["Choice", "FieldKind", "FieldSpec", "defaults", "read_fields"]

_MAX_DEPTH = 12
_MAX_GROUPS = 3
"""So deep objects may stand in objects and still be fields of the form; deeper ones are JSON."""


class FieldKind(StrEnum):
    """What a field holds, and so which editor it gets."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    CHOICES = "choices"
    COLUMN = "column"
    COLUMNS = "columns"
    FORMULA = "formula"
    TEXTS = "texts"
    NUMBERS = "numbers"
    MAPPING = "mapping"
    GROUP = "group"
    OBJECTS = "objects"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a closed set: the value that is sent, and the words the user sees."""

    value: JsonValue
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldSpec:
    """One parameter. Bounds are in the field's own unit; None means there is none."""

    name: str
    title: str
    kind: FieldKind
    help: str = ""
    unit: str = ""
    zero_label: str = ""
    """What the number 0 means, where it is no amount."""
    slot: str = ""
    values_of: str = ""
    """Of a text that is a value of a column: the field beside it that names the column."""
    column_type: str = ""
    column_prefix: str = ""
    """A column whose name begins with it may be named without it."""
    only_when: OnlyWhen = field(default_factory=dict)
    """With which values of others it applies; empty: always."""
    advanced: bool = False
    required: bool = False
    nullable: bool = False
    has_default: bool = False
    default: JsonValue = None
    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: float | None = None
    exclusive_maximum: float | None = None
    multiple_of: float | None = None
    whole_numbers: bool = False
    min_length: int | None = None
    max_length: int | None = None
    pattern: str = ""
    min_items: int | None = None
    max_items: int | None = None
    unique_items: bool = False
    choices: tuple[Choice, ...] = ()
    multiline: bool = False
    constants: bool = False
    """Of a formula: a name that is no column is a constant to be found, and nothing wrong."""
    keywords: tuple[str, ...] = ()
    """Of a formula: words that stand for one."""
    key_label: str = ""
    value_label: str = ""
    keys_are_columns: bool = False
    values_are_levels: bool = False
    """Of a mapping: each value is one of the column's that its key names."""
    key_pairs: str = ""
    """Of a mapping with `values_of`: each key is two values of that column with this between them."""
    values_are_numbers: bool = False
    value_choices: tuple[Choice, ...] = ()
    other_values: bool = False
    """Of a mapping: the headings of its two columns, what its values may be, and whether others may be typed as well."""
    fields: "tuple[FieldSpec, ...]" = ()
    """Of a group, or of each item of a list of objects: what belongs to it."""

    @property
    def is_column(self) -> bool:
        """Whether its value names columns of the data file."""
        return self.kind in {FieldKind.COLUMN, FieldKind.COLUMNS, FieldKind.FORMULA}

    @property
    def switchable(self) -> bool:
        """Of a group: whether it may be left out altogether."""
        return self.kind is FieldKind.GROUP and (
            self.nullable or not (self.required or isinstance(self.default, dict))
        )


Schema = Mapping[str, JsonValue]


def read_fields(schema: Schema) -> tuple[FieldSpec, ...]:
    """The fields of an object schema, in the order they were declared."""
    return _fields(schema, schema, 0)


def _fields(node: Schema, root: Schema, depth: int) -> tuple[FieldSpec, ...]:
    properties = node.get("properties")
    if not isinstance(properties, dict):
        return ()
    listed = node.get("required")
    required = {name for name in listed if isinstance(name, str)} if isinstance(listed, list) else set()
    return tuple(
        _field(name, inner, root, required=name in required, depth=depth)
        for name, inner in properties.items()
        if isinstance(inner, dict)
    )


def defaults(fields: tuple[FieldSpec, ...]) -> dict[str, JsonValue]:
    """The declared default of every field that has one.

    A field without (a required one, or one whose default the server makes itself) is absent until the user fills it in.
    A group that is always there begins with the defaults of its own fields.
    """
    found = {field.name: field.default for field in fields if field.has_default}
    return found | {
        field.name: defaults(field.fields)
        for field in fields
        if field.kind is FieldKind.GROUP and not field.has_default and not field.switchable
    }


def _field(name: str, node: Schema, root: Schema, *, required: bool, depth: int) -> FieldSpec:
    merged, nullable = _resolve(node, root)
    kind, item = _kind(merged, root)
    holder = {FieldKind.GROUP: merged, FieldKind.OBJECTS: item}.get(kind)
    inner = _fields(holder, root, depth + 1) if holder is not None and depth < _MAX_GROUPS else ()
    if holder is not None and not inner:
        kind = FieldKind.JSON
    # the title of an object is its class, not this field of it
    titled = node if kind is FieldKind.GROUP else merged
    bounds = item if kind is FieldKind.NUMBERS and item is not None else merged
    labels = merged.get("labels")
    choices = _choices(
        {**item, **({"labels": labels} if labels else {})} if kind is FieldKind.CHOICES and item else merged
    )
    if kind is FieldKind.BOOLEAN and required and "default" not in merged:
        kind, choices = FieldKind.CHOICE, _yes_or_no()  # an empty box could not be told from “no”
    values = _values_of_mapping(merged, root) if kind is FieldKind.MAPPING else {}
    return FieldSpec(
        name=name,
        title=_text(titled, "title") or _words(name),
        kind=kind,
        help=_text(merged, "description"),
        unit=_text(merged, "unit"),
        zero_label=_text(merged, "zero_label"),
        slot=_text(merged, "slot"),
        values_of=_text(merged, "values_of"),
        column_type=_text(merged, "column_type"),
        column_prefix=_text(merged, "column_prefix"),
        only_when=read_only_when(merged),
        advanced=merged.get("advanced") is True,
        required=required,
        nullable=nullable,
        has_default="default" in merged,
        default=merged.get("default"),
        minimum=_number(bounds, "minimum"),
        maximum=_number(bounds, "maximum"),
        exclusive_minimum=_number(bounds, "exclusiveMinimum"),
        exclusive_maximum=_number(bounds, "exclusiveMaximum"),
        multiple_of=_number(bounds, "multipleOf"),
        whole_numbers=bounds.get("type") == "integer",
        min_length=_integer(merged, "minLength"),
        max_length=_integer(merged, "maxLength"),
        pattern=_text(merged, "pattern"),
        min_items=_integer(merged, "minItems") if "minItems" in merged else _integer(merged, "minProperties"),
        max_items=_integer(merged, "maxItems") if "maxItems" in merged else _integer(merged, "maxProperties"),
        unique_items=merged.get("uniqueItems") is True,
        choices=choices,
        multiline=merged.get("widget") == "text",
        constants=merged.get("constants") is True,
        keywords=_texts(merged, "keywords"),
        key_label=_text(merged, "key_label"),
        value_label=_text(merged, "value_label"),
        keys_are_columns=merged.get("key_widget") == "column",
        values_are_levels=merged.get("value_widget") == "level",
        key_pairs=_text(merged, "key_pairs"),
        values_are_numbers=values.get("type") in {"integer", "number"},
        value_choices=_choices(values),
        other_values=merged.get("other_values") is True,
        fields=inner,
    )


def _resolve(node: Schema, root: Schema, depth: int = 0) -> tuple[dict[str, JsonValue], bool]:
    """A property without references: what stands beside a reference wins over what it points to."""
    if depth > _MAX_DEPTH:
        return {}, False
    merged: dict[str, JsonValue] = {}
    nullable = False
    reference = node.get("$ref")
    if isinstance(reference, str):
        target = _follow(reference, root)
        merged, nullable = _resolve(target, root, depth + 1)
    everything = node.get("allOf")
    if isinstance(everything, list):
        for part in everything:
            if isinstance(part, dict):
                found, null = _resolve(part, root, depth + 1)
                merged.update(found)
                nullable = nullable or null
    own = {key: value for key, value in node.items() if key not in {"$ref", "allOf", "anyOf", "oneOf"}}
    alternatives = node.get("anyOf", node.get("oneOf"))
    if isinstance(alternatives, list):
        some = [part for part in alternatives if isinstance(part, dict)]
        real = [part for part in some if part.get("type") != "null"]
        nullable = nullable or len(real) < len(some)
        if len(real) == 1:
            found, null = _resolve(real[0], root, depth + 1)
            merged.update(found)
            nullable = nullable or null
        else:
            merged["anyOf"] = list(real)
    merged.update(own)
    types = merged.get("type")
    if isinstance(types, list) and "null" in types:
        nullable = True
        rest = [entry for entry in types if entry != "null"]
        merged["type"] = rest[0] if len(rest) == 1 else list(rest)
    return merged, nullable


def _follow(reference: str, root: Schema) -> Schema:
    node: JsonValue = dict(root)
    if not reference.startswith("#/"):
        return {}
    for part in reference[2:].split("/"):
        if not isinstance(node, dict):
            return {}
        node = node.get(part.replace("~1", "/").replace("~0", "~"), {})
    return node if isinstance(node, dict) else {}


def _kind(node: Schema, root: Schema) -> tuple[FieldKind, Schema | None]:
    widget, kind = node.get("widget"), node.get("type")
    if widget == "column" and kind in {"string", None}:
        return FieldKind.COLUMN, None
    if widget == "formula" and kind in {"string", None}:
        return FieldKind.FORMULA, None
    if "enum" in node or "const" in node:
        return FieldKind.CHOICE, None
    if kind == "array":
        return _array_kind(node, root)
    if kind == "object":
        values = _values_of_mapping(node, root)
        if values.get("type") in {"string", "integer", "number"} and "properties" not in node:
            return FieldKind.MAPPING, None
        return FieldKind.GROUP if _has_names(node) else FieldKind.JSON, None
    simple = {
        "string": FieldKind.TEXT,
        "integer": FieldKind.INTEGER,
        "number": FieldKind.NUMBER,
        "boolean": FieldKind.BOOLEAN,
    }
    if isinstance(kind, str) and kind in simple:
        return simple[kind], None
    branches = node.get("anyOf")
    if isinstance(branches, list):
        kinds = {part.get("type") for part in branches if isinstance(part, dict)}
        if kinds == {"integer", "number"}:
            return FieldKind.NUMBER, None
    return FieldKind.JSON, None


def _values_of_mapping(node: Schema, root: Schema) -> Schema:
    """The schema of the values of an object without declared names; `value_choices` beside it offers texts to choose from."""
    declared = node.get("additionalProperties")
    values, nullable = _resolve(declared, root) if isinstance(declared, dict) else ({}, False)
    offered = node.get("value_choices")
    labels = node.get("labels")
    if isinstance(offered, list) and "enum" not in values:
        values = {**values, "enum": offered}
    if isinstance(labels, dict):
        values = {**values, "labels": labels}
    return {} if nullable else values


def _yes_or_no() -> tuple[Choice, ...]:
    return Choice(True, translate("form", "Yes")), Choice(False, translate("form", "No"))


def _array_kind(node: Schema, root: Schema) -> tuple[FieldKind, Schema | None]:
    items = node.get("items")
    if not isinstance(items, dict):
        return FieldKind.JSON, None
    item, nullable = _resolve(items, root)
    if nullable:
        return FieldKind.JSON, item
    if node.get("widget") == "columns" and item.get("type") == "string":
        return FieldKind.COLUMNS, item
    if "enum" in item:
        return FieldKind.CHOICES, item
    if item.get("type") == "string":
        return FieldKind.TEXTS, item
    if item.get("type") in {"integer", "number"}:
        return FieldKind.NUMBERS, item
    if item.get("type") == "object" and _has_names(item):
        return FieldKind.OBJECTS, item
    return FieldKind.JSON, item


def _has_names(node: Schema) -> bool:
    """Whether an object declares its fields, and takes no others."""
    return isinstance(node.get("properties"), dict) and not node.get("additionalProperties")


def _choices(node: Schema) -> tuple[Choice, ...]:
    values = node.get("enum", [node["const"]] if "const" in node else None)
    if not isinstance(values, list):
        return ()
    labels = node.get("labels")
    named = labels if isinstance(labels, dict) else {}
    return tuple(Choice(value, str(named.get(str(value)) or _words(str(value)))) for value in values)


def _words(name: str) -> str:
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _text(node: Schema, key: str) -> str:
    value = node.get(key)
    return value if isinstance(value, str) else ""


def _texts(node: Schema, key: str) -> tuple[str, ...]:
    value = node.get(key)
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()


def _number(node: Schema, key: str) -> float | None:
    value = node.get(key)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _integer(node: Schema, key: str) -> int | None:
    value = node.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None

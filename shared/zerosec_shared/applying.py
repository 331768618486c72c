"""Which parameters apply: some do only with certain choices of others, which `only_when` beside them declares.

`"only_when": {"decision": ["bound_false_ok", "bound_both"]}`: the field applies while `decision` is one of these; of several
such names, all have to be. Where a value is not given, the declared default counts. Server, command line and window decide by this.
"""

from collections.abc import Iterable, Mapping

from pydantic import JsonValue

__all__ = ["ONLY_WHEN", "OnlyWhen", "applies", "read_only_when", "without_effect"]

ONLY_WHEN = "only_when"
OnlyWhen = Mapping[str, tuple[JsonValue, ...]]
"""Names of other fields, and the values of each with which the field applies."""


def read_only_when(declared: Mapping[str, JsonValue]) -> OnlyWhen:
    """What is declared beside a field, in its JSON schema; empty: it always applies."""
    given = declared.get(ONLY_WHEN)
    if not isinstance(given, dict):
        return {}
    return {name: tuple(values) for name, values in given.items() if isinstance(values, list)}


def applies(condition: OnlyWhen, values: Mapping[str, JsonValue]) -> bool:
    """Whether a field applies with these values, of which those it asks about are there or count as none."""
    return all(_among(values.get(name), allowed) for name, allowed in condition.items())


def without_effect(
    properties: Mapping[str, JsonValue], given: Mapping[str, JsonValue]
) -> dict[str, OnlyWhen]:
    """The fields of an object's JSON schema that have no effect with what is given, and when they would have one."""
    nodes = {name: node for name, node in properties.items() if isinstance(node, dict)}
    values = {**{name: node.get("default") for name, node in nodes.items()}, **given}
    conditions = {name: read_only_when(node) for name, node in nodes.items()}
    return {name: condition for name, condition in conditions.items() if not applies(condition, values)}


def _among(value: JsonValue, allowed: Iterable[JsonValue]) -> bool:
    """Equal as JSON is: true is not 1."""
    return any(isinstance(value, bool) is isinstance(each, bool) and value == each for each in allowed)

"""The settings of a step as a paper names them: their titles, units and choices as the form shows them, not the names they have in files."""

from collections.abc import Mapping

from zerosec_shared.analyses import StepInfo
from zerosec_shared.contract import JsonValue
from zerosec_shared.texts import joined, ours, say

__all__ = ["settings_in_words"]

LONGEST_VALUE = 60


def settings_in_words(parameters: Mapping[str, JsonValue], step: StepInfo | None) -> str:
    """All that are set, in one row and in the order of the form; of a step that is declared no more by the names they were recorded under."""
    declared = step.parameters_schema.get("properties") if step is not None else None
    properties = declared if isinstance(declared, dict) else {}
    in_order = [name for name in properties if name in parameters]
    parts = []
    for name in (*in_order, *(name for name in parameters if name not in properties)):
        value = parameters[name]
        if value is None or value in ("", [], {}):
            continue
        known = properties.get(name)
        schema = known if isinstance(known, dict) else {}
        title = schema.get("title")
        said = ours(title) if isinstance(title, str) else name
        parts.append(say("{title}: {value}", title=said, value=_in_words(value, schema)))
    return joined(parts, "; ")


def _in_words(value: JsonValue, schema: Mapping[str, JsonValue]) -> str:
    labels, unit = schema.get("labels"), schema.get("unit")
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, str) and isinstance(labels, dict):
        label = labels.get(value)
        return ours(label) if isinstance(label, str) else value
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    short = text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"
    return say("{value} {unit}", value=short, unit=ours(unit)) if isinstance(unit, str) and unit else short

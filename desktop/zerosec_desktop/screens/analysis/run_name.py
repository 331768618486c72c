"""What a run is called unless its user names it: after the analysis, what it predicts, and its file."""

from collections.abc import Mapping

from zerosec_shared.contract import JsonValue

__all__ = ["name_of_run"]

LONGEST = 200


def name_of_run(analysis: str, values: Mapping[str, JsonValue], file: str) -> str:
    """The parts that are known, in a row."""
    return " · ".join(part for part in (analysis, _targets(values), file) if part)[:LONGEST]


def _targets(values: Mapping[str, JsonValue]) -> str:
    """What is to be predicted, in a few words."""
    given = values.get("target") or values.get("targets")
    names = [given] if isinstance(given, str) else given if isinstance(given, list) else []
    return ", ".join(str(name) for name in names[:2]) + (" …" if len(names) > 2 else "")

"""Runs already done that a design completes: those made under the same conditions, with a value for every factor. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from zerosec_shared.experiments import Value, normalised

__all__ = ["DoneRuns", "done_runs"]


@dataclass(frozen=True)
class DoneRuns:
    """Their settings, a mapping a run. `elsewhere` were made under other conditions, `lacking` lack a setting."""

    rows: tuple[Mapping[str, Value], ...]
    elsewhere: int = 0
    lacking: int = 0


def done_runs(
    experiments: Iterable[Mapping[str, Value]],
    columns: Sequence[str],
    constants: Mapping[str, Value],
    choices: Mapping[str, Sequence[str]] | None = None,
) -> DoneRuns:
    """Those that count. `constants` hold for the whole series; `choices` are factors whose members are columns of 0 and 1."""
    rows: list[Mapping[str, Value]] = []
    elsewhere = lacking = 0
    for one in experiments:
        if any(
            name in one and normalised(one[name]) != normalised(value) for name, value in constants.items()
        ):
            elsewhere += 1
            continue
        found = {name: _setting(one, name, (choices or {}).get(name, ())) for name in columns}
        whole = {name: value for name, value in found.items() if value is not None}
        if len(whole) < len(found) or any(name not in one for name in constants):
            lacking += 1
        else:
            rows.append(whole)
    return DoneRuns(tuple(rows), elsewhere, lacking)


def _setting(one: Mapping[str, Value], name: str, members: Sequence[str]) -> Value | None:
    if not members:
        return one.get(name)
    chosen = [member for member in members if one.get(member) == 1]
    return chosen[0] if len(chosen) == 1 else None

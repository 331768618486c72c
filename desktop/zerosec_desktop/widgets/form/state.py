"""What a form holds, and how it got there: values, undo, redo. No widgets.

A change makes a new snapshot; changes of one field without a pause of attention (the caller says `commit`) are one step
of undo, so that undo takes back a word and not a letter.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from zerosec_desktop.widgets.form.schema import FieldSpec, defaults
from zerosec_shared.contract import JsonValue

__all__ = ["FormState", "Snapshot"]

_HISTORY = 200

Values = dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All values at one moment, and which field was changed to get there (empty: several)."""

    values: Mapping[str, JsonValue]
    field: str = ""


@dataclass(slots=True)
class FormState:
    """The values of a form's fields with their history."""

    fields: tuple[FieldSpec, ...]
    on_change: Callable[[], None] = lambda: None
    base: Values = field(default_factory=dict)
    _past: list[Snapshot] = field(default_factory=list)
    _future: list[Snapshot] = field(default_factory=list)
    _now: Snapshot = Snapshot({})
    _open: str = ""

    def __post_init__(self) -> None:
        """Begin with the declared defaults."""
        self._now = Snapshot(defaults(self.fields))
        if not self.base:
            self.base = dict(self._now.values)

    @property
    def values(self) -> Values:
        """A copy of all values; a required field that was not filled in is absent."""
        return dict(self._now.values)

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to do again."""
        return bool(self._future)

    def set(self, name: str, value: JsonValue) -> None:
        """Change one field. The same field again before `commit` extends the same step of undo."""
        values = dict(self._now.values)
        if name in values and type(values[name]) is type(value) and values[name] == value:
            return
        values[name] = value
        self._put(Snapshot(values, name), merge=self._open == name)
        self._open = name

    def clear(self, name: str) -> None:
        """Empty one field: nothing is sent for it."""
        if name in self._now.values:
            values = {key: value for key, value in self._now.values.items() if key != name}
            self._put(Snapshot(values, name), merge=self._open == name)
            self._open = name

    def commit(self) -> None:
        """The user's attention moved: the next change is a step of its own."""
        self._open = ""

    def replace(self, values: Mapping[str, JsonValue]) -> None:
        """Change all fields in one step: a preset, a reset, a restored draft. Unknown names are left out."""
        known = {spec.name for spec in self.fields}
        new = {**defaults(self.fields), **{name: value for name, value in values.items() if name in known}}
        self._open = ""
        if new != self._now.values:
            self._put(Snapshot(new), merge=False)

    def start_from(self, values: Mapping[str, JsonValue]) -> None:
        """Begin anew with these values: no undo behind them, and differences are counted from here."""
        known = {spec.name for spec in self.fields}
        self._now = Snapshot({**defaults(self.fields), **{n: v for n, v in values.items() if n in known}})
        self.base = dict(self._now.values)
        self._past.clear()
        self._future.clear()
        self._open = ""
        self.on_change()

    def reset(self) -> None:
        """Back to the declared defaults, in one step of undo."""
        self.replace({})

    def undo(self) -> bool:
        """Take the last step back."""
        return self._step(self._past, self._future)

    def redo(self) -> bool:
        """Do it again."""
        return self._step(self._future, self._past)

    def changed(self) -> tuple[str, ...]:
        """Fields whose value is not the one the form began with."""
        missing = object()
        return tuple(
            spec.name
            for spec in self.fields
            if self._now.values.get(spec.name, missing) != self.base.get(spec.name, missing)
        )

    def _put(self, snapshot: Snapshot, *, merge: bool) -> None:
        if not merge:
            self._past.append(self._now)
            del self._past[:-_HISTORY]
        self._future.clear()
        self._now = snapshot
        self.on_change()

    def _step(self, source: list[Snapshot], target: list[Snapshot]) -> bool:
        if not source:
            return False
        target.append(self._now)
        self._now = source.pop()
        self._open = ""
        self.on_change()
        return True

"""A page of entries that are alike (choices, rules, settings of analyses): a card each, added and removed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from zerosec_desktop.controls import Card, button, label, row, tool_button
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.experiments.profile_editor.fields import ChoiceField, FormulaField, LineField

__all__ = ["Chosen", "EntriesPane", "FieldKind", "Tick", "Written"]

D = TypeVar("D")
"""GroupDraft, RuleDraft or DefaultDraft."""


@dataclass(frozen=True)
class Written:
    """A field of text."""

    field: str
    title: str
    hint: str = ""
    example: str = ""
    formula: bool = False
    stretch: int = 1
    explained: Callable[[Any], str] | None = None
    """What an entry's value is for, where that depends on the entry."""


@dataclass(frozen=True)
class Chosen:
    """A field of one of several values, which depend on the entry: each with what it is called."""

    field: str
    title: str
    choices: Callable[[Any], Sequence[tuple[str, str]]]
    stretch: int = 1


@dataclass(frozen=True)
class Tick:
    """A yes or no."""

    field: str
    title: str


FieldKind = Written | Chosen | Tick
Rows = Sequence[Sequence[FieldKind]]


class _Entry(Card):
    """One entry; its controls by field."""

    def __init__(
        self, rows: Rows, edited: Callable[[str, object], None], remove: Callable[[], None], tip: str
    ) -> None:
        super().__init__(margins=Space.MEDIUM, spacing=12)
        self.fields: dict[str, LineField | FormulaField | ChoiceField | QCheckBox] = {}
        self._specs = {spec.field: spec for specs in rows for spec in specs}
        for number, specs in enumerate(rows):
            across: QHBoxLayout = row(spacing=12)
            for spec in specs:
                made = self._field(spec, edited)
                across.addWidget(made, 1 if isinstance(spec, Tick) else spec.stretch)
                across.setAlignment(made, Qt.AlignmentFlag.AlignTop)
            if number == 0:
                gone = tool_button("trash", tip, clicked=remove)
                across.addWidget(gone, 0, Qt.AlignmentFlag.AlignTop)
            self.body.addLayout(across)

    def _field(self, spec: FieldKind, edited: Callable[[str, object], None]) -> QWidget:
        made: LineField | FormulaField | ChoiceField | QCheckBox
        if isinstance(spec, Tick):
            made = QCheckBox(spec.title)
            made.clicked.connect(partial(edited, spec.field))
        elif isinstance(spec, Chosen):
            made = ChoiceField(spec.title)
            made.edited.connect(partial(edited, spec.field))
        else:
            made = (FormulaField if spec.formula else LineField)(spec.title, spec.hint, spec.example)
            made.edited.connect(partial(edited, spec.field))
        self.fields[spec.field] = made
        return made

    def show_draft(self, draft: object, problems: Mapping[str, str]) -> None:
        """Show an entry, and what is wrong with which field."""
        for name, field in self.fields.items():
            if isinstance(field, QCheckBox):
                field.setChecked(getattr(draft, name))
                continue
            spec = self._specs[name]
            if isinstance(field, ChoiceField) and isinstance(spec, Chosen):
                field.offer(spec.choices(draft), getattr(draft, name))
            elif not isinstance(field, ChoiceField):
                field.put(getattr(draft, name))
                if isinstance(spec, Written) and spec.explained is not None:
                    field.explain(spec.explained(draft))
            field.show_problem(problems.get(name, ""))


class EntriesPane(Generic[D], QScrollArea):
    """Calls `changed` with all entries as they are now, and the place that was written in (None: a step of its own)."""

    def __init__(
        self,
        rows: Rows,
        new: Callable[[], D],
        told: str,
        add_text: str,
        remove_text: str,
        changed: Callable[[tuple[D, ...], object], None],
    ) -> None:
        super().__init__()
        self._rows, self._remove_text = rows, remove_text
        self._new: Callable[[], D] = new
        self._changed: Callable[[tuple[D, ...], object], None] = changed
        self._entries: tuple[D, ...] = ()
        self.cards: list[_Entry] = []
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        inner.setProperty("surface", "clear")
        inner.setMaximumWidth(1120)
        stack = QVBoxLayout(inner)
        stack.setContentsMargins(0, Space.MEDIUM, Space.SMALL, Space.MEDIUM)
        stack.setSpacing(Space.MEDIUM)
        stack.addWidget(label(told, "muted", wrap=True))
        self._list = QVBoxLayout()
        self._list.setSpacing(12)
        stack.addLayout(self._list)
        self.add = button(add_text, icon_name="plus", clicked=self._add)
        stack.addLayout(row(self.add, None))
        stack.addStretch(1)
        self.setWidget(inner)

    def show_entries(self, entries: tuple[D, ...], problems: Mapping[int, Mapping[str, str]]) -> None:
        """Show these, and what is wrong with which field of which."""
        self._entries = entries
        while len(self.cards) > len(entries):
            gone = self.cards.pop()
            self._list.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        while len(self.cards) < len(entries):
            number = len(self.cards)
            made = _Entry(
                self._rows, partial(self._edited, number), partial(self._remove, number), self._remove_text
            )
            self.cards.append(made)
            self._list.addWidget(made)
        for number, card in enumerate(self.cards):
            card.show_draft(entries[number], problems.get(number, {}))

    def show_entry(self, number: int) -> None:
        """Bring an entry into sight."""
        if 0 <= number < len(self.cards):
            self.ensureWidgetVisible(self.cards[number])

    def _edited(self, number: int, field: str, value: object) -> None:
        change: dict[str, object] = {field: value}
        entries = list(self._entries)
        entries[number] = replace(entries[number], **change)  # type: ignore[type-var]
        self._changed(tuple(entries), (number, field) if isinstance(value, str) else None)

    def _add(self) -> None:
        self._changed((*self._entries, self._new()), None)
        first = next(iter(self.cards[-1].fields.values()))
        first.setFocus()

    def _remove(self, number: int) -> None:
        self._changed(tuple(each for place, each in enumerate(self._entries) if place != number), None)

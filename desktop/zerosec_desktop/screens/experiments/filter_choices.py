"""Rows of the filter with values to choose from: those of a text column, or the members of a one-hot group."""

from collections.abc import Mapping, Sequence
from unicodedata import normalize

from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from zerosec_desktop.controls import button
from zerosec_desktop.resources.language import translate
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.experiments.filter_row import FilterRow
from zerosec_desktop.widgets.flow import FlowLayout
from zerosec_shared.experiments import ExperimentColumn
from zerosec_shared.profiles import OneHotGroup
from zerosec_shared.selections import AnyOf, Choice, ColumnFigures, Condition

__all__ = ["ChoiceRow", "GroupRow"]

MOST_CHIPS = 24
MOST_LEVELS = 200
MOST_VALUES = 500


class _ChipsRow(FilterRow):
    """Values to choose from; none chosen means all."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.chips: dict[str, QPushButton] = {}
        self.holder = QWidget()
        self._flow = FlowLayout(gap=Space.TINY)
        self._flow.setContentsMargins(0, Space.TINY, 0, Space.TINY)
        self.holder.setLayout(self._flow)
        self._middle.addWidget(self.holder, 1)
        self._show_state()

    def chosen(self) -> list[str]:
        """The values that are chosen, in the order shown."""
        return [value for value, chip in self.chips.items() if chip.isChecked()]

    def _offer(self, counts: Mapping[str, int]) -> None:
        """Chips with their counts; what is chosen stays there."""
        for value in counts:
            if value not in self.chips:
                self._add(value)
        for value, chip in self.chips.items():
            chip.setText(f"{value}  {counts.get(value, 0):,}".replace("&", "&&"))

    def _add(self, value: str) -> QPushButton:
        chip = button(value.replace("&", "&&"), "chip", clicked=self._edited)
        chip.setCheckable(True)
        chip.setAccessibleName(f"{self.title}: {value}")
        self.chips[value] = chip
        self._flow.addWidget(chip)
        return chip

    def _choose(self, values: Sequence[str]) -> None:
        for value in values:
            if value not in self.chips:
                self._add(value)
        for value, chip in self.chips.items():
            chip.setChecked(value in values)
        self._show_state()

    def reset(self) -> None:
        self._choose(())
        self.changed.emit()


class ChoiceRow(_ChipsRow):
    """Values of a text column: chips while they are few, typed with commas between them where they are many."""

    def __init__(self, column: ExperimentColumn, title: str) -> None:
        self._column = column.name
        self._levels: dict[str, str] = {}
        self.typed = QLineEdit()
        self.typed.setAccessibleName(title)
        self.typed.textEdited.connect(self._edited)
        self.typed.hide()
        super().__init__(title)
        self._middle.addWidget(self.typed, 1)

    def _wanted(self) -> list[str]:
        """What was typed, each as it stands in the results where it does."""
        parts = (part.strip() for part in self.typed.text().replace("、", ",").replace("，", ",").split(","))
        return list(dict.fromkeys(self._levels.get(_plain(part), part) for part in parts if part))

    def problem(self) -> str:
        if not self._levels:
            return ""
        strange = [one for one in self._wanted() if _plain(one) not in self._levels]
        return (
            translate("Experiments", "No experiment has “{value}”.").format(value=strange[0])
            if strange
            else ""
        )

    def condition(self) -> Condition | None:
        values = list(dict.fromkeys([*self.chosen(), *self._wanted()]))
        if not values or len(values) > MOST_VALUES or self.problem():
            return None
        return Choice(column=self._column, values=tuple(values))

    def shows(self, condition: Condition) -> bool:
        return (
            isinstance(condition, Choice)
            and condition.column == self._column
            and all(isinstance(value, str) for value in condition.values)
        )

    def take(self, condition: Condition) -> None:
        assert isinstance(condition, Choice)
        values = [str(value) for value in condition.values]
        if self.typed.isHidden():
            self._choose(values)
        else:
            self.typed.setText(", ".join(values))
            self._show_state()

    def reset(self) -> None:
        self.typed.clear()
        super().reset()

    def show_figures(self, everything: Mapping[str, ColumnFigures], now: Mapping[str, ColumnFigures]) -> None:
        figures = everything.get(self._column)
        levels = {} if figures is None else figures.levels
        whole = len(levels) < MOST_LEVELS  # beyond that the server tells the commonest alone
        self._levels = {_plain(level): level for level in levels} if whole else {}
        if len(levels) > MOST_CHIPS:
            self._to_typing(len(levels))
        else:
            self._offer(levels)
        self._show_missing(now.get(self._column))

    def _to_typing(self, count: int) -> None:
        self.typed.setPlaceholderText(
            translate("Experiments", "{count} different values: write some, with commas between").format(
                count=f"{count:,}" if count < MOST_LEVELS else f"{MOST_LEVELS}+"
            )
        )
        if self.typed.isHidden():
            self.typed.setText(", ".join(self.chosen()))
            for chip in self.chips.values():
                chip.hide()
                chip.deleteLater()
            self.chips.clear()
            self.holder.hide()
            self.typed.show()


def _plain(text: str) -> str:
    return normalize("NFKC", text).strip().casefold()


class GroupRow(_ChipsRow):
    """Members of a one-hot group, such as brushes."""

    def __init__(self, group: OneHotGroup, title: str) -> None:
        self._group = group
        super().__init__(title)
        self._offer(dict.fromkeys(group.members, 0))

    def condition(self) -> Condition | None:
        members = self.chosen()
        return AnyOf(columns=tuple(members)) if members else None

    def shows(self, condition: Condition) -> bool:
        return isinstance(condition, AnyOf) and set(condition.columns) <= set(self._group.members)

    def take(self, condition: Condition) -> None:
        assert isinstance(condition, AnyOf)
        self._choose(condition.columns)

    def show_figures(self, everything: Mapping[str, ColumnFigures], now: Mapping[str, ColumnFigures]) -> None:
        self._offer({member: _ones(everything.get(member)) for member in self._group.members})
        self._show_missing(now.get(self._group.members[0]))


def _ones(figures: ColumnFigures | None) -> int:
    """How many values of a 0/1 column are 1."""
    if figures is None or not figures.all_bins or figures.high != 1:
        return 0
    return figures.all_bins[-1]

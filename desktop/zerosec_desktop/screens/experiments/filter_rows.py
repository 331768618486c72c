"""One row of the filter a column: a range of numbers or days, or values to choose from; each makes one condition or none."""

from collections.abc import Mapping, Sequence
from unicodedata import normalize

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from zerosec_desktop.controls import ElidedLabel, button, label, row, set_property, tool_button
from zerosec_desktop.resources.language import translate
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.experiments.filter_bars import ChosenBars
from zerosec_desktop.widgets.flow import FlowLayout
from zerosec_desktop.widgets.form.number_text import NumberTextError, exact_text, parse_number
from zerosec_shared.experiments import ExperimentColumn
from zerosec_shared.profiles import OneHotGroup, to_date
from zerosec_shared.selections import AnyOf, Choice, ColumnFigures, Condition, DateRange, NumberRange

__all__ = ["ChoiceRow", "DateRow", "FilterRow", "GroupRow", "NumberRow"]

NAME_WIDTH = 168
END_WIDTH = 104
MISSING_WIDTH = 96
MOST_CHIPS = 24
MOST_LEVELS = 200
MOST_VALUES = 500


class FilterRow(QWidget):
    """A column's name, what is asked of it, and how many of the matching experiments have no value in it."""

    changed = Signal()

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = title
        name = ElidedLabel(title)
        name.setFixedWidth(NAME_WIDTH)
        name.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._middle = QHBoxLayout()
        self._middle.setSpacing(Space.SMALL)
        self.missing = label("", "caption")
        self.missing.setFixedWidth(MISSING_WIDTH)
        self._reset = tool_button(
            "close", translate("Experiments", "{column}: show everything").format(column=title)
        )
        self._reset.clicked.connect(self.reset)
        size = self._reset.sizePolicy()
        size.setRetainSizeWhenHidden(True)
        self._reset.setSizePolicy(size)
        across = row(name, spacing=12)
        across.addLayout(self._middle, 1)
        across.addWidget(self.missing)
        across.addWidget(self._reset)
        self._said: QLabel = label("", "error", wrap=True)
        self._said.setContentsMargins(NAME_WIDTH + 12, 0, 0, 0)
        self._said.hide()
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, Space.TINY, 0, Space.TINY)
        stack.setSpacing(0)
        stack.addLayout(across)
        stack.addWidget(self._said)

    def condition(self) -> Condition | None:
        """What is asked; None: nothing, or nothing that can be understood yet."""
        raise NotImplementedError

    def shows(self, condition: Condition) -> bool:
        """Whether a condition is about this row, and of its kind."""
        raise NotImplementedError

    def take(self, condition: Condition) -> None:
        """Show a condition that `shows` says is one of this row."""
        raise NotImplementedError

    def reset(self) -> None:
        """Ask nothing."""
        raise NotImplementedError

    def problem(self) -> str:
        """Why what was typed cannot be asked; empty if it can."""
        return ""

    def show_figures(self, everything: Mapping[str, ColumnFigures], now: Mapping[str, ColumnFigures]) -> None:
        """All experiments, and those that match."""
        raise NotImplementedError

    def _show_missing(self, figures: ColumnFigures | None) -> None:
        count = 0 if figures is None else figures.missing
        self.missing.setText(
            translate("Experiments", "{count} missing").format(count=f"{count:,}") if count else ""
        )

    def _show_state(self) -> None:
        said = self.problem()
        self._said.setText(said)
        self._said.setVisible(bool(said))
        self._reset.setVisible(bool(said) or self.condition() is not None)

    def _edited(self) -> None:
        self._show_state()
        self.changed.emit()


class _EndsRow(FilterRow):
    """A field for the lowest and one for the highest."""

    def __init__(self, title: str, low: str, high: str) -> None:
        super().__init__(title)
        self.low, self.high = QLineEdit(), QLineEdit()
        for field, end in ((self.low, low), (self.high, high)):
            field.setFixedWidth(END_WIDTH)
            field.setMaxLength(60)
            field.setAccessibleName(f"{title}: {end}")
            field.setToolTip(end)
            field.textEdited.connect(self._edited)
        self._show_state()

    def reset(self) -> None:
        self.low.clear()
        self.high.clear()
        self._edited()

    def _show_state(self) -> None:
        super()._show_state()
        wrong = self._unreadable()
        for field in (self.low, self.high):
            set_property(field, "problem", "true" if field.text() in wrong and field.text() else "false")

    def _unreadable(self) -> Sequence[str]:
        raise NotImplementedError


class NumberRow(_EndsRow):
    """A minimum, a maximum or both, around the column's histogram. Full-width digits are digits."""

    def __init__(self, column: ExperimentColumn, title: str) -> None:
        self._column = column.name
        super().__init__(title, translate("Experiments", "Minimum"), translate("Experiments", "Maximum"))
        self.bars = ChosenBars()
        self._middle.addWidget(self.low)
        self._middle.addWidget(self.bars, 1)
        self._middle.addWidget(self.high)

    def _ends(self) -> tuple[float | None, float | None]:
        """Raises NumberTextError."""
        low, high = self.low.text().strip(), self.high.text().strip()
        return (parse_number(low) if low else None), (parse_number(high) if high else None)

    def _unreadable(self) -> Sequence[str]:
        found = []
        for field in (self.low, self.high):
            try:
                if field.text().strip():
                    parse_number(field.text())
            except NumberTextError:
                found.append(field.text())
        return found

    def problem(self) -> str:
        try:
            low, high = self._ends()
        except NumberTextError as wrong:
            if wrong.readings:
                return translate("Experiments", "This can be read as {readings}: write one of them.").format(
                    readings=" / ".join(wrong.readings)
                )
            return translate("Experiments", "“{text}” is not a number.").format(text=self._unreadable()[0])
        if low is not None and high is not None and low > high:
            return translate("Experiments", "The minimum is above the maximum: no experiment can match.")
        return ""

    def condition(self) -> Condition | None:
        if self.problem():
            return None
        low, high = self._ends()
        if low is None and high is None:
            return None
        return NumberRange(column=self._column, minimum=low, maximum=high)

    def shows(self, condition: Condition) -> bool:
        return isinstance(condition, NumberRange) and condition.column == self._column

    def take(self, condition: Condition) -> None:
        assert isinstance(condition, NumberRange)
        self.low.setText("" if condition.minimum is None else exact_text(condition.minimum))
        self.high.setText("" if condition.maximum is None else exact_text(condition.maximum))
        self._show_state()

    def show_figures(self, everything: Mapping[str, ColumnFigures], now: Mapping[str, ColumnFigures]) -> None:
        of_all, chosen = everything.get(self._column), now.get(self._column)
        self.bars.show_counts(
            () if of_all is None else of_all.all_bins, () if chosen is None else chosen.bins
        )
        ends = (None, None) if of_all is None else (of_all.low, of_all.high)
        for field, end in zip((self.low, self.high), ends, strict=True):
            field.setPlaceholderText("" if end is None else f"{end:.6g}")
        self._show_missing(chosen)


class DateRow(_EndsRow):
    """A first day, a last day or both, however dates are written."""

    def __init__(self, column: ExperimentColumn, title: str) -> None:
        self._column = column.name
        super().__init__(title, translate("Experiments", "First day"), translate("Experiments", "Last day"))
        self._middle.addWidget(self.low)
        self._middle.addWidget(label("–", "muted"))
        self._middle.addWidget(self.high)
        self._middle.addStretch(1)
        for field in (self.low, self.high):
            field.setPlaceholderText("2025-10-29")

    def _unreadable(self) -> Sequence[str]:
        fields = (self.low, self.high)
        return [one.text() for one in fields if one.text().strip() and to_date(one.text()) is None]

    def problem(self) -> str:
        wrong = self._unreadable()
        if wrong:
            return translate("Experiments", "“{text}” is no date; write it as 2025-10-29.").format(
                text=wrong[0]
            )
        first, last = to_date(self.low.text()), to_date(self.high.text())
        if first is not None and last is not None and first > last:
            return translate("Experiments", "The first day is after the last: no experiment can match.")
        return ""

    def condition(self) -> Condition | None:
        if self.problem():
            return None
        first, last = to_date(self.low.text()), to_date(self.high.text())
        if first is None and last is None:
            return None
        return DateRange(column=self._column, first=first, last=last)

    def shows(self, condition: Condition) -> bool:
        return isinstance(condition, DateRange) and condition.column == self._column

    def take(self, condition: Condition) -> None:
        assert isinstance(condition, DateRange)
        self.low.setText("" if condition.first is None else condition.first.isoformat())
        self.high.setText("" if condition.last is None else condition.last.isoformat())
        self._show_state()

    def show_figures(self, everything: Mapping[str, ColumnFigures], now: Mapping[str, ColumnFigures]) -> None:
        self._show_missing(now.get(self._column))


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

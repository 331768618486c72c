"""Rows of the filter with two ends: a range of numbers around the histogram, or of days."""

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QLineEdit

from zerosec_desktop.controls import label, set_property
from zerosec_desktop.resources.language import translate
from zerosec_desktop.screens.experiments.filter_bars import ChosenBars
from zerosec_desktop.screens.experiments.filter_row import FilterRow
from zerosec_desktop.widgets.form.number_text import NumberTextError, exact_text, parse_number
from zerosec_shared.experiments import ExperimentColumn
from zerosec_shared.profiles import to_date
from zerosec_shared.selections import ColumnFigures, Condition, DateRange, NumberRange

__all__ = ["DateRow", "NumberRow"]

END_WIDTH = 104


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

"""The form of the variables: a line each, with min, max, and a step or levels; a wrong cell is marked and told in words."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from zerosec_desktop.controls import button, label, row, set_property, tool_button
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.experiments.parameter_rows import CELLS, ParameterRow, RowProblem

__all__ = ["ParameterLines"]


class _Line(QObject):
    """The controls of one variable."""

    def __init__(self, shown: ParameterRow, owner: "ParameterLines") -> None:
        super().__init__(owner)
        self.cells: dict[str, QLineEdit] = {}
        for cell, text in zip(CELLS, (shown.name, shown.minimum, shown.maximum, shown.levels), strict=True):
            field = QLineEdit(text)
            field.setAccessibleName(owner.headings[cell])
            field.textEdited.connect(owner.changed)
            self.cells[cell] = field
        self.remove: QToolButton = tool_button("close", owner.remove_tip)
        self.remove.clicked.connect(self._removed)
        self._owner = owner

    def _removed(self) -> None:
        self._owner.remove(self)

    @property
    def value(self) -> ParameterRow:
        return ParameterRow(*(self.cells[cell].text() for cell in CELLS))


class ParameterLines(QWidget):
    """Says `changed` with every edit; `rows` are what is written now."""

    changed = Signal()

    def __init__(self, hints: Mapping[str, str]) -> None:
        super().__init__()
        self._hints = hints
        self.headings = {
            "name": self.tr("Variable"),
            "minimum": self.tr("Min"),
            "maximum": self.tr("Max"),
            "levels": self.tr("Step, or levels with commas"),
        }
        self.remove_tip = self.tr("Remove this variable")
        self._lines: list[_Line] = []
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(Space.SMALL)
        self._grid.setVerticalSpacing(Space.TINY)
        for place, stretch in enumerate((3, 2, 2, 5)):
            self._grid.setColumnStretch(place, stretch)
        for place, cell in enumerate(CELLS):
            self._grid.addWidget(label(self.headings[cell], "caption"), 0, place)
        self._problem = label("", "error", wrap=True)
        self._problem.hide()
        add = button(self.tr("Add a variable"), "quiet", icon_name="plus", clicked=self._add)
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(Space.SMALL)
        stack.addLayout(self._grid)
        stack.addWidget(self._problem)
        stack.addLayout(row(add, None))

    @property
    def rows(self) -> tuple[ParameterRow, ...]:
        """What is written."""
        return tuple(line.value for line in self._lines)

    def cell(self, number: int, cell: str) -> QLineEdit:
        """The control of a cell."""
        return self._lines[number].cells[cell]

    def show_rows(self, rows: Sequence[ParameterRow]) -> None:
        """Show these instead."""
        while self._lines:
            self._take_off(self._lines[-1])
        for shown in rows:
            self._append(shown)

    def show_problems(self, problems: Sequence[RowProblem]) -> None:
        """Mark the cells, and say what is wrong."""
        wrong = {(problem.row, problem.cell): problem.text for problem in problems}
        for number, line in enumerate(self._lines):
            for cell, field in line.cells.items():
                text = wrong.get((number, cell), "")
                set_property(field, "problem", "true" if text else "false")
                field.setToolTip(text or self._hint(line, cell))
                field.setAccessibleDescription(text)
        self._problem.setText("\n".join(problem.text for problem in problems[:6]))
        self._problem.setVisible(bool(problems))

    def _hint(self, line: _Line, cell: str) -> str:
        return self._hints.get(line.cells["name"].text().strip(), "") if cell == "levels" else ""

    def _append(self, shown: ParameterRow) -> None:
        line = _Line(shown, self)
        self._lines.append(line)
        at = self._grid.rowCount()
        for place, cell in enumerate(CELLS):
            self._grid.addWidget(line.cells[cell], at, place)
        self._grid.addWidget(line.remove, at, len(CELLS))
        line.cells["levels"].setPlaceholderText(self._hints.get(shown.name, ""))

    def _add(self) -> None:
        self._append(ParameterRow())
        self._lines[-1].cells["name"].setFocus()
        self.changed.emit()

    def remove(self, line: _Line) -> None:
        """Take a variable out."""
        self._take_off(line)
        self.changed.emit()

    def _take_off(self, line: _Line) -> None:
        self._lines.remove(line)
        for widget in (*line.cells.values(), line.remove):
            widget.hide()
            self._grid.removeWidget(widget)
            widget.deleteLater()
        line.deleteLater()

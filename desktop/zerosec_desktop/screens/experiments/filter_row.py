"""One row of the filter: a column's name, what is asked of it, and how much is missing; each makes one condition or none."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from zerosec_desktop.controls import ElidedLabel, label, row, tool_button
from zerosec_desktop.resources.language import translate
from zerosec_desktop.resources.tokens import Space
from zerosec_shared.selections import ColumnFigures, Condition

__all__ = ["FilterRow"]

NAME_WIDTH = 168
MISSING_WIDTH = 96


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

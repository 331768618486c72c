"""Conditions on combinations, folded away until they are wanted."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from zerosec_desktop.controls import button, label, row
from zerosec_desktop.resources.tokens import Space

__all__ = ["ConditionsBox"]

LINES_PX = 64


class ConditionsBox(QWidget):
    """Two fields of formulas, one a line."""

    changed = Signal()

    def __init__(self, keep: str, forbidden: str) -> None:
        super().__init__()
        self._fold = button(self.tr("Conditions"), "quiet", icon_name="filter")
        self._fold.setCheckable(True)
        self._inside = QWidget()
        stack = QVBoxLayout(self._inside)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(Space.TINY)
        self._keep = self._field(keep, self.tr("Keep only"), "切込量 * パス数 <= 1.2")
        self._forbidden = self._field(
            forbidden, self.tr("Forbidden combinations"), '材料 == "Alumi" and 回転速度 > 3000'
        )
        for field in (self._keep, self._forbidden):
            stack.addWidget(label(field.accessibleName(), "strong"))
            stack.addWidget(field)
        stack.addWidget(label(self.tr("One formula a line."), "caption"))
        self._fold.toggled.connect(self._inside.setVisible)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addLayout(row(self._fold, None))
        whole.addWidget(self._inside)
        self._fold.setChecked(bool(keep or forbidden))
        self._inside.setVisible(self._fold.isChecked())

    def _field(self, text: str, name: str, example: str) -> QPlainTextEdit:
        made = QPlainTextEdit(text)
        made.setAccessibleName(name)
        made.setPlaceholderText(example)
        made.setFixedHeight(LINES_PX)
        made.setTabChangesFocus(True)
        made.textChanged.connect(self.changed)
        return made

    @property
    def keep(self) -> str:
        """What every combination fulfils."""
        return self._keep.toPlainText().strip()

    @property
    def forbidden(self) -> str:
        """What is left out."""
        return self._forbidden.toPlainText().strip()

"""Which step of an analysis the form is for: its steps in order, with what each does."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QWidget

from zerosec_desktop.controls import column, label
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.analysis.placing import takes
from zerosec_shared.analyses import StepInfo

__all__ = ["StepChoice", "step_for"]


class StepChoice(QWidget):
    """A list of the steps, and the help of the chosen one."""

    def __init__(self, steps: Sequence[StepInfo], chosen: StepInfo, choose: Callable[[str], None]) -> None:
        super().__init__()
        self._choose = choose
        self.steps = QComboBox()
        self.steps.setAccessibleName(self.tr("Step"))
        self.steps.setAccessibleDescription(chosen.help)
        for number, step in enumerate(steps, start=1):
            self.steps.addItem(f"{number}. {step.title}", step.id)
        self.steps.setCurrentIndex(self.steps.findData(chosen.id))
        self.steps.activated.connect(self._activated)
        title = label(self.tr("Step"), "strong")
        title.setBuddy(self.steps)
        lines: list[QWidget | int | None] = [title, self.steps]
        if chosen.help:
            lines.append(label(chosen.help, "caption", wrap=True))
        self.setLayout(column(*lines, spacing=Space.TINY))

    @Slot(int)
    def _activated(self, number: int) -> None:
        self._choose(str(self.steps.itemData(number)))


def step_for(steps: Sequence[StepInfo], wanted: str, before: str, files: Sequence[Path]) -> StepInfo:
    """The step that is asked for, else the first that reads such files (that of before, if it does), else the first."""
    reading = [
        step
        for step in sorted(steps, key=lambda step: step.id != before)
        if any(takes(slot, path.name) for slot in step.inputs for path in files)
    ]
    return next((step for step in steps if step.id == wanted), (*reading, *steps)[0])

"""The steps on the left: each says whether it is done, stale or blocked, and why."""

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QLabel, QPushButton, QVBoxLayout

from zerosec_desktop.controls import button, label
from zerosec_desktop.resources.icon import icon
from zerosec_desktop.resources.language import translate
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.experiments.steps import Blocked, Stand, Standing, Step

__all__ = ["Rail", "reason", "step_title"]

WIDTH = 224
_ICONS = {
    Stand.READY: ("queued", "faint"),
    Stand.DONE: ("check-circle", "success"),
    Stand.STALE: ("warning", "warning"),
    Stand.BLOCKED: ("lock", "faint"),
}


def step_title(step: Step) -> str:
    """A step's name."""
    return {
        Step.PARAMETERS: translate("Experiments", "Parameters"),
        Step.CANDIDATES: translate("Experiments", "Candidates"),
        Step.DESIGN: translate("Experiments", "Design"),
        Step.LAB_SHEET: translate("Experiments", "Lab sheet"),
        Step.RESULTS: translate("Experiments", "Results"),
        Step.FILTER: translate("Experiments", "Filter"),
        Step.MODELS: translate("Experiments", "Models"),
    }[step]


def reason(standing: Standing) -> str:
    """Why a step stands as it does, and what to do."""
    if standing.stand is Stand.STALE and standing.changed is not None:
        return translate("Experiments", "{step} changed since: do this step again").format(
            step=step_title(standing.changed)
        )
    if standing.blocked is not None:
        return {
            Blocked.NO_CANDIDATES: translate("Experiments", "First choose or make a list of candidates"),
            Blocked.NO_DESIGN: translate("Experiments", "First accept a design"),
            Blocked.NO_RESULTS: translate("Experiments", "First import results"),
        }[standing.blocked]
    if standing.stand is Stand.DONE:
        return translate("Experiments", "Done")
    return translate("Experiments", "Not done yet")


class Rail(QFrame):
    """One button a step, in the order of the work."""

    chosen = Signal(Step)

    def __init__(self, steps: Iterable[Step]) -> None:
        super().__init__()
        self.setProperty("surface", "nav")
        self.setFixedWidth(WIDTH)
        self.setAccessibleName(translate("Experiments", "Steps"))
        stack = QVBoxLayout(self)
        stack.setContentsMargins(Space.SMALL, Space.MEDIUM, Space.SMALL, Space.MEDIUM)
        stack.setSpacing(Space.TINY)
        self._group = QButtonGroup(self)
        self._buttons: dict[Step, QPushButton] = {}
        self._reasons: dict[Step, QLabel] = {}
        for number, step in enumerate(steps, start=1):
            made = button(f"{number}  {step_title(step)}", "nav", clicked=partial(self.chosen.emit, step))
            made.setCheckable(True)
            made.setShortcut(f"Ctrl+{number}")
            self._group.addButton(made)
            self._buttons[step] = made
            why = label("", "caption", wrap=True)
            why.setContentsMargins(Space.XLARGE + 4, 0, Space.SMALL, Space.SMALL)
            why.setAlignment(Qt.AlignmentFlag.AlignTop)
            self._reasons[step] = why
            stack.addWidget(made)
            stack.addWidget(why)
        stack.addStretch(1)

    def show_standings(self, standings: tuple[Standing, ...]) -> None:
        """How each step stands."""
        for standing in standings:
            if standing.step not in self._buttons:
                continue
            made, why = self._buttons[standing.step], reason(standing)
            made.setIcon(icon(*_ICONS[standing.stand]))
            made.setToolTip(why)
            made.setAccessibleName(step_title(standing.step))
            made.setAccessibleDescription(why)
            told = self._reasons[standing.step]
            told.setText(why if standing.stand in {Stand.STALE, Stand.BLOCKED} else "")
            told.setVisible(bool(told.text()))

    def choose(self, step: Step) -> None:
        """Show a step as the one that is open."""
        self._buttons[step].setChecked(True)

"""What stands above a run: its state, the facts of it, and what can be done with it."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from zerosec_desktop.context import Context
from zerosec_desktop.controls import ElidedLabel, IconLabel, button, label, row
from zerosec_desktop.jobs import JobEntry
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.wording import PHASE_ICON, duration, moment, phase_title, target_title, unlisted_title
from zerosec_shared.analyses import StepInfo

__all__ = ["RunHead"]


class RunHead(QWidget):
    """One line; the facts give way when there is little room."""

    report_wanted = Signal()
    change_wanted = Signal()
    menu_wanted = Signal(QPoint)
    offer_taken = Signal(str)  # the step

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._sign = IconLabel("running", "accent", 20)
        self._state = label("", "strong")
        self._facts = ElidedLabel("", "muted")
        self.report = button(self.tr("Open the report"), icon_name="report", clicked=self.report_wanted.emit)
        again = button(self.tr("Run again with changes"), icon_name="edit", clicked=self.change_wanted.emit)
        self._more = button("", icon_name="more", clicked=self._show_menu)
        self._more.setAccessibleName(self.tr("More"))
        self._more.setToolTip(self.tr("Compare, save, pin, delete"))
        line_up = QHBoxLayout(self)
        line_up.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.SMALL)
        line_up.setSpacing(Space.SMALL)
        for part in (self._sign, self._state, self._facts):
            line_up.addWidget(part, 1 if part is self._facts else 0)
        self._offers = row(spacing=Space.SMALL)
        self.offers: dict[str, QPushButton] = {}
        line_up.addLayout(self._offers)
        for control in (self.report, again, self._more):
            line_up.addWidget(control)

    def show_offers(self, steps: Sequence[StepInfo]) -> None:
        """What can be done next with the result that is shown."""
        if [step.id for step in steps] == list(self.offers):
            return
        for old in self.offers.values():
            old.hide()
            old.deleteLater()
        self.offers = {
            step.id: button(
                step.offer, "primary", icon_name="play", clicked=partial(self.offer_taken.emit, step.id)
            )
            for step in steps
        }
        for made in self.offers.values():
            self._offers.addWidget(made)

    def show_entry(self, entry: JobEntry) -> None:
        """State, analysis, when, how long, where."""
        name, token = PHASE_ICON[entry.phase]
        self._sign.set_icon(name, token)
        self._state.setText(phase_title(entry.phase))
        session = self._context.session
        info = session.analysis(entry.analysis, entry.key.target)
        facts = [info.title if info is not None else unlisted_title(entry.analysis), moment(entry.created_at)]
        if entry.phase.ended and entry.elapsed_s is not None:
            facts.append(duration(entry.elapsed_s))
        state = session.target_state(entry.key.target)
        if state is not None:
            facts.append(target_title(state))
        self._facts.set_full_text(" · ".join(facts))

    @Slot()
    def _show_menu(self) -> None:
        self.menu_wanted.emit(self._more.mapToGlobal(QPoint(0, self._more.height())))

"""What stands above a run: its state, the facts of it, and what can be done with it."""

from collections.abc import Mapping, Sequence
from functools import partial
from uuid import UUID

from PySide6.QtCore import QEvent, QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QBoxLayout, QPushButton, QSizePolicy, QWidget

from zerosec_desktop.context import Context
from zerosec_desktop.controls import ElidedLabel, IconLabel, button, label, row
from zerosec_desktop.jobs import JobEntry
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.widgets.flow import FlowLayout
from zerosec_desktop.wording import PHASE_ICON, duration, moment, phase_title, target_title
from zerosec_shared.analyses import StepInfo

__all__ = ["RunHead"]

_OTHER_SIZES = {QEvent.Type.StyleChange, QEvent.Type.FontChange, QEvent.Type.Show}


class RunHead(QWidget):
    """One line while there is room for all of it. Else what can be done stands below; is that too wide for a line, what can always
    be done becomes icons, and the offers wrap. The facts are cut off last.
    """

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
        self.again = button(
            self.tr("Run again with changes"), icon_name="edit", clicked=self.change_wanted.emit
        )
        self._words = {made: made.text() for made in (self.report, self.again)}
        self._more = button("", icon_name="more", clicked=self._show_menu)
        self._more.setAccessibleName(self.tr("More"))
        self._more.setToolTip(self.tr("Compare, save, pin, delete"))
        self.offers: dict[str, QPushButton] = {}
        self._entry: JobEntry | None = None
        self._attempts: Mapping[UUID, tuple[int, int]] = {}
        self._measured: tuple[tuple[tuple[str, ...], bool], int] | None = None
        self._said = QWidget()
        told = row(self._sign, self._state, spacing=Space.SMALL)
        told.addWidget(self._facts, 1)
        self._said.setLayout(told)
        self._doing = QWidget()
        self._doing.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._flow = FlowLayout(self.report, self.again, self._more)
        self._doing.setLayout(self._flow)
        self._line_up = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._line_up.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.SMALL)
        self._line_up.setSpacing(Space.SMALL)
        self._line_up.addWidget(self._said, 1)
        self._line_up.addWidget(self._doing)

    def event(self, event: QEvent) -> bool:
        """What it says or offers may be wider now."""
        if event.type() in _OTHER_SIZES:
            self._measured = None
        if event.type() in {QEvent.Type.LayoutRequest, QEvent.Type.Resize, *_OTHER_SIZES}:
            self._share_the_room()
        return super().event(event)

    def _share_the_room(self) -> None:
        margins = self._line_up.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        doing = self._width_in_words()
        said = (
            self._said.sizeHint().width() + self._facts.sizeHint().width()
        )  # which a layout would leave out
        beside = said + self._line_up.spacing() + doing <= room
        wanted = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if self._line_up.direction() != wanted:
            self._line_up.setDirection(wanted)
        self._show_words(doing <= room)

    def _width_in_words(self) -> int:
        """How wide everything that can be done is in one line, with its words."""
        taken_away = self.report.isHidden() and self.report.testAttribute(
            Qt.WidgetAttribute.WA_WState_ExplicitShowHide
        )  # what its layout has yet to show counts too
        shape = (tuple(self.offers), taken_away)
        if self._measured is None or self._measured[0] != shape:
            self._show_words(True)
            wide = [
                made for made in (*self.offers.values(), *self._words, self._more) if made is not self.report
            ]
            wide += [] if taken_away else [self.report]
            for made in wide:
                made.ensurePolished()
            gaps = self._line_up.spacing() * (len(wide) - 1)
            self._measured = (shape, sum(made.sizeHint().width() for made in wide) + gaps)
        return self._measured[1]

    def _show_words(self, shown: bool) -> None:
        for made, words in self._words.items():
            made.setText(words if shown else "")
            made.setToolTip("" if shown else words.strip())
            made.setAccessibleName(words.strip())

    def show_offers(self, steps: Sequence[StepInfo]) -> None:
        """What can be done next with the result that is shown."""
        if [step.id for step in steps] == list(self.offers):
            return
        for old in self.offers.values():
            self._flow.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.offers = {
            step.id: button(
                step.offer, "primary", icon_name="play", clicked=partial(self.offer_taken.emit, step.id)
            )
            for step in steps
        }
        for place, made in enumerate(self.offers.values()):
            self._flow.insertWidget(place, made)

    @Slot(object)
    def show_attempts(self, attempts: Mapping[UUID, tuple[int, int]]) -> None:
        """The number and count of the attempts of the run's steps, by job; what is shown may be an older one."""
        self._attempts = attempts
        if self._entry is not None:
            self.show_entry(self._entry)

    def show_entry(self, entry: JobEntry) -> None:
        """State, analysis, which step and attempt where there are several, when, how long, where."""
        self._entry = entry
        name, token = PHASE_ICON[entry.phase]
        self._sign.set_icon(name, token)
        self._state.setText(phase_title(entry.phase))
        session = self._context.session
        info = session.analysis(entry.analysis, entry.key.target)
        facts = [session.title_of(entry.analysis, entry.key.target)]
        if info is not None and len(info.steps) > 1:
            facts += [step.title for step in info.steps if step.id == entry.step]
        number, count = self._attempts.get(entry.key.job_id, (1, 1))
        if count > 1:
            facts.append(self.tr("attempt {number} of {count}").format(number=number, count=count))
        facts.append(moment(entry.created_at))
        if entry.phase.ended and entry.elapsed_s is not None:
            facts.append(duration(entry.elapsed_s))
        state = session.target_state(entry.key.target)
        if state is not None:
            facts.append(target_title(state))
        self._facts.set_full_text(" · ".join(facts))

    @Slot()
    def _show_menu(self) -> None:
        self.menu_wanted.emit(self._more.mapToGlobal(QPoint(0, self._more.height())))

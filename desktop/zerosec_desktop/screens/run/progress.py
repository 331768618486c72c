"""A run while it goes on: what it does now, how far it is, whether it is slow or stuck, and the way to stop it."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QPlainTextEdit, QProgressBar, QVBoxLayout, QWidget

from zerosec_desktop.controls import Card, IconLabel, Message, button, label, row
from zerosec_desktop.counters import counter_texts
from zerosec_desktop.jobs import JobEntry, Phase, TargetState, Transfer
from zerosec_desktop.resources.language import translate
from zerosec_desktop.resources.theme import monospace
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.widgets.target_band import TargetBand
from zerosec_desktop.wording import PHASE_ICON, duration, phase_title, rate, remaining, size
from zerosec_shared.events import Event, LogEvent, MetricEvent, NoticeEvent
from zerosec_shared.views import Metric, Notice

__all__ = ["ProgressPage", "pulse_sentence"]

QUIET_S = 30.0
"""No sign of life from the worker for so long is said as a problem; the server gives the job to another one then."""
SLOW_S = 60.0
SIDE_BY_SIDE_FROM = 640
_LINES = 2000


def pulse_sentence(
    heartbeat_age_s: float | None, progress_age_s: float | None, *, disk_full: bool = False
) -> tuple[str, str]:
    """Slow or stuck, told apart: (role, sentence). Both ages in seconds; `disk_full` says that the server cannot write anything down."""
    if heartbeat_age_s is not None and heartbeat_age_s > QUIET_S:
        if disk_full:
            return "warning", translate(
                "ProgressPage",
                "The disk of the server is full: for {0} it could not write down how the job stands. Free some space on it; the server"
                " then goes on, or starts the job anew, by itself.",
            ).format(duration(heartbeat_age_s))
        return "warning", translate(
            "ProgressPage",
            "The worker has given no sign of life for {0}. If that goes on, the server starts the job anew by itself.",
        ).format(duration(heartbeat_age_s))
    if progress_age_s is not None and progress_age_s > SLOW_S:
        return "muted", translate(
            "ProgressPage", "It is alive and working; the last step forward was {0} ago."
        ).format(duration(progress_age_s))
    return "muted", ""


class ProgressPage(QWidget):
    """Shown until the job has ended."""

    cancel_wanted = Signal()
    finish_wanted = Signal()
    again_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.metrics: dict[str, Metric] = {}
        self.notices: list[Notice] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.MEDIUM)
        self._band = TargetBand()
        layout.addWidget(self._band)
        card = Card(margins=Space.LARGE, spacing=Space.MEDIUM)
        self._icon = IconLabel("running", "accent", 24)
        self._stage = label("", "title", wrap=True)
        self._cancel = button(self.tr("Cancel"), "danger", icon_name="stop", clicked=self._ask_cancel)
        self._finish = button(
            self.tr("Stop and keep the best"), icon_name="check", clicked=self.finish_wanted.emit
        )
        self._finish.setToolTip(self.tr("Ends the search now; the result is the best that was found so far"))
        self._finish.hide()
        self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._head.setSpacing(Space.MEDIUM)
        says = row(self._icon, self._stage, spacing=12)
        says.setStretch(1, 1)
        self._head.addLayout(says, 1)
        self._head.addLayout(row(self._finish, self._cancel, None, spacing=12))
        card.body.addLayout(self._head)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Progress"))
        card.body.addWidget(self._bar)
        self._facts = label("", "muted", wrap=True)
        self._counters = label("", "muted", wrap=True)
        self._pulse = label("", "muted", wrap=True)
        for part in (self._facts, self._counters, self._pulse):
            card.body.addWidget(part)
        self._goes_on = label(
            self.tr("You can close the window: the work goes on and is here when you come back."),
            "caption",
            wrap=True,
        )
        card.body.addWidget(self._goes_on)
        layout.addWidget(card)
        self._notice_box = QVBoxLayout()
        self._notice_box.setSpacing(Space.SMALL)
        layout.addLayout(self._notice_box)
        self._log_card = Card()
        self._log_card.body.addWidget(label(self.tr("As it happens"), "subtitle"))
        self._log = QPlainTextEdit()
        self._log.setReadOnly(True)
        self._log.setMaximumBlockCount(_LINES)
        self._log.setFont(monospace())
        self._log.setMinimumHeight(220)
        self._log.setAccessibleName(self.tr("What the job says"))
        self._log_card.body.addWidget(self._log)
        self._log_card.hide()
        layout.addWidget(self._log_card, 1)
        layout.addStretch(1)
        self._seen: set[int] = set()
        self._disk_full = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the buttons stand below what is said, which they would squeeze."""
        super().resizeEvent(event)
        narrow = event.size().width() < SIDE_BY_SIDE_FROM
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._head.setDirection(down if narrow else across)

    def clear(self) -> None:
        """Forget the job that was shown."""
        self.metrics.clear()
        self.notices.clear()
        self._seen.clear()
        self._log.clear()
        self._log_card.hide()
        while (item := self._notice_box.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()

    def show_entry(
        self,
        entry: JobEntry,
        transfers: list[Transfer],
        target: TargetState | None = None,
        *,
        finishable: bool = False,
    ) -> None:
        """Show where the job is; `finishable` when it can be stopped with a result."""
        self._show_target(target, begun=entry.state is not None)
        self._disk_full = target is not None and target.disk_full
        for part in (self._goes_on, self._cancel):
            part.show()
        asked = entry.state is not None and entry.state.finish_requested and not entry.phase.ended
        self._finish.setVisible(finishable or asked)
        self._finish.setEnabled(finishable)
        self._finish.setText(self.tr("Stopping…") if asked else self.tr("Stop and keep the best"))
        name, token = PHASE_ICON[entry.phase]
        self._icon.set_icon(name, token)
        self._stage.setText(self._headline(entry))
        upward = [transfer for transfer in transfers if transfer.key == entry.key and transfer.upward]
        fraction = entry.fraction if entry.phase is Phase.RUNNING else None
        if entry.phase is Phase.SENDING and upward and upward[0].bytes_total:
            fraction = upward[0].bytes_done / upward[0].bytes_total
        if fraction is None:
            still = entry.phase in {Phase.QUEUED, Phase.WAITING}
            self._bar.setRange(0, 1 if still else 0)
            self._bar.setValue(0)
        else:
            self._bar.setRange(0, 1000)
            self._bar.setValue(round(fraction * 1000))
        self._bar.setAccessibleDescription("" if fraction is None else f"{fraction:.0%}")
        facts = " · ".join(self._fact_list(entry, upward, fraction))
        self._facts.setText(facts)
        self._facts.setVisible(bool(facts))
        counters = " · ".join(counter_texts(entry.counters))
        self._counters.setText(counters)
        self._counters.setVisible(bool(counters))
        self._cancel.setEnabled(entry.phase is not Phase.CANCELLING)
        self._cancel.setText(self.tr("Cancelling…") if entry.phase is Phase.CANCELLING else self.tr("Cancel"))

    def _show_target(self, target: TargetState | None, *, begun: bool) -> None:
        """Nothing here moves while the server does not answer: say so, and what becomes of the run."""
        if begun:
            starting = self.tr(
                "The run goes on by itself; how far it is, is shown as soon as the server answers."
            )
            away = self.tr(
                "What stands here is what it told last. It is shown anew as soon as the server answers."
            )
        else:
            starting = away = self.tr("The run is kept here, and sent as soon as the server answers.")
        self._band.show_state(target, starting, away)

    def show_done(self) -> None:
        """The job has succeeded; its results are on their way, and stand here in a moment."""
        name, token = PHASE_ICON[Phase.SUCCEEDED]
        self._icon.set_icon(name, token)
        self._stage.setText(self.tr("Done: the results are being fetched"))
        self._bar.setRange(0, 1)
        self._bar.setValue(1)
        self._bar.setAccessibleDescription(f"{1:.0%}")
        for part in (self._facts, self._counters, self._pulse, self._goes_on, self._cancel, self._finish):
            part.hide()

    def show_pulse(self, heartbeat_age_s: float | None, progress_age_s: float | None) -> None:
        """Tell slow from stuck."""
        role, text = pulse_sentence(heartbeat_age_s, progress_age_s, disk_full=self._disk_full)
        self._pulse.setProperty("role", role)
        self._pulse.style().polish(self._pulse)
        self._pulse.setText(text)
        self._pulse.setVisible(bool(text))

    def show_event(self, event: Event) -> None:
        """Take one event; one that was seen already changes nothing."""
        if event.seq in self._seen:
            return
        self._seen.add(event.seq)
        body = event.body
        if isinstance(body, LogEvent):
            at_end = self._log.verticalScrollBar().value() >= self._log.verticalScrollBar().maximum() - 4
            self._log.appendPlainText(body.message)
            self._log_card.show()
            if at_end:
                self._log.verticalScrollBar().setValue(self._log.verticalScrollBar().maximum())
        elif isinstance(body, MetricEvent):
            self.metrics[body.metric.name] = body.metric
        elif isinstance(body, NoticeEvent):
            self.notices.append(body.notice)
            self._notice_box.addWidget(
                Message(body.notice.severity.value, body.notice.message, body.notice.hint)
            )

    def _headline(self, entry: JobEntry) -> str:
        if entry.phase is Phase.RUNNING and (entry.stage or entry.message):
            stage = entry.stage[:1].upper() + entry.stage[1:]
            return (
                self.tr("{0}: {1}").format(stage, entry.message)
                if stage and entry.message and entry.message != entry.stage
                else stage or entry.message
            )
        if entry.phase is Phase.WAITING:
            return self.tr("Kept here until the server answers")
        return phase_title(entry.phase)

    def _fact_list(self, entry: JobEntry, upward: list[Transfer], fraction: float | None) -> list[str]:
        facts = []
        if entry.phase is Phase.WAITING and entry.trouble:
            facts.append(entry.trouble)
        if upward:
            going = upward[0]
            if going.hashing:
                facts.append(self.tr("reading {0}").format(going.name))
            else:
                facts.append(self.tr("{0} of {1}").format(size(going.bytes_done), size(going.bytes_total)))
                facts.append(rate(going.bytes_per_s))
        elif fraction is not None:
            facts.append(f"{fraction:.0%}")
        elapsed = entry.elapsed_s
        if elapsed is not None and entry.phase is not Phase.QUEUED:
            facts.append(self.tr("running for {0}").format(duration(elapsed)))
        left = remaining(entry)
        if left:
            facts.append(self.tr("{0} left").format(left))
        if entry.phase is Phase.QUEUED and entry.state is not None and entry.state.queue_position is not None:
            before = entry.state.queue_position
            facts.append(self.tr("%Ln job(s) before it", "", before) if before else self.tr("next in line"))
        if entry.state is not None and entry.state.attempt > 1:
            facts.append(self.tr("attempt {0}").format(entry.state.attempt))
        return facts

    @Slot()
    def _ask_cancel(self) -> None:
        self.cancel_wanted.emit()

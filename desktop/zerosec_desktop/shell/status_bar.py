"""The bar that always says what is going on: jobs, transfers, and how the target is."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QPushButton

from zerosec_desktop.controls import IconLabel, button, label, row
from zerosec_desktop.jobs import Condition, Phase
from zerosec_desktop.navigation import JobsRoute, TargetsRoute
from zerosec_desktop.resources.icon import icon
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.session import Session
from zerosec_desktop.wording import condition_title, milliseconds, rate, target_title

CONDITION_ICON = {
    Condition.UNKNOWN: ("hourglass", "muted"),
    Condition.STARTING: ("hourglass", "accent"),
    Condition.ONLINE: ("online", "success"),
    Condition.AWAY: ("offline", "error"),
    Condition.REFUSED: ("lock", "error"),
    Condition.STOPPED: ("stop", "muted"),
    Condition.OLD: ("warning", "warning"),
}


class StatusBar(QFrame):
    """Left what happens, right where."""

    navigate = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._signs: dict[QPushButton, tuple[str, str]] = {}
        self.setProperty("surface", "status")
        self.setFixedHeight(32)
        self._work = self._quiet()
        self._work.clicked.connect(self._go_to_jobs)
        self._up_icon, self._up = IconLabel("upload", "accent", 14), label()
        self._down_icon, self._down = IconLabel("download", "accent", 14), label()
        self._target = self._quiet()
        self._target.clicked.connect(self._go_to_targets)
        line_up = row(
            self._work,
            Space.SMALL,
            self._up_icon,
            self._up,
            Space.SMALL,
            self._down_icon,
            self._down,
            None,
            self._target,
            spacing=Space.TINY,
        )
        line_up.setContentsMargins(Space.SMALL, 0, Space.SMALL, 0)
        self.setLayout(line_up)
        session.jobs_changed.connect(self.refresh)
        session.job_removed.connect(self.refresh)
        session.target_changed.connect(self.refresh)
        session.targets_changed.connect(self.refresh)
        session.transfer_changed.connect(self.refresh)
        self.refresh()

    @staticmethod
    def _quiet() -> QPushButton:
        made = button("", "quiet")
        made.setProperty("size", "small")
        made.setIconSize(QSize(20, 16))
        return made

    def refresh(self, *_: object) -> None:
        """Say it anew."""
        running = queued = sending = waiting = 0
        for entry in self._session.active_entries():
            if entry.phase in {Phase.RUNNING, Phase.CANCELLING}:
                running += 1
            elif entry.phase is Phase.QUEUED:
                queued += 1
            elif entry.phase is Phase.SENDING:
                sending += 1
            elif entry.phase is Phase.WAITING:
                waiting += 1
        parts = []
        if running:
            parts.append(self.tr("%Ln running", "", running))
        if queued:
            parts.append(self.tr("%Ln queued", "", queued))
        if sending:
            parts.append(self.tr("%Ln being sent", "", sending))
        if waiting:
            parts.append(self.tr("%Ln waiting to be sent", "", waiting))
        busy = bool(parts)
        self._say(
            self._work,
            self.tr(", ").join(parts) if parts else self.tr("Nothing is running"),
            ("running" if busy else "check-circle", "accent" if busy else "muted"),
        )
        up = [t.bytes_per_s for t in self._session.transfers() if t.upward]
        down = [t.bytes_per_s for t in self._session.transfers() if not t.upward]
        for sign, words, rates, slow in (
            (self._up_icon, self._up, up, self.tr("sending…")),
            (self._down_icon, self._down, down, self.tr("fetching…")),
        ):
            sign.setVisible(bool(rates))
            words.setVisible(bool(rates))
            words.setText(rate(sum(rates)) if sum(rates) >= 1 else slow)
        self._show_target()

    def _show_target(self) -> None:
        state = self._session.target_state(self._session.current_target)
        if state is None:
            self._target.setText("")
            return
        how = condition_title(state.condition)
        if state.condition is Condition.ONLINE and state.answer_ms is not None and not state.bundled:
            how = milliseconds(state.answer_ms)  # of this computer it would say nothing but how busy it is
        sign, tip = CONDITION_ICON[state.condition], state.message
        if state.idle_hands:
            how, sign = self.tr("jobs wait"), ("warning", "warning")
            tip = self.tr("The server answers, but no worker is running there: jobs are taken, and wait.")
        self._say(self._target, f"{target_title(state)} · {how}", sign)
        self._target.setToolTip(tip or self.tr("New work goes to this target. Click to see all targets."))

    def _say(self, where: QPushButton, text: str, sign: tuple[str, str]) -> None:
        """A new sign lays out the whole bar: only where it is another one."""
        where.setText(text)
        if self._signs.get(where) != sign:
            self._signs[where] = sign
            where.setIcon(icon(*sign))

    def _go_to_jobs(self) -> None:
        self.navigate.emit(JobsRoute())

    def _go_to_targets(self) -> None:
        self.navigate.emit(TargetsRoute(self._session.current_target))

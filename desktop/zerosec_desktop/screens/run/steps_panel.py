"""The steps of a run at its left side: state, time and staleness of each, and *Run all*, Pause, Resume, Kill, Clean."""

from collections.abc import Collection
from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QFrame, QMenu, QPushButton, QScrollArea, QVBoxLayout, QWidget

from zerosec_desktop.controls import (
    IconLabel,
    breakable,
    button,
    column,
    label,
    row,
    set_property,
    tool_button,
)
from zerosec_desktop.resources.icon import icon
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.wording import duration, moment, since
from zerosec_shared.runs import JobState, JobStatus, RunStatus, StepHistory
from zerosec_shared.steps import SequenceStatus, StaleReason

__all__ = ["StepRow", "StepsPanel"]

WIDTH = 264
MOST_ATTEMPTS = 30
SIGNS = {
    JobStatus.QUEUED: ("queued", "muted"),
    JobStatus.RUNNING: ("running", "accent"),
    JobStatus.SUCCEEDED: ("check-circle", "success"),
    JobStatus.FAILED: ("error", "error"),
    JobStatus.CANCELLED: ("cancelled", "muted"),
}


class StepRow(QFrame):
    """One step: a sign, its title, what is known of its newest attempt."""

    chosen = Signal(str)
    set_up = Signal(str)
    from_here = Signal(str)
    attempt_chosen = Signal(object)  # the job's id
    compare_wanted = Signal(object, object)  # the ids of two attempts, the newer first
    included = Signal(str, bool)

    def __init__(self, number: int, step: StepHistory) -> None:
        super().__init__()
        self.step = step.step
        self._jobs: tuple[JobState, ...] = ()
        self._sign = IconLabel("minus")
        self._title = button(f"{number}. {step.title}", "row", clicked=partial(self.chosen.emit, step.step))
        self._told = label("", "caption", wrap=True)
        self._stale = label("", "warning", wrap=True)
        self.counts = QCheckBox()
        self.counts.setToolTip(self.tr("Run all executes this step"))
        self.counts.setAccessibleName(self.tr("Run all executes {0}").format(step.title))
        self.counts.clicked.connect(self._counted)
        self.set_up_button = button(self.tr("Run…"), "chip", clicked=partial(self.set_up.emit, step.step))
        self.set_up_button.setAccessibleName(self.tr("Set up and run {0}").format(step.title))
        self.here = button(self.tr("From here"), "chip", clicked=partial(self.from_here.emit, step.step))
        self.here.setToolTip(self.tr("Run this step and all that follow"))
        self.attempts = tool_button("history", self.tr("Attempts of this step"), clicked=self.show_attempts)
        under = row(self.set_up_button, self.here, self.attempts, None, spacing=Space.TINY)
        inner = column(self._told, self._stale, spacing=0)
        inner.addLayout(under)
        beside = row(Space.LARGE, spacing=0)
        beside.addLayout(inner, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, Space.TINY, 0, Space.TINY)
        layout.setSpacing(Space.HAIR)
        across = row(self._sign, spacing=Space.TINY)
        across.addWidget(self._title, 1)
        across.addWidget(self.counts)
        layout.addLayout(across)
        layout.addLayout(beside)

    @Slot()
    def show_attempts(self) -> None:
        """Offer the attempts below their button."""
        self.attempts_menu().popup(self.attempts.mapToGlobal(self.attempts.rect().bottomLeft()))

    def attempts_menu(self) -> QMenu:
        """Every attempt, newest first, and to compare the last two that succeeded."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for number, job in zip(range(len(self._jobs), 0, -1), self._jobs[:MOST_ATTEMPTS], strict=False):
            told = self.tr("Attempt {number} · {moment}")
            text = told.format(number=number, moment=moment(job.created_at))
            action = menu.addAction(icon(*SIGNS[job.status]), text)
            action.triggered.connect(partial(self.attempt_chosen.emit, job.id))
        good = [job.id for job in self._jobs if job.status is JobStatus.SUCCEEDED][:2]
        menu.addSeparator()
        compare = menu.addAction(icon("compare", "muted"), self.tr("Compare the last two that succeeded"))
        compare.setEnabled(len(good) == 2)
        if len(good) == 2:
            compare.triggered.connect(partial(self.compare_wanted.emit, *good))
        return menu

    def _counted(self, counts: bool) -> None:
        self.included.emit(self.step, counts)

    def show_step(self, step: StepHistory, *, shown: bool, busy: bool, later: bool) -> None:
        """How it stands now; a `later` one is taken by a person, never by *Run all*."""
        newest = step.jobs[0] if step.jobs else None
        self._jobs = step.jobs
        self.attempts.setVisible(len(step.jobs) > 1)
        self._sign.set_icon(*(SIGNS[newest.status] if newest is not None else ("minus", "muted")))
        self._told.setText(self._words(newest, len(step.jobs)))
        self._stale.setText(self._why_stale(step.stale))
        self._stale.setVisible(bool(step.stale))
        self.counts.setChecked(step.included)
        self.counts.setVisible(not later)
        self.here.setVisible(not later)
        self.here.setEnabled(not busy)
        set_property(self._title, "current", "true" if shown else "")

    def _words(self, job: JobState | None, attempts: int) -> str:
        if job is None:
            return self.tr("not executed yet")
        if job.status is JobStatus.QUEUED:
            return self.tr("waits for a free place")
        if job.status is JobStatus.RUNNING:
            fraction = job.progress.fraction if job.progress is not None else None
            told = self.tr("running for {0}").format(
                duration((datetime.now(UTC) - job.started_at).total_seconds()) if job.started_at else "…"
            )
            return told if fraction is None else f"{told}, {fraction:.0%}"
        told = {
            JobStatus.SUCCEEDED: self.tr("done"),
            JobStatus.FAILED: self.tr("failed"),
            JobStatus.CANCELLED: self.tr("cancelled"),
        }[job.status]
        if job.started_at is not None and job.ended_at is not None:
            told += " · " + duration((job.ended_at - job.started_at).total_seconds())
        if job.ended_at is not None:
            told += " · " + since(job.ended_at)
        if attempts > 1:
            told += " · " + self.tr("%Ln attempt(s)", "", attempts)
        return told

    def _why_stale(self, reasons: tuple[StaleReason, ...]) -> str:
        words = {
            StaleReason.SOURCE_REPEATED: self.tr("Stale: a step it read from was executed again"),
            StaleReason.SOURCE_STALE: self.tr("Stale: what it read is stale"),
            StaleReason.FILES_CHANGED: self.tr("Stale: the run was given other files"),
            StaleReason.PREPARED_SINCE: self.tr("Stale: a step has since prepared what it read"),
        }
        return words[reasons[0]] if reasons else ""


class StepsPanel(QFrame):
    """All steps of one run. Shows; what is asked for it says by signals."""

    step_chosen = Signal(str)
    set_up_wanted = Signal(str)
    attempt_chosen = Signal(object)
    compare_wanted = Signal(object, object)
    run_all_wanted = Signal(str)  # the step to begin with; empty: the first
    included_wanted = Signal(str, bool)
    pause_wanted = Signal()
    resume_wanted = Signal()
    kill_wanted = Signal()
    clean_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "pane")
        self.setFixedWidth(WIDTH)
        self.setAccessibleName(self.tr("Steps of this run"))
        self.rows: dict[str, StepRow] = {}
        self.run_all = button(
            self.tr("Run all"), "primary", icon_name="play", clicked=partial(self.run_all_wanted.emit, "")
        )
        self.pause = button(self.tr("Pause"), icon_name="pause", clicked=self.pause_wanted.emit)
        self.pause.setToolTip(self.tr("The step that runs goes on to its end; no other begins"))
        self.resume = button(self.tr("Resume"), "primary", icon_name="play", clicked=self.resume_wanted.emit)
        self.kill = button(self.tr("Kill"), "danger", icon_name="stop", clicked=self.kill_wanted.emit)
        self.kill.setToolTip(self.tr("End everything this run does now"))
        self.clean = button(self.tr("Clean…"), icon_name="trash", clicked=self.clean_wanted.emit)
        self.clean.setToolTip(self.tr("Delete the files of this run; its record stays"))
        self.said = label("", "caption", wrap=True)
        listed = QWidget()
        listed.setProperty("surface", "clear")
        self._list = QVBoxLayout()
        self._list.setSpacing(Space.TINY)
        around = QVBoxLayout(listed)
        around.setContentsMargins(0, 0, Space.SMALL, 0)
        around.addLayout(self._list)
        around.addStretch(1)
        self._scroll = scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(listed)
        self._in_sight: tuple[str, int, int] | None = None
        """The step whose page is open, its attempts, and the reasons why it is stale: what its height depends on."""
        self._follows = False  # until the user scrolls
        scroll.verticalScrollBar().rangeChanged.connect(self._settle)
        scroll.verticalScrollBar().actionTriggered.connect(self._left_alone)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.MEDIUM, Space.MEDIUM, Space.SMALL, Space.MEDIUM)
        layout.addWidget(label(self.tr("Steps"), "subtitle"))
        layout.addWidget(scroll, 1)
        layout.addWidget(self.said)
        first: list[QWidget | int | None] = [self.run_all, self.resume, self.pause, None]
        layout.addLayout(row(*first, spacing=Space.TINY))
        layout.addLayout(row(self.kill, self.clean, None, spacing=Space.TINY))
        self.hide()

    def show_status(self, status: RunStatus, shown: str, later: Collection[str] = ()) -> None:
        """Where the run stands; `shown` is the step whose page is open, `later` are the steps that come after a look."""
        if list(self.rows) != [step.step for step in status.steps]:
            self._rebuild(status)
        busy = any(not job.status.terminal for step in status.steps for job in step.jobs)
        sequence = status.sequence
        going = sequence is not None and sequence.status is SequenceStatus.RUNNING
        paused = sequence is not None and sequence.status is SequenceStatus.PAUSED
        for step in status.steps:
            self.rows[step.step].show_step(
                step, shown=step.step == shown, busy=going, later=step.step in later
            )
        several = len(status.steps) - len(later) > 1
        if not several:
            for only in self.rows.values():
                only.counts.hide()
                only.here.hide()
        self.run_all.setVisible(not going and several)
        set_property(self.run_all, "kind", "" if paused else "primary")
        self.run_all.setIcon(icon("play", "muted" if paused else "on_accent"))
        self.resume.setVisible(paused)
        self.pause.setVisible(going)
        self.kill.setVisible(busy or going)
        self.clean.setVisible(not busy and not going and any(step.result_job_id for step in status.steps))
        text = ""
        if sequence is not None and going:
            text = self.tr("Run all: step {0} of {1}").format(sequence.position + 1, len(sequence.steps))
        elif sequence is not None and paused and sequence.reason is not None:
            text = self.tr("Run all is paused. {0}").format(breakable(sequence.reason.text))
        self.said.setText(text)
        self.said.setVisible(bool(text))
        self.setVisible(len(status.steps) > 1)
        here = next((step for step in status.steps if step.step == shown), None)
        in_sight = (shown, len(here.jobs), len(here.stale)) if here is not None else None
        if in_sight != self._in_sight:
            self._in_sight = in_sight
            self._follows = True
            self._settle()

    @Slot()
    def _settle(self) -> None:
        QTimer.singleShot(0, self, self._bring_in_sight)  # once what was just shown has its place

    @Slot()
    def _left_alone(self) -> None:
        self._follows = False

    @Slot()
    def _bring_in_sight(self) -> None:
        """The step whose page is open, when it is opened and while heights settle; where the user scrolls to afterwards stays."""
        if self._follows and self._in_sight is not None and self._in_sight[0] in self.rows:
            self._scroll.ensureWidgetVisible(self.rows[self._in_sight[0]], 0, Space.SMALL)

    def _rebuild(self, status: RunStatus) -> None:
        while (item := self._list.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        self.rows, self._in_sight = {}, None
        for number, step in enumerate(status.steps, start=1):
            made = StepRow(number, step)
            made.chosen.connect(self.step_chosen)
            made.set_up.connect(self.set_up_wanted)
            made.from_here.connect(self.run_all_wanted)
            made.included.connect(self.included_wanted)
            made.attempt_chosen.connect(self.attempt_chosen)
            made.compare_wanted.connect(self.compare_wanted)
            self.rows[step.step] = made
            self._list.addWidget(made)

    def buttons(self) -> tuple[QPushButton, ...]:
        """What can be pressed for the whole run."""
        return self.run_all, self.resume, self.pause, self.kill, self.clean

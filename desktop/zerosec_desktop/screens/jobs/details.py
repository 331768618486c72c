"""The pane at the right: everything about one job, and what can be done with it."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QProgressBar, QTabWidget, QVBoxLayout, QWidget

from zerosec_desktop.bridge import Work
from zerosec_desktop.context import Context
from zerosec_desktop.controls import (
    ElidedLabel,
    IconLabel,
    Message,
    button,
    column,
    line,
    row,
    tool_button,
)
from zerosec_desktop.counters import counter_texts
from zerosec_desktop.jobs import JobEntry, Phase
from zerosec_desktop.navigation import JobKey
from zerosec_desktop.problems import in_words
from zerosec_desktop.resources.language import in_quotes
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.jobs.fields import Field, Fields
from zerosec_desktop.screens.jobs.log_following import LogFollower
from zerosec_desktop.screens.jobs.log_view import LogView
from zerosec_desktop.screens.run.details_tab import parameter_rows
from zerosec_desktop.views.answer import with_unit
from zerosec_desktop.wording import (
    PHASE_ICON,
    clock,
    duration,
    file_title,
    moment,
    phase_title,
    remaining,
    size,
    slot_titles,
    target_title,
)
from zerosec_shared.analyses import AnalysisInfo
from zerosec_shared.events import (
    ArtifactEvent,
    Event,
    LogEvent,
    MetricEvent,
    NoticeEvent,
    ProgressEvent,
    StateEvent,
)
from zerosec_shared.runs import Job, JobStatus

__all__ = ["DetailsPane"]

STUCK_S = 60.0
_AT_WORK = {Phase.RUNNING, Phase.CANCELLING}


class DetailsPane(QFrame):
    """Shows the job that is chosen; follows it while it goes on."""

    asked = Signal(str, object)  # what (open, finish, cancel, retry, change, pin, unpin, delete), JobKey
    closed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._key: JobKey | None = None
        self._job: Job | None = None
        self._asking: list[Work] = []
        self.setProperty("surface", "pane")
        self._sign = IconLabel("queued")
        self._name = ElidedLabel("", "subtitle")
        self._state = ElidedLabel("", "muted")
        head = row(self._sign, spacing=12)
        head.addLayout(column(self._name, self._state, spacing=0), 1)
        head.addWidget(tool_button("close", self.tr("Close the details"), clicked=self.closed.emit))
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Progress"))
        self._actions = row(spacing=Space.SMALL)
        self._buttons = {
            what: button(text, kind, icon_name=icon_name, clicked=partial(self._ask, what))
            for what, text, kind, icon_name in (
                ("open", self.tr("Open"), "", "eye"),
                ("finish", self.tr("Stop and keep the best"), "", "check"),
                ("cancel", self.tr("Cancel"), "", "stop"),
                ("retry", self.tr("Run again"), "", "retry"),
                ("change", self.tr("Change and run"), "", "edit"),
            )
        }
        for made in self._buttons.values():
            self._actions.addWidget(made)
        self._actions.addStretch(1)
        self._tabs = QTabWidget()
        self._tabs.setDocumentMode(True)
        self._tabs.setProperty("narrow", "true")
        self._overview = Fields()
        self._log = LogView(saved=True)
        self._following = LogFollower(context, self._log)
        self._events = LogView()
        self._parameters = Fields()
        self._environment = Fields()
        self._inputs = Fields()
        for widget, title in (
            (self._overview, self.tr("Overview")),
            (self._log, self.tr("Log")),
            (self._events, self.tr("Events")),
            (self._parameters, self.tr("Settings")),
            (self._inputs, self.tr("Inputs")),
            (self._environment, self.tr("Environment")),
        ):
            self._tabs.addTab(widget, title)
        self._tabs.currentChanged.connect(self._tab_changed)
        bar = self._tabs.tabBar()
        bar.ensurePolished()
        self.setMinimumWidth(max(360, bar.sizeHint().width() + 2 * Space.MEDIUM + Space.TINY))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(Space.MEDIUM, 12, Space.MEDIUM, Space.MEDIUM)
        whole.setSpacing(12)
        whole.addLayout(head)
        whole.addWidget(self._bar)
        whole.addLayout(self._actions)
        whole.addWidget(line())
        whole.addWidget(self._tabs, 1)
        session = context.session
        session.jobs_changed.connect(self._jobs_changed)
        session.event_arrived.connect(self._event_arrived)

    @property
    def key(self) -> JobKey | None:
        """The job that is shown."""
        return self._key

    def show_job(self, key: JobKey | None) -> None:
        """Show a job; None stops following."""
        if key == self._key:
            return
        for work in self._asking:
            work.cancel()
        self._asking.clear()
        self._key, self._job = key, None
        self._following.forget()
        for shown in (
            self._overview,
            self._parameters,
            self._environment,
            self._inputs,
            self._events,
        ):
            shown.clear()
        if key is None:
            return
        entry = self._context.session.entry(key)
        if entry is not None:
            self._show_entry(entry)
            if entry.state is not None:
                self._ask_all(key)

    def _ask_all(self, key: JobKey) -> None:
        session = self._context.session
        self._asking.append(session.job(key, self._got_job, self._nothing))
        self._asking.append(session.events(key, self._got_events, self._nothing))
        self._tab_changed()

    def _nothing(self, error: Exception) -> None:
        words = in_words(error)
        self._overview.show_banners((words.title,), [Message("warning", words.title, words.hint)])

    # -- news --------------------------------------------------------------------------------------------------

    def _jobs_changed(self, changed: list[JobEntry]) -> None:
        for entry in changed:
            if entry.key == self._key:
                self._tab_changed()
                before = self._job.status if self._job is not None else None
                self._show_entry(entry)
                now = entry.state.status if entry.state is not None else None
                if self._job is None and entry.state is not None and not self._asking:
                    self._ask_all(entry.key)
                elif now is not None and now is not before and now.terminal:
                    self._asking.append(self._context.session.job(entry.key, self._got_job, self._nothing))

    def _event_arrived(self, key: JobKey, event: Event) -> None:
        if key == self._key:
            self._events.append(_line_of(event))

    def _got_job(self, job: Job) -> None:
        self._job = job
        target = self._key.target if self._key is not None else ""
        info = self._context.session.analysis(job.analysis, target)
        self._parameters.show_fields(parameter_rows(job, info))
        self._environment.show_fields(
            [
                (
                    self.tr("Analysis"),
                    f"{self._context.session.title_of(job.analysis, target)} {job.analysis_version}",
                ),
                *((name, text) for name, text in sorted(job.environment.items())),
            ]
        )
        inputs: list[Field] = []
        titles = slot_titles(info, job.step)
        for slot, files in job.inputs.items():
            for file in files:
                title = titles.get(slot, slot)
                inputs += [(title, file_title(file, title)), ("SHA-256", file.sha256)]
                if file.dialect is not None:
                    separator = in_quotes([file.dialect.separator])
                    how = f"{file.dialect.kind}, {file.dialect.encoding}, {separator}"
                    inputs.append((self.tr("Read as"), how))
        self._inputs.show_fields(inputs)
        entry = self._context.session.entry(self._key) if self._key is not None else None
        if entry is not None:
            self._show_entry(entry)

    def _got_events(self, events: list[Event]) -> None:
        self._events.begin("\n".join(_line_of(event) for event in events))

    # -- showing -----------------------------------------------------------------------------------------------

    def _show_entry(self, entry: JobEntry) -> None:
        self._sign.set_icon(*PHASE_ICON[entry.phase])
        self._name.set_full_text(entry.name)
        self._state.set_full_text(self._line(entry))
        self._bar.setVisible(not entry.phase.ended)
        known = entry.fraction is not None or entry.phase is not Phase.RUNNING
        self._bar.setRange(0, 1000 if known else 0)
        self._bar.setValue(round((entry.fraction or 0) * 1000))
        ended = entry.phase.ended
        self._buttons["finish"].setVisible(self._context.session.finishable(entry))
        self._buttons["cancel"].setVisible(not ended)
        self._buttons["cancel"].setEnabled(entry.phase is not Phase.CANCELLING)
        self._buttons["open"].setVisible(entry.state is not None)
        self._buttons["retry"].setVisible(ended)
        self._buttons["change"].setVisible(ended and entry.state is not None)
        self._show_overview(entry)

    def _line(self, entry: JobEntry) -> str:
        parts = [phase_title(entry.phase)]
        if entry.elapsed_s is not None:
            parts.append(duration(entry.elapsed_s))
        left = remaining(entry)
        if left:
            parts.append(self.tr("{time} left").format(time=left))
        return " · ".join(parts)

    def _show_overview(self, entry: JobEntry) -> None:
        state = entry.state
        self._show_banners(entry)
        session = self._context.session
        analysis = session.analysis(entry.analysis, entry.key.target)
        target = session.target_state(entry.key.target)
        fields: list[Field] = [
            (self.tr("Stage"), entry.stage if entry.phase in _AT_WORK else ""),
            (self.tr("Doing"), entry.message if entry.phase in _AT_WORK else ""),
            (self.tr("Outcome"), entry.message if entry.phase is Phase.SUCCEEDED else ""),
            (self.tr("So far"), " · ".join(counter_texts(entry.counters))),
            (self.tr("Analysis"), session.title_of(entry.analysis, entry.key.target)),
            (self.tr("Step"), _step_title(analysis, entry.step)),
            (self.tr("Target"), target_title(target) if target is not None else entry.key.target),
            (self.tr("Owner"), entry.owner),
            (self.tr("Submitted"), moment(entry.created_at)),
        ]
        if state is not None:
            fields += [
                (self.tr("Started"), moment(state.started_at) if state.started_at is not None else ""),
                (self.tr("Ended"), moment(state.ended_at) if state.ended_at is not None else ""),
                (self.tr("Attempt"), str(state.attempt)),
                (self.tr("Job"), str(state.id)),
                (self.tr("Run"), str(state.run_id)),
            ]
        self._overview.show_fields([field for field in fields if field[1]])

    def _show_banners(self, entry: JobEntry) -> None:
        state = entry.state
        banners: list[QWidget] = []
        mark: tuple[str, ...] = ()
        if entry.trouble:
            mark = (entry.trouble, entry.advice)
            surface = "error" if entry.phase is Phase.REFUSED else "warning"
            banners.append(Message(surface, entry.trouble, entry.advice))
        if state is not None and state.failure is not None:
            failure = state.failure
            mark = (*mark, failure.title, failure.detail)
            text = "\n".join(filter(None, (failure.detail, failure.hint)))
            banners.append(Message("error", failure.title, text))
        silent = state.progress_age_s if state is not None and entry.phase is Phase.RUNNING else None
        if silent is not None and silent > STUCK_S:
            mark = (*mark, "silent")
            banners.append(
                Message(
                    "info",
                    self.tr("No progress for {time}").format(time=duration(silent)),
                    self.tr("The worker is alive: some steps take long without a word."),
                )
            )
        self._overview.show_banners(mark, banners)

    # -- log ---------------------------------------------------------------------------------------------------

    def _tab_changed(self, *_: int) -> None:
        looked_at = self._tabs.currentWidget() is self._log and self._key is not None
        self._following.follow(
            self._context.session.entry(self._key) if looked_at and self._key is not None else None
        )

    def _ask(self, what: str) -> None:
        if self._key is not None:
            self.asked.emit(what, self._key)


def _phase(status: JobStatus) -> Phase:
    return Phase(status.value)


def _line_of(event: Event) -> str:
    """An event as one line of text."""
    body = event.body
    if isinstance(body, ProgressEvent):
        now = body.progress
        percent = "" if now.fraction is None else f"{now.fraction * 100:.0f}%"
        text = " · ".join(filter(None, (percent, now.stage, now.message)))
    elif isinstance(body, StateEvent):
        text = phase_title(_phase(body.status))
        if body.reason:
            text += f" · {body.reason}"
    elif isinstance(body, LogEvent):
        text = body.message
    elif isinstance(body, MetricEvent):
        text = (
            f"{body.metric.label or body.metric.name} = {with_unit(str(body.metric.value), body.metric.unit)}"
        )
    elif isinstance(body, ArtifactEvent):
        text = f"{body.artifact.path} ({size(body.artifact.size_bytes)})"
    elif isinstance(body, NoticeEvent):
        text = body.notice.message
    return f"{event.seq:>5}  {clock(event.at)}  {text}"


def _step_title(analysis: AnalysisInfo | None, step: str) -> str:
    """A step as it is called on the screen; its id where the catalogue does not know it."""
    steps = analysis.steps if analysis is not None else ()
    return next((known.title for known in steps if known.id == step and known.title), step)

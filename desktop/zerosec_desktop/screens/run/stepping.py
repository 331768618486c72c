"""The steps of the run that is shown: asks the server where they stand, and does what the panel and the step's page ask for."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from zerosec_client.errors import ServerProblemError, ServerUnreachableError
from zerosec_desktop.bridge import Work
from zerosec_desktop.dialogs import confirm
from zerosec_desktop.jobs import JobEntry, Phase
from zerosec_desktop.navigation import CompareRoute, JobKey, RunRoute
from zerosec_desktop.problems import in_words
from zerosec_desktop.reading.path_facts import PathFacts, ask_paths
from zerosec_desktop.screens.analysis.sending import LEAVE_AFTER_MS
from zerosec_desktop.screens.run.actions import RunOnScreen
from zerosec_desktop.screens.run.attempts import numbered_attempts
from zerosec_desktop.screens.run.default_rows import DefaultRows
from zerosec_desktop.screens.run.pages import RunPages
from zerosec_desktop.screens.run.step_page import StepPage
from zerosec_desktop.screens.run.steps_panel import StepsPanel
from zerosec_desktop.widgets.form.form import Form
from zerosec_desktop.wording import size
from zerosec_shared.analyses import AnalysisInfo
from zerosec_shared.ids import new_id
from zerosec_shared.runs import FilesCleaned, JobState, RunPatch, RunStatus
from zerosec_shared.steps import SequenceCreate, SequenceStatus, StepPlan

if TYPE_CHECKING:
    from zerosec_client.api import Api

__all__ = ["Stepping"]

T = TypeVar("T")
LOOK_EVERY_MS = 1500


class Stepping(QObject):
    """Between the panel of steps, the page of a step, and the server. Nothing is asked for analyses of one step."""

    offers_changed = Signal(object)  # tuple[StepInfo, ...]
    attempts_known = Signal(object)  # dict[UUID, tuple[int, int]], the number and the count by job
    files_gone = Signal()

    def __init__(self, screen: RunOnScreen, panel: StepsPanel, page: StepPage, pages: RunPages) -> None:
        super().__init__(screen)
        self._screen, self.panel, self.page, self._pages = screen, panel, page, pages
        self._run_id: UUID | None = None
        self._target = self._analysis = ""
        self._info: AnalysisInfo | None = None
        self.status: RunStatus | None = None
        self._asking: Work | None = None
        self._once_more = False
        """What is on its way may be older than what has been heard since."""
        self._planning: Work | None = None
        self._sent: JobKey | None = None
        self._from_here: set[JobKey] = set()
        """Jobs that were sent for the run that is shown."""
        self._default_rows = DefaultRows(screen.context, page)
        self._leave = QTimer(self)
        self._leave.setSingleShot(True)
        self._leave.setInterval(LEAVE_AFTER_MS)
        self._leave.timeout.connect(self._to_sent)
        self._look = QTimer(self)
        self._look.setInterval(LOOK_EVERY_MS)
        self._look.timeout.connect(self.ask_again)
        panel.step_chosen.connect(self._chosen)
        panel.set_up_wanted.connect(self.set_up)
        panel.run_all_wanted.connect(self._run_all)
        panel.included_wanted.connect(self._include)
        panel.attempt_chosen.connect(self._show_attempt)
        panel.compare_wanted.connect(self._compare)
        panel.pause_wanted.connect(self._pause)
        panel.resume_wanted.connect(self._resume)
        panel.kill_wanted.connect(self._kill)
        panel.clean_wanted.connect(self._ask_clean)
        page.run_wanted.connect(self.run_step)
        page.back_wanted.connect(self._back)

    # what is known

    def show_run(self, key: JobKey, run_id: UUID, analysis: str) -> None:
        """The run of this job is shown now."""
        if run_id == self._run_id and key.target == self._target:
            self.ask()
            return
        self.forget()
        self._run_id, self._target, self._analysis = run_id, key.target, analysis
        self._learn()

    def show_unsent(self, key: JobKey) -> None:
        """A job is shown whose run is not known yet: unless it was sent from here, what is shown is of another run."""
        if key not in self._from_here:
            self.forget()

    @Slot()
    def ask_again(self) -> None:
        """Ask what is not known yet, or may have changed."""
        if self._run_id is not None and self._info is None:
            self._learn()
        else:
            self.ask()

    def _learn(self) -> None:
        self._look.stop()
        analysis = self._analysis
        info = self._screen.context.session.analysis(analysis, self._target)
        if info is not None:
            self._got_info(info)
        else:
            self._question(lambda api: api.analysis(analysis), "analysis", self._got_info, self._unanswered)

    def forget(self) -> None:
        """No run is shown."""
        self.stop()
        self._run_id = self._info = self.status = None
        self._from_here.clear()
        self.panel.hide()
        self.offers_changed.emit(())

    def stop(self) -> None:
        """Ask no more until shown again."""
        self._look.stop()
        self.page.stop()
        self._drop_plan()
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None

    def _got_info(self, info: AnalysisInfo) -> None:
        self._info = info
        if len(info.steps) > 1:
            self.ask()

    @Slot()
    def ask(self) -> None:
        """Ask where the steps stand."""
        run_id = self._run_id
        if run_id is None or self._info is None or len(self._info.steps) < 2:
            return
        self._once_more = self._asking is not None and not self._asking.ended
        if not self._once_more:
            self._asking = self._question(
                lambda api: api.run_status(run_id), "steps", self._got_status, self._unanswered
            )

    def _got_status(self, status: RunStatus) -> None:
        if self._once_more:
            self.ask()
        if status.id != self._run_id:
            return
        titles = {step.id: step.title for step in self._info.steps} if self._info is not None else {}
        status = status.model_copy(
            update={
                "steps": tuple(
                    step.model_copy(update={"title": titles.get(step.step, step.title)})
                    for step in status.steps
                )
            }
        )  # in the user's language, which the status of a run does not know
        self.status = status
        self.panel.show_status(status, self._shown_step(), self._later())
        self.attempts_known.emit(numbered_attempts(status))
        self._show_offers()
        busy = any(not job.status.terminal for step in status.steps for job in step.jobs)
        going = status.sequence is not None and status.sequence.status is SequenceStatus.RUNNING
        if (busy or going) and self._screen.isVisible():
            if not self._look.isActive():
                self._look.start()
        else:
            self._look.stop()

    def _later(self) -> set[str]:
        """The steps that a person takes after a look at a result."""
        return set() if self._info is None else {step.id for step in self._info.steps if step.offer}

    def _show_offers(self) -> None:
        entry = self._screen.entry
        good = entry is not None and entry.phase is Phase.SUCCEEDED and self._pages.shown is not self.page
        offered = self._info.offered_after(entry.step) if self._info and entry and good else ()
        self.offers_changed.emit(offered)

    def _shown_step(self) -> str:
        if self._pages.shown is self.page and self.page.step is not None:
            return self.page.step.id
        return self._screen.entry.step if self._screen.entry is not None else ""

    @Slot(list)
    def jobs_changed(self, entries: list[JobEntry]) -> None:
        """News of jobs: of this run?"""
        if any(entry.state is not None and entry.state.run_id == self._run_id for entry in entries):
            self.ask()

    def _question(
        self,
        question: "Callable[[Api], Awaitable[T]]",
        name: str,
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> Work:
        session = self._screen.context.session
        return session.ask(self._target, question, name=name, done=done, failed=failed or self._problem)

    def _unanswered(self, error: Exception) -> None:
        """That the target is away is said on the page; it is asked again until it answers."""
        if not isinstance(error, ServerUnreachableError):
            self._problem(error)
        elif self._screen.isVisible():
            self._look.start()

    def _problem(self, error: Exception) -> None:
        self._screen.context.notifications.problem(error, key="steps")

    # what is asked for

    @Slot(str)
    def _chosen(self, step: str) -> None:
        """Show the newest attempt of a step; one that has none is set up."""
        found = next((s for s in self.status.steps if s.step == step), None) if self.status else None
        if found is None or not found.jobs:
            self.set_up(step)
            return
        self._drop_plan()
        key = JobKey(self._target, found.jobs[0].id)
        if key == self._screen.key:
            self._back()
        else:
            self._screen.navigate.emit(RunRoute(key))

    @Slot(object)
    def _show_attempt(self, job_id: UUID) -> None:
        self._drop_plan()
        self._screen.navigate.emit(RunRoute(JobKey(self._target, job_id)))

    @Slot(object, object)
    def _compare(self, newer: UUID, older: UUID) -> None:
        first, second = JobKey(self._target, older), JobKey(self._target, newer)
        self._screen.navigate.emit(CompareRoute(first, second))

    @Slot(str)
    def set_up(self, step: str) -> None:
        """Show what executing a step would do."""
        self._ask_plan(step, None)

    @Slot(str)
    def take_offer(self, step: str) -> None:
        """Set up a later step with the result that is shown."""
        self._ask_plan(step, self._screen.key.job_id if self._screen.key is not None else None)

    def _ask_plan(self, step: str, source: UUID | None) -> None:
        """`source` is the job whose outputs the step shall read."""
        run_id = self._run_id
        self._drop_plan()
        if run_id is not None:
            got = partial(self._got_plan, source)
            self._planning = self._question(lambda api: api.step_plan(run_id, step), "step plan", got)

    def _drop_plan(self) -> None:
        """The user went on: the plan that is on its way would take the place of what is looked at now."""
        if self._planning is not None:
            self._planning.cancel()
            self._planning = None

    def _got_plan(self, source: UUID | None, plan: StepPlan) -> None:
        if self._info is None or plan.run_id != self._run_id:
            return
        step = next(step for step in self._info.steps if step.id == plan.step)
        known = {} if self.status is None else numbered_attempts(self.status)
        attempts = {job_id: number for job_id, (number, _) in known.items()}
        self.page.show_plan(self._info, step, plan, self._target, attempts, source)
        self._pages.tabs.setCurrentIndex(0)
        self._pages.show_page(self.page)
        self._show_offers()
        if self.status is not None:
            self.panel.show_status(self.status, step.id, self._later())
        self._default_rows.offer(step, plan, self._target)

    @Slot()
    def _back(self) -> None:
        self._drop_plan()
        entry = self._screen.entry
        if entry is not None:
            self._screen.show_again()

    @Slot()
    def run_step(self) -> None:
        """Execute the step: what is set for it becomes the run's, so that *Run all* and a repetition use it too."""
        if self._run_id is None or self.page.step is None or self._info is None or self._sent is not None:
            return
        if self.page.first_problem():
            return
        self._drop_plan()
        paths = [path for files in self.page.own_files.values() for path, _ in files]
        self.page.run_button.setEnabled(False)
        looked = partial(self._looked, self._run_id, self.page.form)
        ask_paths(self._screen.context.bridge, paths, looked)

    def _looked(self, run_id: UUID, form: Form | None, facts: Mapping[Path, PathFacts]) -> None:
        """What stands at the paths is known now: what runs is what was looked at."""
        if (run_id, form) != (self._run_id, self.page.form):
            return
        self.page.run_button.setEnabled(True)
        if self.page.take_facts(facts):
            self._send()

    def _send(self) -> None:
        run_id, step, info = self._run_id, self.page.step, self._info
        if run_id is None or step is None or info is None or self._sent is not None:
            return
        self.page.run_button.setEnabled(False)
        entry = self._screen.entry
        self._sent = self._screen.context.session.submit(
            analysis=info.id,
            step=step.id,
            name=info.title if entry is None else entry.name,
            parameters=self.page.parameters,
            inputs=self.page.own_files,
            copies=self.page.copies,
            target=self._target,
            run_id=run_id,
            chosen=self.page.inputs,
            done=self._started,
            failed=self._refused,
        )
        self._from_here.add(self._sent)
        self._leave.start()

    def _started(self, _state: JobState) -> None:
        self._to_sent()
        self.ask()

    @Slot()
    def _to_sent(self) -> None:
        """The job's own page takes over."""
        sent, self._sent = self._sent, None
        self._leave.stop()
        self.page.run_button.setEnabled(True)
        if sent is not None:
            self._screen.navigate.emit(RunRoute(sent))

    def _refused(self, error: Exception) -> None:
        sent, self._sent = self._sent, None
        self._leave.stop()
        self.page.run_button.setEnabled(True)
        if sent is None:
            return  # the job's own page shows it
        problems = error.errors if isinstance(error, ServerProblemError) else ()
        left = self.page.form.show_server_problems(problems) if self.page.form is not None else list(problems)
        if problems:
            self._screen.context.session.delete(sent)  # refused for its content: it is mended here
        words = in_words(error)
        texts = [problem.message for problem in left]
        if texts or not problems:
            parts = texts or [part for part in (words.detail, words.hint) if part]
            self.page.tell(words.title, " ".join(parts))

    @Slot(str)
    def _run_all(self, first: str) -> None:
        self._ask_for(lambda api, run: api.run_all(run, SequenceCreate(id=new_id(), from_step=first or None)))

    @Slot(str, bool)
    def _include(self, step: str, counts: bool) -> None:
        self._ask_for(lambda api, run: api.patch_run(run, RunPatch(included={step: counts})))

    @Slot()
    def _pause(self) -> None:
        self._ask_for(lambda api, run: api.pause_all(run))

    @Slot()
    def _resume(self) -> None:
        self._ask_for(lambda api, run: api.resume_all(run))

    @Slot()
    def _kill(self) -> None:
        self._ask_for(lambda api, run: api.cancel_run(run))

    def _ask_for(self, what: "Callable[[Api, UUID], Awaitable[object]]") -> None:
        run_id = self._run_id
        if run_id is not None:
            self._question(lambda api: what(api, run_id), "steps of a run", self._done)

    def _done(self, _answer: object) -> None:
        self.ask()

    @Slot()
    def _ask_clean(self) -> None:
        confirm(
            self._screen,
            self.tr("Delete the files of this run?"),
            self.tr(
                "Results, settings and logs stay, and so do your own files; steps can be executed again."
            ),
            self.tr("Delete the files"),
            self._clean,
        )

    def _clean(self) -> None:
        run_id = self._run_id
        if run_id is not None:
            self._question(lambda api: api.clean_run(run_id), "clean", self._cleaned)

    def _cleaned(self, cleaned: FilesCleaned) -> None:
        self._screen.context.notifications.info(
            self.tr("The files of this run are gone"),
            self.tr("{0} are free again.").format(size(cleaned.freed_bytes)),
            key="clean",
        )
        self.files_gone.emit()
        self.ask()

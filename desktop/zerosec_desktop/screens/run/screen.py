"""One run: progress while it goes on, the reason when it failed, its results afterwards, and everything that explains them."""

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from zerosec_client.errors import ClientError, NotFoundError, ServerUnreachableError
from zerosec_desktop.bridge import Work
from zerosec_desktop.context import Context
from zerosec_desktop.controls import row
from zerosec_desktop.jobs import JobEntry, Phase, TargetState
from zerosec_desktop.navigation import JobKey, JobsRoute, PreviewRoute, Route, RunRoute
from zerosec_desktop.problems import in_words
from zerosec_desktop.screens.jobs.log_following import LogFollower
from zerosec_desktop.screens.jobs.log_view import LogView
from zerosec_desktop.screens.run.actions import RunActions, RunOnScreen
from zerosec_desktop.screens.run.details_tab import DetailsTab
from zerosec_desktop.screens.run.ended_badly import EndedBadly
from zerosec_desktop.screens.run.files_tab import FilesTab
from zerosec_desktop.screens.run.head import RunHead
from zerosec_desktop.screens.run.live_progress import LiveProgress
from zerosec_desktop.screens.run.pages import FILES, LOG, RunPages
from zerosec_desktop.screens.run.progress import ProgressPage
from zerosec_desktop.screens.run.reports import report_of
from zerosec_desktop.screens.run.results import ResultsPage
from zerosec_desktop.screens.run.step_page import StepPage
from zerosec_desktop.screens.run.stepping import Stepping
from zerosec_desktop.screens.run.steps_panel import StepsPanel
from zerosec_shared.runs import Artifact, Job, Run
from zerosec_shared.texts import spoken

__all__ = ["RunScreen"]


class RunScreen(RunOnScreen):
    """Shows the job of a `RunRoute`, whatever its state is and becomes."""

    icon_name = "runs"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.job: Job | None = None
        self._shown_phase: Phase | None = None
        self._works: list[Work] = []
        self._answered = True
        self._unanswered = False
        """The target was away when it was asked for the job or its files: it is asked again when it is back."""
        self._report: str = ""
        self.doing = RunActions(self)
        self._build()
        session = context.session
        session.jobs_changed.connect(self._jobs_changed)
        session.job_removed.connect(self._job_removed)
        session.target_changed.connect(self._target_changed)

    # the page

    def _build(self) -> None:
        self.head = RunHead(self.context)
        self.head.report_wanted.connect(self._show_report)
        self.head.change_wanted.connect(self.doing.change)
        self.head.menu_wanted.connect(self.doing.show_menu)
        self.progress = ProgressPage()
        self.live = LiveProgress(self, self.progress)
        self.progress.cancel_wanted.connect(self.doing.cancel)
        self.progress.finish_wanted.connect(self.doing.finish)
        self.results = ResultsPage()
        self.results.frame_made.connect(self.exports.attach)
        self.results.frame_made.connect(self.doing.listen)
        self.results.picture_wanted.connect(self.exports.picture)
        self.failure = EndedBadly()
        self.failure.change_wanted.connect(self.doing.change)
        self.failure.retry_wanted.connect(self.doing.retry)
        self.failure.log_wanted.connect(self._show_log)
        self.files = FilesTab(self.context.bridge, self.exports.fetch, self.exports.local_files)
        self.files.open_wanted.connect(self.exports.open_file)
        self.files.save_wanted.connect(self.exports.save_files)
        self.files.save_all_wanted.connect(self.exports.save_all)
        self.files.drag_wanted.connect(self.exports.prepare_drag)
        self.details = DetailsTab()
        self.log = LogView(saved=True)
        self.following = LogFollower(self.context, self.log)
        self.step_page = StepPage(self.context)
        self.step_page.look_wanted.connect(self._look_at)
        self.pages = RunPages(
            self.progress,
            self.failure,
            self.results,
            self.step_page,
            self.files,
            self.log,
            self.details,
        )
        self.pages.all_runs_wanted.connect(self._to_jobs)
        self.pages.tabs.currentChanged.connect(self._tab_changed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.head)
        self.steps = StepsPanel()
        self.stepping = Stepping(self, self.steps, self.step_page, self.pages)
        self.stepping.offers_changed.connect(self.head.show_offers)
        self.stepping.attempts_known.connect(self.head.show_attempts)
        self.stepping.files_gone.connect(self._ask_job)
        self.head.offer_taken.connect(self.stepping.take_offer)
        self.doing.later_step_wanted.connect(self.stepping.set_up)
        across = row(self.steps, spacing=0)
        across.addWidget(self.pages, 1)
        layout.addLayout(across, 1)

    def title(self) -> str:
        if self.entry is not None:
            return self.entry.name
        return self.job.run_name if self.job is not None else self.tr("Run")

    def open(self, route: Route) -> None:
        assert isinstance(route, RunRoute)
        if route.job == self.key and self._shown_phase is not None:
            self.show_again()
            return
        self._forget()
        self.key = route.job
        self.pages.tabs.setCurrentIndex(0)
        self.pages.show_loading()
        entry = self.context.session.entry(route.job)
        if entry is not None:
            self.take(entry)
        elif self.context.session.target_state(route.job.target) is None:
            self._show_gone()
        else:
            self.stepping.show_unsent(route.job)
            self._ask_job()
        self.title_changed.emit()

    def take_files(self, paths: list[Path]) -> bool:
        """Files for the step that is being set up; anything else is looked at."""
        return self.pages.shown is self.step_page and self.step_page.dropping.take_fitting(paths)

    def activated(self) -> None:
        self.live.keep_up()
        self._follow_log()
        self.stepping.ask()

    def deactivated(self) -> None:
        self.following.follow(None)
        self.live.stop()
        self.stepping.stop()

    def commands(self) -> list[tuple[str, str, object]]:
        if self.key is None or self.entry is None:
            return []
        found: list[tuple[str, str, object]] = [(self.tr("Run again with changes"), "", self.doing.change)]
        if not self.entry.phase.ended:
            found.append((self.tr("Cancel this run"), "", self.doing.cancel))
            if self.context.session.finishable(self.entry):
                found.append((self.tr("Stop and keep the best"), "", self.doing.finish))
        if self.exports.artifacts:
            found.append((self.tr("Save all files of this run…"), "Ctrl+S", self.exports.save_all))
        return found

    # what is known

    def _forget(self) -> None:
        for work in self._works:
            work.cancel()
        self._works.clear()
        self._unanswered = False
        self.job = self.entry = self._shown_phase = None
        self._report = ""
        self.live.forget()
        self.results.clear()
        self.files.show_artifacts(())
        self.exports.artifacts = {}
        self.following.forget()
        self.head.report.hide()
        self.head.hide()  # it told of another run
        self.pages.count_files(0)

    def take(self, entry: JobEntry) -> None:
        """Show what is known of the job now."""
        self.entry = entry
        self.head.show_entry(entry)
        self.head.show()
        phase = entry.phase
        before, self._shown_phase = self._shown_phase, phase
        if entry.state is not None:
            self.stepping.show_run(entry.key, entry.state.run_id, entry.analysis)
        else:
            self.stepping.show_unsent(entry.key)
        if not phase.ended:
            if before is None:
                self._follow()
                self._warm()  # while there is time: the results then stand at once
            self.live.show()
            if before is None or self.pages.shown is not self.step_page:
                self.pages.show_page(self.progress)
        elif before is None or not before.ended or before is not phase:
            self._ended(entry)
        self.live.keep_up()
        self._follow_log()
        self.title_changed.emit()

    def _show_gone(self) -> None:
        self.stepping.forget()
        self.pages.show_gone()

    def show_again(self) -> None:
        """Show the job's own page again, after a step's was in its place."""
        if self.entry is None or self.pages.shown is not self.step_page:
            return
        if not self.entry.phase.ended:
            self.pages.show_page(self.progress)
        elif self.entry.phase is Phase.SUCCEEDED:
            self.pages.show_loading()
            self._warm()
        else:
            self.failure.show_entry(self.entry)
            self.pages.show_page(self.failure)
        self.stepping.ask()

    def _follow(self) -> None:
        """Catch up with what happened before the page was opened."""
        if self.key is not None and self.entry is not None and self.entry.state is not None:
            self.live.catch_up()
            self._ask_job()

    def _ended(self, entry: JobEntry) -> None:
        if entry.phase is Phase.SUCCEEDED:
            if self.pages.shown is self.progress:
                self.progress.show_done()
            elif self.pages.shown is not self.step_page:
                self.pages.show_loading()
            self._warm()
        elif self.pages.shown is not self.step_page:
            self.failure.show_entry(entry)
            self.pages.show_page(self.failure)
        if entry.state is not None:
            self._ask_job()

    def _warm(self) -> None:
        from zerosec_desktop.views.plot_library import warm_up

        if any(work.name == "plots" and not work.ended for work in self._works):
            return
        bridge = self.context.bridge
        self._works.append(bridge.start(warm_up(bridge), name="plots", done=self._warmed))

    def _warmed(self, _nothing: None) -> None:
        self._show_results()

    def _ask_job(self) -> None:
        if self.key is not None:
            session = self.context.session
            self._works = [work for work in self._works if not work.ended]
            self._unanswered = False
            self._works.append(session.job(self.key, self._got_job, self._no_job))
            self._works.append(session.artifacts(self.key, self._got_artifacts, self._no_artifacts))

    def _got_job(self, job: Job) -> None:
        self.job = job
        if self.key is None:
            return
        info = self.context.session.analysis(job.analysis, self.key.target)
        self.details.show_job(job, info)
        self.files.tell_cleaned(None)
        if job.status.terminal:
            ask = self.context.session.ask
            self._works.append(
                ask(
                    self.key.target,
                    lambda api: api.run(job.run_id),
                    name="run",
                    done=self._got_run,
                    failed=_quiet,
                )
            )
        if self.entry is None:
            self.take(JobEntry.of_job(self.key.target, job))
        self.progress.show_pulse(job.heartbeat_age_s, job.progress_age_s)
        if self.entry is not None:
            self.head.show_entry(self.entry)
        self._show_results()
        self.title_changed.emit()

    def _no_job(self, error: Exception) -> None:
        if isinstance(error, NotFoundError) and self.entry is None:
            self._show_gone()
        elif self.entry is None or isinstance(error, ServerUnreachableError):
            self._unanswered = True
            going = self.entry is not None and not self.entry.phase.ended
            if not going and self.pages.shown not in {self.results, self.failure, self.step_page}:
                words = in_words(error)
                away = isinstance(error, ServerUnreachableError)
                self.pages.say_why_not(words.title, "" if away else words.hint)
        elif not isinstance(error, ClientError):
            self.context.notifications.problem(error, key="run")

    def _got_run(self, run: Run) -> None:
        if self.job is None or self.job.run_id != run.id:
            return
        at, ended = run.files_cleaned_at, self.job.ended_at
        self.files.tell_cleaned(at if at is not None and ended is not None and at >= ended else None)

    def _no_artifacts(self, _error: Exception) -> None:
        """Why is said where the job itself is asked for."""
        self._unanswered = True

    def _got_artifacts(self, artifacts: tuple[Artifact, ...]) -> None:
        if self.key is None:
            return
        self.exports.show(self.key, self.title(), artifacts)
        self.files.show_artifacts(artifacts)
        self.pages.count_files(len(artifacts))
        self._report = report_of(artifacts, spoken())
        self.head.report.setVisible(bool(self._report))
        self._show_results()
        if self.pages.tabs.currentIndex() == FILES:
            self.exports.fetch_ahead()

    def _show_results(self) -> None:
        """Draw the results once the job, its files and what plots need are all here."""
        if self.job is None or self.job.result is None or self.pages.shown is self.results:
            return
        if self.entry is None or self.entry.phase is not Phase.SUCCEEDED:
            return
        if self.pages.shown is self.step_page or self._unanswered:
            return
        if any(not work.ended and work.name in {"plots", "artifacts"} for work in self._works):
            return
        self.results.show_result(self.job.result, list(self.exports.artifacts.values()))
        self.pages.show_page(self.results)

    # news

    @Slot(list)
    def _jobs_changed(self, entries: list[JobEntry]) -> None:
        self.stepping.jobs_changed(entries)
        for entry in entries:
            if entry.key == self.key:
                self.take(entry)

    @Slot(object)
    def _job_removed(self, key: JobKey) -> None:
        if key == self.key:
            self._forget()
            self._show_gone()

    @Slot(object)
    def _target_changed(self, state: TargetState) -> None:
        if self.key is None or state.name != self.key.target:
            return
        came_back, self._answered = state.usable and not self._answered, state.usable
        if self.isVisible():
            self.live.show()
        asking = any(not work.ended for work in self._works)
        if state.usable and self._unanswered and not asking:
            if self.pages.shown not in {self.progress, self.results, self.failure, self.step_page}:
                self.pages.show_loading()
            self._ask_job()
        if came_back:
            self.stepping.ask_again()

    # showing

    @Slot(int)
    def _tab_changed(self, number: int) -> None:
        if number == FILES:
            self.exports.fetch_ahead()
        self._follow_log()

    def _follow_log(self) -> None:
        looked_at = self.pages.tabs.currentIndex() == LOG
        self.following.follow(self.entry if looked_at else None)

    @Slot()
    def _show_log(self) -> None:
        self.pages.tabs.setCurrentIndex(LOG)
        self.log.setFocus()

    # doing

    @Slot(object)
    def _look_at(self, path: Path) -> None:
        self.navigate.emit(PreviewRoute(path))

    @Slot()
    def _show_report(self) -> None:
        self.exports.open_file(self._report)

    @Slot()
    def _to_jobs(self) -> None:
        self.navigate.emit(JobsRoute())


def _quiet(_error: Exception) -> None:
    """What follows anyway shows it: the target's state, or the next look."""

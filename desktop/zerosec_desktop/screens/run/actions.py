"""What can be done with the run that is shown: cancel, finish early, repeat, change, compare, pin, delete."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Signal, Slot
from PySide6.QtWidgets import QWidget

from zerosec_desktop.context import Context
from zerosec_desktop.dialogs import choose_save, confirm
from zerosec_desktop.export.data import csv_bytes
from zerosec_desktop.jobs import JobEntry
from zerosec_desktop.navigation import AnalysisRoute, CompareRoute, ExperimentsRoute, JobKey, RunRoute
from zerosec_desktop.screens.base import Screen
from zerosec_desktop.screens.run.exports import Exports, file_name
from zerosec_desktop.screens.run.menu import RunMenu
from zerosec_desktop.views.frame import ViewFrame
from zerosec_shared.views import View

if TYPE_CHECKING:
    from zerosec_client.api import Api

__all__ = ["RunActions", "RunOnScreen"]


class RunOnScreen(Screen):
    """What acting on a run needs of the screen that shows it."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.key: JobKey | None = None
        self.entry: JobEntry | None = None
        self.exports = Exports(context, self)

    def take(self, entry: JobEntry) -> None:
        """Show what is known of the job now."""
        raise NotImplementedError

    def show_again(self) -> None:
        """Show the job's own page again, after another was in its place."""
        raise NotImplementedError


class RunActions(QObject):
    """Acts on the job of its screen; nothing happens where there is none."""

    later_step_wanted = Signal(str)  # a step that is set up within its run

    def __init__(self, screen: RunOnScreen) -> None:
        super().__init__(screen)
        self._screen = screen
        self._session = screen.context.session

    @Slot(object)
    def listen(self, frame: ViewFrame) -> None:
        """Rows chosen in a view may become runs."""
        frame.runs_wanted.connect(self.make_runs)

    @Slot(object)
    def make_runs(self, chosen: View) -> None:
        """Go to the lab sheet of the open project with chosen rows."""
        self._screen.navigate.emit(ExperimentsRoute("lab_sheet", csv_bytes(chosen)))

    @Slot()
    def cancel(self) -> None:
        """Ask the job to stop."""
        key = self._screen.key
        if key is not None:
            self._session.cancel(key)
            entry = self._session.entry(key)
            if entry is not None:
                self._screen.take(entry)  # at once, not with the next news

    @Slot()
    def finish(self) -> None:
        """Ask the job to stop now and keep the best it has."""
        if self._screen.key is not None:
            self._session.finish(self._screen.key)

    @Slot()
    def change(self) -> None:
        """Open the form as this job left it."""
        entry = self._screen.entry
        if entry is None:
            return
        info = self._session.analysis(entry.analysis, entry.key.target)
        if info is not None and any(step.offer and step.id == entry.step for step in info.steps):
            self.later_step_wanted.emit(entry.step)
        else:
            self._screen.navigate.emit(AnalysisRoute(entry.analysis, like=entry.key))

    @Slot()
    def retry(self) -> None:
        """Run the same once more and show it."""
        if self._screen.key is not None:
            self._session.retry(self._screen.key, self._retried)

    def _retried(self, key: JobKey) -> None:
        self._screen.navigate.emit(RunRoute(key))

    @Slot(QPoint)
    def show_menu(self, place: QPoint) -> None:
        """Show what else can be done."""
        screen = self._screen
        if screen.entry is None:
            return
        menu = RunMenu(
            screen, screen.entry, self._session.entries(), has_files=bool(screen.exports.artifacts)
        )
        menu.compare_wanted.connect(self._compare)
        menu.save_wanted.connect(screen.exports.save_all)
        menu.export_wanted.connect(self.export)
        menu.retry_wanted.connect(self.retry)
        menu.pin_wanted.connect(self._pin)
        menu.delete_wanted.connect(self._ask_delete)
        menu.popup(place)

    @Slot()
    def export(self) -> None:
        """Save the run as one archive: inputs, results, settings, logs, checksums."""
        screen = self._screen
        entry = screen.entry
        if entry is None or entry.state is None:
            return
        run_id, target = entry.state.run_id, entry.key.target

        def save(chosen: list[Path]) -> None:
            from zerosec_client.run_export import export_to

            async def write(api: "Api") -> Path:
                await export_to(api, run_id, chosen[0])
                return chosen[0]

            self._session.ask(
                target,
                write,
                name="export",
                done=self._exported,
                failed=screen.context.notifications.problem,
            )

        choose_save(
            screen.window(),
            self.tr("Export this run"),
            Path.home() / file_name(entry.name, ".zip"),
            (self.tr("Archives (*.zip)"),),
            save,
        )

    def _exported(self, place: Path) -> None:
        self._screen.context.notifications.info(
            self.tr("The run is exported"),
            self.tr("{0} holds its data, results, settings and logs, with checksums.").format(place.name),
            key="export",
        )

    @Slot(object)
    def _compare(self, other: JobKey) -> None:
        if self._screen.key is not None:
            self._screen.navigate.emit(CompareRoute(self._screen.key, other))

    @Slot()
    def _pin(self) -> None:
        entry = self._screen.entry
        if entry is not None:
            self._session.pin(entry.key, not entry.pinned)

    @Slot()
    def _ask_delete(self) -> None:
        confirm(
            self._screen,
            self.tr("Delete “{0}”?").format(self._screen.title()),
            self.tr(
                "All its jobs, results and files on the server are deleted. Your data file is not touched."
            )
            if self._screen.entry is None or self._screen.entry.phase.ended
            else self.tr(
                "It has not ended and is cancelled. All its jobs, results and files on the server are deleted. Your data file is not touched."
            ),
            self.tr("Delete"),
            self._delete,
        )

    def _delete(self) -> None:
        if self._screen.key is not None:
            self._session.delete(self._screen.key)

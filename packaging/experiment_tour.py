"""The part of the tour that goes through the Experiments workspace: a project on made-up data, from the profile to the models."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zerosec_desktop.app import Application
    from zerosec_desktop.screens.experiments.screen import ExperimentsScreen

ROOT = Path(__file__).resolve().parent.parent
NAME = "ブラシ試験 2025"
LEVELS = (
    ("回転速度", "1000", "4000", "1000"), ("送り速度", "", "", "200, 400, 600, 800"), ("UPカット", "", "", "UP, DOWN"),
    ("切込量", "0.1", "0.5", "0.2"), ("突出量", "5", "15", "5"), ("載せ率", "", "", "30, 50, 70"),
    ("パス数", "", "", "2"), ("ブラシ", "", "", "A11, A21, A32"),
)  # fmt: skip
Waiting = Callable[[Callable[[], object], str], None]


class ExperimentTour:
    """Makes the project once; a later window on the same server finds it again."""

    def __init__(self, app: "Application", wait: Waiting, shoot: Callable[[str], None], folder: Path) -> None:
        self._app, self._wait, self._shoot, self._folder = app, wait, shoot, folder

    def run(self, *, designs: bool) -> None:
        """All pages. `designs`: with a real design and its lab sheet, which takes a minute."""
        from zerosec_desktop.navigation import ExperimentsRoute
        from zerosec_desktop.screens.experiments.screen import ExperimentsScreen
        from zerosec_desktop.screens.experiments.steps import Step

        self._app.window.go(ExperimentsRoute())
        screen = self._app.window.screen_shown
        assert isinstance(screen, ExperimentsScreen)
        self._wait(lambda: screen._open is not None or screen._card.isVisible(), "the projects")
        first = screen._open is None
        screen._new()
        self._shoot("experiments-new")
        if first:
            screen._card._name.setText(NAME)
            screen._card._make.click()
            self._wait(lambda: screen._open is not None, "the project")
        screen._back_to_work()
        self._import(screen)
        if first:
            self._make_candidates(screen)
        for step in Step:
            screen.show_step(step)
            self._fill(screen, step, designs=designs)
            self._shoot(f"experiments-{step.value.replace('_', '-')}")
        screen.edit_profile()
        editor = screen._editor.editor
        editor.table.choose(6)
        self._shoot("experiments-profile")
        editor.cancel.click()

    def _import(self, screen: "ExperimentsScreen") -> None:
        """Show what a file of results would change, and take it in where it is new."""
        from zerosec_desktop.screens.experiments.results_page import ResultsStep
        from zerosec_desktop.screens.experiments.steps import Step

        sys.path.insert(0, str(ROOT))
        from tests.deburring_series import series

        screen.show_step(Step.RESULTS)
        results = screen._pages[Step.RESULTS]
        assert isinstance(results, ResultsStep)
        screen.take_files([series(self._folder)[0]])
        self._wait(lambda: results._import._preview is not None, "the preview")
        self._shoot("experiments-import")
        if results._import._take.isEnabled():
            results._import._take.click()
            self._wait(
                lambda: screen._open is not None and screen._open.project.experiments > 0, "the import"
            )
        else:
            results._import._leave.click()

    def _make_candidates(self, screen: "ExperimentsScreen") -> None:
        from zerosec_desktop.screens.experiments.parameter_rows import ParameterRow
        from zerosec_desktop.screens.experiments.parameters_page import ParametersStep
        from zerosec_desktop.screens.experiments.steps import Step

        screen.show_step(Step.PARAMETERS)
        parameters = screen._pages[Step.PARAMETERS]
        assert isinstance(parameters, ParametersStep)
        parameters.lines.show_rows([ParameterRow(*cells) for cells in LEVELS])
        parameters._edited()
        self._wait(parameters.make.isEnabled, "the count")
        parameters.make.click()
        self._wait(lambda: parameters.said.surface in {"success", "error"}, "the table")

    def _fill(self, screen: "ExperimentsScreen", step: object, *, designs: bool) -> None:
        """Wait for what the page shows; find a design where one is wanted."""
        from zerosec_desktop.screens.experiments.candidates_page import CandidatesStep
        from zerosec_desktop.screens.experiments.design_page import DesignStep
        from zerosec_desktop.screens.experiments.filter_page import FilterStep
        from zerosec_desktop.screens.experiments.lab_sheet_page import LabSheetStep
        from zerosec_desktop.screens.experiments.parameters_page import ParametersStep

        page = screen._pages[step]  # type: ignore[index]
        if isinstance(page, ParametersStep):
            self._wait(lambda: page.check.result is not None, "the count")
        if isinstance(page, CandidatesStep):
            self._wait(lambda: page.candidates is not None, "the candidates")
        if isinstance(page, LabSheetStep) and page.project.notes.lab_sheet:
            self._wait(lambda: page.looked is not None, "the lab sheet")
        if isinstance(page, FilterStep):
            self._wait(lambda: page.answer is not None, "the filter's counts")
        if isinstance(page, DesignStep) and designs:
            if not page.designs.keys:
                page.d_optimal.click()
            self._wait(lambda: bool(page.designs.jobs), "the design")
            self._wait(lambda: page.shown.results.frames and not page.shown.results.drawing, "its pictures")
            if not page.project.notes.lab_sheet:
                page.ok.click()
                self._wait(lambda: page.decision.surface in {"success", "error"}, "the lab sheet")

"""The experiments workspace: a project, its steps on the left, the page of the chosen step beside them."""

from functools import partial
from importlib import import_module
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QComboBox, QStackedWidget, QWidget

from zerosec_client.api import Api
from zerosec_client.errors import ServerUnreachableError
from zerosec_client.projects import Projects
from zerosec_desktop.context import Context
from zerosec_desktop.controls import EmptyState, button, column, label, line, row, tool_button
from zerosec_desktop.navigation import ExperimentsRoute, Route
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.base import Screen
from zerosec_desktop.screens.experiments.new_project import NewProjectCard
from zerosec_desktop.screens.experiments.notes import last_project, remember_project
from zerosec_desktop.screens.experiments.open_project import OpenProject
from zerosec_desktop.screens.experiments.profile_editor.draft import ProfileDraft
from zerosec_desktop.screens.experiments.profile_screen import ProfileScreen
from zerosec_desktop.screens.experiments.rail import Rail, step_title
from zerosec_desktop.screens.experiments.step_page import StepPage
from zerosec_desktop.screens.experiments.steps import Step
from zerosec_desktop.screens.page import Page
from zerosec_shared.experiments import Project
from zerosec_shared.profiles import Profile

__all__ = ["ExperimentsScreen"]

_PAGES: dict[Step, str] = {
    Step.PARAMETERS: "parameters_page:ParametersStep",
    Step.CANDIDATES: "candidates_page:CandidatesStep",
    Step.DESIGN: "design_page:DesignStep",
    Step.LAB_SHEET: "lab_sheet_page:LabSheetStep",
    Step.RESULTS: "results_page:ResultsStep",
    Step.FILTER: "filter_page:FilterStep",
    Step.MODELS: "models_page:ModelsStep",
}
"""A step's page is imported when it is first opened."""


class ExperimentsScreen(Screen):
    """Keeps the project open while the user is elsewhere."""

    icon_name = "experiment"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._projects: list[tuple[str, Project]] = []
        self._open: OpenProject | None = None
        self._pages: dict[Step, StepPage] = {}
        self._step = Step.RESULTS
        self._asked = False
        self._runs = b""
        self._choice = QComboBox()
        self._choice.setAccessibleName(self.tr("Project"))
        self._choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._choice.setMinimumWidth(120)
        self._choice.setMaximumWidth(360)
        self._choice.activated.connect(self._chosen)
        self._facts = label("", "muted")
        new = button(self.tr("New project…"), icon_name="plus", clicked=self._new)
        self._profile = button(
            self.tr("Profile…"),
            icon_name="edit",
            clicked=self.edit_profile,
            tip=self.tr("What the columns of this project are"),
        )
        self._folder = tool_button("folder", self.tr("Open the project's folder"), clicked=self._open_folder)
        self._bar = QWidget()
        across = row(self._choice, self._facts, None, self._profile, self._folder, new, spacing=12)
        across.setContentsMargins(Space.LARGE, Space.SMALL, Space.LARGE, Space.SMALL)
        self._bar.setLayout(across)
        self._rail = Rail(_PAGES)
        self._rail.chosen.connect(self.show_step)
        self._stack = QStackedWidget()
        self._work = QWidget()
        beside = row(self._rail, spacing=0)
        beside.addWidget(self._stack, 1)
        self._work.setLayout(beside)
        self._card = NewProjectCard(context)
        self._card.made.connect(self._made)
        self._card.left.connect(self._back_to_work)
        self._card.edit_wanted.connect(self._edit_for_new)
        self._editor = ProfileScreen(context)
        self._editor.made.connect(self._profile_for_new)
        self._editor.changed.connect(self._profile_changed)
        self._editor.left.connect(self._editor_left)
        self._asking = Page(800)
        self._asking.body.addWidget(self._card)
        self._waiting = EmptyState("hourglass", "", "")
        self._whole = QStackedWidget()
        for page in (self._waiting, self._asking, self._work, self._editor):
            self._whole.addWidget(page)
        self.setLayout(column(self._bar, line(), self._whole, spacing=0))
        self._choice.hide()
        self._show_buttons()
        context.session.target_changed.connect(self._target_changed)

    def title(self) -> str:
        return self.tr("Experiments")

    def open(self, route: Route) -> None:
        if isinstance(route, ExperimentsRoute) and route.step:
            self._step = Step(route.step)
            self._runs = route.runs
            if self._open is not None:
                self.show_step(self._step)

    def activated(self) -> None:
        if not self._asked:
            self._say_waiting()
            self._ask()
        elif self._open is not None:
            self._open.refresh()
            page = self._pages.get(self._step)
            if page is not None:
                page.activated()

    def commands(self) -> list[tuple[str, str, object]]:
        if self._open is None:
            return []
        steps: list[tuple[str, str, object]] = [
            (step_title(step), f"Ctrl+{number}", partial(self.show_step, step))
            for number, step in enumerate(_PAGES, start=1)
        ]
        return [*steps, (self.tr("The project's profile"), "", self.edit_profile)]

    def take_files(self, paths: list[Path]) -> bool:
        """Files dropped on the window while this screen is shown go to the page of the step."""
        if len(paths) == 1 and self._card.isVisible():
            self._card.take_file(paths[0])
            return True
        if len(paths) == 1 and self._editor.isVisible():
            return self._editor.take_file(paths[0])
        page = self._pages.get(self._step)
        return len(paths) == 1 and page is not None and page.isVisible() and page.take_file(paths[0])

    def closing(self) -> None:
        self._card.closing()
        self._editor.closing()
        for page in self._pages.values():
            page.closing()

    # -- which project ---------------------------------------------------------------------------------------------

    def _target_changed(self, _: object) -> None:
        if not self._asked and self.isVisible():
            self._say_waiting()
            self._ask()

    def _say_waiting(self) -> None:
        away = not any(state.may_answer for state in self.context.session.target_states())
        self._waiting.heading.setText(
            self.tr("No server answers") if away else self.tr("Asking for your projects…")
        )
        self._waiting.body.setText(
            self.tr("Your projects are kept on a server, and appear here as soon as it answers.")
        )

    def _ask(self) -> None:
        usable = [state.name for state in self.context.session.target_states() if state.usable]
        if not usable:
            return
        self._asked = True
        self._projects.clear()
        waiting, away = set(usable), set[str]()

        def got(target: str, found: tuple[Project, ...]) -> None:
            waiting.discard(target)
            self._projects += [(target, project) for project in found]
            if waiting:
                return
            if away and not self._projects:
                self._asked = False  # there may be some: asked again when a target answers
            else:
                self._listed()

        def failed(target: str, error: Exception) -> None:
            if isinstance(error, ServerUnreachableError):
                away.add(target)
            else:
                self.context.notifications.problem(error, key=f"projects {target}")
            got(target, ())

        for target in usable:
            self.context.session.ask(
                target,
                _all_projects,
                name="projects",
                done=partial(got, target),
                failed=partial(failed, target),
            )

    def _listed(self) -> None:
        self._fill_choice()
        wanted = last_project()
        for target, project in self._projects:
            if (target, str(project.id)) == wanted:
                self._take(target, project)
                return
        if self._projects:
            self._take(*self._projects[0])
        else:
            self._new()

    def _fill_choice(self) -> None:
        self._choice.clear()
        many = len({target for target, _ in self._projects}) > 1
        for target, project in self._projects:
            self._choice.addItem(f"{project.name} · {target}" if many else project.name)
        self._choice.setVisible(bool(self._projects))

    def _chosen(self, place: int) -> None:
        self._take(*self._projects[place])

    def _new(self) -> None:
        self._card.begin(can_leave=self._open is not None)
        self._whole.setCurrentWidget(self._asking)
        self._show_buttons()

    def _show_buttons(self) -> None:
        for control in (self._folder, self._profile):
            control.setVisible(self._open is not None)

    def _back_to_work(self) -> None:
        if self._open is not None:
            self._whole.setCurrentWidget(self._work)

    def _made(self, target: str, project: Project) -> None:
        self._projects.insert(0, (target, project))
        self._fill_choice()
        self._take(target, project)

    def _take(self, target: str, project: Project) -> None:
        """Open a project; the one that was open is left as it stands."""
        for page in self._pages.values():
            page.closing()
            self._stack.removeWidget(page)
            page.deleteLater()
        self._pages.clear()
        if self._open is not None:
            self._open.deleteLater()
        self._open = OpenProject(self.context, target, project)
        self._open.changed.connect(self._show_facts)
        for place, (known, one) in enumerate(self._projects):
            if (known, one.id) == (target, project.id):
                self._choice.setCurrentIndex(place)
        try:
            remember_project(target, str(project.id))
        except OSError as error:
            self.context.notifications.problem(error, key="project-notes")
        self._whole.setCurrentWidget(self._work)
        self._show_buttons()
        self._show_facts()
        self.show_step(self._step)

    def _show_facts(self) -> None:
        assert self._open is not None
        self._facts.setText(self.tr("%Ln experiment(s)", "", self._open.project.experiments))
        self._rail.show_standings(self._open.standings())

    def _open_folder(self) -> None:
        if self._open is None:
            return
        try:
            folder = self._open.make_folders()
        except OSError as error:
            self.context.notifications.problem(error)
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    # -- the profile -----------------------------------------------------------------------------------------------

    def edit_profile(self) -> None:
        """Look at the open project's profile, and change it."""
        if self._open is not None:
            self._editor.edit_project(self._open)
            self._show_editor()

    def _edit_for_new(self, draft: ProfileDraft, table: str) -> None:
        self._editor.edit_new(draft, table)
        self._show_editor()

    def _show_editor(self) -> None:
        self._whole.setCurrentWidget(self._editor)
        self._bar.setEnabled(False)

    def _profile_for_new(self, profile: Profile) -> None:
        self._card.use_profile(profile)
        self._editor_left()

    def _profile_changed(self, target: str, project: Project) -> None:
        """The pages are made anew: their columns are others now."""
        self._projects = [
            (known, project if (known, one.id) == (target, project.id) else one)
            for known, one in self._projects
        ]
        self._bar.setEnabled(True)
        self._take(target, project)

    def _editor_left(self) -> None:
        self._bar.setEnabled(True)
        self._whole.setCurrentWidget(self._work if self._editor.of_project else self._asking)

    # -- which step ------------------------------------------------------------------------------------------------

    def show_step(self, step: Step) -> None:
        """Show a step's page; one that is blocked says why instead."""
        if self._open is None:
            return
        self._step = step
        self._rail.choose(step)
        page = self._pages.get(step)
        if page is None:
            page = self._page(step, self._open)
            self._pages[step] = page
            self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        page.activated()
        if self._runs and page.take_runs(self._runs):
            self._runs = b""

    def _page(self, step: Step, project: OpenProject) -> StepPage:
        module, name = _PAGES[step].split(":")
        kind: type[StepPage] = getattr(import_module(f"zerosec_desktop.screens.experiments.{module}"), name)
        page = kind(project)
        page.navigate.connect(self.navigate)
        page.step_wanted.connect(self.show_step)
        return page


async def _all_projects(api: Api) -> tuple[Project, ...]:
    return await Projects(api).all()

"""What a step's page is to the workspace."""

from PySide6.QtCore import Signal

from zerosec_desktop.screens.experiments.open_project import OpenProject
from zerosec_desktop.screens.experiments.steps import Step
from zerosec_desktop.screens.page import Page

__all__ = ["StepPage"]


class StepPage(Page):
    """Made when its step is first opened, for one project, and closed with it. `body` is its column."""

    navigate = Signal(object)  # Route
    step_wanted = Signal(Step)

    def __init__(self, project: OpenProject) -> None:
        super().__init__(1120)
        self.project = project
        self.context = project.context

    def activated(self) -> None:
        """The page has come to the front."""

    def take_file(self, path: object) -> bool:
        """A file was dropped on the workspace while this page is shown; False if it is none for this step."""
        return False

    def take_runs(self, runs: bytes) -> bool:
        """Rows chosen in a result, as CSV; False if they are none for this step."""
        return False

    def closing(self) -> None:
        """The project is closed: stop what is asked, write what must survive."""

"""The rows that are predicted when the user names no others: the candidates of the project whose experiments the model was built from."""

from uuid import UUID

from PySide6.QtCore import QObject

from zerosec_client.api import Api
from zerosec_client.projects import Projects
from zerosec_desktop.bridge import Work
from zerosec_desktop.context import Context
from zerosec_desktop.screens.run.step_page import StepPage
from zerosec_desktop.wording import rows_text
from zerosec_shared.analyses import StepInfo
from zerosec_shared.experiments import Project
from zerosec_shared.steps import StepPlan

__all__ = ["DefaultRows"]

STEP, SLOT = "prediction", "rows"


class DefaultRows(QObject):
    """Gives them to the step's page, unless the user, or an earlier prediction, gave other rows meanwhile."""

    def __init__(self, context: Context, page: StepPage) -> None:
        super().__init__(page)
        self._context, self._page = context, page
        self._work: Work | None = None

    def offer(self, step: StepInfo, plan: StepPlan, target: str) -> None:
        """A step is set up: find its rows where it predicts and has none."""
        if self._work is not None:
            self._work.cancel()
            self._work = None
        has = any(slot.slot == SLOT and slot.choices for slot in plan.inputs)
        if step.id != STEP or has or SLOT not in self._page.files:
            return
        run_id = plan.run_id

        async def project_of_run(api: Api) -> Project | None:
            run = await api.run(run_id)
            files = (file for slot in run.inputs.values() for file in slot)
            project_id = next((file.origin.project_id for file in files if file.origin is not None), None)
            return None if project_id is None else await Projects(api).get(project_id)

        def got(project: Project | None) -> None:
            if project is not None:
                self._look(project, target, run_id)

        self._work = self._context.session.ask(
            target, project_of_run, name="project of a run", done=got, failed=self._nothing
        )

    def _look(self, record: Project, target: str, run_id: UUID) -> None:
        # what reads lists of candidates takes a while to import, and most runs need none of it
        from zerosec_desktop.screens.experiments.open_project import OpenProject
        from zerosec_desktop.screens.experiments.untested_candidates import Untested, untested_candidates

        project = OpenProject(self._context, target, record)
        project.setParent(self)

        def found(candidates: Untested | None) -> None:
            project.deleteLater()
            self._work = None
            slot = self._page.files.get(SLOT)
            step = self._page.step
            if candidates is None or slot is None or slot.files:
                return
            if step is None or step.id != STEP or self._page.run_id != run_id:
                return
            said = self.tr(
                "These are the candidates of {project} that were not tested yet: {rows}. Choose another file to predict others."
            )
            rows = rows_text(candidates.rows)
            self._page.give(SLOT, candidates.path, said.format(project=record.name, rows=rows))

        def failed(error: Exception) -> None:
            project.deleteLater()
            self._nothing(error)

        self._work = self._context.bridge.start(
            untested_candidates(project), name="candidates to predict", done=found, failed=failed
        )

    def _nothing(self, _error: Exception) -> None:
        """The user names the rows, as for any model."""
        self._work = None

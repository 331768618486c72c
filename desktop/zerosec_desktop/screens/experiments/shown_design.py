"""The result of one design, by the same views as every result."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from zerosec_desktop.bridge import Work
from zerosec_desktop.context import Context
from zerosec_desktop.navigation import JobKey
from zerosec_desktop.screens.run.exports import Exports
from zerosec_desktop.screens.run.results import ResultsPage
from zerosec_shared.runs import Artifact, Job

__all__ = ["ShownDesign"]


class ShownDesign(QWidget):
    """Shows a job's result; figures and data can be saved as on a run's own page."""

    def __init__(self, context: Context, page: QWidget) -> None:
        super().__init__()
        self._context = context
        self._works: list[Work] = []
        self.key: JobKey | None = None
        self.job: Job | None = None
        self.exports = Exports(context, page)
        self.results = ResultsPage()
        self.results.frame_made.connect(self.exports.attach)
        self.results.picture_wanted.connect(self.exports.picture)
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.addWidget(self.results)

    def show_job(self, key: JobKey, job: Job) -> None:
        """Show another result."""
        self.clear()
        self.key, self.job = key, job

        async def artifacts() -> tuple[Artifact, ...]:
            from zerosec_desktop.views.plot_library import warm_up

            await warm_up(self._context.bridge)
            api = await self._context.session.connection(key.target).api()
            return await api.artifacts(key.job_id)

        def got(found: tuple[Artifact, ...]) -> None:
            self.exports.show(key, job.run_name, found)
            assert job.result is not None
            self.results.show_result(job.result, found)

        self._works = [
            self._context.bridge.start(
                artifacts(), name="design", done=got, failed=self._context.notifications.problem
            )
        ]

    def clear(self) -> None:
        """Show nothing."""
        for work in self._works:
            work.cancel()
        self._works.clear()
        self.key = self.job = None
        self.results.clear()

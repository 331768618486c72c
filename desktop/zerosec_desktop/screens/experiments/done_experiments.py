"""The experiments of a project as the server has them now, all pages of them."""

from zerosec_client.projects import Projects
from zerosec_desktop.screens.experiments.open_project import OpenProject
from zerosec_shared.experiments import Value
from zerosec_shared.selections import ExperimentFilter

__all__ = ["done_experiments"]

AT_ONCE = 2000


async def done_experiments(project: OpenProject) -> list[dict[str, Value]]:
    """Their values by column. Raises what the server says."""
    if not project.project.experiments:
        return []
    api = await project.context.session.connection(project.target).api()
    projects, cursor = Projects(api), None
    found: list[dict[str, Value]] = []
    while True:
        page = await projects.rows(project.id, ExperimentFilter(), cursor=cursor, limit=AT_ONCE)
        found += [one.values for one in page.items]
        cursor = page.next_cursor
        if cursor is None:
            return found

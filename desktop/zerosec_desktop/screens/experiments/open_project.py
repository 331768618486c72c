"""The project that is open: its record on the server, what the window remembers of it, and who is told when they change."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from zerosec_client.api import Api
from zerosec_client.projects import Projects
from zerosec_desktop.bridge import Work
from zerosec_desktop.context import Context
from zerosec_desktop.screens.experiments.folders import make_folders, project_folder
from zerosec_desktop.screens.experiments.notes import ProjectNotes, read_notes, write_notes
from zerosec_desktop.screens.experiments.steps import Note, Standing, Step, standings
from zerosec_shared.experiments import Project
from zerosec_shared.profiles import Profile, read_profile

__all__ = ["OpenProject"]

T = TypeVar("T")


class OpenProject(QObject):
    """Handed to every step's page. `changed` comes when the record, the notes or the results have changed."""

    changed = Signal()

    def __init__(self, context: Context, target: str, project: Project) -> None:
        super().__init__()
        self.context, self.target, self.project = context, target, project
        self.profile: Profile = read_profile(project.profile.encode())
        self.notes = read_notes(str(project.id))

    @property
    def id(self) -> UUID:
        """The project's id."""
        return self.project.id

    @property
    def folder(self) -> Path:
        """Where its files go on this computer."""
        if self.notes.folder is not None:
            return self.notes.folder
        return project_folder(self.context.settings.value.results_folder, self.project.name)

    def make_folders(self) -> Path:
        """The folder, with those in it. Raises OSError."""
        make_folders(self.folder)
        return self.folder

    def ask(
        self,
        question: Callable[[Projects], Awaitable[T]],
        *,
        name: str,
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> Work:
        """Ask the project's server: `project.ask(lambda p: p.query(project.id, chosen), name="query", done=self._got)`."""

        async def asked(api: Api) -> T:
            return await question(Projects(api))

        return self.context.session.ask(self.target, asked, name=name, done=done, failed=failed)

    def refresh(self) -> None:
        """Ask for the record anew."""
        self.ask(
            lambda projects: projects.get(self.id),
            name="project",
            done=self.take,
            failed=self.context.notifications.problem,
        )

    def take(self, project: Project) -> None:
        """The record as it is now."""
        if project != self.project:
            if project.profile != self.project.profile:
                self.profile = read_profile(project.profile.encode())
            self.project = project
            self.changed.emit()

    def remember(self, **fields: object) -> None:
        """Change the notes. That they cannot be written is told, and costs only convenience."""
        self.notes = ProjectNotes.model_validate({**self.notes.model_dump(), **fields})
        try:
            write_notes(str(self.id), self.notes)
        except OSError as error:
            self.context.notifications.problem(error, key="project-notes")
        self.changed.emit()

    def step_done(self, step: Step, output: str, source: str = "") -> None:
        """A step was done: `output` is a digest of what it gave, `source` that of what it was made from."""
        self.remember(steps={**self.notes.steps, step: (output, source)})

    def output_of(self, step: Step) -> str:
        """The digest of what a step gave; empty while it was not done."""
        note = self.all_notes().get(step)
        return "" if note is None else note.output

    def all_notes(self) -> dict[Step, Note]:
        """The steps that were done; results are known by the server."""
        notes = self.notes.notes()
        if self.project.experiments:
            notes[Step.RESULTS] = Note(str(self.project.revision))
        else:
            notes.pop(Step.RESULTS, None)
        return notes

    def standings(self) -> tuple[Standing, ...]:
        """How every step stands."""
        return standings(self.all_notes())

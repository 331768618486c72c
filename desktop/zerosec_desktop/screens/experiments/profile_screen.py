"""The profile editor in the workspace: of the open project, or for a new one; what is not saved survives the window."""

from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from zerosec_client.errors import ConflictError
from zerosec_desktop.context import Context
from zerosec_desktop.screens.experiments.open_project import OpenProject
from zerosec_desktop.screens.experiments.profile_editor.draft import ProfileDraft
from zerosec_desktop.screens.experiments.profile_editor.editor import ProfileEditor
from zerosec_shared.analyses import AnalysisInfo
from zerosec_shared.experiments import Project, ProjectPatch
from zerosec_shared.profiles import Profile, write_profile

__all__ = ["ProfileScreen"]

_DRAFTS = TypeAdapter(ProfileDraft)


class ProfileScreen(QWidget):
    """`made` brings a profile for a new project, `changed` the open one with its new profile."""

    made = Signal(object)  # Profile
    changed = Signal(str, object)  # target, Project
    left = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._project: OpenProject | None = None
        self._going = False
        self._before = ""
        self._theirs: Project | None = None
        self.editor = ProfileEditor(context.bridge, self._analyses)
        self.editor.saved.connect(self._saved)
        self.editor.left.connect(self._left)
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.addWidget(self.editor)

    def _analyses(self) -> tuple[AnalysisInfo, ...]:
        """The analyses of the project's server; of the current one for a new project."""
        session = self._context.session
        return session.catalogue(self._project.target if self._project is not None else "")

    @property
    def of_project(self) -> bool:
        """Whether it is the open project's profile."""
        return self._project is not None

    def edit_project(self, project: OpenProject) -> None:
        """The profile of a project; what was written and not saved last time is there again."""
        self._project, self._going = project, True
        self._before, self._theirs = project.project.profile_sha256, None
        draft = ProfileDraft.of(project.profile)
        told = self.tr(
            "There are results: columns that hold values must stay, and so must those that tell experiments apart."
        )
        heading = self.tr("Profile of {project}").format(project=project.project.name)
        held = bool(project.project.experiments)
        self.editor.edit(draft, heading=heading, told=told if held else "", keep=self.tr("Save the profile"))
        kept = _kept(project.notes.profile_draft)
        if kept is not None and kept != draft:
            self._before = project.notes.profile_draft_of or self._before
            self.editor.take_draft(
                kept, self.tr("What you had not saved is here again. Undo brings back the profile as it is.")
            )

    def edit_new(self, draft: ProfileDraft, table: str) -> None:
        """A profile for a new project; `table` is the name of the file it was inferred from."""
        self._project, self._going = None, False
        if table:
            unsure = sum(1 for each in draft.columns if each.unsure)
            told = self.tr("The roles are inferred from the values. Look through them, and confirm once.")
            if unsure:
                told += " " + self.tr(
                    "%Ln of them should be looked at twice, marked with a question mark.", "", unsure
                )
            heading = self.tr("What are the columns of {name}?").format(name=table)
        else:
            heading = self.tr("Profile of the new project")
            told = self.tr("What you change counts for the new project alone.")
        self.editor.edit(draft, heading=heading, told=told, keep=self.tr("Use this profile"), fresh=True)

    def take_file(self, path: Path) -> bool:
        """A profile was dropped on it; other files are none for this place."""
        if path.suffix.lower() != ".toml":
            return False
        self.editor.take_file(path)
        return True

    def closing(self) -> None:
        """The window closes: remember what is not saved."""
        if self._project is not None and self._going:
            draft = _DRAFTS.dump_json(self.editor.draft).decode() if self.editor.changed else ""
            self._project.remember(profile_draft=draft, profile_draft_of=self._before if draft else "")

    def _left(self) -> None:
        self._going = False
        if self._project is not None and self._project.notes.profile_draft:
            self._project.remember(profile_draft="", profile_draft_of="")
        if self._project is not None and self._theirs is not None:
            self.changed.emit(self._project.target, self._theirs)
        else:
            self.left.emit()

    def _saved(self, profile: Profile) -> None:
        project = self._project
        if project is None:
            self.made.emit(profile)
            return
        patch = ProjectPatch(profile=write_profile(profile).decode(), profile_before=self._before)

        def done(now: Project) -> None:
            self._going = False
            project.remember(profile_draft="", profile_draft_of="")
            self._context.notifications.info(self.tr("The profile is saved"), now.name, key="profile")
            self.changed.emit(project.target, now)

        def failed(error: Exception) -> None:
            self.editor.not_saved(error)
            if isinstance(error, ConflictError):
                self._look_at_theirs(project)

        project.ask(
            lambda projects: projects.change(project.id, patch),
            name="profile",
            done=done,
            failed=failed,
        )

    def _look_at_theirs(self, project: OpenProject) -> None:
        """Someone else has changed the profile: theirs is shown when this one is left."""

        def got(now: Project) -> None:
            if self._project is project and self._going:
                self._theirs = now
            else:
                project.take(now)

        project.ask(
            lambda projects: projects.get(project.id),
            name="project",
            done=got,
            failed=self._context.notifications.problem,
        )


def _kept(text: str) -> ProfileDraft | None:
    if not text:
        return None
    try:
        return _DRAFTS.validate_json(text)
    except ValidationError:
        return None  # of another version of the window: there is nothing to be read in it

"""The card that makes a project: its name, and the profile that says what the columns are, shipped, read, or from a table."""

import asyncio
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit

from zerosec_client.api import Api
from zerosec_client.projects import Projects
from zerosec_desktop.bridge import Work
from zerosec_desktop.context import Context
from zerosec_desktop.controls import Card, button, label, row
from zerosec_desktop.dialogs import open_files
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.experiments.chosen_profile import chosen_profile
from zerosec_desktop.screens.experiments.profile_editor.draft import ProfileDraft
from zerosec_desktop.screens.experiments.profile_editor.inferred import draft_from_table
from zerosec_desktop.screens.experiments.said import Said
from zerosec_shared.experiments import Project, ProjectCreate
from zerosec_shared.ids import new_id
from zerosec_shared.profiles import (
    SHIPPED,
    Profile,
    ProfileError,
    shipped_profile,
    write_profile,
)

__all__ = ["NewProjectCard"]

TABLES = "*.xlsx *.xls *.xlsb *.ods *.csv *.tsv *.txt *.parquet"
PROFILE = ".toml"


class NewProjectCard(Card):
    """Shown when asked for; `made` says target and project, `edit_wanted` that a draft is to be looked at in the editor."""

    made = Signal(str, object)
    left = Signal()
    edit_wanted = Signal(object, str)  # ProfileDraft, name of the table it was inferred from

    def __init__(self, context: Context) -> None:
        super().__init__(margins=Space.LARGE, spacing=12)
        self._context = context
        self._id = new_id()
        self._work: Work | None = None
        self._own: dict[str, Profile] = {}
        self._name = QLineEdit()
        self._name.setAccessibleName(self.tr("Name"))
        self._name.setPlaceholderText(self.tr("Brush trials, autumn"))
        self.profiles = QComboBox()
        self.profiles.setAccessibleName(self.tr("Profile"))
        for name in SHIPPED:
            profile = shipped_profile(name)
            if profile.columns:
                self.profiles.addItem(profile.title(self.locale().name()[:2]), name)
        self.profiles.addItem(self.tr("Another: from a table of yours"), "")
        self.profiles.currentIndexChanged.connect(self._check)
        self.said = Said()
        self._make = button(self.tr("Make the project"), "primary", clicked=self._go)
        self.body.addWidget(label(self.tr("A new project"), "subtitle"))
        self.body.addWidget(
            label(
                self.tr(
                    "A project keeps the results of all experiments of one kind. Its profile says what the columns are called, "
                    "what they may hold, and which of them tell one experiment from another."
                ),
                "muted",
                wrap=True,
            )
        )
        for title, field in ((self.tr("Name"), self._name), (self.tr("Profile"), self.profiles)):
            heading = label(title)
            heading.setFixedWidth(96)
            heading.setBuddy(field)
            across = row(heading, spacing=Space.MEDIUM)
            across.addWidget(field, 1)
            self.body.addLayout(across)
        self.from_table = button(
            self.tr("From a table…"), icon_name="table", clicked=partial(self._choose, TABLES)
        )
        self.from_file = button(
            self.tr("From a profile file…"), icon_name="folder", clicked=partial(self._choose, f"*{PROFILE}")
        )
        self.edit = button(self.tr("Look at it, or change it…"), icon_name="edit", clicked=self._edit)
        ways = row(self.from_table, self.from_file, self.edit, None)
        ways.setContentsMargins(96 + Space.MEDIUM, 0, 0, 0)
        self.body.addLayout(ways)
        self._hint = label(
            self.tr(
                "Any table with one row an experiment will do: choose it or drop it here. What each column is for is inferred, and "
                "you confirm it once."
            ),
            "caption",
            wrap=True,
        )
        self._hint.setContentsMargins(96 + Space.MEDIUM, 0, 0, 0)
        self.body.addWidget(self._hint)
        self.body.addWidget(self.said)
        self._cancel = button(self.tr("Cancel"), clicked=self.left.emit)
        self.body.addLayout(row(None, self._cancel, self._make))
        self._name.textChanged.connect(self._check)
        self._name.returnPressed.connect(self._go)
        self._check()

    def begin(self, *, can_leave: bool) -> None:
        """Ask anew."""
        self._id = new_id()
        self._name.clear()
        self._cancel.setVisible(can_leave)
        self.said.clear()
        self._name.setFocus()

    def _check(self) -> None:
        named = bool(self._name.text().strip())
        known = bool(self.profiles.currentData())
        self._make.setEnabled(named and known)
        self._make.setToolTip(
            self.tr("Give the project a name first")
            if not named
            else ""
            if known
            else self.tr("Choose a table first: its columns become the profile")
        )
        self.edit.setEnabled(known)
        self.edit.setToolTip("" if known else self.tr("Choose a table first"))
        self._hint.setVisible(not known)

    # -- which profile ---------------------------------------------------------------------------------------------

    def _choose(self, endings: str) -> None:
        kinds = self.tr("Profiles ({endings})") if endings == f"*{PROFILE}" else self.tr("Tables ({endings})")
        open_files(
            self.window(),
            self.tr("Choose a profile") if endings == f"*{PROFILE}" else self.tr("Choose a table"),
            (kinds.format(endings=endings),),
            lambda paths: self.take_file(paths[0]),
        )

    def take_file(self, path: Path) -> None:
        """A profile, or a table whose columns become one."""
        self.closing()
        if path.suffix.lower() != PROFILE:
            self.said.say("info", self.tr("Reading {name}…").format(name=path.name))
            self._work = self._context.bridge.start(
                asyncio.to_thread(draft_from_table, path),
                name="infer profile",
                done=partial(self._inferred, path),
                failed=self._failed,
            )
            return
        self._work = self._context.bridge.start(
            chosen_profile(path),
            name="read a profile",
            done=self._profile_read,
            failed=partial(self._no_profile, path),
        )

    def _profile_read(self, profile: Profile) -> None:
        self._work = None
        self.said.clear()
        self.use_profile(profile)

    def _no_profile(self, path: Path, error: Exception) -> None:
        self._work = None
        if isinstance(error, ProfileError):
            self.said.say(
                "error", self.tr("{name} is no profile.").format(name=path.name), "\n".join(error.problems)
            )
        else:
            self.said.problem(error)

    def _inferred(self, path: Path, draft: ProfileDraft) -> None:
        self._work = None
        self.said.clear()
        self.edit_wanted.emit(draft, path.name)

    def use_profile(self, profile: Profile) -> None:
        """Choose a profile that does not come along."""
        key = f"own:{len(self._own)}"
        self._own[key] = profile
        title = profile.title(self.locale().name()[:2])
        self.profiles.insertItem(self.profiles.count() - 1, title, key)
        self.profiles.setCurrentIndex(self.profiles.count() - 2)
        if not self._name.text().strip():
            self._name.setFocus()

    @property
    def profile(self) -> Profile:
        """The chosen one. KeyError while none is."""
        chosen = str(self.profiles.currentData())
        return self._own[chosen] if chosen in self._own else shipped_profile(chosen)

    def _edit(self) -> None:
        self.edit_wanted.emit(ProfileDraft.of(self.profile), "")

    def closing(self) -> None:
        """A file that is being read is not waited for."""
        if self._work is not None:
            self._work.cancel()
            self._work = None

    # -- making it -------------------------------------------------------------------------------------------------

    def _go(self) -> None:
        name = self._name.text().strip()
        if not name or not self._make.isEnabled():
            return
        target = self._context.session.current_target
        request = ProjectCreate(id=self._id, name=name, profile=write_profile(self.profile).decode())
        self._make.setEnabled(False)
        self._make.setToolTip(self.tr("It is being made…"))

        async def create(api: Api) -> Project:
            return await Projects(api).create(request)

        self._context.session.ask(
            target,
            create,
            name="new project",
            done=lambda made: self._done(target, made),
            failed=self._failed,
        )

    def _done(self, target: str, project: Project) -> None:
        self._check()
        self.made.emit(target, project)

    def _failed(self, error: Exception) -> None:
        self._work = None
        self._check()
        self.said.problem(error)

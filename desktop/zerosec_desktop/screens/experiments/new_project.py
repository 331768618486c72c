"""The card that makes a project: its name, and the profile that says what the columns are."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout

from zerosec_client.api import Api
from zerosec_client.projects import Projects
from zerosec_desktop.context import Context
from zerosec_desktop.controls import Card, Message, button, label, row, set_property
from zerosec_desktop.dialogs import open_files
from zerosec_desktop.problems import in_words
from zerosec_desktop.resources.tokens import Space
from zerosec_shared.experiments import Project, ProjectCreate
from zerosec_shared.ids import new_id
from zerosec_shared.profiles import SHIPPED, ProfileError, read_profile, shipped_profile, write_profile

__all__ = ["NewProjectCard"]


class NewProjectCard(Card):
    """Shown when asked for; `made` says target and project."""

    made = Signal(str, object)
    left = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(margins=Space.LARGE, spacing=12)
        self._context = context
        self._id = new_id()
        self._own: dict[str, str] = {}
        self._name = QLineEdit()
        self._name.setAccessibleName(self.tr("Name"))
        self._name.setPlaceholderText(self.tr("Brush trials, autumn"))
        self._profile = QComboBox()
        self._profile.setAccessibleName(self.tr("Profile"))
        for name in SHIPPED:
            profile = shipped_profile(name)
            if profile.columns:
                self._profile.addItem(profile.title(self.locale().name()[:2]), name)
        self._said = QVBoxLayout()
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
        own = button(self.tr("A profile of my own…"), clicked=self._choose)
        for title, field, extra in (
            (self.tr("Name"), self._name, None),
            (self.tr("Profile"), self._profile, own),
        ):
            heading = label(title)
            heading.setFixedWidth(96)
            across = row(heading, spacing=Space.MEDIUM)
            across.addWidget(field, 1)
            if extra is not None:
                across.addWidget(extra)
            self.body.addLayout(across)
        self.body.addLayout(self._said)
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
        self._say(None)
        self._name.setFocus()

    def _check(self) -> None:
        named = bool(self._name.text().strip())
        self._make.setEnabled(named)
        self._make.setToolTip("" if named else self.tr("Give the project a name first"))

    def _choose(self) -> None:
        open_files(self.window(), self.tr("Choose a profile"), (self.tr("Profiles (*.toml)"),), self._chosen)

    def _chosen(self, paths: list[Path]) -> None:
        for path in paths[:1]:
            try:
                data = path.read_bytes()
                profile = read_profile(data)
            except OSError as error:
                self._say(Message("error", self.tr("The file cannot be read."), error.strerror or str(error)))
                return
            except ProfileError as error:
                self._say(
                    Message("error", self.tr("{name} is no profile.").format(name=path.name), str(error))
                )
                return
            self._own[path.name] = data.decode("utf-8-sig")
            title = profile.title(self.locale().name()[:2])
            self._profile.addItem(f"{title} ({path.name})", f"file:{path.name}")
            self._profile.setCurrentIndex(self._profile.count() - 1)
            self._say(None)

    def _toml(self) -> str:
        chosen = str(self._profile.currentData())
        if chosen.startswith("file:"):
            return self._own[chosen.removeprefix("file:")]
        return write_profile(shipped_profile(chosen)).decode()

    def _go(self) -> None:
        name = self._name.text().strip()
        if not name or not self._make.isEnabled():
            return
        target = self._context.session.current_target
        request = ProjectCreate(id=self._id, name=name, profile=self._toml())
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
        self._check()
        told = in_words(error)
        self._say(Message("error", told.title, told.detail or told.hint))

    def _say(self, message: Message | None) -> None:
        while (item := self._said.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        if message is not None:
            self._said.addWidget(message)
        set_property(self._profile, "invalid", "false" if message is None else "true")

"""The external programs that analyses use: which are there, in which version, how to get the others, how to cite them."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QVBoxLayout

from zerosec_desktop.context import Context
from zerosec_desktop.controls import Card, EmptyState, IconLabel, button, label, row
from zerosec_desktop.jobs import TargetState
from zerosec_desktop.navigation import Route
from zerosec_desktop.problems import in_words
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.base import Screen
from zerosec_desktop.screens.page import Page
from zerosec_shared.programs import FoundBy, ProgramInfo

__all__ = ["ProgramsScreen"]


class ProgramCard(Card):
    """One program."""

    def __init__(self, program: ProgramInfo, used_by: str) -> None:
        super().__init__(margins=Space.MEDIUM, spacing=Space.TINY)
        self.program = program
        sign = IconLabel("check-circle", "success") if program.found else IconLabel("warning", "warning")
        if program.found:
            state = (
                self.tr("version {0}").format(program.version)
                if program.version
                else self.tr("it does not tell its version")
            )
        else:
            state = self.tr("not installed")
        head = row(
            sign,
            label(program.title, "subtitle"),
            label(state, "muted" if program.found else "warning"),
            None,
            label(used_by, "caption"),
            spacing=Space.SMALL,
        )
        self.body.addLayout(head)
        self.body.addWidget(label(program.summary, wrap=True))
        if program.found:
            where = label(f"{program.path} ({self._how(program)})", "muted", wrap=True)
        else:
            where = label(program.help, wrap=True)
        where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.body.addWidget(where)
        for citation in program.citations:
            source = citation.text + (f" doi:{citation.doi}" if citation.doi else f" {citation.url}")
            line = label(source, "caption", wrap=True)
            line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self.body.addWidget(line)

    def _how(self, program: ProgramInfo) -> str:
        return {
            FoundBy.SETTINGS: self.tr("named in the settings"),
            FoundBy.PATH: self.tr("found on the PATH"),
            FoundBy.BUNDLED: self.tr("came with ZeroSec"),
        }.get(program.found_by or FoundBy.PATH, "")


class ProgramsScreen(Screen):
    """All programs the current target knows, those that are missing and needed first."""

    icon_name = "command"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.cards: list[ProgramCard] = []
        self._asked = ""
        page = Page(960)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(page)
        intro = label(
            self.tr(
                "Some analyses call programs that others have written. Here is which of them the server has; an analysis that needs "
                "a missing one says so before it sends your files."
            ),
            "muted",
            wrap=True,
        )
        self.again = button(self.tr("Look again"), icon_name="retry", clicked=self.ask)
        top = row(spacing=Space.MEDIUM)
        top.addWidget(intro, 1)
        top.addWidget(self.again)
        page.body.addLayout(top)
        self._list = QVBoxLayout()
        self._list.setSpacing(Space.SMALL)
        page.body.addLayout(self._list)
        context.session.target_changed.connect(self._target_changed)

    def title(self) -> str:
        return self.tr("Programs")

    def open(self, route: Route) -> None:
        self.ask()

    @Slot()
    def ask(self) -> None:
        """Ask the current target again."""
        session = self.context.session
        state = session.target_state(session.current_target)
        if state is None or not state.usable:
            self._asked = ""
            self._say(
                self.tr("The server does not answer yet"),
                self.tr("Its programs are shown as soon as it does."),
            )
            return
        self._asked = session.current_target
        if not self.cards:
            self._say(self.tr("Looking for the programs…"), self.tr("Each of them is asked for its version."))
        session.ask(
            session.current_target,
            lambda api: api.programs(),
            name="programs",
            done=self._got,
            failed=self._failed,
        )

    @Slot(object)
    def _target_changed(self, state: TargetState) -> None:
        if self.isVisible() and not self._asked and state.usable:
            self.ask()

    def _got(self, programs: tuple[ProgramInfo, ...]) -> None:
        self._clear()
        titles = {analysis.id: analysis.title for analysis in self.context.session.catalogue()}
        for program in sorted(programs, key=lambda p: (p.found, not p.used_by, p.title.lower())):
            used = ", ".join(titles[analysis] for analysis in program.used_by if analysis in titles)
            card = ProgramCard(program, self.tr("for {0}").format(used) if used else "")
            self.cards.append(card)
            self._list.addWidget(card)

    def _failed(self, error: Exception) -> None:
        words = in_words(error)
        self._say(words.title, words.hint)

    def _say(self, title: str, text: str) -> None:
        self._clear()
        self._list.addWidget(EmptyState("command", title, text))

    def _clear(self) -> None:
        self.cards.clear()
        while (item := self._list.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()

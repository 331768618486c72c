"""What was done before: runs of all targets by day, found by name, however old."""

from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLineEdit, QVBoxLayout

from zerosec_client.api import Api
from zerosec_client.errors import ServerUnreachableError
from zerosec_desktop.bridge import Work
from zerosec_desktop.context import Context
from zerosec_desktop.controls import Card, EmptyState, button, label, row
from zerosec_desktop.jobs import Condition, Phase, TargetState
from zerosec_desktop.navigation import HistoryRoute, JobKey, Route, RunRoute
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.base import Screen
from zerosec_desktop.screens.home.screen import RowButton
from zerosec_desktop.screens.page import Page
from zerosec_desktop.wording import PHASE_ICON, clock, day, phase_title, target_title
from zerosec_shared.runs import JobStatus, Run
from zerosec_shared.system import Page as ListPage

__all__ = ["HistoryScreen"]

PAGE = 50
TYPING_MS = 250
_SOON = {Condition.UNKNOWN, Condition.STARTING}


class HistoryScreen(Screen):
    """Asks the servers, page by page; what is typed is looked for there."""

    icon_name = "history"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._runs: list[tuple[str, Run]] = []
        self._cursors: dict[str, str | None] = {}
        self._asking: list[Work] = []
        self._page = Page(960)
        self._search = QLineEdit()
        self._search.setPlaceholderText(self.tr("Find a run by its name or analysis"))
        self._search.setAccessibleName(self._search.placeholderText())
        self._search.setClearButtonEnabled(True)
        self._search.setMinimumWidth(320)
        self._search.setMaximumWidth(400)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self._begin)
        context.session.target_changed.connect(self._target_changed)
        self._search.textChanged.connect(self._typing.start)
        self._state = label("", "muted")
        self._page.body.addLayout(row(self._search, None, self._state))
        self._days = QVBoxLayout()
        self._days.setSpacing(Space.MEDIUM)
        self._page.body.addLayout(self._days)
        self._more = button(self.tr("Show older runs"), clicked=self._ask)
        self._page.body.addLayout(row(None, self._more, None))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._page)

    def title(self) -> str:
        return self.tr("History")

    def open(self, route: Route) -> None:
        if isinstance(route, HistoryRoute) and route.search:
            self._search.setText(route.search)

    def activated(self) -> None:
        self._search.setFocus()
        self._begin()

    def deactivated(self) -> None:
        self._leave()

    def _target_changed(self, state: TargetState) -> None:
        """One that was not asked yet answers now; what stands here is asked anew only where that is nothing."""
        if not self.isVisible() or self._runs:
            return
        if not self._cursors:
            self._begin() if state.usable else self._show()

    def _leave(self) -> None:
        for work in self._asking:
            work.cancel()
        self._asking.clear()

    def _begin(self) -> None:
        self._leave()
        self._runs.clear()
        self._more.hide()
        self._cursors = {state.name: "" for state in self.context.session.target_states() if state.usable}
        self._ask()

    def _ask(self) -> None:
        text = self._search.text().strip() or None
        self._state.setText(self.tr("Looking…"))
        asked = False
        for target, cursor in self._cursors.items():
            if cursor is not None:
                asked = True
                self._asking.append(
                    self.context.session.ask(
                        target,
                        partial(_page_of_runs, text=text, cursor=cursor or None),
                        name="history",
                        done=partial(self._got, target),
                        failed=partial(self._failed, target),
                    )
                )
        if not asked:
            self._show()

    def _got(self, target: str, page: "ListPage[Run]") -> None:
        self._cursors[target] = page.next_cursor
        self._runs += [(target, run) for run in page.items]
        self._runs.sort(key=lambda pair: pair[1].created_at, reverse=True)
        self._show()

    def _failed(self, target: str, error: Exception) -> None:
        if isinstance(error, ServerUnreachableError):
            self._cursors.pop(
                target, None
            )  # it is said where the runs would stand, and asked when it is back
        else:
            self.context.notifications.problem(error, key="history")
        self._show()

    def _show(self) -> None:
        self._state.setText(self.tr("%Ln run(s)", "", len(self._runs)) if self._runs else "")
        while (item := self._days.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        self._more.setVisible(any(cursor for cursor in self._cursors.values()))
        if not self._runs:
            self._days.addWidget(self._nothing())
            return
        card: Card | None = None
        heading = ""
        for target, run in self._runs:
            on = day(run.created_at)
            if card is None or on != heading:
                heading = on
                card = Card(spacing=0)
                card.body.addWidget(label(on, "subtitle"))
                self._days.addWidget(card)
            card.body.addWidget(self._row(target, run))

    def _nothing(self) -> EmptyState:
        states = self.context.session.target_states()
        if not self._cursors and any(state.condition in _SOON for state in states):
            return EmptyState(
                "hourglass",
                self.tr("Waiting for the server"),
                self.tr("The history is kept on the servers; it appears when one of them answers."),
            )
        if not self._cursors:
            return EmptyState(
                "offline",
                self.tr("No target answers"),
                self.tr("The history is kept on the servers; it appears when one of them answers."),
            )
        if self._search.text().strip():
            return EmptyState("search", self.tr("Nothing by that name"), self.tr("Look for another word."))
        return EmptyState(
            "history", self.tr("No history yet"), self.tr("Every run is kept here until you delete it.")
        )

    def _row(self, target: str, run: Run) -> RowButton:
        phase = _phase(run.latest_status)
        sign = PHASE_ICON[phase]
        session = self.context.session
        state = session.target_state(target)
        parts = [phase_title(phase), session.title_of(run.analysis, target)]
        if state is not None and len(session.target_states()) > 1:
            parts.append(target_title(state))
        parts += list(dict.fromkeys(file.name for files in run.inputs.values() for file in files))[:2]
        made = RowButton(*sign, run.name, clock(run.created_at), " · ".join(parts))
        made.clicked.connect(partial(self._open_run, target, run))
        return made

    def _open_run(self, target: str, run: Run) -> None:
        for entry in self.context.session.entries():
            if entry.key.target == target and entry.state is not None and entry.state.run_id == run.id:
                self.navigate.emit(RunRoute(entry.key))
                return

        async def newest(api: Api) -> JobKey:
            jobs = await api.jobs(run=run.id, limit=1)
            return JobKey(target, jobs.items[0].id)

        self._asking.append(
            self.context.session.ask(
                target,
                newest,
                name="newest job",
                done=self._go,
                failed=self.context.notifications.problem,
            )
        )

    def _go(self, key: JobKey) -> None:
        self.navigate.emit(RunRoute(key))


async def _page_of_runs(api: Api, *, text: str | None, cursor: str | None) -> "ListPage[Run]":
    return await api.runs(text=text, cursor=cursor, limit=PAGE)


def _phase(status: JobStatus | None) -> Phase:
    return Phase(status.value) if status is not None else Phase.QUEUED

"""The servers work can be sent to: how each is, and which one new work goes to."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from zerosec_client.paths import server_data_dir
from zerosec_desktop.context import Context
from zerosec_desktop.controls import Card, IconLabel, Message, button, label, row, set_property
from zerosec_desktop.dialogs import confirm
from zerosec_desktop.jobs import Condition, TargetState
from zerosec_desktop.navigation import Route, TargetsRoute
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.base import Screen
from zerosec_desktop.screens.page import Page
from zerosec_desktop.screens.targets.add_form import AddForm
from zerosec_desktop.shell.status_bar import CONDITION_ICON
from zerosec_desktop.wording import condition_title, duration, milliseconds, size, target_title

__all__ = ["TargetsScreen"]


class TargetCard(Card):
    """One server; rebuilt only where its facts change, so that a button keeps its focus."""

    def __init__(self, screen: "TargetsScreen", state: TargetState) -> None:
        super().__init__(margins=Space.LARGE, spacing=12)
        self._screen = screen
        self.name = state.name
        self._sign = IconLabel("server")
        self._title = label("", "subtitle")
        self._condition = label("", "muted")
        self._used = label(self.tr("New work goes here"), "success")
        self._use = button(self.tr("Send new work here"), clicked=partial(screen.use, state.name))
        head = row(self._sign, self._title, self._condition, None, self._used, self._use, spacing=12)
        self.body.addLayout(head)
        self._band = QVBoxLayout()
        self.body.addLayout(self._band)
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(Space.XLARGE)
        self._facts.setVerticalSpacing(0)
        self._values = [label("", "strong") for _ in range(7)]
        for number, (title, value) in enumerate(zip(self._titles(), self._values, strict=True)):
            self._facts.addWidget(label(title, "caption"), 0, number)
            self._facts.addWidget(value, 1, number)
        self._facts.setColumnStretch(7, 1)
        self.body.addLayout(self._facts)
        foot = row()
        if state.bundled:
            foot.addWidget(button(self.tr("Show its log"), clicked=_open_log))
            foot.addWidget(button(self.tr("Show its folder"), clicked=_open_folder))
        else:
            foot.addWidget(label(state.url or "", "muted"))
        foot.addStretch(1)
        foot.addWidget(
            button(self.tr("Try now"), clicked=partial(screen.context.session.look_again, state.name))
        )
        if not state.bundled:
            foot.addWidget(button(self.tr("Remove…"), "danger", clicked=partial(screen.remove, state.name)))
        self.body.addLayout(foot)
        self._told = ("", "")
        self.show_state(state)

    def _titles(self) -> tuple[str, ...]:
        return (
            self.tr("Version"),
            self.tr("Answers in"),
            self.tr("Worker"),
            self.tr("Running"),
            self.tr("Queued"),
            self.tr("Free space"),
            self.tr("Up for"),
        )

    def _worker(self, state: TargetState) -> str:
        if state.status is None:
            return "–"
        if state.status.slots == 0:
            return self.tr("none") if state.idle_hands else "–"
        return self.tr("at work") if state.status.slots_busy else self.tr("ready")

    def show_state(self, state: TargetState) -> None:
        """How it is now."""
        self._sign.set_icon(*CONDITION_ICON[state.condition])
        self._title.setText(target_title(state))
        self._condition.setText(condition_title(state.condition))
        current = state.name == self._screen.context.session.current_target
        self._used.setVisible(current)
        self._use.setVisible(not current)
        status = state.status
        values = (
            state.info.version if state.info is not None else "–",
            milliseconds(state.answer_ms) if state.answer_ms is not None else "–",
            self._worker(state),
            f"{status.slots_busy} / {status.slots}" if status is not None else "–",
            str(status.jobs.get("queued", 0)) if status is not None else "–",
            size(status.disk_free_bytes) if status is not None else "–",
            duration(status.uptime_s) if status is not None else "–",
        )
        for value, text in zip(self._values, values, strict=True):
            value.setText(text)
        told = (state.message, state.hint) if state.condition is not Condition.ONLINE else ("", "")
        if state.condition is Condition.STARTING:
            told = (
                self.tr("It is starting: a few seconds, as a rule"),
                self.tr("What you submit meanwhile is kept here, and sent as soon as it answers."),
            )
        if status is not None and status.disk_free_bytes < 2_000_000_000:
            told = (
                self.tr("Little space is left: {free}").format(free=size(status.disk_free_bytes)),
                self.tr("Delete runs you no longer need before large files are sent."),
            )
        if state.idle_hands:
            told = (
                self.tr("No worker is running: jobs are taken, and wait"),
                self.tr(
                    "Nothing is lost. ZeroSec starts it again by itself; if it does not come back, its log says why."
                )
                if state.bundled
                else self.tr("Nothing is lost. Tell whoever looks after this server."),
            )
        if told != self._told:
            self._told = told
            while (item := self._band.takeAt(0)) is not None:
                old = item.widget()
                if old is not None:
                    old.hide()
                    old.deleteLater()
            if told[0]:
                starting = state.condition is Condition.STARTING
                self._band.addWidget(Message("info" if starting else "warning", *told))
        set_property(self, "current", "true" if current else "")


class TargetsScreen(Screen):
    """This computer first, then the servers that were added."""

    icon_name = "server"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._cards: dict[str, TargetCard] = {}
        page = Page(960)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(page)
        intro = label(
            self.tr(
                "A target is a server that does the work. This computer always is one; a lab server or one in "
                "the cloud can be added, and everything works the same there."
            ),
            "muted",
            wrap=True,
        )
        self._add = button(self.tr("Add a server…"), "primary", icon_name="plus", clicked=self._show_form)
        head = row(intro, self._add, spacing=Space.LARGE)
        head.setStretch(0, 1)
        page.body.addLayout(head)
        self._form = AddForm(context)
        self._form.added.connect(self._added)
        self._form.left.connect(self._hide_form)
        self._form.hide()
        page.body.addWidget(self._form)
        self._list = QVBoxLayout()
        self._list.setSpacing(Space.MEDIUM)
        page.body.addLayout(self._list)
        context.session.targets_changed.connect(self._fill)
        context.session.target_changed.connect(self._changed)
        self._fill()

    def title(self) -> str:
        return self.tr("Targets")

    def open(self, route: Route) -> None:
        if isinstance(route, TargetsRoute) and route.select in self._cards:
            self._cards[route.select].setFocus()

    def commands(self) -> list[tuple[str, str, object]]:
        return [(self.tr("Add a server…"), "", self._show_form)]

    def _fill(self) -> None:
        states = {state.name: state for state in self.context.session.target_states()}
        for name in [name for name in self._cards if name not in states]:
            gone: QWidget = self._cards.pop(name)
            self._list.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for name, state in states.items():
            if name not in self._cards:
                self._cards[name] = TargetCard(self, state)
                self._list.addWidget(self._cards[name])
            self._cards[name].show_state(state)

    def _changed(self, state: TargetState) -> None:
        card = self._cards.get(state.name)
        if card is not None and self.isVisible():
            card.show_state(state)

    def activated(self) -> None:
        self._fill()

    def use(self, name: str) -> None:
        """Send new work there."""
        try:
            self.context.session.use_target(name)
        except Exception as error:  # noqa: BLE001 -- said in the notification centre
            self.context.notifications.problem(error)

    def remove(self, name: str) -> None:
        """Ask, then forget it."""
        confirm(
            self,
            self.tr("Remove {name}?").format(name=name),
            self.tr("Its runs stay on the server; this computer forgets its address and token."),
            self.tr("Remove"),
            partial(self._remove_now, name),
        )

    def _remove_now(self, name: str) -> None:
        try:
            self.context.session.targets.remove(name)
        except Exception as error:  # noqa: BLE001 -- said in the notification centre
            self.context.notifications.problem(error)
        self.context.session.reload_targets()

    def _show_form(self) -> None:
        self._form.show()
        self._form.begin()
        self._add.setEnabled(False)
        self._add.setToolTip(self.tr("The form is open below"))

    def _hide_form(self) -> None:
        self._form.hide()
        self._add.setEnabled(True)
        self._add.setToolTip("")

    def _added(self, name: str) -> None:
        self._hide_form()
        self.context.session.reload_targets()
        self.context.notifications.info(
            self.tr("{name} was added").format(name=name), self.tr("It can take work now.")
        )


def _open_log() -> None:
    _open_path(server_data_dir() / "server.log")


def _open_folder() -> None:
    _open_path(server_data_dir())


def _open_path(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

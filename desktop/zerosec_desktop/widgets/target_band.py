"""What says that a target is starting or away, where somebody waits for it: a band above a page, or a page in its place."""

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from zerosec_desktop.controls import EmptyState, Message, button
from zerosec_desktop.jobs import Condition, TargetState
from zerosec_desktop.resources.language import translate
from zerosec_desktop.wording import target_title

__all__ = ["TargetBand", "waiting_page"]


def waiting_page(
    state: TargetState | None, title: str, text: str, to_targets: Callable[[], object]
) -> EmptyState:
    """In the place of what a target has yet to say: `title` and `text` while it may answer; who is away, and where to choose another."""
    if state is None or state.may_answer:
        return EmptyState("hourglass", title, text)
    return EmptyState(
        "offline",
        translate("TargetBand", "{target} does not answer").format(target=target_title(state)),
        translate("TargetBand", "{text} You can also send new work to another server.").format(text=text),
        button(translate("TargetBand", "Targets"), clicked=to_targets),
    )


class TargetBand(QWidget):
    """Nothing while the target answers, or it is not yet known whether it does."""

    def __init__(self, *actions: QPushButton) -> None:
        super().__init__()
        self._actions = actions
        self._told: tuple[str, str, str] | None = None
        self._stack = QVBoxLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        for action in actions:
            action.setParent(self)
        self.hide()

    def show_state(self, state: TargetState | None, starting: str, away: str) -> None:
        """Say how the target is; `starting` and `away` are what that means here."""
        told: tuple[str, str, str] | None
        if state is None or state.condition in {Condition.ONLINE, Condition.UNKNOWN}:
            told = None
        elif state.condition is Condition.STARTING:
            told = ("info", self.tr("The server of this computer is starting"), starting)
        else:
            told = ("warning", self.tr("{target} does not answer").format(target=target_title(state)), away)
        if told == self._told:
            return
        self._told = told
        while (item := self._stack.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                for action in self._actions:
                    action.setParent(self)  # it outlives the band it stood in
                    action.hide()
                old.hide()
                old.deleteLater()
        if told is not None:
            actions = self._actions if told[0] == "warning" else ()
            band = Message(*told, *actions)
            self._stack.addWidget(band)
            for action in actions:
                action.show()
        self.setVisible(told is not None)

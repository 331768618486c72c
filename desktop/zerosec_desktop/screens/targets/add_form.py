"""The form that adds a server: its name, address and token, tried before it is kept."""

import asyncio
import re

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from zerosec_client.targets import Target, TargetHealth, Targets, check
from zerosec_desktop.context import Context
from zerosec_desktop.controls import Card, Message, button, label, row, set_property
from zerosec_desktop.problems import in_words
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.session.tokens import KeyringTargets, TokenPlace

__all__ = ["AddForm"]


class AddForm(Card):
    """Shown when asked for; `added` says the name."""

    added = Signal(str)
    left = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(margins=Space.LARGE, spacing=12)
        self._context = context
        self._name = self._field(self.tr("lab-server"))
        self._url = self._field("https://server.example:8443")
        self._token = self._field("")
        self._token.setEchoMode(QLineEdit.EchoMode.Password)
        self._kept = label("", "caption", wrap=True)
        self._add = button(self.tr("Try and add"), "primary", clicked=self._try)
        self._said = QVBoxLayout()
        self.body.addWidget(label(self.tr("Add a server"), "subtitle"))
        for title, field in (
            (self.tr("Name"), self._name),
            (self.tr("Address"), self._url),
            (self.tr("Token"), self._token),
        ):
            field.setAccessibleName(title)
            heading = label(title)
            heading.setFixedWidth(96)
            line_up = row(heading, spacing=Space.MEDIUM)
            line_up.addWidget(field, 1)
            self.body.addLayout(line_up)
        self.body.addWidget(self._kept)
        self.body.addLayout(self._said)
        self.body.addLayout(row(None, button(self.tr("Cancel"), clicked=self.left.emit), self._add))
        self._name.textChanged.connect(self._check)
        self._url.textChanged.connect(self._check)
        self._check()

    def _field(self, example: str) -> QLineEdit:
        made = QLineEdit()
        made.setPlaceholderText(example)
        made.returnPressed.connect(self._try)
        return made

    def begin(self) -> None:
        """An empty form."""
        for field in (self._name, self._url, self._token):
            field.clear()
        self._say(None)
        self._name.setFocus()
        targets = self._context.session.targets
        if isinstance(targets, KeyringTargets):
            self._context.bridge.start(_place(targets), name="token place", done=self._tell_place)

    def _tell_place(self, place: TokenPlace) -> None:
        self._kept.setText(
            self.tr("The token is kept in the keyring of this system.")
            if place is TokenPlace.KEYRING
            else self.tr("This system has no keyring: the token is kept in a file that only you can read.")
        )

    def _check(self) -> None:
        name_fits = re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,59}", self._name.text()) is not None
        url_fits = re.match(r"https?://[^/\s]+", self._url.text()) is not None
        set_property(self._name, "problem", "true" if self._name.text() and not name_fits else "")
        set_property(self._url, "problem", "true" if self._url.text() and not url_fits else "")
        self._add.setEnabled(name_fits and url_fits)
        reason = ""
        if not name_fits:
            reason = self.tr("The name is made of small letters, digits, - and _.")
        elif not url_fits:
            reason = self.tr("The address begins with https:// or http://.")
        self._add.setToolTip(reason)

    def _try(self) -> None:
        if not self._add.isEnabled():
            return
        self._add.setEnabled(False)
        name, url, token = self._name.text(), self._url.text().rstrip("/"), self._token.text()
        self._say(label(self.tr("Trying…"), "muted"))
        self._context.bridge.start(
            _try(self._context.session.targets, name, url, token or None),
            name="try target",
            done=self._tried,
            failed=self._refused,
        )

    def _tried(self, result: tuple[str, TargetHealth]) -> None:
        name, health = result
        self._add.setEnabled(True)
        if health.reachable:
            self.added.emit(name)
        else:
            self._say(Message("error", self.tr("It was not added: no answer"), health.problem))

    def _refused(self, error: Exception) -> None:
        self._add.setEnabled(True)
        words = in_words(error)
        self._say(Message("error", words.title, " ".join(filter(None, (words.detail, words.hint)))))

    def _say(self, widget: QWidget | None) -> None:
        while (item := self._said.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        if widget is not None:
            self._said.addWidget(widget)


async def _place(targets: KeyringTargets) -> TokenPlace:
    return await asyncio.to_thread(targets.place)


async def _try(targets: Targets, name: str, url: str, token: str | None) -> tuple[str, TargetHealth]:
    """Add it, try it, and take it away again where it does not answer."""
    await asyncio.to_thread(targets.add, name, url, token)
    try:
        health = await check(Target(name, url), targets)
    except BaseException:
        await asyncio.to_thread(targets.remove, name)
        raise
    if not health.reachable:
        await asyncio.to_thread(targets.remove, name)
    return name, health

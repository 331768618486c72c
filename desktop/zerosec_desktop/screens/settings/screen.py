"""Settings, a card a matter. Every change is kept at once."""

import os
import sys
from functools import partial
from pathlib import Path

from PySide6.QtCore import QProcess, Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QSpinBox, QSystemTrayIcon, QVBoxLayout, QWidget

from zerosec_client.turns import MOST_AT_ONCE
from zerosec_desktop.context import Context
from zerosec_desktop.controls import Card, ElidedLabel, Message, button, column, label, row
from zerosec_desktop.dialogs import choose_folder
from zerosec_desktop.resources.theme import ThemeChoice
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.base import Screen
from zerosec_desktop.screens.page import Page
from zerosec_desktop.settings import Language, Settings

__all__ = ["SettingsScreen"]

BOX_WIDTH = 26
"""Of a check box with the gap to its words, in px."""
SCALES = (100, 125, 150, 175, 200)


class SettingsScreen(Screen):
    """Appearance, work, data, and where things are kept."""

    icon_name = "settings"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._started_scale = context.settings.value.scale_percent
        page = Page(800)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(page)
        self._language = self._choice(
            "language",
            (
                (self.tr("As the system"), Language.SYSTEM),
                ("English", Language.ENGLISH),
                ("日本語", Language.JAPANESE),
            ),
        )
        self._theme = self._choice(
            "theme",
            (
                (self.tr("As the system"), ThemeChoice.SYSTEM),
                (self.tr("Light"), ThemeChoice.LIGHT),
                (self.tr("Dark"), ThemeChoice.DARK),
            ),
        )
        self._scale = self._choice("scale_percent", tuple((f"{scale}%", scale) for scale in SCALES))
        self._restart = Message(
            "info",
            self.tr("The size changes with the next start"),
            self.tr("What runs on the server goes on meanwhile."),
            button(self.tr("Start again now"), clicked=self._start_again),
        )
        page.body.addWidget(
            self._card(
                self.tr("Appearance"),
                self._line(self.tr("Language"), "", self._language),
                self._line(self.tr("Colours"), "", self._theme),
                self._line(self.tr("Size of everything"), "", self._scale),
                self._restart,
            )
        )
        self._notify = self._switch("notify_when_done", self.tr("Tell me when a job ends"))
        self._leave = self._switch(
            "leave_server_running", self.tr("Let the server of this computer finish its work when I quit")
        )
        self._transfers = self._limit("transfers_at_once", MOST_AT_ONCE, "", "", least=1)
        no_tray = label(
            self.tr("This system shows no notifications of its own: what ends is told in this window only."),
            "caption",
            wrap=True,
        )
        no_tray.setVisible(not QSystemTrayIcon.isSystemTrayAvailable())
        self.no_tray = no_tray
        page.body.addWidget(
            self._card(
                self.tr("Work"),
                self._with_note(self._notify, no_tray),
                self._line(
                    self.tr("Files sent or fetched at the same time"),
                    self.tr("The others wait for their turn; small ones never do."),
                    self._transfers,
                ),
                self._with_note(
                    self._leave,
                    label(
                        self.tr(
                            "Otherwise it is asked to end: what is queued stays queued, and what is running "
                            "starts anew when ZeroSec is opened again."
                        ),
                        "caption",
                        wrap=True,
                    ),
                ),
            )
        )
        self._slots = self._limit("server_slots", 64, self.tr("as many as processors"), "")
        self._memory = self._limit("job_memory_gib", 4096, self.tr("8 GB"), self.tr(" GB"))
        self._hours = self._limit("job_hours", 8760, self.tr("24 hours"), self.tr(" hours"))
        page.body.addWidget(
            self._card(
                self.tr("The server of this computer"),
                self._line(self.tr("Jobs at the same time"), "", self._slots),
                self._line(
                    self.tr("Most memory of a job"),
                    self.tr("A job that needs more is ended, and says so."),
                    self._memory,
                ),
                self._line(self.tr("Longest time of a job"), "", self._hours),
                label(
                    self.tr(
                        "These limits hold from the next start of the server on: when ZeroSec was quit and its work is done."
                    ),
                    "caption",
                    wrap=True,
                ),
            )
        )
        self._folder = ElidedLabel("", "", Qt.TextElideMode.ElideMiddle)
        choose = button(self.tr("Choose…"), clicked=self._choose_folder)
        across = row(self._folder, choose)
        across.setStretch(0, 1)
        folder_row = QWidget()
        folder_row.setLayout(across)
        kept = ElidedLabel(str(context.settings.path), "muted", Qt.TextElideMode.ElideMiddle)
        page.body.addWidget(
            self._card(
                self.tr("Folders"),
                label(self.tr("Results are saved to"), "muted"),
                folder_row,
                label(self.tr("These settings are kept in"), "muted"),
                kept,
            )
        )
        context.settings.changed.connect(self._show)
        self._show(context.settings.value)

    def title(self) -> str:
        return self.tr("Settings")

    # -- making ------------------------------------------------------------------------------------------------

    @staticmethod
    def _card(title: str, *parts: QWidget) -> Card:
        card = Card(spacing=12, margins=Space.LARGE)
        card.body.addWidget(label(title, "subtitle"))
        for part in parts:
            card.body.addWidget(part)
        return card

    @staticmethod
    def _line(title: str, note: str, field: QWidget) -> QWidget:
        words = column(label(title), spacing=0)
        if note:
            words.addWidget(label(note, "caption", wrap=True))
        across = row(spacing=Space.MEDIUM)
        across.addLayout(words, 1)
        across.addWidget(field)
        field.setMinimumWidth(200)
        field.setAccessibleName(title)
        made = QWidget()
        made.setLayout(across)
        return made

    @staticmethod
    def _with_note(box: QCheckBox, note: QLabel) -> QWidget:
        """What a switch means, right below its words."""
        note.setContentsMargins(BOX_WIDTH, 0, 0, 0)
        made = QWidget()
        made.setLayout(column(box, note, spacing=0))
        return made

    def _choice(self, name: str, options: tuple[tuple[str, object], ...]) -> QComboBox:
        box = QComboBox()
        for text, value in options:
            box.addItem(text, value)
        box.activated.connect(partial(self._chosen, name, box))
        return box

    def _switch(self, name: str, text: str) -> QCheckBox:
        box = QCheckBox(text)
        box.clicked.connect(partial(self._switched, name))
        return box

    def _limit(self, name: str, most: int, automatic: str, unit: str, least: int = 0) -> QSpinBox:
        box = QSpinBox()
        box.setRange(least, most)
        box.setSpecialValueText(automatic)
        box.setSuffix(unit)
        box.setKeyboardTracking(False)
        box.lineEdit().setTextMargins(Space.SMALL, 0, Space.SMALL, 0)
        box.valueChanged.connect(partial(self._limited, name))
        return box

    def _limited(self, name: str, value: int) -> None:
        self.context.settings.change(**{name: value})

    # -- changing ----------------------------------------------------------------------------------------------

    def _chosen(self, name: str, box: QComboBox, *_: object) -> None:
        self.context.settings.change(**{name: box.currentData()})

    def _switched(self, name: str, checked: bool) -> None:
        self.context.settings.change(**{name: checked})

    def _choose_folder(self) -> None:
        choose_folder(
            self,
            self.tr("Where results are saved"),
            self.context.settings.value.results_folder,
            self._folder_chosen,
        )

    def _folder_chosen(self, chosen: list[Path]) -> None:
        self.context.settings.change(results_folder=chosen[0])

    def _show(self, settings: Settings) -> None:
        for box, value in (
            (self._language, settings.language),
            (self._theme, settings.theme),
            (self._scale, settings.scale_percent),
        ):
            box.setCurrentIndex(max(0, box.findData(value)))
        for limit, value in (
            (self._transfers, settings.transfers_at_once),
            (self._slots, settings.server_slots),
            (self._memory, settings.job_memory_gib),
            (self._hours, settings.job_hours),
        ):
            limit.blockSignals(True)
            limit.setValue(value)
            limit.blockSignals(False)
        self._notify.setChecked(settings.notify_when_done)
        self._leave.setChecked(settings.leave_server_running)
        self._folder.set_full_text(str(settings.results_folder))
        self._restart.setVisible(settings.scale_percent != self._started_scale)

    def _start_again(self) -> None:
        """A new window of the new size; this one ends first, so that the new one is the only one."""
        os.environ.pop("QT_SCALE_FACTOR", None)
        QProcess.startDetached(sys.executable, ["-m", "zerosec_desktop", "--after", str(os.getpid())])
        leave = getattr(self.window(), "leave", None)
        if leave is not None:
            leave.emit()

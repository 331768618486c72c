"""The grouped navigation on the left."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QLabel, QPushButton, QVBoxLayout

from zerosec_desktop.controls import button, label, row, set_property, tool_button
from zerosec_desktop.navigation import (
    AnalysisRoute,
    CatalogueRoute,
    CompareRoute,
    ExperimentsRoute,
    HistoryRoute,
    HomeRoute,
    JobsRoute,
    PreviewRoute,
    ProgramsRoute,
    ReferencesRoute,
    Route,
    RunRoute,
    SettingsRoute,
    TargetsRoute,
)
from zerosec_desktop.resources.icon import app_icon, icon
from zerosec_desktop.resources.tokens import Control, Space

WIDE, NARROW = 208, 56
TALL = 520
"""Below this height the entries stand closer, without their headings."""
_PARENT: dict[type, type] = {
    AnalysisRoute: CatalogueRoute,
    PreviewRoute: HomeRoute,
    RunRoute: JobsRoute,
    CompareRoute: JobsRoute,
}
"""Screens without an entry of their own light up the one they belong to."""


class SideBar(QFrame):
    """Home; analyses; runs and history; targets and settings."""

    navigate = Signal(object)  # Route
    folded = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "nav")
        self.setAccessibleName(self.tr("Navigation"))
        self._buttons: dict[type, QPushButton] = {}
        self._texts: dict[type, str] = {}
        self._headings: list[QLabel] = []
        self._group = QButtonGroup(self)
        self._narrow = self._low = False
        self._stack = QVBoxLayout(self)
        self._stack.setContentsMargins(Space.SMALL, Space.MEDIUM - 4, Space.SMALL, Space.SMALL)
        self._stack.setSpacing(Space.HAIR)
        self._sign = QLabel()
        self._sign.setPixmap(app_icon().pixmap(QSize(28, 28), self.devicePixelRatioF()))
        self._name = label("ZeroSec", "subtitle")
        self._stack.addLayout(row(4, self._sign, self._name, None, spacing=10))
        self._stack.addSpacing(Space.MEDIUM)
        self._add(HomeRoute, "home", self.tr("Home"), "Alt+1")
        self._heading(self.tr("WORK"))
        self._add(ExperimentsRoute, "experiment", self.tr("Experiments"), "Alt+2")
        self._add(CatalogueRoute, "analysis", self.tr("Analyses"), "Alt+3")
        self._add(JobsRoute, "runs", self.tr("Runs"), "Alt+4")
        self._add(HistoryRoute, "history", self.tr("History"), "Alt+5")
        self._heading(self.tr("SET-UP"))
        self._add(TargetsRoute, "server", self.tr("Targets"), "Alt+6")
        self._add(ProgramsRoute, "command", self.tr("Programs"), "Alt+8")
        self._add(ReferencesRoute, "disk", self.tr("References"), "Alt+9")
        self._add(SettingsRoute, "settings", self.tr("Settings"), "Alt+7")
        self._stack.addStretch(1)
        self._fold = tool_button("sidebar", self.tr("Fold the navigation"), clicked=self._toggle)
        self._stack.addLayout(row(self._fold, None))
        self.setFixedWidth(WIDE)

    def _heading(self, text: str) -> None:
        heading = label(text, "overline")
        heading.setContentsMargins(Space.SMALL + 4, Space.MEDIUM, 0, Space.TINY)
        self._headings.append(heading)
        self._stack.addWidget(heading)

    def _add(self, route: type, icon_name: str, text: str, shortcut: str) -> None:
        made = button(text, "nav", clicked=lambda: self.navigate.emit(route()))
        made.setIcon(icon(icon_name, "muted"))
        made.setIconSize(QSize(Control.ICON_LARGE + 6, Control.ICON_LARGE))
        made.setCheckable(True)
        made.setShortcut(shortcut)
        made.setAccessibleName(text)
        made.setToolTip(f"{text} ({shortcut})")
        self._group.addButton(made)
        self._buttons[route] = made
        self._texts[route] = text
        self._stack.addWidget(made)

    def show_route(self, route: Route) -> None:
        """Light up the entry a route belongs to."""
        kind = _PARENT.get(type(route), type(route))
        found = self._buttons.get(kind)
        if found is not None:
            found.setChecked(True)

    def _toggle(self) -> None:
        self.set_folded(not self._narrow)
        self.folded.emit(self._narrow)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        low = event.size().height() < TALL
        if low != self._low:
            self._low = low
            for made in self._buttons.values():
                set_property(made, "low", "true" if low else "")
            self._stack.setSpacing(0 if low else Space.HAIR)
            self._show_headings()

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), 0)

    def _show_headings(self) -> None:
        for heading in self._headings:
            heading.setVisible(not self._narrow and not self._low)

    def set_folded(self, narrow: bool) -> None:
        """Icons only, or with words."""
        if narrow == self._narrow:
            return
        self._narrow = narrow
        self.setFixedWidth(NARROW if narrow else WIDE)
        self._name.setVisible(not narrow)
        self._show_headings()
        for route, found in self._buttons.items():
            found.setText("" if narrow else self._texts[route])
        self._fold.setToolTip(self.tr("Unfold the navigation") if narrow else self.tr("Fold the navigation"))

"""Every control of every screen says what it is to a screen reader, and can be reached by the keyboard."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import EXAMPLES, RunningApp
from zerosec_desktop.jobs import Phase
from zerosec_desktop.navigation import (
    AnalysisRoute,
    CatalogueRoute,
    HistoryRoute,
    HomeRoute,
    JobsRoute,
    PreviewRoute,
    RunRoute,
    SettingsRoute,
    TargetsRoute,
)
from zerosec_desktop.shell.side_bar import SideBar

pytestmark = pytest.mark.bundled("shared")
QT_OWN = ("qt_", "Scroll", "_q_")
CONTROLS = (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox, QAbstractSpinBox, QAbstractItemView)


def controls(window: QWidget) -> Iterator[QWidget]:
    """What the user can act on now, without the parts Qt itself makes of it."""
    for widget in window.findChildren(QWidget):
        parent = widget.parentWidget()
        inner = isinstance(parent, QComboBox | QAbstractSpinBox) or widget.objectName().startswith(QT_OWN)
        inner = inner or isinstance(widget, QHeaderView)  # read with the cells of its table
        popup = widget.window() is not window
        if isinstance(widget, CONTROLS) and widget.isVisible() and not inner and not popup:
            yield widget


def name_of(widget: QWidget, window: QWidget) -> str:
    """What a screen reader says of it."""
    if widget.accessibleName():
        return widget.accessibleName()
    if isinstance(widget, QAbstractButton) and widget.text():
        return widget.text()
    buddies = [each.text() for each in window.findChildren(QLabel) if each.buddy() is widget]
    return buddies[0] if buddies else ""


def described(widget: QWidget) -> str:
    """For a person who has to find it."""
    parents = []
    parent: QWidget | None = widget
    while parent is not None and len(parents) < 4:
        parents.append(type(parent).__name__)
        parent = parent.parentWidget()
    return " in ".join(parents)


def test_every_control_of_every_screen_has_a_name_and_takes_the_focus(
    start_app: Callable[[], RunningApp], qtbot: QtBot
) -> None:
    app = start_app()
    app.connected()
    penguins = EXAMPLES / "penguins.csv"
    key = app.session.submit(
        analysis="linear",
        step=None,
        name="Body mass",
        parameters={"target": "body_mass_g", "terms": "flipper_length_mm"},
        inputs={"data": [(penguins, None)]},
    )
    qtbot.waitUntil(
        lambda: (e := app.session.entry(key)) is not None and e.phase is Phase.SUCCEEDED, timeout=90_000
    )
    nameless: dict[str, list[str]] = {}
    unreachable: dict[str, list[str]] = {}
    for route in (
        HomeRoute(),
        CatalogueRoute(),
        PreviewRoute(penguins),
        AnalysisRoute("linear", files=(penguins,)),
        JobsRoute(key),
        RunRoute(key),
        HistoryRoute(),
        TargetsRoute(),
        SettingsRoute(),
    ):
        app.window.go(route)
        qtbot.wait(300)
        found = list(controls(app.window))
        assert found, route
        screen = type(route).__name__
        for widget in found:
            if not name_of(widget, app.window):
                nameless.setdefault(screen, []).append(described(widget))
            roving = isinstance(
                widget.parentWidget(), SideBar
            )  # one of them takes the focus, arrows go on from there
            if widget.isEnabled() and not roving and not widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                unreachable.setdefault(screen, []).append(
                    f"{name_of(widget, app.window)}: {described(widget)}"
                )

    assert nameless == {}
    assert unreachable == {}

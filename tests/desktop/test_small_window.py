"""A window on a small screen at double size: nothing is cut off for good, and every control can be scrolled to."""

import sys
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import EXAMPLES, ROOT, RunningApp
from tests.desktop.submitting import phase, submit_linear
from zerosec_desktop.jobs import Phase
from zerosec_desktop.main_window import LEAST
from zerosec_desktop.navigation import (
    AnalysisRoute,
    CatalogueRoute,
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
from zerosec_desktop.screens.jobs.order import Column
from zerosec_desktop.screens.jobs.screen import JobsScreen
from zerosec_desktop.screens.run.screen import RunScreen
from zerosec_desktop.widgets.two_columns import TwoColumns

sys.path.insert(0, str(ROOT / "packaging"))
from screenshots import cut_off

pytestmark = [pytest.mark.bundled("shared"), pytest.mark.timeout(600)]


@pytest.fixture
def app(start_app: Callable[[], RunningApp], qtbot: QtBot) -> Iterator[RunningApp]:
    running = start_app()
    running.connected()
    running.window.resize(LEAST)
    return running


def scrolled_to(widget: QWidget) -> bool:
    """Whether all of it is seen, once everything that scrolls around it was scrolled there."""
    around = widget.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea) and around.widget() is not None:
            around.ensureWidgetVisible(widget, 0, 0)
        around = around.parentWidget()
    return widget.visibleRegion().boundingRect().size() == widget.size()


def test_every_screen_can_be_used_in_the_least_window(app: RunningApp, qtbot: QtBot) -> None:
    assert LEAST.width() <= 640
    assert LEAST.height() <= 400 - 32, "there is a task bar, too"
    key = submit_linear(app)
    qtbot.waitUntil(lambda: phase(app, key) is Phase.SUCCEEDED)
    penguins = EXAMPLES / "penguins.csv"
    routes: tuple[Route, ...] = (
        HomeRoute(), CatalogueRoute(), AnalysisRoute("linear", (penguins,)), RunRoute(key), JobsRoute(key), HistoryRoute(),
        TargetsRoute(), ProgramsRoute(), ReferencesRoute(), ExperimentsRoute(), PreviewRoute(penguins), SettingsRoute(),
    )  # fmt: skip
    for route in routes:
        app.window.go(route)
        shown = app.window.screen_shown
        assert shown is not None
        qtbot.waitUntil(lambda: app.window.size() == LEAST)
        QApplication.processEvents()
        app.app.notifications.clear()
        app.window.toasts.clear()
        qtbot.waitUntil(lambda: cut_off(app.window) == [])
        unseen = [
            made.text() or made.accessibleName()
            for made in shown.findChildren(QPushButton)
            if made.isVisible() and not scrolled_to(made)
        ]
        assert unseen == [], type(route).__name__


@pytest.mark.parametrize("width", [LEAST.width(), 1200])
def test_entries_of_the_navigation_stand_apart_within_the_lowest_window(
    app: RunningApp, qtbot: QtBot, width: int
) -> None:
    window = app.window
    window.resize(width, LEAST.height())
    QApplication.processEvents()
    places = [
        QRect(made.mapTo(window, made.rect().topLeft()), made.size())
        for made in window.side.findChildren(QPushButton)
        if made.isVisible()
    ]
    assert len(places) >= 9
    assert all(window.rect().contains(place) for place in places)
    assert not [
        (one, other)
        for number, one in enumerate(places)
        for other in places[number + 1 :]
        if one.intersects(other)
    ]


def test_palette_and_notices_stay_within_the_least_window(app: RunningApp, qtbot: QtBot) -> None:
    window = app.window
    window.show_palette()
    assert window.rect().contains(window.palette_.geometry())
    window.palette_.leave()
    window.notices.toggle()
    qtbot.waitUntil(window.notices.isVisible)
    QApplication.processEvents()
    shown = window.notices
    assert window.rect().contains(QRect(shown.mapTo(window, shown.rect().topLeft()), shown.size()))
    assert all(scrolled_to(text) for text in shown.findChildren(QLabel) if text.isVisible() and text.text())


def test_open_notices_leave_a_screen_the_room_it_needs(app: RunningApp, qtbot: QtBot) -> None:
    """Over the screen where there is no room for both, beside it where there is; closed, they take none."""
    window = app.window
    window.resize(1280, 820)
    qtbot.waitUntil(lambda: window.stack.width() > 1000)
    whole = window.stack.width()
    window.notices.toggle()
    qtbot.waitUntil(window.notices.isVisible)
    assert window.stack.width() == whole
    assert window.notices.visibleRegion().boundingRect() == window.notices.rect(), "nothing stands over them"
    window.resize(1700, 820)
    qtbot.waitUntil(lambda: window.stack.width() > whole)
    left = window.stack.mapTo(window, window.stack.rect().topRight()).x()
    assert left + 1 == window.notices.mapTo(window, window.notices.rect().topLeft()).x()
    window.notices.toggle()
    qtbot.waitUntil(lambda: window.stack.width() == whole + 1700 - 1280)


def test_details_of_a_run_take_the_place_of_the_list_until_they_are_closed(
    app: RunningApp, qtbot: QtBot
) -> None:
    key = submit_linear(app)
    qtbot.waitUntil(lambda: phase(app, key) is Phase.SUCCEEDED)
    app.window.go(JobsRoute(key))
    runs = app.window.screen_shown
    assert isinstance(runs, JobsScreen)
    qtbot.waitUntil(lambda: runs.details.isVisible() and not runs.view.isVisible())
    runs.details.closed.emit()
    qtbot.waitUntil(lambda: runs.view.isVisible() and not runs.details.isVisible())
    app.window.resize(1280, 820)
    app.window.go(JobsRoute(key))
    qtbot.waitUntil(lambda: runs.details.isVisible() and runs.view.isVisible())
    header, columns = runs.view.header(), runs.model.columns
    shown = [kind for number, kind in enumerate(columns) if not header.isSectionHidden(number)]
    assert set(shown) >= {Column.STATE, Column.NAME, Column.PROGRESS, Column.CREATED}
    assert header.sectionSize(columns.index(Column.NAME)) >= 220, "else names of runs are cut"


def test_cards_stand_two_a_row_where_there_is_room_and_else_below_each_other(qtbot: QtBot) -> None:
    cards = [QLabel(text) for text in ("one", "two", "three")]
    pair = TwoColumns(cards)
    qtbot.addWidget(pair)
    pair.resize(800, 400)
    pair.show()
    assert cards[0].y() == cards[1].y() < cards[2].y()
    pair.resize(400, 400)
    qtbot.waitUntil(lambda: cards[0].y() < cards[1].y() < cards[2].y())
    assert len({card.x() for card in cards}) == 1


def test_a_window_is_never_larger_than_the_screen_it_opens_on(app: RunningApp) -> None:
    app.window.resize(5000, 5000)
    app.window.fit_the_screen()
    assert app.window.width() <= QGuiApplication.primaryScreen().availableSize().width()
    assert app.window.height() <= QGuiApplication.primaryScreen().availableSize().height()


def test_a_screen_that_scrolls_within_does_not_scroll_as_a_whole(app: RunningApp, qtbot: QtBot) -> None:
    """Texts that wrap would like more height than there is: the page of results scrolls, the head above it stays."""
    key = submit_linear(app)
    qtbot.waitUntil(lambda: phase(app, key) is Phase.SUCCEEDED)
    app.window.resize(1000, 480)
    app.window.go(RunRoute(key))
    shown = app.window.screen_shown
    assert isinstance(shown, RunScreen)
    qtbot.waitUntil(lambda: shown.pages.shown is shown.results and not shown.results.drawing)
    QApplication.processEvents()
    assert shown.height() == app.window.stack.height()
    assert shown.minimumSizeHint().height() < shown.heightForWidth(shown.width()), (
        "else nothing is shown here"
    )

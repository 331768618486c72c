"""What the command palette offers: places, actions, analyses, runs, files, and the shown screen's own commands."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

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
from zerosec_desktop.resources.language import translate
from zerosec_desktop.resources.theme import ThemeChoice
from zerosec_desktop.shell.palette import Command
from zerosec_desktop.wording import PHASE_ICON

if TYPE_CHECKING:
    from zerosec_desktop.main_window import MainWindow

__all__ = ["all_commands"]

RUNS = 200


def all_commands(window: "MainWindow") -> list[Command]:
    """Everything there is now, the most likely first."""
    return [*_of_screen(window), *_places(window), *_actions(window), *_analyses(window), *_things(window)]


def _of_screen(window: "MainWindow") -> list[Command]:
    screen = window.screen_shown
    if screen is None:
        return []
    return [
        Command(title, call, screen.icon_name, screen.title(), shortcut)
        for title, shortcut, call in screen.commands()
        if callable(call)
    ]


def _places(window: "MainWindow") -> list[Command]:
    group = translate("Commands", "Go to")
    places = (
        (translate("Commands", "Home"), HomeRoute(), "home", "Alt+1"),
        (translate("Commands", "Analyses"), CatalogueRoute(), "analysis", "Alt+2"),
        (translate("Commands", "Runs"), JobsRoute(), "runs", "Alt+3"),
        (translate("Commands", "History"), HistoryRoute(), "history", "Alt+4"),
        (translate("Commands", "Targets"), TargetsRoute(), "server", "Alt+5"),
        (translate("Commands", "Settings"), SettingsRoute(), "settings", "Alt+6"),
    )
    return [
        Command(
            translate("Commands", "Go to {place}").format(place=title),
            partial(window.go, route),
            icon_name,
            group,
            keys,
        )
        for title, route, icon_name, keys in places
    ]


def _actions(window: "MainWindow") -> list[Command]:
    settings = window.context.settings
    group = translate("Commands", "Do")

    def set_theme(choice: ThemeChoice) -> Callable[[], None]:
        return lambda: settings.change(theme=choice)

    return [
        Command(translate("Commands", "Open a file…"), window.choose_file, "folder", group, "Ctrl+O"),
        Command(
            translate("Commands", "Show notifications"), window.notices.toggle, "bell", group, "Ctrl+Shift+N"
        ),
        Command(translate("Commands", "Light theme"), set_theme(ThemeChoice.LIGHT), "sun", group),
        Command(translate("Commands", "Dark theme"), set_theme(ThemeChoice.DARK), "moon", group),
        Command(
            translate("Commands", "Follow the system's theme"),
            set_theme(ThemeChoice.SYSTEM),
            "computer",
            group,
        ),
        Command(
            translate("Commands", "Language: English"), lambda: settings.change(language="en"), "globe", group
        ),
        Command(
            translate("Commands", "Language: Japanese"),
            lambda: settings.change(language="ja"),
            "globe",
            group,
        ),
        Command(translate("Commands", "Quit"), window.leave.emit, "close", group, "Ctrl+Q"),
    ]


def _analyses(window: "MainWindow") -> list[Command]:
    group = translate("Commands", "Analysis")
    return [
        Command(analysis.title, partial(window.go, AnalysisRoute(analysis.id)), "analysis", group)
        for analysis in window.context.session.catalogue()
    ]


def _things(window: "MainWindow") -> list[Command]:
    newest = sorted(window.context.session.entries(), key=lambda entry: entry.created_at, reverse=True)
    runs = [
        Command(
            entry.name,
            partial(window.go, RunRoute(entry.key)),
            PHASE_ICON[entry.phase][0],
            translate("Commands", "Run"),
        )
        for entry in newest[:RUNS]
    ]
    files = [
        Command(path.name, partial(window.go, PreviewRoute(path)), "file-data", translate("Commands", "File"))
        for path in window.context.settings.value.recent_files
    ]
    return [*files, *runs]

"""What the command palette offers: places, actions, analyses, runs, files, and the shown screen's own commands."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from zerosec_desktop.context import Context
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
from zerosec_desktop.resources.language import translate
from zerosec_desktop.resources.theme import ThemeChoice
from zerosec_desktop.screens.base import Screen
from zerosec_desktop.shell.palette import Command
from zerosec_desktop.wording import PHASE_ICON

__all__ = ["Ways", "all_commands"]

RUNS = 200


@dataclass(frozen=True)
class Ways:
    """What the window does for a command."""

    go: Callable[[Route], object]
    choose_file: Callable[[], object]
    show_notices: Callable[[], object]
    leave: Callable[[], object]


def all_commands(context: Context, screen: Screen | None, ways: Ways) -> list[Command]:
    """Everything there is now, the most likely first."""
    return [
        *_of_screen(screen),
        *_places(ways),
        *_actions(context, ways),
        *_analyses(context, ways),
        *_things(context, ways),
    ]


def _of_screen(screen: Screen | None) -> list[Command]:
    if screen is None:
        return []
    return [
        Command(title, call, screen.icon_name, screen.title(), shortcut)
        for title, shortcut, call in screen.commands()
        if callable(call)
    ]


def _places(ways: Ways) -> list[Command]:
    group = translate("Commands", "Go to")
    places = (
        (translate("Commands", "Home"), HomeRoute(), "home", "Alt+1"),
        (translate("Commands", "Experiments"), ExperimentsRoute(), "experiment", "Alt+2"),
        (translate("Commands", "Analyses"), CatalogueRoute(), "analysis", "Alt+3"),
        (translate("Commands", "Runs"), JobsRoute(), "runs", "Alt+4"),
        (translate("Commands", "History"), HistoryRoute(), "history", "Alt+5"),
        (translate("Commands", "Targets"), TargetsRoute(), "server", "Alt+6"),
        (translate("Commands", "Programs"), ProgramsRoute(), "command", "Alt+8"),
        (translate("Commands", "References"), ReferencesRoute(), "disk", "Alt+9"),
        (translate("Commands", "Settings"), SettingsRoute(), "settings", "Alt+7"),
    )
    return [
        Command(
            translate("Commands", "Go to {place}").format(place=title),
            partial(ways.go, route),
            icon_name,
            group,
            keys,
        )
        for title, route, icon_name, keys in places
    ]


def _actions(context: Context, ways: Ways) -> list[Command]:
    settings = context.settings
    group = translate("Commands", "Do")

    def set_theme(choice: ThemeChoice) -> Callable[[], None]:
        return lambda: settings.change(theme=choice)

    return [
        Command(translate("Commands", "Open a file…"), ways.choose_file, "folder", group, "Ctrl+O"),
        Command(
            translate("Commands", "Show notifications"), ways.show_notices, "bell", group, "Ctrl+Shift+N"
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
        Command(translate("Commands", "Quit"), ways.leave, "close", group, "Ctrl+Q"),
    ]


def _analyses(context: Context, ways: Ways) -> list[Command]:
    group = translate("Commands", "Analysis")
    return [
        Command(analysis.title, partial(ways.go, AnalysisRoute(analysis.id)), "analysis", group)
        for analysis in context.session.catalogue()
    ]


def _things(context: Context, ways: Ways) -> list[Command]:
    newest = sorted(context.session.entries(), key=lambda entry: entry.created_at, reverse=True)
    runs = [
        Command(
            entry.name,
            partial(ways.go, RunRoute(entry.key)),
            PHASE_ICON[entry.phase][0],
            translate("Commands", "Run"),
        )
        for entry in newest[:RUNS]
    ]
    files = [
        Command(path.name, partial(ways.go, PreviewRoute(path)), "file-data", translate("Commands", "File"))
        for path in context.settings.value.recent_files
    ]
    return [*files, *runs]

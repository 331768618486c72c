"""Which screen shows each kind of route; a screen is imported when it is first visited."""

from importlib import import_module

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
    RunRoute,
    SettingsRoute,
    TargetsRoute,
)
from zerosec_desktop.screens.base import Screen

__all__ = ["screen_class"]

_SCREENS: dict[type, str] = {
    HomeRoute: "zerosec_desktop.screens.home.screen:HomeScreen",
    CatalogueRoute: "zerosec_desktop.screens.catalogue.screen:CatalogueScreen",
    PreviewRoute: "zerosec_desktop.screens.preview.screen:PreviewScreen",
    AnalysisRoute: "zerosec_desktop.screens.analysis.screen:AnalysisScreen",
    JobsRoute: "zerosec_desktop.screens.jobs.screen:JobsScreen",
    RunRoute: "zerosec_desktop.screens.run.screen:RunScreen",
    CompareRoute: "zerosec_desktop.screens.compare.screen:CompareScreen",
    ExperimentsRoute: "zerosec_desktop.screens.experiments.screen:ExperimentsScreen",
    HistoryRoute: "zerosec_desktop.screens.history.screen:HistoryScreen",
    TargetsRoute: "zerosec_desktop.screens.targets.screen:TargetsScreen",
    ProgramsRoute: "zerosec_desktop.screens.programs.screen:ProgramsScreen",
    ReferencesRoute: "zerosec_desktop.screens.references.screen:ReferencesScreen",
    SettingsRoute: "zerosec_desktop.screens.settings.screen:SettingsScreen",
}


def screen_class(route: type) -> type[Screen]:
    """Import the screen that shows a kind of route."""
    module, name = _SCREENS[route].split(":")
    found: type[Screen] = getattr(import_module(module), name)
    return found

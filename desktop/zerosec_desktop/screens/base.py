"""What a screen is to the window: a page with a title that can be opened at a route and asks to go to others."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from zerosec_desktop.context import Context
from zerosec_desktop.navigation import Route


class Screen(QWidget):
    """Made once, on first need, and kept; `open` is called for every visit.

    Texts are `self.tr("…")`; work is `self.context.bridge.start(…)`; what goes on everywhere comes as signals of
    `self.context.session`; problems go to `self.context.notifications`.
    """

    navigate = Signal(object)  # Route
    title_changed = Signal()

    icon_name = "file"
    """A file of resources/icons, without its ending."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context

    def title(self) -> str:
        """The heading in the window's bar and title; emit `title_changed` when it changes."""
        raise NotImplementedError

    def open(self, route: Route) -> None:
        """Show what the route names. Called before `activated`, also when it is shown already."""

    def activated(self) -> None:
        """The screen has come to the front: refresh, take the focus."""

    def deactivated(self) -> None:
        """Another screen took its place: stop what only the eye needs."""

    def take_files(self, paths: list[Path]) -> bool:
        """Files were dropped on the window while this screen is shown; False: look at them as data files."""
        return False

    def commands(self) -> list[tuple[str, str, object]]:
        """Commands of this screen for the palette: (title, shortcut or "", callable)."""
        return []

    def closing(self) -> None:
        """The window closes: write what must survive."""

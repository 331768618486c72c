"""Files let go over a form: each comes to the input it is for, and what is not as the user may expect is said."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from zerosec_desktop.context import Context
from zerosec_desktop.reading.path_facts import PathFacts, PathKind, ask_paths
from zerosec_desktop.screens.analysis.placing import Held, Placement, place, takes
from zerosec_desktop.screens.analysis.slots import FileSlot

__all__ = ["Dropping"]


class Dropping(QObject):
    """Between what is dropped and the inputs of one form, which may be exchanged for those of another meanwhile."""

    def __init__(
        self, context: Context, slots: Callable[[], dict[str, FileSlot]], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._slots = slots

    def watch(self, slot: FileSlot) -> None:
        """Take what is dropped over this input."""
        slot.dropped.connect(self._dropped)

    def take_fitting(self, paths: list[Path]) -> bool:
        """Take what was let go over the rest of the form, where the endings tell of every file that an input takes it; else nothing."""
        slots = self._slots().values()
        if not paths or not all(any(takes(slot.slot, path.name) for slot in slots) for path in paths):
            return False
        self._ask(paths, "")
        return True

    @Slot(str, object)
    def _dropped(self, over: str, paths: list[Path]) -> None:
        self._ask(paths, over)

    def _ask(self, paths: list[Path], over: str) -> None:
        ask_paths(self._context.bridge, paths, partial(self._take, self._slots(), paths, over))

    def _take(
        self, slots: dict[str, FileSlot], paths: list[Path], over: str, facts: Mapping[Path, PathFacts]
    ) -> None:
        if slots is not self._slots():
            return  # another form is shown by now
        files = [path for path in paths if facts[path].kind in {PathKind.FILE, PathKind.SILENT}]
        if not files:
            if paths:
                self._context.notifications.warn(
                    self.tr("That is not a file"),
                    self.tr("Files are needed, not folders; what was dropped stays out."),
                )
            return
        shown = [slot.held for slot in slots.values() if not slot.isHidden() or slot.slot.name == over]
        placed = place(files, shown, over)
        for name, given in placed.files.items():
            slots[name].set_files(given)
        self._tell(placed, shown, over, len(paths), len(files))

    def _tell(self, placed: Placement, held: list[Held], over: str, dropped: int, files: int) -> None:
        """Say where files went, unless all went where they were dropped, into inputs that were empty."""
        taken = files - len(placed.left)
        had = {each.slot.name: each for each in held}
        lines = []
        for name, given in placed.given.items():
            title = had[name].slot.title
            names = ", ".join(path.name for path in given)
            before = ", ".join(path.name for path in placed.replaced.get(name, ()))
            if before:
                lines.append(
                    self.tr("“{0}” takes one file: {1}, instead of {2}.").format(title, names, before)
                )
            elif had[name].files:
                lines.append(self.tr("“{0}”: {1}, beside what was there.").format(title, names))
            elif (over and name != over) or placed.left:
                lines.append(self.tr("“{0}”: {1}.").format(title, names))
        if taken < dropped:
            if files < dropped:
                lines.append(self.tr("Folders stay out."))
            title = self.tr("{0} of {1} were taken").format(taken, dropped)
            self._context.notifications.info(title, " ".join(lines))
        elif lines:
            self._context.notifications.info(self.tr("Where the files went"), " ".join(lines))

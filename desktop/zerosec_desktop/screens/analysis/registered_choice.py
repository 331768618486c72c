"""The choice of a reference that is registered on the server, in place of a file of this computer."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from zerosec_desktop.context import Context
from zerosec_desktop.controls import button
from zerosec_desktop.resources.language import translate
from zerosec_shared.analyses import InputSlotInfo

if TYPE_CHECKING:
    from zerosec_shared.files import InputFile
    from zerosec_shared.references import Reference

__all__ = ["RegisteredChoice", "registered_line", "registered_path"]


def registered_path(file: "InputFile") -> Path:
    """What stands in place of the path of a registered reference: its name, as it is given in a terminal."""
    return Path(f"@{'' if file.registered is None else file.registered.name}")


def registered_line(name: str, file_name: str, build: str) -> str:
    """A registered reference as one line: its name, the file and the genome build."""
    return translate("RegisteredChoice", "{0}: {1}, genome build {2}").format(name, file_name, build)


class RegisteredChoice(QWidget):
    """A button that asks the server what is registered for a slot, and offers it as a menu."""

    chosen = Signal(object)  # InputFile

    def __init__(self, context: Context, slot: InputSlotInfo, target: str) -> None:
        super().__init__()
        self.target = target
        """Which server is asked; empty: the one that new work goes to."""
        self.menu: QMenu | None = None
        self._context = context
        self._slot = slot
        self.button = button(self.tr("Registered…"), icon_name="server", clicked=self.ask)
        self.button.setToolTip(self.tr("Take one that is registered on the server; nothing is sent."))
        self.button.setAccessibleName(self.tr("Registered…") + " " + slot.title)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.button)

    @Slot()
    def ask(self) -> None:
        """Ask what there is."""
        session = self._context.session
        self.button.setEnabled(False)
        session.ask(
            self.target or session.current_target,
            lambda api: api.references(),
            name="references",
            done=self._got,
            failed=self._failed,
        )

    def _got(self, references: "tuple[Reference, ...]") -> None:
        self.button.setEnabled(True)
        fitting = [known for known in references if known.kind is self._slot.registered]
        if not fitting:
            self._context.notifications.info(
                self.tr("Nothing is registered for “{0}” yet").format(self._slot.title),
                self.tr("Add it under “References” in the navigation."),
            )
            return
        if self.menu is not None:
            self.menu.deleteLater()
        self.menu = QMenu(self)
        for known in fitting:
            text = registered_line(known.name, known.file_name, known.genome_build)
            self.menu.addAction(text.replace("&", "&&"), partial(self.chosen.emit, known.file))
        below = self.button.mapToGlobal(QPoint(0, self.button.height()))
        self.menu.popup(below)

    def _failed(self, error: Exception) -> None:
        self.button.setEnabled(True)
        self._context.notifications.problem(error)

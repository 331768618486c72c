"""The one module that asks in dialogs. None blocks: each is opened and calls back, so that no task is starved."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QToolButton, QWidget

from zerosec_desktop.controls import IconLabel, breakable, button, column, label, row
from zerosec_desktop.resources.icon import icon
from zerosec_desktop.resources.language import translate
from zerosec_desktop.resources.tokens import Space

__all__ = ["choose_folder", "choose_save", "confirm", "open_files"]

_FILES_ICONS = {
    "backButton": "arrow-left",
    "forwardButton": "arrow-right",
    "toParentButton": "chevron-up",
    "newFolderButton": "folder",
    "listModeButton": "columns",
    "detailModeButton": "table",
}
_FILES_PX, _ASKING_PX = (880, 560), 440


def open_files(
    parent: QWidget,
    title: str,
    filters: tuple[str, ...],
    chosen: Callable[[list[Path]], None],
    *,
    many: bool = False,
) -> QFileDialog:
    """Ask for files; `chosen` is called unless the user leaves."""
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles if many else QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters(list(filters) or [translate("Dialogs", "All files (*)")])
    return _open(dialog, parent, chosen)


def choose_folder(
    parent: QWidget, title: str, start: Path, chosen: Callable[[list[Path]], None]
) -> QFileDialog:
    """Ask for a folder."""
    dialog = QFileDialog(parent, title, str(start))
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return _open(dialog, parent, chosen)


def choose_save(
    parent: QWidget,
    title: str,
    suggestion: Path,
    filters: tuple[str, ...],
    chosen: Callable[[list[Path]], None],
) -> QFileDialog:
    """Ask where to write a file; asks before one is replaced."""
    dialog = QFileDialog(parent, title, str(suggestion.parent))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(list(filters) or [translate("Dialogs", "All files (*)")])
    dialog.selectFile(suggestion.name)
    dialog.setDefaultSuffix(suggestion.suffix.removeprefix("."))
    return _open(dialog, parent, chosen)


def _open(dialog: QFileDialog, parent: QWidget, chosen: Callable[[list[Path]], None]) -> QFileDialog:
    """Where the system has none of its own, Qt's comes too small to show when a file was changed."""
    for part, text in (
        (QFileDialog.DialogLabel.LookIn, translate("Dialogs", "Folder:")),
        (QFileDialog.DialogLabel.FileName, translate("Dialogs", "Name:")),
        (QFileDialog.DialogLabel.FileType, translate("Dialogs", "Kind:")),
    ):
        dialog.setLabelText(part, text)
    for name, picture in _FILES_ICONS.items():  # Qt's own are black in the dark, too
        found = dialog.findChild(QToolButton, name)
        if found is not None:
            found.setIcon(icon(picture, "muted"))
    window = parent.window().size()
    dialog.resize(min(_FILES_PX[0], window.width() - Space.XXLARGE), min(_FILES_PX[1], window.height()))

    def accepted() -> None:
        chosen([Path(name) for name in dialog.selectedFiles()])

    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.accepted.connect(accepted)
    dialog.open()
    return dialog


def confirm(
    parent: QWidget, title: str, text: str, action: str, confirmed: Callable[[], None], *, danger: bool = True
) -> QDialog:
    """Ask before what cannot be undone. The button says what it does; Escape leaves everything as it is."""
    dialog = QDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(title)
    heading = label(breakable(title), "subtitle", wrap=True)
    body = label(breakable(text), "muted", wrap=True)
    stay = button(translate("Dialogs", "Cancel"), clicked=dialog.reject)
    act = button(action, "danger" if danger else "primary", clicked=dialog.accept)
    for each in (stay, act):
        each.setAutoDefault(True)  # Enter presses the one that has the focus
    words = column(heading, body, spacing=Space.SMALL)
    sign = IconLabel("warning" if danger else "help", "warning" if danger else "accent", 24)
    top = row(spacing=Space.MEDIUM)
    top.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
    top.addLayout(words, 1)
    stack = column(margins=Space.LARGE, spacing=Space.LARGE)
    stack.addLayout(top)
    stack.addLayout(row(None, stay, act))
    dialog.setLayout(stack)
    for text_label in (heading, body):
        text_label.ensurePolished()
    dialog.setMinimumSize(_ASKING_PX, stack.totalHeightForWidth(_ASKING_PX))  # a name may be many lines long
    dialog.accepted.connect(confirmed)
    stay.setFocus()
    dialog.open()
    return dialog

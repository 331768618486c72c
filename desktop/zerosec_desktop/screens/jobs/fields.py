"""Names and values, one under the other; selectable, and all copied by the context menu."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from zerosec_desktop.controls import label
from zerosec_desktop.resources.theme import monospace
from zerosec_desktop.resources.tokens import Space

__all__ = ["Field", "Fields"]

Field = tuple[str, str]


class Fields(QScrollArea):
    """Shows rows; what is the same as before is not made anew, so that ten changes a second cost nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        inner.setProperty("surface", "clear")
        whole = QVBoxLayout(inner)
        whole.setContentsMargins(0, 12, Space.SMALL, Space.SMALL)
        whole.setSpacing(12)
        self._top = QVBoxLayout()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(Space.MEDIUM)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        whole.addLayout(self._top)
        whole.addLayout(self._grid)
        whole.addStretch(1)
        self.setWidget(inner)
        self._rows: list[tuple[QLabel, QLabel]] = []
        self._fields: list[Field] = []
        self._banners: tuple[str, ...] = ()
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.addAction(self.tr("Copy all")).triggered.connect(self._copy)

    def show_fields(self, fields: list[Field]) -> None:
        """Show these rows. A value that is an id or a checksum is set in letters of one width."""
        for number, field in enumerate(fields):
            if number == len(self._rows):
                self._add_row()
            if number >= len(self._fields) or self._fields[number] != field:
                name, value = self._rows[number]
                name.setText(field[0])
                value.setText(field[1])
                value.setFont(monospace() if _is_code(field[1]) else name.font())
            for part in self._rows[number]:
                part.setVisible(True)
        for name, value in self._rows[len(fields) :]:
            name.hide()
            value.hide()
        self._fields = fields

    def show_banners(self, mark: tuple[str, ...], banners: list[QWidget]) -> None:
        """Show widgets above the rows, unless those of the same mark are there already."""
        if mark == self._banners:
            for banner in banners:
                banner.deleteLater()
            return
        self._banners = mark
        while (item := self._top.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for banner in banners:
            self._top.addWidget(banner)

    def clear(self) -> None:
        """Nothing."""
        self.show_fields([])
        self.show_banners((), [])

    def _add_row(self) -> None:
        name, value = label("", "muted"), label("", wrap=True)
        value.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)  # level with the value
        at = len(self._rows)
        self._grid.addWidget(name, at, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(value, at, 1, Qt.AlignmentFlag.AlignTop)
        self._rows.append((name, value))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(f"{name}\t{value}" for name, value in self._fields))


def _is_code(text: str) -> bool:
    return len(text) >= 32 and all(letter in "0123456789abcdef-" for letter in text)

"""The command palette (Ctrl+K): everything that can be done or opened, found by a few letters."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from zerosec_desktop.controls import label
from zerosec_desktop.resources.icon import icon
from zerosec_desktop.resources.theme import theme
from zerosec_desktop.resources.tokens import Space

__all__ = ["Command", "CommandPalette", "score"]


KEYS_WIDTH = 128


@dataclass(frozen=True)
class Command:
    """Something that can be done, under the words people look for it by."""

    title: str
    call: Callable[[], object]
    icon_name: str = "command"
    group: str = ""
    shortcut: str = ""


def score(wanted: str, title: str) -> float | None:
    """How well a title fits: higher is better, None where it doesn't. All letters must occur in order.

    Starts of words and unbroken stretches count more; short titles win ties.
    """
    if not wanted:
        return 0.0
    low = title.casefold()
    at = low.find(wanted)
    if at >= 0:
        start = at == 0 or not low[at - 1].isalnum()
        return 100.0 + 50.0 * start - at - len(low) / 100
    total, position = 0.0, 0
    for letter in wanted:
        found = low.find(letter, position)
        if found < 0:
            return None
        total += 5.0 if found == 0 or not low[found - 1].isalnum() else 1.0
        total += 2.0 if found == position else 0.0
        position = found + 1
    return total - len(low) / 100


class CommandDelegate(QStyledItemDelegate):
    """Paints a command's keys into a column of their own at the right edge."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The title is cut before it reaches the keys."""
        super().paint(painter, option, index)
        command = index.data(Qt.ItemDataRole.UserRole)
        if not isinstance(command, Command) or not command.shortcut:
            return
        area: QRect = option.rect
        painter.save()
        painter.setPen(theme.colour("muted"))
        painter.drawText(
            QRect(area.right() - KEYS_WIDTH, area.top(), KEYS_WIDTH - Space.SMALL, area.height()),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
            command.shortcut,
        )
        painter.restore()


TOP, ROW = 72, 36
"""Where the palette begins below the window's edge, and how high a command is."""


class CommandPalette(QFrame):
    """Lies over the window's upper middle. Arrows choose, Return does, Escape leaves."""

    WIDTH = 600
    ROWS = 9

    def __init__(self, window: QWidget, commands: Callable[[], list[Command]]) -> None:
        super().__init__(window)
        self._window = window
        self._commands = commands
        self._all: list[Command] = []
        self._before: QWidget | None = None
        self.setProperty("surface", "raised")
        self.setAccessibleName(self.tr("Command palette"))
        self._field = QLineEdit()
        self._field.setPlaceholderText(self.tr("Find a command, an analysis, a run or a file"))
        self._field.setAccessibleName(self.tr("Find"))
        self._field.textChanged.connect(self._filter)
        self._field.installEventFilter(self)
        self._list = QListWidget()
        self._list.setProperty("bare", "true")
        self._list.setUniformItemSizes(True)
        self._list.setItemDelegate(CommandDelegate(self._list))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.itemClicked.connect(self._do)
        self._none = label(self.tr("Nothing by that name"), "muted")
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._none.setMinimumHeight(48)
        stack = QVBoxLayout(self)
        stack.setContentsMargins(Space.SMALL, Space.SMALL, Space.SMALL, Space.SMALL)
        stack.addWidget(self._field)
        stack.addWidget(self._list)
        stack.addWidget(self._none)
        self.hide()

    def pop_up(self) -> None:
        """Open with everything there is now."""
        self._all = self._commands()
        self._before = self.window().focusWidget()
        self._field.clear()
        self._filter("")
        self.show()
        self.raise_()
        self._field.setFocus()

    def leave(self) -> None:
        """Close and give the focus back."""
        self.hide()
        if self._before is not None:
            self._before.setFocus()
            self._before = None

    def _filter(self, text: str) -> None:
        wanted = text.strip().casefold()
        ranked = []
        for number, command in enumerate(self._all):
            fit = score(wanted, f"{command.group} {command.title}" if command.group else command.title)
            direct = score(wanted, command.title)
            best = max((value for value in (fit, direct) if value is not None), default=None)
            if best is not None:
                ranked.append((-best, number, command))
        ranked.sort(key=lambda item: item[:2])
        self._list.clear()
        for _, _, command in ranked[:50]:
            item = QListWidgetItem(icon(command.icon_name, "muted"), command.title)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{command.title} {command.shortcut}".strip())
            item.setData(Qt.ItemDataRole.UserRole, command)
            item.setToolTip(command.group)
            item.setSizeHint(QSize(0, ROW))
            self._list.addItem(item)
        self._list.setCurrentRow(0)
        found = bool(ranked)
        self._list.setVisible(found)
        self._none.setVisible(not found)
        around = self._field.sizeHint().height() + 3 * Space.SMALL
        room = self._window.height() - TOP - around - Space.MEDIUM
        rows = max(1, min(len(ranked), self.ROWS, room // ROW))
        self._list.setFixedHeight(rows * ROW + 4)
        height = around + (rows * ROW + 4 if found else 48)
        width = min(self.WIDTH, self._window.width() - 2 * Space.MEDIUM)
        self.setGeometry((self._window.width() - width) // 2, TOP, width, height)

    def _do(self, item: QListWidgetItem) -> None:
        command: Command = item.data(Qt.ItemDataRole.UserRole)
        self._before = None
        self.hide()
        command.call()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event.key())
        if watched is self._field and event.type() == QEvent.Type.FocusOut:
            self.hide()
        return False

    def _key(self, key: int) -> bool:
        count = self._list.count()
        if key == Qt.Key.Key_Escape:
            self.leave()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and count:
            step = 1 if key == Qt.Key.Key_Down else -1
            self._list.setCurrentRow((self._list.currentRow() + step) % count)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            item = self._list.currentItem()
            if item is not None:
                self._do(item)
        else:
            return False
        return True

"""The table view for any length: rows are chosen whole, copied with full precision, reached by number or name.

Choosing all of 1e6 x 20 cells takes 38 s by cells and 17 ms by rows, so rows it is.
"""

import csv
import io

from PySide6.QtCore import (
    QItemSelectionModel,
    QItemSelectionRange,
    QRectF,
    QSignalBlocker,
    QSize,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from zerosec_desktop.resources.exponents import POWER, exponent_font, split_power
from zerosec_desktop.resources.theme import theme
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.widgets.number_format import DIGIT_ROOM, MISSING, POINT_ROOM
from zerosec_desktop.widgets.table.model import FrameModel, Index

__all__ = ["DataTable"]

_SAMPLE_ROWS = 200
_FITTED_AT_ONCE = 10
_FITTED_TOGETHER = 4
_MOST_FITTED = 200
_MAX_COLUMN_PX = 320
_MIN_COLUMN_PX = 72
_MAX_COPIED_ROWS = 200_000


_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
_SELECTED, _HOVERED = QStyle.StateFlag.State_Selected.value, QStyle.StateFlag.State_MouseOver.value
"""Plain numbers: working with Qt's enumerations costs as much as drawing a cell."""


class _CellDelegate(QStyledItemDelegate):
    """Paints a cell straight from the theme: through the style sheet a screen of cells takes three times as long.

    Missing values are faint. The model pads short numbers with marks for the digits they lack; their room is measured
    and left free, so that decimal points stand under each other in any font.
    """

    def __init__(self, parent: QWidget, model: FrameModel) -> None:
        super().__init__(parent)
        self._model = model
        self._font = QFont(parent.font())
        self._metrics = QFontMetricsF(self._font)
        self._digit = self._metrics.horizontalAdvance("0")
        self._room: dict[str, float] = {}
        self._colours: dict[str, QColor] = {}
        self.look_again(parent)

    def look_again(self, table: QWidget) -> None:
        """Take fonts and colours as they are now: asked for once a screen of cells, not once a cell."""
        self._colours = {
            token: theme.colour(token) for token in ("accent_soft", "hover", "window", "faint", "text")
        }
        font = table.font()
        if font != self._font:
            self._font = QFont(font)
            self._metrics = QFontMetricsF(self._font)
            self._digit = self._metrics.horizontalAdvance("0")
            self._room.clear()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect, row, column = option.rect, index.row(), index.column()
        state = option.state.value
        if state & _SELECTED:
            painter.fillRect(rect, self._colours["accent_soft"])
        elif state & _HOVERED:
            painter.fillRect(rect, self._colours["hover"])
        elif row % 2:
            painter.fillRect(rect, self._colours["window"])
        text = self._model.cell(row, column)
        bare = text.rstrip(DIGIT_ROOM + POINT_ROOM)
        inner = QRectF(rect.x() + Space.SMALL, rect.y(), rect.width() - 2 * Space.SMALL, rect.height())
        if len(bare) < len(text):
            inner.setWidth(inner.width() - self._padding(text[len(bare) :]))
        fits = bare.isascii() and len(bare) * self._digit * 1.2 <= inner.width()
        if not fits and self._metrics.horizontalAdvance(bare) > inner.width():
            bare = self._metrics.elidedText(bare, Qt.TextElideMode.ElideRight, inner.width())
        painter.setFont(self._font)
        painter.setPen(self._colours["faint" if bare == MISSING else "text"])
        side = _RIGHT if self._model.is_numeric(column) else _LEFT
        if POWER in bare and side == _RIGHT:
            bare, power = split_power(bare)
            if power:
                raised = exponent_font(self._font)
                painter.setFont(raised)
                painter.drawText(inner, side, power)
                inner.setWidth(inner.width() - QFontMetricsF(raised).horizontalAdvance(power))
                painter.setFont(self._font)
        painter.drawText(inner, side, bare)

    def _padding(self, padding: str) -> float:
        room = self._room.get(padding)
        if room is None:
            point = self._metrics.horizontalAdvance(".")
            room = sum(self._digit if mark == DIGIT_ROOM else point for mark in padding)
            self._room[padding] = room
        return room


class _RowNumbers(QHeaderView):
    """The numbers of the rows, in the width they were given: Qt's own answer asks for hundreds of numbers whenever anything moves."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.setSectionsClickable(True)
        self.setHighlightSections(True)

    def sizeHint(self) -> QSize:
        return QSize(self.minimumWidth(), 0)


class DataTable(QTableView):
    """Shows a `FrameModel`."""

    copied = Signal(int)  # rows
    narrowest_px = _MIN_COLUMN_PX

    def __init__(self, model: FrameModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.frame_model = model
        self.setModel(model)
        self._cells = _CellDelegate(self, model)
        self.setItemDelegate(self._cells)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setShowGrid(False)
        self.setAlternatingRowColors(False)  # the delegate does it
        self.setWordWrap(False)
        self.setSortingEnabled(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        rows = _RowNumbers(self)
        self.setVerticalHeader(rows)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(28)
        rows.setMinimumSectionSize(24)
        rows.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._listen(self.horizontalHeader())
        self._widths: list[int] = []
        self._fitting = QTimer(self, interval=0, singleShot=True)
        self._fitting.timeout.connect(self._fit_more)
        model.modelReset.connect(self._fit_columns)
        model.layoutChanged.connect(self._show_order)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(self.copy)
        self._fit_columns()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Every second row is striped to the right edge, as far as the heading reaches."""
        self._cells.look_again(self)
        end = self.horizontalHeader().length() - self.horizontalOffset()
        if end < self.viewport().width():
            painter = QPainter(self.viewport())
            for row in range(max(0, self.rowAt(0)), self.frame_model.rowCount()):
                top = self.rowViewportPosition(row)
                if top > event.rect().bottom():
                    break
                if row % 2:
                    painter.fillRect(
                        end, top, self.viewport().width() - end, self.rowHeight(row), theme.colour("window")
                    )
            painter.end()
        super().paintEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._use_room()

    def set_header(self, heading: QHeaderView) -> None:
        """Use another heading."""
        self.setHorizontalHeader(heading)
        self._listen(heading)
        # After the heading's own answer to a reset, which gives all columns one width.
        self.frame_model.modelReset.disconnect(self._fit_columns)
        self.frame_model.modelReset.connect(self._fit_columns)
        self._fit_columns()

    def _listen(self, heading: QHeaderView) -> None:
        heading.setHighlightSections(False)
        heading.setSectionsClickable(True)
        heading.setSortIndicatorShown(False)
        heading.sectionClicked.connect(self._header_clicked)

    @Slot()
    def copy(self) -> None:
        """Copy the chosen rows with their heading, tab-separated, with full precision."""
        frame = self.frame_model.frame
        if frame is None:
            return
        spans = [(part.top(), part.bottom()) for part in self._parts()]
        rows = sorted(
            {row for top, bottom in spans for row in range(top, min(bottom, top + _MAX_COPIED_ROWS) + 1)}
        )
        rows = rows[:_MAX_COPIED_ROWS]
        if not rows:
            return
        text = io.StringIO()
        writer = csv.writer(text, delimiter="\t", lineterminator="\n")
        writer.writerow(frame.columns)
        chosen = frame[[self.frame_model.source_row(row) for row in rows]]
        writer.writerows(["" if value is None else value for value in row] for row in chosen.iter_rows())
        QGuiApplication.clipboard().setText(text.getvalue())
        self.copied.emit(len(rows))

    def jump_to_row(self, number: int) -> bool:
        """Bring a data row (counted from 1 as the frame has them) into sight and choose it; False if there is none."""
        frame = self.frame_model.frame
        if frame is None or not 1 <= number <= frame.height:
            return False
        shown = self.frame_model.shown_row(number - 1)
        column = max(0, self.columnAt(4))
        index = self.frame_model.index(shown, column)
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
        self.selectionModel().setCurrentIndex(
            index, QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        )
        return True

    def jump_to_column(self, name: str) -> bool:
        """Bring a column into sight: exact name first, then the first that contains it."""
        frame = self.frame_model.frame
        if frame is None or not name:
            return False
        names = frame.columns
        wanted = name.casefold()
        places = [i for i, column in enumerate(names) if column == name] or [
            i for i, column in enumerate(names) if wanted in column.casefold()
        ]
        if not places:
            return False
        self.scrollTo(
            self.frame_model.index(max(0, self.rowAt(4)), places[0]),
            QAbstractItemView.ScrollHint.PositionAtCenter,
        )
        self.horizontalScrollBar().setValue(
            max(
                0,
                self.columnViewportPosition(places[0])
                + self.horizontalOffset()
                - self.viewport().width() // 3,
            )
        )
        return True

    def selected_rows(self) -> int:
        """How many rows are chosen, without listing them."""
        return sum(part.height() for part in self._parts())

    def _parts(self) -> list[QItemSelectionRange]:
        selection = self.selectionModel().selection()
        return [selection.at(number) for number in range(selection.count())]

    @Slot(int)
    def _header_clicked(self, section: int) -> None:
        now = self.frame_model.sorted_by
        if now is None or now[0] != section:
            self.frame_model.sort(section, Qt.SortOrder.AscendingOrder)
        elif now[1] == Qt.SortOrder.AscendingOrder:
            self.frame_model.sort(section, Qt.SortOrder.DescendingOrder)
        else:
            self.frame_model.set_order(None)

    @Slot()
    def _show_order(self) -> None:
        now = self.frame_model.sorted_by
        heading = self.horizontalHeader()
        heading.setSortIndicatorShown(now is not None)
        if now is not None:
            heading.setSortIndicator(now[0], now[1])

    @Slot()
    def _fit_columns(self) -> None:
        """Widths by the first rows and the names; never by all rows. Those at the far right follow, measured some at a time."""
        self._show_order()
        self._widths = [self._wanted_px(column) for column in range(min(_FITTED_AT_ONCE, self._fittable()))]
        with QSignalBlocker(self.horizontalHeader()):  # the table lays itself out anew, once for all of them
            self._take_widths(0)
        self.scheduleDelayedItemsLayout()
        if len(self._widths) < self._fittable():
            self._fitting.start()
        self.fit_row_numbers()
        self.executeDelayedItemsLayout()  # now, or all cells are drawn once before it and once after

    @Slot()
    def _fit_more(self) -> None:
        begin = len(self._widths)
        end = min(self._fittable(), begin + _FITTED_TOGETHER)
        self._widths += [self._wanted_px(column) for column in range(begin, end)]
        if end < self._fittable():
            self._fitting.start()
        else:
            self._take_widths(_FITTED_AT_ONCE)

    def _fittable(self) -> int:
        return min(self.frame_model.columnCount(), _MOST_FITTED)

    def _use_room(self) -> None:
        """Columns of long texts get the width that is left, once all are measured."""
        if len(self._widths) < self._fittable():
            return
        spare = self.viewport().width() - self.horizontalHeader().length()
        for column in range(len(self._widths)):
            if spare > 0 and self._widths[column] == _MAX_COLUMN_PX == self.columnWidth(column):
                more = min(spare, self._natural_px(column) - _MAX_COLUMN_PX)
                self.setColumnWidth(column, _MAX_COLUMN_PX + more)
                spare -= more

    def _wanted_px(self, column: int) -> int:
        return max(self.narrowest_px, min(_MAX_COLUMN_PX, self._natural_px(column)))

    def _natural_px(self, column: int) -> int:
        model, metrics = self.frame_model, self.fontMetrics()
        name = str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        longest = model.longest_text(column, _SAMPLE_ROWS)
        wide = max(metrics.horizontalAdvance(longest), metrics.horizontalAdvance(name) + self.header_extra())
        return int(wide) + 32

    def _take_widths(self, first: int) -> None:
        for column in range(first, len(self._widths)):
            self.setColumnWidth(column, self._widths[column])
        self._use_room()

    def fit_row_numbers(self) -> None:
        """Make room for the largest row number."""
        digits = len(f"{max(1, self.frame_model.rowCount()):,}")
        self.verticalHeader().setFixedWidth(self.fontMetrics().horizontalAdvance("8" * digits) + 20)

    def header_extra(self) -> int:
        """Pixels a heading needs besides its name."""
        return 12

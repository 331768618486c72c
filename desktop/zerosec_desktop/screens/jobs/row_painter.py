"""Paints a row of the job list in one go: ten times a second, for as many jobs as are in sight.

Cell by cell through a style sheet a row costs Qt some thirty questions to the model and a millisecond; a list of twenty moving jobs
would hold the window's thread for a fifth of its time.
"""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QHeaderView, QStyledItemDelegate, QStyleOptionViewItem

from zerosec_desktop.jobs import JobEntry, Phase
from zerosec_desktop.resources.icon import icon
from zerosec_desktop.resources.theme import theme
from zerosec_desktop.resources.tokens import Control, Space
from zerosec_desktop.screens.jobs.cells import Cells
from zerosec_desktop.screens.jobs.order import Column
from zerosec_desktop.wording import PHASE_ICON

__all__ = ["RowDelegate", "RowPainter"]

RIGHT = frozenset({Column.ELAPSED, Column.LEFT, Column.ATTEMPT})
NUMBER_WIDTH = 52
ELIDED_KEPT = 4096
BARS_KEPT = 256


class RowDelegate(QStyledItemDelegate):
    """Rows of one height."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, Control.ROW + 4)


class RowPainter:
    """Knows the words (`cells`) and where the columns are (`header`); keeps texts that were cut to their column."""

    def __init__(self, cells: Cells, header: QHeaderView, columns: tuple[Column, ...]) -> None:
        self._cells, self._header, self._columns = cells, header, columns
        self._icons: dict[Phase, QIcon] = {phase: icon(*sign) for phase, sign in PHASE_ICON.items()}
        self._pin = icon("pin", "accent")
        self._cut: dict[tuple[str, int], str] = {}
        self._colours: dict[str, QColor] = {}
        self._bars: dict[tuple[int, int, int, float], QPixmap] = {}

    def paint(
        self,
        painter: QPainter,
        area: QRect,
        seen: QRect,
        entry: JobEntry,
        *,
        selected: bool,
        under: bool,
        current: bool,
    ) -> None:
        """Paint one job into the rectangle of its row; only the columns within `seen`, which is what must be painted anew."""
        if selected or under:
            painter.fillRect(area, self._colour("accent_soft" if selected else "hover"))
        painter.setPen(self._colour("text"))
        metrics = painter.fontMetrics()
        for number, column in enumerate(self._columns):
            width = self._header.sectionSize(number)
            if width <= 0 or self._header.isSectionHidden(number):
                continue
            left = self._header.sectionViewportPosition(number)
            if left > seen.right() or left + width <= seen.left():
                continue
            cell = QRect(left + Space.SMALL, area.top(), width - 2 * Space.SMALL, area.height())
            if column is Column.PROGRESS and not entry.phase.ended:
                self._progress(painter, cell, entry)
            elif column is Column.PROGRESS:
                self._taken(painter, cell, entry, metrics)
            else:
                self._cell(painter, cell, entry, column, metrics)
        if current:
            painter.setPen(self._colour("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(area.adjusted(0, 0, -1, -1))

    def _cell(
        self, painter: QPainter, cell: QRect, entry: JobEntry, column: Column, metrics: QFontMetrics
    ) -> None:
        sign = self._icons[entry.phase] if column is Column.STATE else None
        if column is Column.NAME and entry.pinned:
            sign = self._pin
        if sign is not None:
            side = Control.ICON
            sign.paint(painter, cell.left(), cell.center().y() - side // 2 + 1, side, side)
            cell = cell.adjusted(side + Space.SMALL - 2, 0, 0, 0)
        text = self._elided(self._cells.text(entry, column), cell.width(), metrics)
        if text:
            side_flag = Qt.AlignmentFlag.AlignRight if column in RIGHT else Qt.AlignmentFlag.AlignLeft
            painter.drawText(cell, int(side_flag | Qt.AlignmentFlag.AlignVCenter), text)

    def _taken(self, painter: QPainter, cell: QRect, entry: JobEntry, metrics: QFontMetrics) -> None:
        """A bar of what has ended would say nothing: how long it took, unless that has a column of its own."""
        if self._header.isSectionHidden(self._columns.index(Column.ELAPSED)):
            text = self._elided(self._cells.text(entry, Column.ELAPSED), cell.width(), metrics)
            painter.setPen(self._colour("muted"))
            painter.drawText(cell, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), text)
            painter.setPen(self._colour("text"))

    def _elided(self, text: str, width: int, metrics: QFontMetrics) -> str:
        """A text as much of it as fits; measuring costs more than painting."""
        if not text or width <= 0:
            return ""
        known = self._cut.get((text, width))
        if known is None:
            if len(self._cut) >= ELIDED_KEPT:
                self._cut.clear()
            known = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
            self._cut[(text, width)] = known
        return known

    def forget(self) -> None:
        """The font, the language or the theme changed: measure and mix anew."""
        self._cut.clear()
        self._colours.clear()
        self._bars.clear()

    def _colour(self, token: str) -> QColor:
        known = self._colours.get(token)
        if known is None:
            known = self._colours[token] = theme.colour(token)
        return known

    def _progress(self, painter: QPainter, cell: QRect, entry: JobEntry) -> None:
        """A thin bar with its number; work without a known end has none."""
        if entry.fraction is None:
            return
        percent = round(entry.fraction * 100)
        ratio = painter.device().devicePixelRatioF()
        place = (percent, cell.width(), cell.height(), ratio)
        bar = self._bars.get(place)
        if bar is None:
            if len(self._bars) >= BARS_KEPT:
                self._bars.clear()
            words = self._cells.text(entry, Column.PROGRESS)
            bar = self._bars[place] = self._bar(painter, cell.size(), ratio, percent, words)
        painter.drawPixmap(cell.topLeft(), bar)

    def _bar(self, like: QPainter, size: QSize, ratio: float, percent: int, words: str) -> QPixmap:
        """A bar and its number as a picture: there are a hundred of them, and each is shown a thousand times."""
        picture = QPixmap(size * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setFont(like.font())
        area = QRect(0, 0, size.width(), size.height())
        track = QRectF(0, area.center().y() - 2, max(size.width() - NUMBER_WIDTH, 8), 6)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colour("border"))
        painter.drawRoundedRect(track, 3, 3)
        if percent > 0:
            painter.setBrush(self._colour("accent"))
            painter.drawRoundedRect(QRectF(0, track.top(), max(6.0, track.width() * percent / 100), 6), 3, 3)
        painter.setPen(self._colour("muted"))
        painter.drawText(area, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), words)
        painter.end()
        return picture

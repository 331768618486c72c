"""Paints the cells no style sheet can: the progress bar, and the name of a group across the row."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from zerosec_desktop.jobs import JobEntry, Phase
from zerosec_desktop.resources.theme import theme
from zerosec_desktop.resources.tokens import Control
from zerosec_desktop.screens.jobs.model import ENTRY_ROLE

__all__ = ["ProgressDelegate", "RowDelegate"]


class RowDelegate(QStyledItemDelegate):
    """Rows of one height, without the dotted frame of a single cell."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, Control.ROW + 4)


class ProgressDelegate(RowDelegate):
    """A thin bar with its number; the sign of work without a known end is a dash."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        entry: JobEntry | None = index.data(ENTRY_ROLE)
        text = index.data(Qt.ItemDataRole.DisplayRole)
        if (
            entry is None
            or entry.phase in {Phase.CANCELLED, Phase.REFUSED, Phase.FAILED}
            or (entry.fraction is None and entry.phase is not Phase.SUCCEEDED)
        ):
            super().paint(painter, option, index)
            return
        # The row's own background first, without the text.
        empty = QStyleOptionViewItem(option)
        empty.widget.style().drawPrimitive(
            empty.widget.style().PrimitiveElement.PE_PanelItemViewItem, empty, painter, empty.widget
        )
        colours = theme.palette
        fraction = 1.0 if entry.phase is Phase.SUCCEEDED else (entry.fraction or 0.0)
        colour = colours.success if entry.phase is Phase.SUCCEEDED else colours.accent
        area = option.rect.adjusted(8, 0, -8, 0)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        track = QRectF(area.left(), area.center().y() - 2, max(area.width() - 52, 8), 6)
        painter.setBrush(QColor(colours.border))
        painter.drawRoundedRect(track, 3, 3)
        if fraction > 0:
            painter.setBrush(QColor(colour))
            painter.drawRoundedRect(
                QRectF(track.left(), track.top(), max(6.0, track.width() * fraction), 6), 3, 3
            )
        painter.setPen(QColor(colours.muted))
        painter.setFont(option.font)
        painter.drawText(area, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), text or "")
        painter.restore()

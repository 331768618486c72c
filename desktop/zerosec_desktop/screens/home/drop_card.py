"""The place to drop a file, with a small picture of what a data file looks like."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QWidget

from zerosec_desktop.controls import button, column, label, row
from zerosec_desktop.resources.theme import theme
from zerosec_desktop.resources.tokens import Space


class TablePicture(QWidget):
    """Names in the first row, one measurement a row: drawn, not written, so that it reads in any language."""

    ROWS, COLUMNS = 5, 4

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(QSize(200, 120))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = theme.palette
        width, height = self.width() / self.COLUMNS, self.height() / self.ROWS
        painter.setPen(QColor(colours.border))
        painter.setBrush(QColor(colours.surface))
        painter.drawRoundedRect(QRectF(0.5, 0.5, self.width() - 1, self.height() - 1), 6, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        lengths = (
            (0.6, 0.5, 0.7, 0.4),
            (0.5, 0.35, 0.4, 0.5),
            (0.45, 0.4, 0.5, 0.4),
            (0.55, 0.3, 0.45, 0.5),
            (0.5, 0.4, 0.35, 0.45),
        )
        for line, parts in enumerate(lengths):
            for place, part in enumerate(parts):
                head, target = line == 0, place == self.COLUMNS - 1
                colour = colours.accent if target else (colours.muted if head else colours.border_strong)
                painter.setBrush(QColor(colour))
                painter.setOpacity(1.0 if head else 0.45)
                bar = QRectF(place * width + 10, line * height + height / 2 - 3, (width - 20) * part * 1.4, 6)
                painter.drawRoundedRect(bar, 3, 3)
        painter.setOpacity(1.0)
        painter.setPen(QColor(colours.border))
        painter.drawLine(0, round(height), self.width(), round(height))


PICTURE_FROM = 560


class DropCard(QFrame):
    """Drop a file or choose one."""

    choose = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "drop")
        self.setMinimumHeight(184)
        choose = button(self.tr("Choose a file…"), "primary", icon_name="folder", clicked=self.choose.emit)
        words = column(
            None,
            label(self.tr("Drop a data file anywhere in this window"), "title", wrap=True),
            label(
                self.tr("A table with one measurement a row and the names of its columns on top."),
                "muted",
                wrap=True,
            ),
            label(self.tr("CSV, Excel, OpenDocument or Parquet"), "caption", wrap=True),
            Space.SMALL,
            spacing=Space.SMALL,
        )
        words.addLayout(row(choose, label(self.tr("or press Ctrl+O"), "caption"), None))
        words.addStretch(1)
        across = row(margins=Space.LARGE, spacing=Space.XLARGE)
        across.addLayout(words, 1)
        self._picture = TablePicture()
        across.addWidget(self._picture)
        self.setLayout(across)

    def minimumSizeHint(self) -> QSize:
        least = super().minimumSizeHint()
        return QSize(min(least.width(), 320), least.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._picture.setVisible(event.size().width() >= PICTURE_FROM)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        event.ignore()

"""Pictures, plain text and files of a result."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QImageReader, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from zerosec_desktop.controls import ElidedLabel, IconLabel, button, label, row
from zerosec_desktop.resources.theme import monospace
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.wording import size
from zerosec_shared.runs import Artifact, ArtifactRole
from zerosec_shared.views import FileView, ImageView, TextView

__all__ = ["FileRow", "PictureView", "PlainText", "role_icon"]

_MAX_SIDE = 12_000
_MAX_PIXELS = 80_000_000

_ICONS = {
    ArtifactRole.TABLE: "table",
    ArtifactRole.PLOT: "image",
    ArtifactRole.REPORT: "report",
    ArtifactRole.MODEL: "model",
    ArtifactRole.DATA: "file-data",
    ArtifactRole.LOG: "text",
    ArtifactRole.RESULT: "metric",
    ArtifactRole.OTHER: "file",
}


def role_icon(role: ArtifactRole) -> str:
    """The icon of an artifact by what it is for."""
    return _ICONS[role]


class PictureView(QWidget):
    """A picture fitted into the width there is. It comes later, by `set_bytes`; until then it says so."""

    def __init__(self, view: ImageView) -> None:
        super().__init__()
        self.view = view
        self._pixmap: QPixmap | None = None
        self._svg: QSvgRenderer | None = None
        self._text = self.tr("The picture is on its way.")
        self.setMinimumHeight(120)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(view.title)

    def set_bytes(self, data: bytes) -> None:
        """Show a PNG, JPEG, … or SVG; sizes are checked before anything is decoded."""
        from PySide6.QtCore import QBuffer, QByteArray, QIODevice

        head = data[:600].lstrip().lower()
        if head.startswith((b"<?xml", b"<svg")) and b"<svg" in data[:4000].lower():
            renderer = QSvgRenderer(QByteArray(data), self)
            if renderer.isValid() and not renderer.defaultSize().isEmpty():
                self._svg = renderer
        else:
            buffer = QBuffer(self)
            buffer.setData(QByteArray(data))
            buffer.open(QIODevice.OpenModeFlag.ReadOnly)
            reader = QImageReader(buffer)
            extent = reader.size()
            if (
                extent.isValid()
                and max(extent.width(), extent.height()) <= _MAX_SIDE
                and extent.width() * extent.height() <= _MAX_PIXELS
            ):
                image = reader.read()
                if not image.isNull():
                    self._pixmap = QPixmap.fromImage(image)
        if self._pixmap is None and self._svg is None:
            self.set_problem(
                self.tr("This picture cannot be shown here. Save the file and open it elsewhere.")
            )
            return
        self.updateGeometry()
        self.update()

    def set_problem(self, text: str) -> None:
        """Say why there is no picture."""
        self._text = text
        self.update()

    def hasHeightForWidth(self) -> bool:
        """The height follows the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height of the picture at a width."""
        natural = self._natural()
        if natural.isEmpty():
            return 120
        shown = min(width, natural.width())
        return max(60, min(720, round(natural.height() * shown / natural.width())))

    def sizeHint(self) -> QSize:
        """The picture's own size, within reason."""
        natural = self._natural()
        return QSize(min(natural.width(), 900), self.heightForWidth(min(max(1, natural.width()), 900)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for the height that goes with the new width."""
        super().resizeEvent(event)
        self.setMinimumHeight(self.heightForWidth(event.size().width()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture, or the sentence instead of it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        natural = self._natural()
        if natural.isEmpty():
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._text)
            return
        target = natural.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        if target.width() > natural.width() and self._svg is None:
            target = natural
        left = (self.width() - target.width()) // 2
        from PySide6.QtCore import QRect, QRectF

        rect = QRect(left, 0, target.width(), target.height())
        if self._svg is not None:
            self._svg.render(painter, QRectF(rect))
        elif self._pixmap is not None:
            painter.drawPixmap(rect, self._pixmap)

    def _natural(self) -> QSize:
        if self._svg is not None:
            return self._svg.defaultSize()
        if self._pixmap is not None:
            return self._pixmap.size()
        return QSize()


class PlainText(QPlainTextEdit):
    """Text as it stands, in letters of equal width, to read and copy."""

    def __init__(self, view: TextView) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setFont(monospace())
        self.setPlainText(view.text)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        lines = min(18, view.text.count("\n") + 1)
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + 36)
        self.setAccessibleName(view.title)


class FileRow(QWidget):
    """A file of the result with what can be done with it."""

    open_wanted = Signal(str)
    save_wanted = Signal(str)

    def __init__(self, view: FileView, artifact: Artifact | None) -> None:
        super().__init__()
        self._path = view.source or ""
        name = ElidedLabel(self._path.rpartition("/")[2] or view.title, "strong")
        amount = label(size(artifact.size_bytes) if artifact else "", "caption")
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(name)
        texts.addWidget(amount)
        line_up = row(spacing=12)
        line_up.addWidget(IconLabel(role_icon(artifact.role) if artifact else "file", "muted"))
        line_up.addLayout(texts, 1)
        actions: tuple[tuple[str, str, Callable[[], None]], ...] = (
            ("external", self.tr("Open"), self._open),
            ("save", self.tr("Save…"), self._save),
        )
        for icon_name, text, slot in actions:
            made = button(text, icon_name=icon_name, clicked=slot)
            made.setEnabled(artifact is not None)
            if artifact is None:
                made.setToolTip(self.tr("The file is not among the results: they may have been cleaned."))
            line_up.addWidget(made)
        self.setLayout(line_up)
        line_up.setContentsMargins(0, Space.TINY, 0, Space.TINY)

    @Slot()
    def _open(self) -> None:
        self.open_wanted.emit(self._path)

    @Slot()
    def _save(self) -> None:
        self.save_wanted.emit(self._path)

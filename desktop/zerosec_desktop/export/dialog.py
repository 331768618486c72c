"""Asks how a figure is to be printed: format, width of the column it is for, resolution, size of letters; shows it first."""

import asyncio
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from zerosec_desktop.bridge import Bridge, Failure
from zerosec_desktop.controls import button, label, row
from zerosec_desktop.export.figure import FigureFormat, FigureStyle, draw_bytes
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.widgets.form.editors import QuietCombo
from zerosec_shared.views import View

__all__ = ["FigureDialog"]

_PREVIEW_WIDTH = 440
_LONG_MS = 1000


class FigureDialog(QDialog):
    """Open it with `open()`; `chosen` gets format, style and the file's bytes when the user saves."""

    def __init__(
        self,
        parent: QWidget,
        bridge: Bridge,
        view: View,
        form: FigureFormat,
        chosen: Callable[[FigureFormat, bytes], None],
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Save the figure"))
        self._bridge, self._view, self._chosen = bridge, view, chosen
        self._form = form
        self._round = 0
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(150)
        self._wait.timeout.connect(self._draw)
        self._long = QTimer(self, interval=_LONG_MS, singleShot=True)
        self._long.timeout.connect(self._say_why_long)
        self._picture = QLabel(self.tr("Drawing…"))
        self._picture.setWordWrap(True)
        self._picture.setMargin(Space.MEDIUM)
        self._picture.setFixedSize(_PREVIEW_WIDTH, 400)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._picture.setStyleSheet("background: white; color: #525c70; border-radius: 6px;")
        self._width = self._combo(
            [
                (self.tr("One column, 85 mm"), 85),
                (self.tr("One and a half, 120 mm"), 120),
                (self.tr("Two columns, 180 mm"), 180),
            ],
            1,
        )
        self._shape = self._combo([("4 : 3", 0.75), ("16 : 9", 0.5625), ("1 : 1", 1.0)], 0)
        self._dpi = self._combo([("150 dpi", 150), ("300 dpi", 300), ("600 dpi", 600)], 1)
        self._font = self._combo([(f"{size} pt", size) for size in (6, 7, 8, 9, 10, 12)], 2)
        self._title = QCheckBox(self.tr("With its title"))
        self._title.setChecked(True)
        self._title.clicked.connect(self._wait.start)
        self._formats = QButtonGroup(self)
        chips = []
        for number, kind in enumerate(FigureFormat):
            chip = button(kind.value.upper(), "chip")
            chip.setCheckable(True)
            chip.setChecked(kind is form)
            self._formats.addButton(chip, number)
            chips.append(chip)
        self._formats.idClicked.connect(self._format_chosen)
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.MEDIUM)
        grid.setVerticalSpacing(Space.SMALL)
        lines: list[tuple[str, QWidget]] = [
            (self.tr("Width"), self._width),
            (self.tr("Shape"), self._shape),
            (self.tr("Resolution"), self._dpi),
            (self.tr("Letters"), self._font),
        ]
        self._dpi_label = QLabel()
        for number, (text, widget) in enumerate(lines):
            name = label(text, "muted")
            if widget is self._dpi:
                self._dpi_label = name
            name.setBuddy(widget)
            grid.addWidget(name, number, 0)
            grid.addWidget(widget, number, 1)
        settings = QVBoxLayout()
        settings.setSpacing(Space.MEDIUM)
        settings.addWidget(label(self.tr("Save the figure"), "title"))
        settings.addLayout(row(*chips, None))
        settings.addLayout(grid)
        settings.addWidget(self._title)
        settings.addWidget(
            label(self.tr("Drawn anew for print, with all digits of the data."), "caption", wrap=True)
        )
        settings.addStretch(1)
        self._save = button(self.tr("Save…"), "primary", icon_name="save", clicked=self._accept)
        self._hold_save()
        settings.addLayout(row(None, button(self.tr("Cancel"), clicked=self.reject), self._save))
        across = QHBoxLayout(self)
        across.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        across.setSpacing(Space.LARGE)
        across.addWidget(self._picture)
        across.addLayout(settings)
        self._formats.button(list(FigureFormat).index(form)).setFocus()
        self._show_format()
        self._draw()
        self._long.start()

    @property
    def style_chosen(self) -> FigureStyle:
        """What is chosen now."""
        width = float(self._width.currentData())
        return FigureStyle(
            width_mm=width,
            height_mm=width * float(self._shape.currentData()),
            dpi=int(self._dpi.currentData()),
            font_pt=float(self._font.currentData()),
            title=self._title.isChecked(),
        )

    def _combo(self, items: list[tuple[str, float]], chosen: int) -> QuietCombo:
        combo = QuietCombo()
        for text, data in items:
            combo.addItem(text, data)
        combo.ensurePolished()
        combo.setMinimumWidth(combo.sizeHint().width())  # all of its longest item can be read
        combo.setCurrentIndex(chosen)
        combo.activated.connect(self._wait.start)
        return combo

    @Slot(int)
    def _format_chosen(self, number: int) -> None:
        self._form = list(FigureFormat)[number]
        self._show_format()

    def _show_format(self) -> None:
        raster = self._form is FigureFormat.PNG
        self._dpi.setEnabled(raster)
        self._dpi.setToolTip("" if raster else self.tr("SVG and PDF are sharp at any size."))
        self._dpi_label.setEnabled(raster)

    @Slot()
    def _draw(self) -> None:
        self._round += 1
        number, style, view = self._round, self.style_chosen, self._view
        shown = FigureStyle(
            width_mm=style.width_mm, height_mm=style.height_mm, dpi=round(_PREVIEW_WIDTH * 2 / style.width_mm * 25.4),
            font_pt=style.font_pt, title=style.title,
        )  # fmt: skip

        async def draw() -> bytes:
            return await asyncio.to_thread(draw_bytes, view, FigureFormat.PNG, shown)

        # a method, so that nothing is drawn into a dialog that was closed in the meantime
        self._bridge.start(
            draw(), name="figure preview", done=partial(self._drawn, number), failed=self._not_drawn
        )

    def _drawn(self, number: int, data: bytes) -> None:
        if number == self._round:
            self._long.stop()
            self._show_picture(data)
            self._save.setEnabled(True)
            self._save.setToolTip("")

    def _not_drawn(self, error: Exception) -> None:
        self._long.stop()
        self._picture.setMargin(Space.MEDIUM)
        self._picture.setText(self.tr("It could not be drawn."))
        self._bridge.unhandled.emit(Failure("figure preview", error))

    @Slot()
    def _say_why_long(self) -> None:
        self._picture.setText(
            self.tr(
                "Drawing… The first figure takes longer: the fonts of this computer are looked through, once."
            )
        )

    def _hold_save(self) -> None:
        self._save.setEnabled(False)
        self._save.setToolTip(self.tr("The figure is being drawn."))

    def _show_picture(self, data: bytes) -> None:
        image = QImage.fromData(data)
        ratio = self.devicePixelRatioF()
        fitted = image.scaled(
            round(_PREVIEW_WIDTH * ratio),
            round(400 * ratio),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        fitted.setDevicePixelRatio(ratio)
        self._picture.setMargin(0)
        self._picture.setPixmap(QPixmap.fromImage(fitted))

    @Slot()
    def _accept(self) -> None:
        form, style, view, chosen = self._form, self.style_chosen, self._view, self._chosen
        self._hold_save()

        async def draw() -> bytes:
            return await asyncio.to_thread(draw_bytes, view, form, style)

        self._bridge.start(draw(), name="figure", done=lambda data: chosen(form, data))
        self.accept()

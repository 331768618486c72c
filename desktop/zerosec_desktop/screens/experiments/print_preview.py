"""The lab sheet as it comes out of a printer: A4 across, a heading on each page, cells to write into."""

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QMarginsF, Qt
from PySide6.QtGui import QPageLayout, QPageSize, QTextDocument
from PySide6.QtPrintSupport import QPrinter, QPrintPreviewDialog
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    import polars as pl

__all__ = ["open_print_preview", "sheet_html"]

MARGIN_MM = 10.0
FONT_PT = 7
"""Twenty-some columns fit across an A4 page."""


def sheet_html(title: str, frame: "pl.DataFrame", given: Mapping[str, str]) -> str:
    """The sheet as a document; its heading row repeats on each page."""
    head = "".join(f"<th>{escape(name)}</th>" for name in frame.columns)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(_text(cell)) or '&nbsp;'}</td>" for cell in cells) + "</tr>"
        for cells in frame.iter_rows()
    )
    series = escape("   ".join(f"{name} {value}" for name, value in given.items()))
    return (
        f"<style>table {{ border-collapse: collapse; font-size: {FONT_PT}pt; }}"
        "th { background: #e7ecf3; } td, th { text-align: center; }</style>"
        f"<h3>{escape(title)}</h3><p>{series}</p>"
        f'<table width="100%" border="1" cellspacing="0" cellpadding="4"><thead><tr>{head}</tr></thead>{rows}</table>'
    )


def _text(cell: object) -> str:
    if cell is None:
        return ""
    return f"{cell:.10g}" if isinstance(cell, float) else str(cell)


class _Preview(QPrintPreviewDialog):
    """Qt's preview, which does not own the printer it is given: it lives as long as the dialog."""

    def __init__(self, parent: QWidget, html: str) -> None:
        self._printer = QPrinter()
        self._printer.setPageLayout(
            QPageLayout(
                QPageSize(QPageSize.PageSizeId.A4),
                QPageLayout.Orientation.Landscape,
                QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM),
                QPageLayout.Unit.Millimeter,
            )
        )
        super().__init__(self._printer, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._document = QTextDocument(self)
        self._document.setHtml(html)
        self.paintRequested.connect(self._paint)
        self.resize(960, 720)

    def _paint(self, printer: QPrinter) -> None:
        self._document.print_(printer)


def open_print_preview(
    parent: QWidget, title: str, frame: "pl.DataFrame", given: Mapping[str, str]
) -> QPrintPreviewDialog:
    """Show it; from there it is printed. Does not block."""
    dialog = _Preview(parent, sheet_html(title, frame, given))
    dialog.open()
    return dialog

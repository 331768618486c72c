"""The frame around a result view: title, caption, and what can be done with it: save as, data, copy, enlarge."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolButton, QWidget

from zerosec_desktop.controls import Card, label, row, tool_button
from zerosec_desktop.export.data import has_data
from zerosec_desktop.resources.icon import icon
from zerosec_desktop.resources.tokens import Space
from zerosec_shared.views import (
    BarView,
    HeatMapView,
    HistogramView,
    ImageView,
    LineView,
    LinkedView,
    ScatterView,
    View,
)

__all__ = ["ViewFrame"]

HEADING_DOWN = 4
"""The first line of a title is level with the buttons beside it, however many lines there are."""
_PLOTS = (BarView, HeatMapView, HistogramView, LineView, LinkedView, ScatterView)


class ViewFrame(Card):
    """Holds one rendered view and says what the user wants done with it."""

    figure_wanted = Signal(object, str)  # View, "png" | "svg" | "pdf"
    data_wanted = Signal(object)  # View
    copy_figure_wanted = Signal(object)  # View
    copy_data_wanted = Signal(object)  # View
    source_wanted = Signal(str)  # artifact path
    runs_wanted = Signal(object)  # TableView of rows that are to become runs

    def __init__(self, view: View, content: QWidget) -> None:
        super().__init__(margins=Space.MEDIUM, spacing=Space.SMALL)
        self.view = view
        self.content = content
        heading = label(view.title, "subtitle", wrap=True)
        heading.setContentsMargins(0, HEADING_DOWN, 0, 0)
        head = row(spacing=Space.TINY)
        head.addWidget(heading, 1, Qt.AlignmentFlag.AlignTop)
        for control in self._controls():
            head.addWidget(control, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(head)
        if view.caption:
            self.body.addWidget(label(view.caption, "muted", wrap=True))
        self.body.addWidget(content, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(view.title)

    def _controls(self) -> list[QToolButton]:
        view = self.view
        menu = QMenu(self)
        if isinstance(view, _PLOTS):
            for name, text in (
                ("png", self.tr("Save as PNG…")),
                ("svg", self.tr("Save as SVG…")),
                ("pdf", self.tr("Save as PDF…")),
            ):
                action = QAction(icon("image", "muted"), text, menu)
                action.setData(name)
                action.triggered.connect(self._save_figure)
                menu.addAction(action)
            menu.addSeparator()
        if has_data(view):
            menu.addAction(icon("table", "muted"), self.tr("Save its data as CSV…"), self._save_data)
        if isinstance(view, _PLOTS):
            menu.addAction(icon("copy", "muted"), self.tr("Copy the picture"), self._copy_figure)
        if has_data(view):
            menu.addAction(icon("copy", "muted"), self.tr("Copy the data"), self._copy_data)
        if view.source is not None and not isinstance(view, ImageView):
            menu.addSeparator()
            menu.addAction(
                icon("download", "muted"), self.tr("Save the file with all the data…"), self._source
            )
        controls = []
        if isinstance(view, _PLOTS):
            reset = tool_button("retry", self.tr("Show everything (double click)"))
            reset.clicked.connect(self._show_all)
            controls.append(reset)
        if menu.actions():
            more = tool_button("more", self.tr("Save, copy"))
            more.setMenu(menu)
            more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
            controls.append(more)
        return controls

    @Slot()
    def _save_figure(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.figure_wanted.emit(self.view, action.data())

    @Slot()
    def _save_data(self) -> None:
        self.data_wanted.emit(self.view)

    @Slot()
    def _copy_figure(self) -> None:
        self.copy_figure_wanted.emit(self.view)

    @Slot()
    def _copy_data(self) -> None:
        self.copy_data_wanted.emit(self.view)

    @Slot()
    def _source(self) -> None:
        if self.view.source is not None:
            self.source_wanted.emit(self.view.source)

    @Slot()
    def _show_all(self) -> None:
        show_all = getattr(self.content, "show_all", None)
        if show_all is not None:
            show_all()

"""The pages of a run and which of them shows: looked for, gone, going on, ended badly, results; beside them files, log and details."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from zerosec_desktop.controls import EmptyState, button
from zerosec_desktop.resources.language import translate
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.page import Page

__all__ = ["FILES", "LOG", "RunPages"]

RESULTS, FILES, LOG, DETAILS = range(4)


class RunPages(QWidget):
    """Four tabs; the first holds one page of several."""

    all_runs_wanted = Signal()

    def __init__(
        self,
        progress: QWidget,
        failure: QWidget,
        results: QWidget,
        step: QWidget,
        files: QWidget,
        log: QWidget,
        details: QWidget,
    ) -> None:
        super().__init__()
        self._loading = EmptyState("hourglass", "", "")
        self._gone = EmptyState(
            "file-missing",
            translate("RunScreen", "This run is not there"),
            translate("RunScreen", "It was deleted, or the server that has it is not among your targets."),
            button(translate("RunScreen", "See all runs"), clicked=self.all_runs_wanted.emit),
        )
        self._main = _OneOf(self._loading, self._gone, progress, failure, results, step)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self._paged = _paged(self._main)
        self.tabs.addTab(self._paged, translate("RunScreen", "Results"))
        self.tabs.addTab(_padded(files), translate("RunScreen", "Files"))
        self.tabs.addTab(_padded(log), translate("RunScreen", "Log"))
        self.tabs.addTab(_paged(details), translate("RunScreen", "Details"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.LARGE, 0, 0, 0)
        layout.addWidget(self.tabs)

    @property
    def shown(self) -> QWidget:
        """The page in the first tab."""
        return self._main.current

    def show_page(self, page: QWidget) -> None:
        """Show one of the pages in the first tab."""
        there = page is not self._gone  # of a run that is not there, there are no files and no log either
        self.tabs.tabBar().setVisible(there)
        if not there:
            self.tabs.setCurrentIndex(0)
        if self._main.current is not page:
            self._main.show_one(page)
            self._paged.verticalScrollBar().setValue(0)

    def show_loading(self) -> None:
        """The run is being looked for."""
        self._loading.heading.setText(translate("RunScreen", "Looking for this run"))
        self._loading.body.setText(translate("RunScreen", "The server is being asked."))
        self.show_page(self._loading)

    def show_gone(self) -> None:
        """There is no such run."""
        self.show_page(self._gone)

    def say_why_not(self, title: str, hint: str) -> None:
        """The run, or its results, cannot be had now."""
        self._loading.heading.setText(title)
        self._loading.body.setText(
            hint or translate("RunScreen", "It is shown by itself as soon as the server answers.")
        )
        self.show_page(self._loading)

    def count_files(self, count: int) -> None:
        """Say in the tab how many files there are."""
        self.tabs.setTabText(
            FILES,
            translate("RunScreen", "Files ({0})").format(count) if count else translate("RunScreen", "Files"),
        )


class _OneOf(QWidget):
    """Shows one of its widgets, and is as high as that one. (A QStackedWidget is as high as the highest.)"""

    def __init__(self, *widgets: QWidget) -> None:
        super().__init__()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.current = widgets[0]
        for widget in widgets:
            self._layout.addWidget(widget)
            widget.setVisible(widget is self.current)

    def show_one(self, widget: QWidget) -> None:
        """Show this one."""
        if widget is not self.current:
            self.current.hide()
            self.current = widget
            widget.show()


def _paged(content: QWidget) -> Page:
    page = Page()
    page.align_left_edge()  # with the head and the tabs above
    page.body.addWidget(content)
    return page


def _padded(content: QWidget) -> QWidget:
    holder = QWidget()
    layout = QVBoxLayout(holder)
    layout.setContentsMargins(0, Space.MEDIUM, Space.LARGE, Space.MEDIUM)
    layout.addWidget(content)
    return holder

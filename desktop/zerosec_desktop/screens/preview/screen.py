"""Data preview: the first rows at once, then all of them; how they were read, and what is in each column."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, Slot
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from zerosec_desktop.context import Context
from zerosec_desktop.controls import ElidedLabel, EmptyState, Message, button, row
from zerosec_desktop.navigation import AnalysisRoute, PreviewRoute, Route
from zerosec_desktop.problems import in_words
from zerosec_desktop.resources.icon import icon
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.base import Screen
from zerosec_desktop.screens.preview.changed_file import ChangedFile
from zerosec_desktop.screens.preview.column_pane import ColumnPane
from zerosec_desktop.screens.preview.finding import FindBar
from zerosec_desktop.screens.preview.header import SummaryHeader
from zerosec_desktop.screens.preview.reading import ReadingBar
from zerosec_desktop.screens.preview.takers import readers_of
from zerosec_desktop.widgets.table.loader import LoadedTable, TableLoader
from zerosec_desktop.widgets.table.model import FrameModel
from zerosec_desktop.widgets.table.view import DataTable
from zerosec_desktop.wording import columns_text, place, rows_text, size
from zerosec_shared.analyses import AnalysisInfo
from zerosec_shared.files import ColumnType, Dialect
from zerosec_shared.texts import translated

if TYPE_CHECKING:
    from zerosec_shared.tables import ColumnSummary, Detection

__all__ = ["PreviewScreen"]

_NOTES_SHOWN = 3
_PANE_FROM = 840
"""Width in px from which there is room for the details of a column."""


class PreviewScreen(Screen):
    """Looks at one data file."""

    icon_name = "table"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.path: Path | None = None
        self._corrected: Dialect | None = None
        self._readable: Dialect | None = None
        self._trying = False
        self._detected: Detection | None = None
        self.loaded: LoadedTable | None = None
        self.summaries: dict[str, ColumnSummary] | None = None
        self.loader = TableLoader(context.bridge, self)
        self.loader.first.connect(self._got_first)
        self.loader.loaded.connect(self._got_all)
        self.loader.summarised.connect(self._got_summaries)
        self.loader.detected.connect(self._got_detection)
        self.loader.failed.connect(self._failed)
        self.loader.sorted.connect(self._got_order)
        self._build()

    def _build(self) -> None:
        self._facts = ElidedLabel("", "muted", Qt.TextElideMode.ElideMiddle)
        self._use = button(
            self.tr("Use in an analysis"), "primary", icon_name="play", clicked=self._choose_analysis
        )
        other = button(self.tr("Another file…"), icon_name="folder", clicked=self._other)
        head = row(self._facts, other, self._use, spacing=Space.SMALL)
        head.setStretch(0, 1)
        self.reading = ReadingBar()
        self.reading.dialect_changed.connect(self._read_with)
        self.changed = ChangedFile(self.context.bridge)
        self.changed.read_again.connect(self._read_again)
        self._notes = Message("info", "", "")
        self._notes.hide()
        self.model = FrameModel(self)
        self.model.sort_wanted.connect(self._sort)
        self.table = DataTable(self.model)
        self.table.narrowest_px = 112
        self.header = SummaryHeader(self.table)
        self.table.set_header(self.header)
        self.table.setAccessibleName(self.tr("Rows of the file"))
        self.header.sectionClicked.connect(self._show_section)
        self.table.selectionModel().currentColumnChanged.connect(self._current_column)
        self.pane = ColumnPane()
        self.pane.marker_wanted.connect(self.reading.add_missing_marker)
        self.pane.type_wanted.connect(self._read_column_as)
        self.finding = FindBar(self.table, self.model)
        self._error = EmptyState(
            "file-missing", "", "", button(self.tr("Another file…"), clicked=self._other)
        )
        self._loading = EmptyState(
            "hourglass", self.tr("Reading the file"), self.tr("The first rows appear in a moment.")
        )
        table_side = QWidget()
        left = QVBoxLayout(table_side)
        left.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.MEDIUM, Space.MEDIUM)
        left.setSpacing(12)
        left.addLayout(head)
        left.addWidget(self.changed)
        left.addWidget(self.reading)
        left.addWidget(self._notes)
        self._stack = QStackedWidget()
        for page in (self._loading, self.table, self._error):
            self._stack.addWidget(page)
        left.addWidget(self._stack, 1)
        left.addWidget(self.finding)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(table_side, 1)
        across.addWidget(self.pane)
        for keys, call in (("Ctrl+G", self.finding.row.setFocus), ("Ctrl+F", self.finding.column.setFocus)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(call)

    def title(self) -> str:
        return self.path.name if self.path is not None else self.tr("Data")

    def open(self, route: Route) -> None:
        assert isinstance(route, PreviewRoute)
        if route.path == self.path and self.loaded is not None:
            return
        self.path = route.path
        self._read(None)
        self.title_changed.emit()

    def activated(self) -> None:
        self.changed.start()
        self.table.setFocus()

    def commands(self) -> list[tuple[str, str, object]]:
        if self.loaded is None:
            return []
        return [
            (self.tr("Use this file in an analysis"), "", self._choose_analysis),
            (self.tr("Go to a row"), "Ctrl+G", self.finding.row.setFocus),
            (self.tr("Find a column"), "Ctrl+F", self.finding.column.setFocus),
        ]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, the rows have it."""
        super().resizeEvent(event)
        self._make_room()

    def changeEvent(self, event: QEvent) -> None:
        """Whoever comes back to the window may have changed the file elsewhere."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isVisible() and self.isActiveWindow():
            self.changed.look()

    def deactivated(self) -> None:
        self.changed.stop()

    def closing(self) -> None:
        self.changed.stop()

    def _show_page(self, page: QWidget) -> None:
        """Rows, or what is said in their place: then there is no column to look at and no row to find."""
        self._stack.setCurrentWidget(page)
        self.finding.setVisible(page is not self._error)
        self._make_room()

    def _make_room(self) -> None:
        failed = self._stack.currentWidget() is self._error
        self.pane.setVisible(self.width() >= _PANE_FROM and not failed)

    # reading

    def _read(self, dialect: Dialect | None) -> None:
        assert self.path is not None
        self._corrected = dialect
        if self.loaded is None or self.loaded.path != self.path:
            self._show_page(self._loading)
            self.model.set_frame(None)
            self.pane.show_nothing()
            self.reading.setVisible(self._detected is not None and dialect is not None)
        self.loaded, self.summaries = None, None
        self._detected = None
        self.changed.follow(None)
        self._notes.hide()
        self._facts.set_full_text(self.tr("Reading…"))
        self.loader.load(self.path, dialect)

    @Slot(object)
    def _read_with(self, dialect: Dialect | None) -> None:
        self._read(dialect)

    @Slot()
    def _read_again(self) -> None:
        self._read(None)

    @Slot(object)
    def _got_detection(self, found: "Detection") -> None:
        self._detected = found

    @Slot(object)
    def _got_first(self, loaded: LoadedTable) -> None:
        self.loaded = loaded
        self.changed.follow(loaded)
        self.reading.show()
        self.reading.show_dialect(loaded.detection.dialect, loaded.detection.sheets)
        self.header.show_columns(loaded.columns())
        self.model.set_frame(loaded.table.frame)
        self._show_page(self.table)
        self._use.setEnabled(True)
        self._show_facts()
        self._show_notes()
        self.pane.show_nothing()
        self.context.settings.remember_file(loaded.path)

    @Slot(object)
    def _got_all(self, loaded: LoadedTable) -> None:
        if self.loaded is not None and loaded.detection.dialect != self.loaded.detection.dialect:
            self.reading.show_dialect(loaded.detection.dialect, loaded.detection.sheets)
        self.loaded = loaded
        self.changed.follow(loaded)
        self._trying = False
        self.header.show_columns(loaded.columns())
        self.model.grow(loaded.table.frame)
        self.table.fit_row_numbers()
        self._show_facts()
        self._show_notes()

    @Slot(object)
    def _got_summaries(self, summaries: "tuple[ColumnSummary, ...]") -> None:
        self.summaries = {summary.name: summary for summary in summaries}
        self.header.show_summaries(summaries)
        if self.pane.column:
            self._show_column(self.pane.column)

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        words = in_words(error)
        if self._trying:  # the type does not fit the values: said, and the table stays as it was
            self._trying = False
            detail = " ".join(part for part in (words.detail, words.hint) if part)
            self.context.notifications.warn(words.title, detail)
            self._read(self._readable)
            return
        readers = self._readers()
        titles = ", ".join(info.title for info in readers)
        told: tuple[str, ...] = (words.detail, words.hint)
        if readers:
            told = (self.tr("It need not be one: {0} reads such files.").format(titles),)
        self._error.heading.setText(words.title)
        self._error.body.setText("\n".join(part for part in told if part))
        self._facts.set_full_text("")
        self._use.setEnabled(bool(readers))
        self._use.setToolTip("" if readers else words.title)
        self._show_page(self._error)
        if self._detected is not None:  # it may be another sheet, or another separator
            self.reading.show_dialect(self._detected.dialect, self._detected.sheets)
        self.reading.setVisible(self._detected is not None)
        self.model.set_frame(None)
        self.header.show_columns(())
        self.pane.show_nothing()

    def _readers(self) -> list[AnalysisInfo]:
        """Who reads what is no table; nobody where it is one."""
        if self.path is None or self.loaded is not None:
            return []
        return readers_of(self.path.name, self.context.session.catalogue())

    # showing

    def _show_facts(self) -> None:
        assert self.loaded is not None
        frame = self.loaded.table.frame
        rows = rows_text(frame.height)
        if not self.loaded.final:
            rows = self.tr("first {0}").format(rows)
        elif not self.loaded.whole:
            rows = self.tr("first {0} (an analysis uses all)").format(rows)
        facts = [
            f"{rows} × {columns_text(frame.width)}",
            size(self.loaded.stamp.size_bytes),
        ]
        if self.loader.busy and not self.loaded.final:
            facts.append(self.tr("reading the rest…"))
        facts.append(place(self.loaded.path.parent))
        self._facts.set_full_text(" · ".join(facts))

    def _show_notes(self) -> None:
        assert self.loaded is not None
        texts = list(
            dict.fromkeys(
                translated(note.text) for note in (*self.loaded.detection.notes, *self.loaded.table.notes)
            )
        )
        self._notes.setVisible(bool(texts))
        if texts:
            shown = texts[1:_NOTES_SHOWN]
            more = len(texts) - _NOTES_SHOWN
            if more > 0:
                shown.append(self.tr("and {0} more remarks").format(more))
            self._notes.title.setText(texts[0])
            self._notes.detail.setText("\n".join(shown))
            self._notes.detail.setVisible(bool(shown))
            self._notes.setToolTip("\n".join(texts[:40]))

    @Slot(int)
    def _show_section(self, section: int) -> None:
        if self.loaded is not None and section < self.loaded.table.frame.width:
            self._show_column(self.loaded.table.frame.columns[section])

    @Slot(QModelIndex, QModelIndex)
    def _current_column(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            self._show_section(current.column())

    def _show_column(self, name: str) -> None:
        if self.loaded is None:
            return
        state = next((state for state in self.loaded.table.columns if state.name == name), None)
        if state is not None:
            given = self.loaded.detection.dialect.types.get(name)
            self.pane.show_column(state, (self.summaries or {}).get(name), given)

    @Slot(str, object)
    def _read_column_as(self, column: str, kind: ColumnType | None) -> None:
        self._readable = self._corrected
        self._trying = True
        self.reading.read_column_as(column, kind)

    @Slot(str, bool)
    def _sort(self, column: str, descending: bool) -> None:
        self.finding.say(self.tr("Sorting…"))
        self.loader.sort(column, descending=descending)

    @Slot(object, str, bool)
    def _got_order(self, order: Any, column: str, descending: bool) -> None:
        self.finding.say("")
        if self.model.frame is not None and len(order) == self.model.frame.height:
            self.model.set_order(order, self.model.frame.columns.index(column), descending)

    # going on

    @Slot()
    def _other(self) -> None:
        from zerosec_desktop.dialogs import open_files

        kinds = "*.csv *.tsv *.txt *.xlsx *.xls *.xlsb *.ods *.parquet"
        open_files(
            self,
            self.tr("Choose a data file"),
            (self.tr("Data files ({0})").format(kinds), self.tr("All files (*)")),
            self._chosen,
        )

    def _chosen(self, files: list[Path]) -> None:
        self.navigate.emit(PreviewRoute(files[0]))

    @Slot()
    def _choose_analysis(self) -> None:
        if self.path is None:
            return
        offered = self._readers() or [
            info for info in self.context.session.catalogue() if any(step.inputs for step in info.steps)
        ]
        if not offered:
            self.context.notifications.info(
                self.tr("The server has not said yet what it offers"),
                self.tr("Try again in a moment."),
                key="catalogue",
            )
            return
        if len(offered) == 1:
            self.navigate.emit(AnalysisRoute(offered[0].id, (self.path,), dialect=self._corrected))
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for info in offered:
            action = menu.addAction(icon("analysis", "muted"), info.title.replace("&", "&&"))
            action.setData(info.id)
            action.triggered.connect(self._use_in)
        menu.popup(self._use.mapToGlobal(QPoint(0, self._use.height())))

    @Slot()
    def _use_in(self) -> None:
        action = self.sender()
        if isinstance(action, QAction) and self.path is not None:
            self.navigate.emit(AnalysisRoute(str(action.data()), (self.path,), dialect=self._corrected))

"""Runs: all jobs of all targets, live."""

from functools import partial

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QLineEdit,
    QMenu,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from zerosec_desktop.context import Context
from zerosec_desktop.controls import EmptyState, button, column, row, tool_button
from zerosec_desktop.dialogs import confirm
from zerosec_desktop.jobs import JobEntry
from zerosec_desktop.navigation import (
    AnalysisRoute,
    CompareRoute,
    HomeRoute,
    JobKey,
    JobsRoute,
    Route,
    RunRoute,
)
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.base import Screen
from zerosec_desktop.screens.jobs.details import DetailsPane
from zerosec_desktop.screens.jobs.list_view import JobsView
from zerosec_desktop.screens.jobs.model import JobsModel
from zerosec_desktop.screens.jobs.order import Column, Filter, Grouping, PhaseFilter
from zerosec_desktop.widgets.flow import FlowLayout

__all__ = ["JobsScreen"]


class JobsScreen(Screen):
    """Filter, group, sort, choose columns; act on one or several; details at the right."""

    icon_name = "runs"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.model = JobsModel(context.session, self)
        self.view = JobsView(self.model, context.settings)
        self.view.customContextMenuRequested.connect(self._context_menu)
        self.view.activated.connect(self._activated)
        self.view.selectionModel().selectionChanged.connect(self._selection_changed)
        self.view.delete_pressed.connect(partial(self._do_chosen, "delete"))
        self._empty = EmptyState(
            "runs",
            self.tr("No runs yet"),
            self.tr("What you run appears here, with its progress, and stays when the window is closed."),
            button(self.tr("Start from a file"), "primary", clicked=partial(self.navigate.emit, HomeRoute())),
        )
        self._no_match = EmptyState(
            "filter",
            self.tr("Nothing fits the filter"),
            self.tr("There are runs, but none that fits what you chose above."),
            button(self.tr("Show all"), clicked=self.show_all),
        )
        self._list = QStackedWidget()
        for widget in (self.view, self._empty, self._no_match):
            self._list.addWidget(widget)
        self.details = DetailsPane(context)
        self.details.asked.connect(self._do)
        self.details.closed.connect(self._close_details)
        self.details.hide()
        self._left = left = QWidget()
        body = column(spacing=12)
        body.addLayout(self._tools())
        body.addWidget(self._list, 1)
        body.setContentsMargins(Space.MEDIUM, Space.MEDIUM, Space.MEDIUM, Space.MEDIUM)
        left.setLayout(body)
        self._split = QSplitter()
        self._split.addWidget(left)
        self._split.addWidget(self.details)
        self._split.setStretchFactor(0, 1)
        self._split.setChildrenCollapsible(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._split)
        self._ticker = QTimer(self)
        self._ticker.setInterval(1000)
        self._ticker.timeout.connect(self.model.tick)
        session = context.session
        session.jobs_changed.connect(self._jobs_changed)
        session.job_removed.connect(self._job_removed)
        session.catalogue_changed.connect(self._fill_choices)
        session.targets_changed.connect(self._fill_choices)
        self.model.modelReset.connect(self._after_reset)
        self.model.set_all(session.entries())
        self.view.sortByColumn(self.model.columns.index(Column.CREATED), Qt.SortOrder.DescendingOrder)
        if context.settings.value.jobs_group in set(Grouping):
            self._group.setCurrentIndex(self._group.findData(context.settings.value.jobs_group))
        self._fill_choices()
        self._refresh_counts()

    def title(self) -> str:
        return self.tr("Runs")

    def open(self, route: Route) -> None:
        if isinstance(route, JobsRoute) and route.select is not None:
            self.show_all()
            self._choose(route.select)

    def activated(self) -> None:
        self._ticker.start()
        self.view.setFocus()

    def deactivated(self) -> None:
        self._ticker.stop()

    def commands(self) -> list[tuple[str, str, object]]:
        return [
            (self.tr("Show running and queued jobs"), "", partial(self._set_chip, PhaseFilter.ACTIVE)),
            (self.tr("Show failed jobs"), "", partial(self._set_chip, PhaseFilter.FAILED)),
            (self.tr("Show all jobs"), "", self.show_all),
        ]

    # -- making ------------------------------------------------------------------------------------------------

    def _tools(self) -> QVBoxLayout:
        self._search = QLineEdit()
        self._search.setPlaceholderText(self.tr("Find a run"))
        self._search.setAccessibleName(self._search.placeholderText())
        self._search.setClearButtonEnabled(True)
        self._search.setMinimumWidth(96)
        self._search.setMaximumWidth(280)
        self._search.textChanged.connect(self._refilter)
        self._analysis = QComboBox()
        self._analysis.setAccessibleName(self.tr("Analysis"))
        self._analysis.setMinimumWidth(120)
        self._target = QComboBox()
        self._target.setMinimumWidth(96)
        self._target.setAccessibleName(self.tr("Target"))
        self._group = QComboBox()
        self._group.setAccessibleName(self.tr("Group by"))
        for grouping, text in (
            (Grouping.NONE, self.tr("No groups")),
            (Grouping.PHASE, self.tr("By state")),
            (Grouping.ANALYSIS, self.tr("By analysis")),
            (Grouping.TARGET, self.tr("By target")),
            (Grouping.DAY, self.tr("By day")),
        ):
            self._group.addItem(text, grouping.value)
        self._analysis.currentIndexChanged.connect(self._refilter)
        self._target.currentIndexChanged.connect(self._refilter)
        self._group.currentIndexChanged.connect(self._regroup)
        columns = tool_button("columns", self.tr("Choose columns"), clicked=self._choose_columns)
        self._columns_button = columns
        self._chips = QButtonGroup(self)
        chips = FlowLayout(gap=6)
        self._chip: dict[PhaseFilter, QPushButton] = {}
        for wanted, text in self._chip_titles().items():
            made = button(text, "chip", clicked=self._refilter)
            made.setCheckable(True)
            self._chip[wanted] = made
            self._chips.addButton(made)
            chips.addWidget(made)
        self._chip[PhaseFilter.ALL].setChecked(True)
        tools = column(spacing=12)
        tools.addLayout(row(self._search, self._analysis, self._target, None, self._group, columns))
        tools.addLayout(chips)
        return tools

    def _chip_titles(self) -> dict[PhaseFilter, str]:
        return {
            PhaseFilter.ALL: self.tr("All"),
            PhaseFilter.ACTIVE: self.tr("Active"),
            PhaseFilter.SUCCEEDED: self.tr("Succeeded"),
            PhaseFilter.FAILED: self.tr("Failed"),
            PhaseFilter.CANCELLED: self.tr("Cancelled"),
            PhaseFilter.PINNED: self.tr("Pinned"),
        }

    # -- filter, group, columns ----------------------------------------------------------------------------------

    def _fill_choices(self, *_: object) -> None:
        session = self.context.session
        targets = [(state.title, state.name) for state in session.target_states()]
        analyses = sorted(
            {(a.title, a.id) for s in session.target_states() for a in session.catalogue(s.name)}
        )
        for box, first, items in (
            (self._target, self.tr("All targets"), targets),
            (self._analysis, self.tr("All analyses"), analyses),
        ):
            chosen = box.currentData()
            box.blockSignals(True)
            box.clear()
            box.addItem(first, "")
            for text, value in items:
                box.addItem(text, value)
            box.setCurrentIndex(max(0, box.findData(chosen)))
            box.blockSignals(False)
        self._target.setVisible(len(targets) > 1)

    def _refilter(self, *_: object) -> None:
        phase = next((wanted for wanted, chip in self._chip.items() if chip.isChecked()), PhaseFilter.ALL)
        self.model.set_filter(
            Filter(
                phase,
                self._search.text().strip(),
                self._target.currentData() or "",
                self._analysis.currentData() or "",
            )
        )

    def _regroup(self, *_: object) -> None:
        grouping = Grouping(self._group.currentData())
        self.model.set_grouping(grouping)
        self.context.settings.change(jobs_group=grouping.value)

    def _set_chip(self, wanted: PhaseFilter) -> None:
        self._chip[wanted].setChecked(True)
        self._refilter()

    def _choose_columns(self) -> None:
        self.view.choose_columns(self._columns_button)

    def show_all(self) -> None:
        """Drop every filter."""
        self._search.clear()
        self._target.setCurrentIndex(0)
        self._analysis.setCurrentIndex(0)
        self._set_chip(PhaseFilter.ALL)

    # -- news ----------------------------------------------------------------------------------------------------

    def _jobs_changed(self, changed: list[JobEntry]) -> None:
        groups = self.model.group_count()
        self.model.update_entries(changed)
        if self.model.group_count() != groups:
            self.view.span_groups()
        self._refresh_counts()

    def _job_removed(self, key: JobKey) -> None:
        self.model.remove(key)
        if self.details.key == key:
            self._close_details()
        self._refresh_counts()

    def _after_reset(self) -> None:
        self.view.span_groups()
        self._refresh_counts()
        key = self.details.key
        if key is not None and not self.details.isHidden():
            self._choose(key)

    def _refresh_counts(self) -> None:
        counts = self.model.counts
        for wanted, text in self._chip_titles().items():
            self._chip[wanted].setText(f"{text} {counts[wanted]}" if counts[wanted] else text)
        shown = (
            self.view
            if self.model.shown_count()
            else (self._no_match if counts[PhaseFilter.ALL] else self._empty)
        )
        self._list.setCurrentWidget(shown)

    # -- choosing and doing --------------------------------------------------------------------------------------

    def chosen(self) -> list[JobEntry]:
        """The jobs whose rows are selected."""
        rows = self.view.selectionModel().selectedRows()
        return [entry for index in rows if (entry := self.model.entry_at(index)) is not None]

    def _choose(self, key: JobKey) -> None:
        index = self.model.index_of(key)
        if index.isValid():
            flags = QItemSelectionModel.SelectionFlag
            self.view.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
            self.view.scrollTo(index)

    def _selection_changed(self, *_: object) -> None:
        chosen = self.chosen()
        if len(chosen) == 1:
            self.details.show_job(chosen[0].key)
            if self.details.isHidden():
                self.details.show()
                self._share_the_room()
                wide = max(self.details.minimumWidth(), self.width() // 3)
                self._split.setSizes([self.width() - wide, wide])

    def _share_the_room(self) -> None:
        """Where list and details have no room beside each other, the details stand in the list's place until they are closed."""
        around = self.parentWidget()
        while around is not None and not isinstance(around, QScrollArea):
            around = around.parentWidget()
        # this may be wider than what is seen of it, and scroll there
        room = self.width() if around is None else around.viewport().width()
        beside = sum(part.minimumSizeHint().width() for part in (self._left, self.details))
        self._left.setVisible(self.details.isHidden() or room >= beside + self._split.handleWidth())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_the_room()

    def _close_details(self) -> None:
        self.details.hide()
        self._share_the_room()
        self.details.show_job(None)
        self.view.clearSelection()
        self.view.setFocus()

    def _activated(self, index: QModelIndex) -> None:
        entry = self.model.entry_at(index)
        if entry is not None:
            self._do("open", entry.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.details.isHidden():
            self._close_details()
        else:
            super().keyPressEvent(event)

    def _context_menu(self, at: QPoint) -> None:
        chosen = self.chosen()
        if not chosen:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        one = chosen[0] if len(chosen) == 1 else None
        if one is not None and one.state is not None:
            menu.addAction(self.tr("Open"), partial(self._do, "open", one.key))
        if len(chosen) == 2:
            menu.addAction(self.tr("Compare"), self._compare)
        if any(not entry.phase.ended for entry in chosen):
            menu.addAction(self.tr("Cancel"), partial(self._do_chosen, "cancel"))
        if all(entry.phase.ended for entry in chosen):
            menu.addAction(self.tr("Run again"), partial(self._do_chosen, "retry"))
        if one is not None and one.state is not None:
            menu.addAction(self.tr("Run again with changes…"), partial(self._do, "change", one.key))
        pinned = all(entry.pinned for entry in chosen)
        menu.addAction(
            self.tr("Unpin") if pinned else self.tr("Pin"),
            partial(self._do_chosen, "unpin" if pinned else "pin"),
        )
        menu.addSeparator()
        menu.addAction(self.tr("Delete…"), partial(self._do_chosen, "delete"))
        menu.popup(self.view.viewport().mapToGlobal(at))

    def _compare(self) -> None:
        chosen = self.chosen()
        if len(chosen) == 2:
            self.navigate.emit(CompareRoute(chosen[0].key, chosen[1].key))

    def _do_chosen(self, what: str) -> None:
        chosen = self.chosen()
        if what == "delete":
            self._delete(chosen)
            return
        for entry in chosen:
            self._do(what, entry.key)

    def _do(self, what: str, key: JobKey) -> None:
        session = self.context.session
        entry = session.entry(key)
        if entry is None:
            return
        if what == "open":
            self.navigate.emit(RunRoute(key))
        elif what == "cancel":
            session.cancel(key)
        elif what == "finish":
            session.finish(key)
        elif what == "retry":
            session.retry(key, self._choose_later)
        elif what == "change":
            self.navigate.emit(AnalysisRoute(entry.analysis, like=key))
        elif what in {"pin", "unpin"}:
            session.pin(key, what == "pin")
        elif what == "delete":
            self._delete([entry])

    def _choose_later(self, key: JobKey) -> None:
        QTimer.singleShot(200, self, partial(self._choose, key))

    def _delete(self, entries: list[JobEntry]) -> None:
        if not entries:
            return
        name = entries[0].name
        confirm(
            self,
            self.tr("Delete “{name}”?").format(name=name)
            if len(entries) == 1
            else self.tr("Delete %Ln run(s)?", "", len(entries)),
            self.tr("All jobs, results and files on the server are deleted. Your data files are not touched.")
            if all(entry.phase.ended for entry in entries)
            else self.tr(
                "What has not ended is cancelled. All jobs, results and files on the server are deleted. Your data files are not touched."
            ),
            self.tr("Delete"),
            partial(self._delete_now, [entry.key for entry in entries]),
        )

    def _delete_now(self, keys: list[JobKey]) -> None:
        for key in keys:
            self.context.session.delete(key)

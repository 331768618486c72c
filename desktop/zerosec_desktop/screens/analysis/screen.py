"""The form of an analysis: data, settings, and what will happen. What is typed survives a crash; Run loses nothing."""

from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from zerosec_desktop.context import Context
from zerosec_desktop.controls import Message, label
from zerosec_desktop.jobs import TargetState
from zerosec_desktop.navigation import (
    AnalysisRoute,
    CatalogueRoute,
    JobKey,
    PreviewRoute,
    ProgramsRoute,
    Route,
    RunRoute,
    TargetsRoute,
)
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.analysis.check_tables import CheckTables
from zerosec_desktop.screens.analysis.dropping import Dropping
from zerosec_desktop.screens.analysis.facts import facts_of
from zerosec_desktop.screens.analysis.filling import Filling, FormOnScreen
from zerosec_desktop.screens.analysis.form_notice import FormNotice
from zerosec_desktop.screens.analysis.live_check import LiveCheck
from zerosec_desktop.screens.analysis.no_form import not_known_yet, not_offered
from zerosec_desktop.screens.analysis.programs_notice import ProgramsNotice
from zerosec_desktop.screens.analysis.run_name import name_of_run
from zerosec_desktop.screens.analysis.sending import Sending
from zerosec_desktop.screens.analysis.settings_card import SettingsCard
from zerosec_desktop.screens.analysis.slots import FileSlot
from zerosec_desktop.screens.analysis.step_choice import StepChoice, step_for
from zerosec_desktop.screens.analysis.summary import SummaryPane
from zerosec_desktop.widgets.form.form import Form
from zerosec_shared.analyses import AnalysisInfo, StepInfo

__all__ = ["AnalysisScreen"]

_NARROW = 860
_BELOW, _LEAST_FORM = 640, 240
"""Narrower than that what will happen stands below the form, which keeps so much height."""


class AnalysisScreen(FormOnScreen):
    """One analysis at a time; going to another keeps the first as its draft."""

    icon_name = "analysis"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.info: AnalysisInfo | None = None
        self.step: StepInfo | None = None
        self.form: Form | None = None
        self.slots: dict[str, FileSlot] = {}
        self.filling = Filling(self)
        self._dropping = Dropping(context, lambda: self.slots, self)
        self.route: AnalysisRoute | None = None
        self.named_by_user = False
        self._build()
        self._sending = Sending(self)
        self._sending.sent.connect(self._to_run)
        self._sending.refused.connect(self._show_summary)
        self.check = LiveCheck(context, self)
        self.check.changed.connect(self._show_check)
        self.summary.check_wanted.connect(self.check.ask_now)
        session = context.session
        session.catalogue_changed.connect(self._catalogue_changed)
        session.targets_changed.connect(self._targets_changed)
        session.target_changed.connect(self._target_changed)

    # the page

    def _build(self) -> None:
        self.summary = SummaryPane()
        self.summary.run_wanted.connect(self.run)
        self.summary.name_edited.connect(self._name_edited)
        self.summary.target_chosen.connect(self._target_chosen)
        self._page = QWidget()
        self._page.setProperty("surface", "clear")
        self._column = QVBoxLayout(self._page)
        self._column.setContentsMargins(Space.XLARGE, Space.LARGE, Space.LARGE, Space.XLARGE)
        self._column.setSpacing(Space.MEDIUM)
        self._page.setMaximumWidth(840)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(self._page)
        scroll.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._scroll = scroll
        side = QVBoxLayout()
        side.setContentsMargins(Space.MEDIUM, Space.LARGE, Space.LARGE, Space.LARGE)
        side.addWidget(self.summary)
        side.addStretch(1)
        self._beside = layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(scroll, 1)
        layout.addLayout(side)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.run)

    def title(self) -> str:
        return self.info.title if self.info is not None else self.tr("Analysis")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = event.size().width() < _NARROW
        side = Space.MEDIUM if narrow else Space.XLARGE
        self._column.setContentsMargins(
            side, Space.LARGE, Space.MEDIUM if narrow else Space.LARGE, Space.XLARGE
        )
        self.summary.set_narrow(narrow)
        below = event.size().width() < _BELOW
        self._beside.setDirection(
            QBoxLayout.Direction.TopToBottom if below else QBoxLayout.Direction.LeftToRight
        )
        self._scroll.setMinimumHeight(_LEAST_FORM if below else 0)

    def open(self, route: Route) -> None:
        assert isinstance(route, AnalysisRoute)
        same = route == self.route and self.form is not None and not self.filling.finished
        if same and not route.files and route.example is None:
            return
        self._leave_form()
        self.route = route
        info = self.context.session.analysis(route.analysis)
        if info is None:
            self._show_missing()
        else:
            self._show_analysis(info)
        self.title_changed.emit()

    def activated(self) -> None:
        for slot in self.slots.values():
            slot.look()
        self._show_summary()
        self.check.ask_soon()

    def _leave_form(self) -> None:
        """What it holds is kept: as a run that is on its way, or as a draft."""
        if self._sending.under_way:
            self.filling.submitted()
        self.filling.save_draft()

    def deactivated(self) -> None:
        self.check.stop()
        self.filling.save_draft()

    def closing(self) -> None:
        self.check.stop()
        self.filling.save_draft()

    def take_files(self, paths: list[Path]) -> bool:
        """Files that an input of the form takes by their endings come there; a table is looked at."""
        return self._dropping.take_fitting(paths)

    def commands(self) -> list[tuple[str, str, object]]:
        if self.form is None:
            return []
        return [
            (self.tr("Run this analysis"), "Ctrl+Return", self.run),
            (self.tr("Undo in the form"), "Ctrl+Z", self.form.undo),
            (self.tr("Redo in the form"), "Ctrl+Shift+Z", self.form.redo),
            (self.tr("All settings as they come"), "", self.form.reset),
        ]

    def _clear(self) -> None:
        self.form, self.slots = None, {}
        for child in list(self._page.children()):
            if isinstance(child, QWidget):
                child.hide()
                child.setParent(None)
                child.deleteLater()
        while (item := self._column.takeAt(0)) is not None:
            layout = item.layout()
            if layout is not None:
                while layout.takeAt(0) is not None:
                    pass

    def _show_missing(self) -> None:
        self._clear()
        self.info = self.step = None
        self.summary.hide()
        state = self.context.session.target_state(self.context.session.current_target)
        answers = bool(self.context.session.catalogue()) or (state is not None and state.usable)
        self._column.addWidget(
            not_offered(self._to_catalogue) if answers else not_known_yet(state, self._to_targets)
        )

    def _show_analysis(self, info: AnalysisInfo) -> None:
        route = self.route
        assert route is not None
        self._clear()
        self.info = info
        self.step = self._chosen_step(info, route)
        self.summary.show()
        self._sending.forget()
        self.named_by_user = False
        self._column.addWidget(label(info.summary, "muted", wrap=True))
        if len(info.beginnings) > 1:
            self._column.addWidget(StepChoice(info.beginnings, self.step, self._choose_step))
        self.notice = FormNotice()
        self.notice.afresh_wanted.connect(self.filling.start_afresh)
        self.notice.last_wanted.connect(self.filling.take_last)
        self._column.addWidget(self.notice)
        self.programs = ProgramsNotice(self.context)
        self.programs.programs_wanted.connect(self._to_programs)
        self.programs.changed.connect(self._show_summary)
        self._column.addWidget(self.programs)
        self.problem = Message("error", "", "")
        self.problem.hide()
        self._column.addWidget(self.problem)
        for slot_info in self.step.inputs:
            self._column.addSpacing(Space.SMALL)
            slot = FileSlot(self.context, slot_info)
            slot.columns_known.connect(self._columns_known)
            slot.changed.connect(self._slot_changed)
            slot.look_wanted.connect(self._look_at)
            self._dropping.watch(slot)
            self.slots[slot_info.name] = slot
            self._column.addWidget(slot)
        self.form = Form(self.step.parameters_schema)
        self.form.changed.connect(self._form_changed)
        if self.form.fields:
            self._column.addWidget(SettingsCard(self.filling.store, info.id, self.step.id, self.form))
        self.tables = CheckTables()
        self._column.addWidget(self.tables)
        self._column.addStretch(1)
        self.check.watch(info, self.step, self.form, self.slots)
        self.filling.begin(info, self.step, route, self.form)
        self.programs.watch(info, self.step)
        self._show_summary()
        self.check.ask_soon()
        self._scroll.verticalScrollBar().setValue(0)

    # what goes on

    @Slot(str)
    def _catalogue_changed(self, target: str) -> None:
        if target != self.context.session.current_target or self.route is None:
            return
        info = self.context.session.analysis(self.route.analysis)
        if info is not None and self.info is None:
            self._show_analysis(info)
            self.title_changed.emit()

    @Slot()
    def _targets_changed(self) -> None:
        """New work may go elsewhere now: where there was no form, that server may have it."""
        if self.form is None and self.route is not None:
            info = self.context.session.analysis(self.route.analysis)
            if info is not None:
                self._show_analysis(info)
            else:
                self._show_missing()
            self.title_changed.emit()
        self._show_summary()

    @Slot(object)
    def _target_changed(self, state: TargetState) -> None:
        self._show_summary()
        if self.form is not None:
            self.programs.ask_another()
        elif (
            self.route is not None and not state.usable and state.name == self.context.session.current_target
        ):
            self._show_missing()
        if self.isVisible() and state.name == self.context.session.current_target:
            self.check.ask_soon()

    @Slot()
    def _show_check(self) -> None:
        self.summary.check.show_check(self.check)
        self.tables.show_result(self.check.result)
        if self.form is not None:
            self.form.show_findings(self.check.findings)
        self._show_summary()

    @Slot(object)
    def _to_run(self, key: JobKey) -> None:
        self.filling.submitted()
        self.notice.hide()
        self.navigate.emit(RunRoute(key))

    def _chosen_step(self, info: AnalysisInfo, route: AnalysisRoute) -> StepInfo:
        entry = self.context.session.entry(route.like) if route.like is not None else None
        wanted = route.step or (entry.step if entry is not None else "")
        before = "" if self.step is None else self.step.id
        return step_for(info.beginnings, wanted, before, route.files)

    @Slot(str)
    def _choose_step(self, step: str) -> None:
        """Another step has another form; this one's is kept as its draft."""
        if self.info is not None and self.step is not None and step != self.step.id:
            self._leave_form()
            self.route = AnalysisRoute(self.info.id, step=step)
            self._show_analysis(self.info)

    @Slot(str, object)
    def _columns_known(self, slot: str, columns: object) -> None:
        if self.form is not None:
            known = columns if isinstance(columns, tuple) else None
            only = len([s for s in self.slots.values() if s.slot.kind.value == "table"]) <= 1
            self.form.set_columns(known, "" if only else slot)

    @Slot()
    def _slot_changed(self) -> None:
        self.suggest_name()
        self._form_changed()

    @Slot()
    def _form_changed(self) -> None:
        self.filling.keep_soon()
        self._show_summary()
        self.check.ask_soon()

    @Slot(object)
    def _look_at(self, path: Path) -> None:
        self.navigate.emit(PreviewRoute(path))

    @Slot()
    def _to_programs(self) -> None:
        self.navigate.emit(ProgramsRoute())

    @Slot()
    def _to_catalogue(self) -> None:
        self.navigate.emit(CatalogueRoute())

    @Slot()
    def _to_targets(self) -> None:
        self.navigate.emit(TargetsRoute(self.context.session.current_target))

    @Slot(str)
    def _name_edited(self, text: str) -> None:
        self.named_by_user = bool(text)
        self.filling.keep_soon()

    @Slot(str)
    def _target_chosen(self, name: str) -> None:
        self.context.session.use_target(name)

    def suggest_name(self, text: str = "") -> None:
        """Name the run after what is in the form, unless the user named it."""
        if self.named_by_user or self.info is None:
            return
        file = next((slot.stem for slot in self.slots.values() if slot.stem), "")
        values = {} if self.form is None else self.form.values
        name = text or name_of_run(self.info.title, values, file)
        if name != self.summary.name.text():
            self.summary.name.setText(name)
            self.summary.name.setCursorPosition(0)

    # the summary

    @Slot()
    def _show_summary(self) -> None:
        if self.info is None or self.step is None or self.form is None:
            return
        session = self.context.session
        self.suggest_name()
        self.summary.show_targets(session.target_states(), session.current_target)
        slots = list(self.slots.values())
        facts = facts_of(self.info, self.step, self.form, slots, session, checked=self.check.result)
        self.summary.show_facts(facts)
        count = len(self._all_problems())
        ready = (
            self.tr("With these settings the run would stop")
            if self.check.refuses or self.programs.lacks
            else self.tr("Ready to run")
        )
        self.summary.hint.setText(
            ready if not count else self.tr("%Ln setting(s) still to be filled in or put right", "", count)
        )

    def _all_problems(self) -> list[str]:
        assert self.form is not None
        return [text for slot in self.slots.values() if (text := slot.problem())] + list(
            self.form.problems().values()
        )

    @Slot()
    def run(self) -> None:
        """Send it, or show what has to be settled first. What the analysis said of an older form does not count: the server decides."""
        if self.form is not None and not self.check.is_current:
            self.form.show_findings(())
        self._sending.run()

    def go_to_field(self, name: str) -> None:
        """Bring a field into sight."""
        if self.form is not None:
            self._scroll.ensureWidgetVisible(self.form.rows[name], 0, 120)

    def tell(self, title: str, detail: str = "") -> None:
        """Say at the top of the form what is wrong with all of it."""
        self.problem.title.setText(title)
        self.problem.detail.setText(detail)
        self.problem.detail.setVisible(bool(detail))
        self.problem.show()
        self._scroll.verticalScrollBar().setValue(0)

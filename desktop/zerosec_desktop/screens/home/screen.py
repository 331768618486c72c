"""The first screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from heapq import nlargest
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from zerosec_desktop.bridge import Work
from zerosec_desktop.context import Context
from zerosec_desktop.controls import Card, ElidedLabel, IconLabel, button, column, label, row
from zerosec_desktop.examples import example_facts, example_file, example_tables
from zerosec_desktop.jobs import JobEntry, Phase
from zerosec_desktop.navigation import (
    AnalysisRoute,
    CatalogueRoute,
    JobKey,
    JobsRoute,
    PreviewRoute,
    RunRoute,
    TargetsRoute,
)
from zerosec_desktop.reading.path_facts import PathFacts, PathKind, ask_paths
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.base import Screen
from zerosec_desktop.screens.home.drop_card import DropCard
from zerosec_desktop.screens.home.progress_row import ProgressRow
from zerosec_desktop.screens.page import Page
from zerosec_desktop.widgets.target_band import TargetBand
from zerosec_desktop.widgets.two_columns import TwoColumns
from zerosec_desktop.wording import (
    PHASE_ICON,
    headline,
    phase_title,
    place,
    since,
)

if TYPE_CHECKING:
    from zerosec_shared.analyses import AnalysisInfo, Example

RUNNING, RECENT, EXAMPLES, ANALYSES = 4, 6, 6, 6
HEAD_HEIGHT = 32
_MISSING = {PathKind.GONE, PathKind.FOLDER, PathKind.OTHER}


class RowButton(QPushButton):
    """A whole row that can be clicked: sign, name, and something small at the right."""

    def __init__(
        self, icon_name: str, colour: str, name: str, note: str, small: str = "", *, path: bool = False
    ) -> None:
        super().__init__()
        self.setProperty("kind", "row")
        self.setAutoDefault(False)
        self.setAccessibleName(f"{name}, {note}" if note else name)
        names = column(ElidedLabel(name), spacing=0)
        elide = Qt.TextElideMode.ElideMiddle if path else Qt.TextElideMode.ElideRight
        if small:
            names.addWidget(ElidedLabel(small, "caption", elide))
        across = row(IconLabel(icon_name, colour), spacing=12)
        across.addLayout(names, 1)
        if note:
            across.addWidget(label(note, "caption"))
        across.setContentsMargins(Space.SMALL, Space.TINY, Space.SMALL, Space.TINY)
        self.setLayout(across)
        self._height = 56 if small else 40  # the style sheet keeps others from taking of it
        self.setProperty("lines", "2" if small else "1")
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        return QSize(240, self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self._height)


class HomeScreen(Screen):
    """Drop, pick, try; what is running; what was recent."""

    icon_name = "home"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        page = Page()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(page)
        self._band = TargetBand(button(self.tr("Targets"), clicked=self._to_targets))
        page.body.addWidget(self._band)
        drop = DropCard()
        drop.choose.connect(self._choose)
        page.body.addWidget(drop)
        self._running_card = Card(spacing=Space.TINY)
        self._running_head = label(self.tr("Running now"), "subtitle")
        all_runs = button(self.tr("All runs"), "link", clicked=self._to_runs)
        self._running_card.body.addLayout(row(self._running_head, None, all_runs))
        self._running = QVBoxLayout()
        self._running_card.body.addLayout(self._running)
        page.body.addWidget(self._running_card)
        self._rows: dict[JobKey, ProgressRow] = {}
        self._missing: frozenset[Path] = frozenset()
        self._looking: Work | None = None
        self._examples = self._section(self.tr("Try an example"))
        self._analyses = self._section(
            self.tr("Start an analysis"), self.tr("All analyses"), self._to_catalogue
        )
        self._runs = self._section(self.tr("Recent runs"), self.tr("All runs"), self._to_runs)
        self._files = self._section(self.tr("Recent files"))
        sections = (self._analyses, self._examples, self._runs, self._files)
        page.body.addWidget(TwoColumns([card for card, _ in sections]))
        session = context.session
        session.jobs_changed.connect(self._jobs_changed)
        session.job_removed.connect(self._refresh_runs)
        session.catalogue_changed.connect(self._refresh_catalogue)
        session.target_changed.connect(self._refresh_band)
        session.targets_changed.connect(self._refresh_catalogue)
        session.targets_changed.connect(self._refresh_band)
        context.settings.changed.connect(self._refresh_files)
        self._refresh_catalogue()
        self._refresh_files()
        self._refresh_runs()
        self._refresh_band()

    def title(self) -> str:
        return self.tr("Home")

    def activated(self) -> None:
        self._refresh_runs()
        self._refresh_files()

    @staticmethod
    def _section(title: str, link: str = "", call: object = None) -> tuple[Card, QVBoxLayout]:
        card = Card(spacing=Space.TINY)
        head = row(label(title, "subtitle"), None)
        head.addStrut(HEAD_HEIGHT)  # the same with a link and without
        if link and callable(call):
            head.addWidget(button(link, "link", clicked=call))
        card.body.addLayout(head)
        inner = QVBoxLayout()
        inner.setSpacing(0)
        card.body.addLayout(inner)
        card.body.addStretch(1)
        return card, inner

    # -- what each part shows ------------------------------------------------------------------------------------

    def _refresh_band(self, *_: object) -> None:
        """The state of the target, where it needs to be known before one begins."""
        session = self.context.session
        state = session.target_state(session.current_target)
        why = state.message.rstrip(".。") if state is not None else ""
        self._band.show_state(
            state,
            self.tr("You can look at a file and fill in a form meanwhile.")
            if session.catalogue()
            else self.tr("You can look at a file meanwhile; the analyses appear as soon as it answers."),
            self.tr("{why}. You can go on: what you submit is kept here and sent when it answers.").format(
                why=why
            ),
        )

    def _refresh_catalogue(self, *_: object) -> None:
        catalogue = self.context.session.catalogue()
        _empty(self._analyses[1])
        for analysis in catalogue[:ANALYSES]:
            made = RowButton("analysis", "accent", analysis.title, "", headline(analysis.summary))
            made.clicked.connect(partial(self.navigate.emit, AnalysisRoute(analysis.id)))
            self._analyses[1].addWidget(made)
        if not catalogue:
            self._analyses[1].addWidget(
                label(self.tr("The list appears as soon as the server answers."), "muted", wrap=True)
            )
        _empty(self._examples[1])
        for analysis, number, example in list(_examples(catalogue))[:EXAMPLES]:
            files = [name for names in example.inputs.values() for name in names]
            what = example_facts(Path(files[0]).name)[1] if files else headline(analysis.summary)
            made = RowButton("example", "accent", example.title, "", what)
            made.clicked.connect(partial(self.navigate.emit, AnalysisRoute(analysis.id, example=number)))
            self._examples[1].addWidget(made)
        if not self._examples[1].count():
            for path in example_tables()[: EXAMPLES + 1]:
                title, what = example_facts(path.name)
                made = RowButton("example", "accent", title, "", what)
                made.clicked.connect(partial(self.navigate.emit, PreviewRoute(path)))
                self._examples[1].addWidget(made)
        self._examples[0].setVisible(self._examples[1].count() > 0)

    def _refresh_files(self, *_: object) -> None:
        """Show the recent files as last known, and look whether they are there: beside the window, for a share may stall."""
        self._show_files()
        QTimer.singleShot(0, self, self._look_for_files)

    def _look_for_files(self) -> None:
        if self._looking is None or self._looking.ended:
            recent = self.context.settings.value.recent_files[:RECENT]
            self._looking = ask_paths(self.context.bridge, recent, self._know_missing)

    def _know_missing(self, facts: Mapping[Path, PathFacts]) -> None:
        missing = frozenset(path for path, found in facts.items() if found.kind in _MISSING)
        if missing != self._missing:
            self._missing = missing
            self._show_files()

    def _show_files(self) -> None:
        _empty(self._files[1])
        recent = self.context.settings.value.recent_files[:RECENT]
        for path in recent:
            there = path not in self._missing
            made = RowButton(
                "file-data" if there else "file-missing",
                "muted" if there else "error",
                path.name,
                "" if there else self.tr("not there"),
                place(path.parent),
                path=True,
            )
            made.clicked.connect(partial(self._open_file, path))
            self._files[1].addWidget(made)
        if not recent:
            self._files[1].addWidget(label(self.tr("Files you open are listed here."), "muted", wrap=True))

    def _jobs_changed(self, changed: list[JobEntry]) -> None:
        if self.isVisible():
            self._refresh_active()
            if any(entry.phase.ended for entry in changed):
                self._refresh_recent()

    def _refresh_runs(self, *_: object) -> None:
        self._refresh_active()
        self._refresh_recent()

    def _refresh_active(self) -> None:
        active = self.context.session.active_entries()
        newest = nlargest(RUNNING, active, key=lambda entry: (entry.phase is Phase.RUNNING, entry.created_at))
        shown = {entry.key: entry for entry in newest}
        for key in [key for key in self._rows if key not in shown]:
            gone = self._rows.pop(key)
            self._running.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for key, entry in shown.items():
            if key in self._rows:
                self._rows[key].show_entry(entry)
            else:
                made = ProgressRow(entry)
                made.open.connect(self._open_run)
                made.cancel.connect(self.context.session.cancel)
                self._rows[key] = made
                self._running.addWidget(made)
        self._running_card.setVisible(bool(active))
        more = len(active) - len(shown)
        self._running_head.setText(
            self.tr("Running now, and %Ln more", "", more) if more > 0 else self.tr("Running now")
        )

    def _refresh_recent(self) -> None:
        ended = nlargest(
            RECENT,
            (entry for entry in self.context.session.entries() if entry.phase.ended),
            key=lambda entry: entry.created_at,
        )
        _empty(self._runs[1])
        for entry in ended:
            icon_name, colour = PHASE_ICON[entry.phase]
            made = RowButton(
                icon_name,
                colour,
                entry.name,
                since(entry.created_at),
                f"{phase_title(entry.phase)} · {self._analysis_title(entry)}",
            )
            made.clicked.connect(partial(self.navigate.emit, RunRoute(entry.key)))
            self._runs[1].addWidget(made)
        if not ended:
            self._runs[1].addWidget(
                label(self.tr("Runs that have ended are listed here."), "muted", wrap=True)
            )

    def _analysis_title(self, entry: JobEntry) -> str:
        return self.context.session.title_of(entry.analysis, entry.key.target)

    # -- ways on -------------------------------------------------------------------------------------------------

    def _choose(self) -> None:
        window = self.window()
        choose = getattr(window, "choose_file", None)
        if callable(choose):
            choose()

    def _open_file(self, path: Path) -> None:
        if path not in self._missing:
            self.navigate.emit(PreviewRoute(path))
        else:
            self.context.notifications.problem(
                FileNotFoundError(2, "not there", str(path)), key=f"missing:{path}"
            )

    def _open_run(self, key: JobKey) -> None:
        self.navigate.emit(RunRoute(key))

    def _to_runs(self) -> None:
        self.navigate.emit(JobsRoute())

    def _to_catalogue(self) -> None:
        self.navigate.emit(CatalogueRoute())

    def _to_targets(self) -> None:
        self.navigate.emit(TargetsRoute(self.context.session.current_target))


def _examples(catalogue: tuple[AnalysisInfo, ...]) -> Iterable[tuple[AnalysisInfo, int, Example]]:
    """The examples whose files are here: the first of each analysis, then the second of each."""
    here = [
        (number, analysis, example)
        for analysis in catalogue
        for number, example in enumerate(analysis.examples)
        if all(example_file(name) for names in example.inputs.values() for name in names)
    ]
    for number, analysis, example in sorted(here, key=lambda one: one[0]):
        yield analysis, number, example


def _empty(layout: QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()

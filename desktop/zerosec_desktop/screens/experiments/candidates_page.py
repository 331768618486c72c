"""Candidates: a file is read and recognised by the profile; rows already tested leave the list handed to the design."""

import asyncio
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QVBoxLayout, QWidget

from zerosec_desktop.bridge import Work
from zerosec_desktop.controls import Card, EmptyState, button, label, row
from zerosec_desktop.dialogs import open_files
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.experiments.candidate_list import Candidates, Looked, look, make_ready
from zerosec_desktop.screens.experiments.done_experiments import done_experiments
from zerosec_desktop.screens.experiments.open_project import OpenProject
from zerosec_desktop.screens.experiments.recognition_table import RecognitionTable
from zerosec_desktop.screens.experiments.said import Said
from zerosec_desktop.screens.experiments.step_page import StepPage
from zerosec_desktop.screens.experiments.steps import Step
from zerosec_desktop.widgets.table.model import FrameModel
from zerosec_desktop.widgets.table.view import DataTable
from zerosec_shared.experiments import Value
from zerosec_shared.profiles import TablePurpose

__all__ = ["CandidatesStep"]

ENDINGS = "*.xlsx *.xls *.xlsb *.ods *.csv *.tsv *.txt *.parquet"
SHOWN_ROWS = 500


class CandidatesStep(StepPage):
    """ファイルを読み込む: any table, and what it is."""

    def __init__(self, project: OpenProject) -> None:
        super().__init__(project)
        self._work: Work | None = None
        self._path: Path | None = None
        self._read: tuple[Path, int, str] | None = None
        """What is shown: file, revision of the results, values of the series."""
        self.looked: Looked | None = None
        self.candidates: Candidates | None = None
        card = Card(margins=Space.LARGE, spacing=12)
        card.body.addWidget(label(self.tr("Read a file"), "subtitle"))
        choose = button(self.tr("Choose a file…"), "primary", icon_name="folder", clicked=self._ask_file)
        across = row(choose, spacing=12)
        hint = self.tr(
            "or drop a list of candidates here. A file of results is recognised and led to its own step."
        )
        across.addWidget(label(hint, "muted", wrap=True), 1)
        card.body.addLayout(across)
        self.said = Said()
        card.body.addWidget(self.said)
        self._found = QWidget()
        stack = QVBoxLayout(self._found)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(Space.SMALL)
        self.remarks = label("", "muted", wrap=True)
        self.table = RecognitionTable()
        stack.addWidget(self.remarks)
        stack.addWidget(label(self.tr("How its columns were understood"), "strong"))
        stack.addWidget(self.table)
        card.body.addWidget(self._found)
        self.body.addWidget(card)
        self._rows = Card(margins=Space.LARGE, spacing=12)
        self._counts = label("", "strong", wrap=True)
        self._model = FrameModel(self)
        shown = DataTable(self._model)
        shown.setAccessibleName(self.tr("Candidates"))
        shown.setMinimumHeight(320)
        self._cut = label("", "caption")
        self._rows.body.addWidget(label(self.tr("The candidates a design chooses from"), "subtitle"))
        for widget in (self._counts, shown, self._cut):
            self._rows.body.addWidget(widget)
        self.body.addWidget(self._rows)
        self._none = EmptyState(
            "table",
            self.tr("No candidates yet"),
            self.tr(
                "Make the combination table under Parameters, or read a list of your own: one row a run that can be made."
            ),
        )
        self.body.addWidget(self._none)
        self._show_found(shown=False)

    def activated(self) -> None:
        """Look again when the file, the results or the series have changed since."""
        path = self._path or self.project.notes.candidates_file
        if self.project.notes.candidates_file is not None:
            path = self.project.notes.candidates_file
        if path is None:
            if self.project.notes.factors:
                self._say_factors()
            return
        if self._read != self._state(path):
            self.read(path)

    def _state(self, path: Path) -> tuple[Path, int, str]:
        notes = self.project.notes
        return (
            path,
            self.project.project.revision,
            repr(sorted(notes.given.items())) + self.project.project.profile,
        )

    def take_file(self, path: object) -> bool:
        if isinstance(path, Path):
            self.read(path)
            return True
        return False

    def _ask_file(self) -> None:
        open_files(
            self.window(),
            self.tr("Choose candidates"),
            (self.tr("Tables ({endings})").format(endings=ENDINGS),),
            lambda paths: self.read(paths[0]),
        )

    def read(self, path: Path) -> None:
        """Read a file and say what it is."""
        self.closing()
        self._path = path
        state = self._state(path)
        self._show_found(shown=False)
        stop = button(self.tr("Cancel"), clicked=self._stop)
        self.said.say("info", self.tr("Reading {name}…").format(name=path.name), "", stop)
        profile, given = self.project.profile, dict(self.project.notes.given)

        async def question() -> tuple[Looked, Candidates | None]:
            looked = await asyncio.to_thread(look, path, profile)
            if looked.found.purpose is not TablePurpose.CANDIDATES:
                return looked, None
            done: list[dict[str, Value]] = await done_experiments(self.project)
            return looked, await asyncio.to_thread(make_ready, looked, done, given)

        self._work = self.context.bridge.start(
            question(), name=f"read {path.name}", done=partial(self._show, state), failed=self._failed
        )

    def _stop(self) -> None:
        self.closing()
        self.said.clear()
        self._none.setVisible(self.candidates is None)

    def _failed(self, error: Exception) -> None:
        self._read = None
        again = button(self.tr("Try again"), clicked=self._again)
        self.said.problem(error, again)
        self._none.hide()

    def _again(self) -> None:
        if self._path is not None:
            self.read(self._path)

    def _show(self, state: tuple[Path, int, str], got: tuple[Looked, Candidates | None]) -> None:
        self._work = None
        self._read = state
        self.looked, self.candidates = got
        found = self.looked.found
        self.table.show_recognition(found)
        self.remarks.setText("\n".join(self.table.sentences(found.remarks)))
        self.remarks.setVisible(bool(found.remarks))
        name = self.looked.path.name
        if found.purpose is TablePurpose.NEITHER:
            reasons = "\n".join(self.table.sentences(found.reasons))
            self.said.say(
                "error",
                self.tr("{name} is neither a list of candidates nor results").format(name=name),
                reasons,
            )
        elif found.purpose is TablePurpose.RESULTS:
            go = button(
                self.tr("To the results"), "primary", clicked=partial(self.step_wanted.emit, Step.RESULTS)
            )
            text = self.tr(
                "Its responses have values. Import it under Results; the list of candidates stays as it is."
            )
            self.said.say("info", self.tr("{name} holds results").format(name=name), text, go)
        else:
            assert self.candidates is not None
            self._take(self.looked, self.candidates)
        self._show_found(shown=True)

    def _take(self, looked: Looked, ready: Candidates) -> None:
        """It is the project's list from now on."""
        if ready.left == 0:
            self.said.say(
                "warning",
                self.tr("No candidate is left in {name}").format(name=looked.path.name),
                self._told(ready),
            )
            return
        go = button(self.tr("To the design"), "primary", clicked=partial(self.step_wanted.emit, Step.DESIGN))
        complete = (
            ""
            if looked.complete
            else self.tr("Only the first {rows} rows were read.").format(rows=f"{looked.frame.height:,}")
        )
        self.said.say(
            "success" if looked.complete else "warning",
            self.tr("{name} is a list of candidates").format(name=looked.path.name),
            "\n".join(part for part in (complete, self._told(ready)) if part),
            go,
        )
        notes = self.project.notes
        self.project.remember(candidates_file=looked.path, factors={})
        made = self.project.output_of(Step.PARAMETERS)
        source = made if made == looked.sha256 else ""
        if notes.steps.get(Step.CANDIDATES) != (looked.sha256, source):
            self.project.step_done(Step.CANDIDATES, looked.sha256, source)

    def _told(self, ready: Candidates) -> str:
        """What was left out, and by what that was found."""
        parts = []
        if ready.tested:
            parts.append(self.tr("%Ln row(s) were tested already and left out", "", ready.tested))
        if ready.forbidden:
            parts.append(
                self.tr("%Ln row(s) break a rule of the profile and were left out", "", ready.forbidden)
            )
        if ready.blank:
            parts.append(self.tr("%Ln row(s) have an empty setting and were left out", "", ready.blank))
        if ready.tested and ready.uncompared:
            text = self.tr(
                "Neither the list nor the series says {columns}: rows tested with any of their values count as tested"
            )
            parts.append(text.format(columns=", ".join(ready.uncompared)))
        return "\n".join(parts)

    def _show_found(self, *, shown: bool) -> None:
        self._found.setVisible(shown)
        ready = self.candidates if shown else None
        self._rows.setVisible(ready is not None and ready.left > 0)
        self._none.setVisible(not shown and not self.said.surface)
        if ready is not None:
            self._counts.setText(
                self.tr("{left} of {listed} rows").format(left=f"{ready.left:,}", listed=f"{ready.listed:,}")
            )
            units = {column.name: column.unit for column in self.project.profile.columns}
            frame = ready.frame.head(SHOWN_ROWS)
            self._model.set_frame(
                frame,
                labels=[f"{name} ({units[name]})" if units.get(name) else name for name in frame.columns],
            )
            self._cut.setText(self.tr("The first {count} are shown").format(count=f"{SHOWN_ROWS:,}"))
            self._cut.setVisible(ready.left > SHOWN_ROWS)

    def _say_factors(self) -> None:
        """The variables themselves are the candidates."""
        listed = "\n".join(
            f"{name}: {text.replace('|', ', ')}" for name, text in self.project.notes.factors.items()
        )
        go = button(self.tr("To the design"), "primary", clicked=partial(self.step_wanted.emit, Step.DESIGN))
        self.said.say(
            "success", self.tr("Planned without a list, over the ranges of the variables"), listed, go
        )
        self._none.hide()

    def closing(self) -> None:
        if self._work is not None:
            self._work.cancel()
            self._work = None

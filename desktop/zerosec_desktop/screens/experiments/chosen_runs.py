"""Rows that were chosen in a result, before they become a lab sheet of the project that is open."""

import csv
import io

from PySide6.QtCore import Signal

from zerosec_desktop.bridge import Work
from zerosec_desktop.controls import Card, button, label, row
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.experiments.accepting import Accepted, accept_runs
from zerosec_desktop.screens.experiments.open_project import OpenProject
from zerosec_desktop.screens.experiments.said import Said

__all__ = ["ChosenRuns"]


class ChosenRuns(Card):
    """Nothing is made before the user says so: the project may be another than the one that is open."""

    made = Signal(object)  # Accepted

    def __init__(self, project: OpenProject) -> None:
        super().__init__(margins=Space.LARGE, spacing=12)
        self._project = project
        self._runs = b""
        self._work: Work | None = None
        self._what = label("", "subtitle", wrap=True)
        self.make = button(self.tr("Make their lab sheet"), "primary", icon_name="table", clicked=self._make)
        self.leave = button(self.tr("Not now"), "quiet", clicked=self._leave)
        self.said = Said()
        self.body.addWidget(self._what)
        self.body.addWidget(
            label(
                self.tr(
                    "The project's profile says which of their columns a run is made with. If they belong to another project, choose it above first."
                ),
                "muted",
                wrap=True,
            )
        )
        self.body.addLayout(row(self.make, self.leave, None))
        self.body.addWidget(self.said)
        self.hide()

    def offer(self, runs: bytes) -> None:
        """Show what was chosen (CSV with a header)."""
        self._runs = runs
        count = sum(1 for _ in csv.reader(io.StringIO(runs.decode("utf-8-sig")))) - 1
        self._what.setText(
            self.tr("%Ln row(s) chosen in a result, for “{0}”", "", count).format(self._project.project.name)
        )
        self.said.clear()
        self._usable()
        self.show()

    @property
    def offered(self) -> bytes:
        """What was chosen; nothing after it was made or left."""
        return self._runs

    def closing(self) -> None:
        """Stop what is asked."""
        if self._work is not None:
            self._work.cancel()
            self._work = None

    def _make(self) -> None:
        self.make.setEnabled(False)
        self.make.setToolTip(self.tr("It is being made…"))
        self.said.say("info", self.tr("Making the lab sheet…"))
        self._work = self._project.context.bridge.start(
            accept_runs(self._project, self._runs), name="lab sheet", done=self._done, failed=self._failed
        )

    def _done(self, accepted: Accepted) -> None:
        self._work = None
        self._leave()
        self.made.emit(accepted)

    def _failed(self, error: Exception) -> None:
        self._work = None
        self._usable()
        self.said.problem(error)

    def _usable(self) -> None:
        self.make.setEnabled(True)
        self.make.setToolTip("")

    def _leave(self) -> None:
        self._runs = b""
        self.hide()

"""The details beside the list of runs: what a job came to, and all pages of it in reach."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel, QTabBar, QToolButton
from pytestqt.qtbot import QtBot

from tests.desktop.test_jobs_model import entry
from zerosec_desktop.context import Context
from zerosec_desktop.jobs import JobEntry, Phase
from zerosec_desktop.screens.jobs.details import DetailsPane


@pytest.fixture
def pane(context: Context, qtbot: QtBot) -> DetailsPane:
    made = DetailsPane(context)
    qtbot.addWidget(made)
    return made


def told(pane: DetailsPane, job: JobEntry) -> list[str]:
    pane._show_overview(job)
    return [found.text() for found in pane._overview.findChildren(QLabel) if not found.isHidden()]


def test_only_a_job_that_succeeded_tells_its_last_word_as_its_outcome(pane: DetailsPane) -> None:
    job = entry(1, Phase.RUNNING, 0.3, stage="folds", message="fold 2 of 5")
    running = told(pane, job)
    assert running[running.index("Doing") + 1] == "fold 2 of 5"
    done = told(pane, replace(job, phase=Phase.SUCCEEDED, message="R² 0.78"))
    assert done[done.index("Outcome") + 1] == "R² 0.78"
    for phase in (Phase.CANCELLED, Phase.FAILED, Phase.QUEUED):
        assert not {"fold 2 of 5", "folds", "Outcome"} & set(told(pane, replace(job, phase=phase))), phase


def test_all_its_pages_are_in_reach_at_its_least_width(pane: DetailsPane, qtbot: QtBot) -> None:
    pane.resize(pane.minimumWidth(), 600)
    pane.show()
    qtbot.waitUntil(pane.isVisible)
    bar = pane.findChild(QTabBar)
    assert bar is not None
    assert bar.count() == 6
    assert [made for made in bar.findChildren(QToolButton) if made.isVisible()] == [], "none scrolls"
    pane.hide()

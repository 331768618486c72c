"""A job that gives no sign of life: the page says for how long, and why where the server's disk is full."""

from datetime import UTC, datetime

import pytest
from pytestqt.qtbot import QtBot

from zerosec_desktop.jobs import Condition, JobEntry, Phase, TargetState
from zerosec_desktop.navigation import JobKey
from zerosec_desktop.screens.run.progress import ProgressPage
from zerosec_shared.ids import new_id
from zerosec_shared.system import SystemStatus


def target(free_bytes: int) -> TargetState:
    status = SystemStatus(
        uptime_s=90, jobs={}, runs=1, slots=2, slots_busy=1, disk_free_bytes=free_bytes, disk_used_bytes=5
    )
    return TargetState("local", "This computer", None, Condition.ONLINE, status=status)


@pytest.mark.parametrize(
    ("free_bytes", "silent_s", "said"),
    [(0, 45.0, "disk of the server is full"), (1, 45.0, "no sign of life"), (0, 5.0, "")],
)
def test_the_page_says_why_a_job_is_silent(qtbot: QtBot, free_bytes: int, silent_s: float, said: str) -> None:
    page = ProgressPage()
    qtbot.addWidget(page)
    key = JobKey("local", new_id())
    entry = JobEntry(key, "Body mass", "linear", "", "", Phase.RUNNING, datetime(2026, 11, 20, tzinfo=UTC))

    page.show_entry(entry, [], target(free_bytes))
    page.show_pulse(silent_s, None)

    assert said in page._pulse.text()
    assert bool(page._pulse.text()) == bool(said)


@pytest.mark.parametrize(("width", "below"), [(1000, False), (420, True)])
def test_the_way_to_stop_does_not_squeeze_what_is_said(qtbot: QtBot, width: int, below: bool) -> None:
    page = ProgressPage()
    qtbot.addWidget(page)
    page._finish.show()
    page._stage.setText("Outer fold: body mass: support vectors, best RMSE so far 2.319")

    page.resize(width, 600)
    with qtbot.waitExposed(page):
        page.show()

    stage, cancel = page._stage.geometry(), page._cancel.geometry()
    assert (cancel.top() > stage.bottom()) is below
    assert (cancel.left() > stage.right()) is not below
    assert stage.width() > width / 2

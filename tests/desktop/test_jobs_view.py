"""The painted list of runs: what moves is painted anew and nothing else, and what is chosen is seen."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QObject, QRect
from PySide6.QtGui import QPaintEvent
from pytestqt.qtbot import QtBot

from tests.desktop.test_jobs_model import entry
from zerosec_desktop.context import Context
from zerosec_desktop.jobs import Phase
from zerosec_desktop.resources.theme import theme
from zerosec_desktop.resources.tokens import Control, Space
from zerosec_desktop.screens.jobs.list_view import JobsView
from zerosec_desktop.screens.jobs.model import JobsModel
from zerosec_desktop.screens.jobs.order import Column
from zerosec_desktop.wording import phase_title


class Painted(QObject):
    """Remembers which part of a widget was painted."""

    def __init__(self) -> None:
        super().__init__()
        self.areas: list[QRect] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.areas.append(event.rect())
        return False


@pytest.fixture
def view(context: Context, qtbot: QtBot) -> Iterator[JobsView]:
    model = JobsModel(context.session)
    model.set_all(entry(number, Phase.RUNNING, 0.1) for number in range(200))
    made = JobsView(model, context.settings)
    qtbot.addWidget(made)
    made.resize(1200, 600)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.hide()


def test_a_job_that_moves_on_repaints_its_progress_and_not_the_list(view: JobsView, qtbot: QtBot) -> None:
    painted = Painted()
    view.viewport().installEventFilter(painted)
    model = view._jobs
    moved = model.entry_at(model.index(3, 0))
    assert moved is not None
    model.update_entries([replace(moved, fraction=0.5)])
    qtbot.waitUntil(lambda: bool(painted.areas))
    row = view.visualRect(model.index(3, model.columns.index(Column.NAME)))
    name_ends = row.right()
    for area in painted.areas:
        assert (area.top(), area.height()) == (row.top(), row.height())
        assert area.left() > name_ends, "state and name stand still"


def test_jobs_out_of_sight_repaint_nothing(view: JobsView, qtbot: QtBot) -> None:
    painted = Painted()
    view.viewport().installEventFilter(painted)
    model = view._jobs
    below = model.entry_at(model.index(150, 0))
    seen = model.entry_at(model.index(0, 0))
    assert below is not None
    assert seen is not None
    model.update_entries([replace(below, fraction=0.5)])
    model.update_entries([replace(seen, fraction=0.5)])
    qtbot.waitUntil(lambda: bool(painted.areas))
    assert all(area.top() == 0 for area in painted.areas)


def test_a_chosen_row_and_its_bar_are_seen(view: JobsView, qtbot: QtBot) -> None:
    model = view._jobs
    view.setCurrentIndex(model.index(2, 0))
    picture = view.viewport().grab().toImage()

    def colour(row: int, column: Column) -> str:
        cell = view.visualRect(model.index(row, model.columns.index(column)))
        return picture.pixelColor(cell.left() + 12, cell.center().y() + 1).name().upper()

    edge = view.visualRect(model.index(2, model.columns.index(Column.NAME)))
    assert (
        picture.pixelColor(edge.right() - 2, edge.top() + 4).name().upper()
        == theme.palette.accent_soft.upper()
    )
    assert colour(2, Column.PROGRESS) == theme.palette.accent.upper(), "a tenth is done"
    assert colour(1, Column.PROGRESS) == theme.palette.accent.upper()


def test_every_state_has_room_in_its_column(view: JobsView) -> None:
    room = view.header().sectionSize(0) - Control.ICON - 2 * Space.SMALL
    longest = max((phase_title(phase) for phase in Phase), key=view.fontMetrics().horizontalAdvance)
    assert view.fontMetrics().horizontalAdvance(longest) <= room, longest

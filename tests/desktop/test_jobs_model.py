"""The job list: always in order, whatever happens in whatever sequence; and fast with ten thousand jobs."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QTreeView
from pytestqt.qtbot import QtBot

from zerosec_desktop.context import Context
from zerosec_desktop.jobs import JobEntry, Phase, remaining_s
from zerosec_desktop.navigation import JobKey
from zerosec_desktop.screens.jobs.model import JobsModel
from zerosec_desktop.screens.jobs.order import Column, Filter, Grouping, PhaseFilter, group_of, sort_key
from zerosec_shared.runs import JobState, JobStatus

START = datetime(2026, 11, 1, tzinfo=UTC)


def entry(
    number: int, phase: Phase = Phase.QUEUED, fraction: float | None = None, **fields: object
) -> JobEntry:
    """A job, the higher the number the newer."""
    made = JobEntry(
        key=JobKey("this-computer" if number % 3 else "lab", UUID(int=(7 << 76) | (2 << 62) | number)),
        name=f"run {number % 50}",
        analysis="linear" if number % 2 else "noop",
        step="fit",
        owner="local",
        phase=phase,
        created_at=START + timedelta(minutes=number),
        fraction=fraction,
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def shown(model: JobsModel) -> list[tuple[str, list[JobKey]]]:
    """What the model shows: groups with their jobs; one nameless group without grouping."""

    def jobs(parent: QModelIndex) -> list[JobKey]:
        found = [model.entry_at(model.index(row, 0, parent)) for row in range(model.rowCount(parent))]
        return [job.key for job in found if job is not None]

    if not model.grouping:
        return [("", jobs(QModelIndex()))]
    groups = []
    for row in range(model.rowCount()):
        index = model.index(row, 0)
        groups.append((model._groups[row].name, jobs(index)))
    return groups


def expected(
    jobs: dict[JobKey, JobEntry], wanted: Filter, grouping: Grouping, column: Column, descending: bool
) -> list[tuple[str, list[JobKey]]]:
    """The same by sorting everything anew."""
    key = sort_key(column, descending=descending)
    taken = [job for job in jobs.values() if wanted.takes(job)]
    names = {group_of(job, grouping) for job in taken}
    found = [
        (name, [job.key for job in sorted(taken, key=key) if group_of(job, grouping)[1] == name])
        for _, name in sorted(names, key=lambda pair: pair[0])
    ]
    return found if grouping or found else [("", [])]


@pytest.mark.parametrize("grouping", list(Grouping))
@pytest.mark.parametrize(
    ("column", "descending"),
    [(Column.CREATED, True), (Column.STATE, False), (Column.PROGRESS, True), (Column.NAME, True)],
)
def test_any_sequence_of_news_leaves_the_list_as_if_sorted_anew(
    context: Context, grouping: Grouping, column: Column, descending: bool
) -> None:
    chance = random.Random(20261121)
    model = JobsModel(context.session)
    model.columns = (Column.STATE, column)  # the tester asks for every cell after every change
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
    model.sort(model.columns.index(column), order)
    model.set_grouping(grouping)
    wanted = Filter(text="run")
    model.set_filter(wanted)
    jobs: dict[JobKey, JobEntry] = {}
    for step in range(75):
        roll = chance.random()
        if roll < 0.35 or not jobs:
            new = entry(step * 7 % 30)
            jobs[new.key] = new
            model.update_entries([new])
        elif roll < 0.85:
            old = jobs[chance.choice(list(jobs))]
            changed = replace(
                old,
                phase=chance.choice(list(Phase)),
                fraction=chance.choice([None, 0.1, 0.5, 0.9]),
                pinned=chance.random() < 0.1,
                name=chance.choice([old.name, "other", "run x"]),
            )
            jobs[old.key] = changed
            model.update_entries([changed])
        elif roll < 0.95:
            gone = chance.choice(list(jobs))
            del jobs[gone]
            model.remove(gone)
        else:
            wanted = Filter(phase=chance.choice(list(PhaseFilter)), text=chance.choice(["", "run"]))
            model.set_filter(wanted)
        assert shown(model) == expected(jobs, wanted, grouping, column, descending)
        for chip in PhaseFilter:
            assert model.counts[chip] == sum(chip.takes(job) for job in jobs.values())
    assert tester.model() is model


def test_a_chosen_job_stays_chosen_when_it_moves(context: Context, qtbot: QtBot) -> None:
    model = JobsModel(context.session)
    model.set_all([entry(number) for number in range(20)])
    model.sort(model.columns.index(Column.STATE), Qt.SortOrder.AscendingOrder)
    view = QTreeView()
    qtbot.addWidget(view)
    view.setModel(model)
    chosen = entry(5)
    flags = QItemSelectionModel.SelectionFlag
    view.selectionModel().setCurrentIndex(model.index_of(chosen.key), flags.ClearAndSelect | flags.Rows)
    model.update_entries([replace(chosen, phase=Phase.SENDING)])
    rows = view.selectionModel().selectedRows()
    assert [model.entry_at(row) for row in rows] == [replace(chosen, phase=Phase.SENDING)]
    assert rows[0].row() == 0


def test_words_of_the_filter_are_looked_for_in_any_letters() -> None:
    job = entry(1, name="摩耗量 Final Model")
    assert Filter(text="final 摩耗").takes(job)
    assert not Filter(text="final wear").takes(job)


@pytest.mark.parametrize(
    ("fraction", "elapsed", "sure"),
    [(None, 100, False), (0.01, 100, False), (0.5, 1, False), (0.5, 100, True), (0.99, 100, True)],
)
def test_time_left_is_a_range_and_silent_where_nothing_is_known(
    fraction: float | None, elapsed: float, sure: bool
) -> None:
    now = datetime.now(UTC)
    state = JobState(
        id=entry(1).key.job_id,
        run_id=entry(2).key.job_id,
        status=JobStatus.RUNNING,
        attempt=1,
        last_event=3,
        created_at=now - timedelta(seconds=elapsed),
        started_at=now - timedelta(seconds=elapsed),
    )
    left = remaining_s(replace(entry(1, Phase.RUNNING, fraction), state=state))
    assert (left is not None) == sure
    if left is not None and fraction is not None:
        straight = elapsed * (1 - fraction) / fraction
        assert left[0] < straight < left[1]


def test_a_hundred_streaming_among_ten_thousand_cost_little(context: Context, qtbot: QtBot) -> None:
    """A tenth of a second's news is a hundred rows: told as rows, never as a reset, and the rest is not touched."""
    model = JobsModel(context.session)
    jobs = [entry(number, Phase.SUCCEEDED) for number in range(9_900)]
    streaming = [entry(number, Phase.RUNNING, 0.0) for number in range(9_900, 10_000)]
    model.set_all([*jobs, *streaming])
    view = QTreeView()
    view.setUniformRowHeights(True)
    view.resize(1000, 800)
    qtbot.addWidget(view)
    view.setModel(model)
    view.show()
    told: list[tuple[int, int]] = []
    upheavals: list[str] = []
    model.dataChanged.connect(lambda first, last, _roles: told.append((first.row(), last.row())))
    for name in ("modelReset", "layoutChanged", "rowsInserted", "rowsRemoved", "rowsMoved"):
        getattr(model, name).connect(lambda *_, name=name: upheavals.append(name))
    for tick in range(40):
        model.update_entries([replace(job, fraction=tick / 40, message=f"pass {tick}") for job in streaming])
    assert upheavals == []
    assert len(told) == 40, "one signal for the news of a tenth of a second"
    assert all(last - first < len(streaming) for first, last in told), "only rows that have news"
    assert model.rowCount() == 10_000

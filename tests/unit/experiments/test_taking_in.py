"""Imports are whole or nothing, leave a trail, and can be taken back."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.experiments.conftest import COLUMNS, Lab

from zerosec_server.database.submissions import IdTakenError
from zerosec_server.experiments.cells import key_text
from zerosec_server.experiments.history import history_of, import_by_id, list_imports
from zerosec_server.experiments.laying import lay
from zerosec_server.experiments.taking_in import (
    ProfileChangedError,
    ResultsChangedError,
    plan_back,
    ready_of,
    take_back,
    take_in,
)
from zerosec_shared.experiments import ExperimentColumn, ImportKind, Value

STEEL: dict[str, Value] = {"送り速度": 300.0, "材料": "Steel", "摩耗量": 1.5}
ALUMI: dict[str, Value] = {"送り速度": 300.0, "材料": "Alumi", "実験日": "2025-10-29"}


def test_what_was_imported_is_there(lab: Lab) -> None:
    lab.take_in([STEEL, ALUMI])

    assert lab.content() == {frozenset(STEEL.items()), frozenset(ALUMI.items())}
    assert (lab.project.experiments, lab.project.revision) == (2, 1)


def test_a_later_file_changes_and_completes(lab: Lab) -> None:
    lab.take_in([STEEL])
    lab.take_in([{**STEEL, "摩耗量": 2.0, "実験日": "2025-11-01"}])

    assert lab.rows() == [{**STEEL, "摩耗量": 2.0, "実験日": "2025-11-01"}]


def test_an_import_worked_out_for_other_results_is_refused_and_writes_nothing(lab: Lab) -> None:
    difference, request = lab.compare([STEEL]), lab.request()
    lab.take_in([ALUMI])
    before = lab.content()

    with pytest.raises(ResultsChangedError):
        lab.database.write(lambda c: take_in(c, request, difference))

    assert lab.content() == before
    assert lab.database.read(lambda c: import_by_id(c, lab.id, request.id)) is None


def test_the_same_request_again_changes_nothing(lab: Lab) -> None:
    difference, request = lab.compare([STEEL]), lab.request()

    assert lab.database.write(lambda c: take_in(c, request, difference)) is True
    assert lab.database.write(lambda c: take_in(c, request, difference)) is False
    assert lab.project.revision == 1


def test_what_was_laid_ready_before_the_write_is_taken_in_and_taken_back_like_what_was_not(
    lab: Lab, new_lab: Callable[[], Lab]
) -> None:
    changed = {**STEEL, "摩耗量": 2.0, "実験日": "2025-11-01"}
    other = new_lab()
    other.take_in([STEEL])
    other.take_back(other.take_in([ALUMI, changed]))

    for rows in ([STEEL], [ALUMI, changed]):
        difference, request = lab.compare(rows), lab.request()
        ready = ready_of(difference)
        assert lab.database.write_laid(
            lambda c, ready=ready: lay(c, ready),
            lambda c, request=request, difference=difference: take_in(c, request, difference, laid=True),
        )
    assert lab.content() == {frozenset(changed.items()), frozenset(ALUMI.items())}
    back = lab.request(ImportKind.UNDO, request.id)
    plan = lab.database.read(lambda c: plan_back(c, lab.project, request.id))
    assert lab.database.write_laid(
        lambda c: lay(c, plan.ready), lambda c: take_back(c, back, plan, laid=True)
    )

    assert lab.rows() == other.rows() == [STEEL]
    key = key_text(["300", "Steel"])
    told = [
        [(each.kind, each.column, each.old, each.new) for each in history]
        for history in (lab.database.read(lambda c, of=of: history_of(c, of.id, key)) for of in (lab, other))
    ]
    assert told[0] == told[1] != []


def test_a_write_that_fails_after_it_was_laid_ready_changes_nothing_and_the_next_one_works(lab: Lab) -> None:
    difference, late = lab.compare([STEEL]), lab.request()
    lab.take_in([ALUMI])
    ready = ready_of(difference)

    with pytest.raises(ResultsChangedError):
        lab.database.write_laid(lambda c: lay(c, ready), lambda c: take_in(c, late, difference, laid=True))

    assert lab.content() == {frozenset(ALUMI.items())}
    lab.take_in([STEEL])
    assert lab.content() == {frozenset(STEEL.items()), frozenset(ALUMI.items())}


def test_another_request_of_the_same_id_is_refused(lab: Lab) -> None:
    difference, request = lab.compare([STEEL]), lab.request()
    lab.database.write(lambda c: take_in(c, request, difference))
    other = type(request)(**{**vars(request), "digest": "f" * 64})

    with pytest.raises(IdTakenError):
        lab.database.write(lambda c: take_in(c, other, difference))


def test_every_value_tells_who_set_it_and_what_was_there_before(lab: Lab) -> None:
    first = lab.take_in([STEEL])
    second = lab.take_in([{**STEEL, "摩耗量": 2.0}])

    history = lab.database.read(lambda c: history_of(c, lab.id, key_text(("300", "Steel"))))

    wear = [(each.import_id, each.old, each.new) for each in history if each.column == "摩耗量"]
    assert [(str(made), old, new) for made, old, new in wear] == [(second, 1.5, 2.0), (first, None, 1.5)]
    assert {(each.by, each.file_name) for each in history} == {("local", "results.xlsx")}


def test_taking_back_removes_what_was_new_and_restores_what_was_changed(lab: Lab) -> None:
    lab.take_in([STEEL])
    second = lab.take_in([{**STEEL, "摩耗量": 2.0}, ALUMI])

    undo = lab.take_back(second)

    assert lab.rows() == [STEEL]
    listed = lab.database.read(lambda c: list_imports(c, lab.id, None, 10))
    assert (str(listed[0].id), listed[0].kind) == (undo, ImportKind.UNDO)
    assert [str(each.undone_by) for each in listed if str(each.id) == second] == [undo]


def test_values_set_by_a_later_import_stay_and_are_counted(lab: Lab) -> None:
    first = lab.take_in([STEEL])
    lab.take_in([{**STEEL, "摩耗量": 2.0}])

    undo = lab.take_back(first)

    assert lab.rows() == [{**STEEL, "摩耗量": 2.0}]
    record = lab.database.read(lambda c: import_by_id(c, lab.id, undo))
    assert record is not None
    assert record.kept == 3


def test_an_experiment_a_later_import_added_to_keeps_what_says_which_one_it_is(lab: Lab) -> None:
    first = lab.take_in([STEEL])
    lab.take_in([{"送り速度": 300.0, "材料": "Steel", "実験日": "2025-11-01"}])

    lab.take_back(first)

    assert lab.rows() == [{"送り速度": 300.0, "材料": "Steel", "実験日": "2025-11-01"}]


def test_undoing_the_undo_brings_everything_back(lab: Lab) -> None:
    first = lab.take_in([STEEL, ALUMI])
    before = lab.content()

    lab.take_back(lab.take_back(first))

    assert lab.content() == before


def test_an_undo_in_the_middle_of_another_change_is_refused_whole(lab: Lab) -> None:
    first = lab.take_in([STEEL])
    request = lab.request(ImportKind.UNDO, first)
    plan = lab.database.read(lambda c: plan_back(c, lab.project, first))
    lab.take_in([ALUMI])

    with pytest.raises(ResultsChangedError):
        lab.database.write(lambda c: take_back(c, request, plan))

    assert lab.content() == {frozenset(STEEL.items()), frozenset(ALUMI.items())}


def test_a_value_of_an_import_that_was_taken_back_never_returns(lab: Lab) -> None:
    wrong = lab.take_in([{**STEEL, "摩耗量": 99.0}])
    corrected = lab.take_in([STEEL])
    lab.take_back(wrong)
    assert lab.rows() == [STEEL]

    undo = lab.take_back(corrected)

    assert lab.rows() == []
    lab.take_back(undo)
    assert lab.rows() == [STEEL]


def test_bringing_an_import_back_leaves_what_a_later_one_has_set(lab: Lab) -> None:
    first = lab.take_in([{**STEEL, "摩耗量": 99.0, "実験日": "2025-10-29"}])
    undo = lab.take_back(first)
    lab.take_in([STEEL])

    lab.take_back(undo)

    assert lab.rows() == [{**STEEL, "実験日": "2025-10-29"}]


def test_an_undo_does_not_bring_back_values_without_a_column(lab: Lab) -> None:
    undo = lab.take_back(lab.take_in([STEEL]))
    lab.set_columns([column for column in COLUMNS if column.name != "摩耗量"])

    with pytest.raises(ProfileChangedError, match="摩耗量"):
        lab.take_back(undo)

    lab.set_columns([replace_identity(column) for column in COLUMNS])
    with pytest.raises(ProfileChangedError, match="送り速度"):
        lab.take_back(undo)
    assert lab.rows() == []


def replace_identity(column: ExperimentColumn) -> ExperimentColumn:
    return column.model_copy(update={"identifying": column.name == "送り速度"})


def test_an_import_that_was_previewed_by_another_profile_is_refused(lab: Lab) -> None:
    difference, request = lab.compare([STEEL]), lab.request()
    lab.set_columns([column for column in COLUMNS if column.name != "摩耗量"])

    with pytest.raises(ResultsChangedError):
        lab.database.write(lambda c: take_in(c, request, difference))


wear = st.one_of(st.none(), st.sampled_from([0.0, 1.0, 2.0]))
experiment = st.tuples(st.sampled_from([100.0, 200.0]), st.sampled_from(["Steel", "Alumi"]), wear, wear)
files = st.lists(st.lists(experiment, max_size=4), min_size=1, max_size=4)


def as_rows(drawn: list[tuple[float, str, float | None, float | None]]) -> list[dict[str, Value]]:
    rows: list[dict[str, Value]] = []
    for feed, material, wear_value, a13 in drawn:
        row: dict[str, Value] = {"送り速度": feed, "材料": material}
        row |= {name: value for name, value in (("摩耗量", wear_value), ("A13", a13)) if value is not None}
        rows.append(row)
    return rows


@given(files)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_taking_everything_back_in_reverse_passes_through_every_state_there_was(
    new_lab: Callable[[], Lab], drawn: list[list[tuple[float, str, float | None, float | None]]]
) -> None:
    lab = new_lab()
    states, made = [lab.content()], []
    for rows in drawn:
        made.append(lab.take_in(as_rows(rows)))
        states.append(lab.content())

    for import_id in reversed(made):
        assert lab.content() == states.pop()
        lab.take_back(import_id)

    assert lab.content() == states.pop() == set()


@given(files, st.lists(st.integers(0, 3), max_size=6))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_taken_back_and_again_the_values_are_those_of_the_imports_in_force(
    new_lab: Callable[[], Lab],
    drawn: list[list[tuple[float, str, float | None, float | None]]],
    toggles: list[int],
) -> None:
    lab, other = new_lab(), new_lab()
    newest = [lab.take_in([*as_rows(rows), MARK | {"摩耗量": float(n)}]) for n, rows in enumerate(drawn)]
    active = [True] * len(drawn)
    for place in (toggle for toggle in toggles if toggle < len(drawn)):
        newest[place] = lab.take_back(newest[place])
        active[place] = not active[place]

    # What is told by files that do not agree on a value is the same as if the others had never been imported.
    for n, rows in enumerate(drawn):
        if active[n]:
            other.take_in([*as_rows(rows), MARK | {"摩耗量": float(n)}])
    shown = {frozenset(row.items()) for row in lab.rows() if row["送り速度"] == MARK["送り速度"]}
    assert shown == {frozenset(row.items()) for row in other.rows() if row["送り速度"] == MARK["送り速度"]}
    if all(active):
        assert lab.content() == other.content()
    if not any(active):
        assert lab.content() == set()


MARK: dict[str, Value] = {"送り速度": 999.0, "材料": "Steel"}

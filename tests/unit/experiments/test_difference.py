"""What an import would do: blanks overwrite nothing, order does not matter, disagreeing rows are all rejected."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zerosec_server.experiments.difference import Difference, FileRow, Known, compare
from zerosec_server.experiments.experiment_names import namer
from zerosec_shared.experiments import ColumnKind, EntryKind, ExperimentColumn, Value, identity
from zerosec_shared.profiles import OneHotGroup

COLUMNS = (
    ExperimentColumn(name="送り速度", identifying=True),
    ExperimentColumn(name="材料", kind=ColumnKind.TEXT, identifying=True),
    ExperimentColumn(name="摩耗量"),
    ExperimentColumn(name="面粗度"),
)
NAMES = ("送り速度", "材料")


def row(number: int, feed: float | None, material: str | None, **values: float) -> FileRow:
    given_values: dict[str, Value] = dict(values)
    if feed is not None:
        given_values["送り速度"] = feed
    if material is not None:
        given_values["材料"] = material
    return FileRow(number, given_values)


def known(*values: dict[str, Value]) -> dict[tuple[str, ...], Known]:
    return {identity(each, NAMES): Known(number, each) for number, each in enumerate(values, start=1)}


def applied(
    before: dict[tuple[str, ...], Known], difference: Difference
) -> dict[tuple[str, ...], dict[str, Value]]:
    """What the database holds afterwards."""
    after = {key: dict(found.values) for key, found in before.items()}
    for plan in difference.planned:
        for change in plan.changes:
            assert change.new is not None
            after.setdefault(plan.key, {})[change.column] = change.new
    return after


def test_a_row_nobody_knows_is_new() -> None:
    found = compare([row(2, 300, "Steel", 摩耗量=1.5)], {}, COLUMNS)

    assert found.counts[EntryKind.NEW] == 1
    assert found.entries[0].experiment == "送り速度 300, 材料 Steel"
    assert {change.column for change in found.entries[0].changes} == {"送り速度", "材料", "摩耗量"}


@pytest.mark.parametrize(
    ("brush", "name"),
    [
        ((0, 1), "送り速度 300, ブラシ A11"),
        ((1, 0), "送り速度 300, ブラシ A13"),
        ((1, 1), "送り速度 300, A13 1, A11 1"),
        ((0, 0), "送り速度 300, A13 0, A11 0"),
        ((1, None), "送り速度 300, A13 1"),
    ],
)
def test_a_choice_as_0_and_1_is_told_by_its_level(brush: tuple[int, int | None], name: str) -> None:
    names = ("送り速度", "A13", "A11")
    columns = tuple(ExperimentColumn(name=each, identifying=True) for each in names)
    choice = OneHotGroup(name="ブラシ", members=("A13", "A11"))
    values: dict[str, Value] = {
        each: float(value) for each, value in zip(names, (300, *brush), strict=True) if value is not None
    }

    found = compare([FileRow(2, values)], {}, columns, namer(names, [choice]))

    assert found.entries[0].experiment == name
    assert {change.column: change.new for change in found.entries[0].changes} == values


def test_a_choice_of_which_a_column_identifies_nothing_is_told_by_its_columns() -> None:
    choice = OneHotGroup(name="ブラシ", members=("A13", "A11"))

    assert namer(("送り速度", "A11"), [choice])(("300", "1")) == "送り速度 300, A11 1"


def test_a_changed_value_tells_the_old_and_the_new_one() -> None:
    before = known({"送り速度": 300.0, "材料": "Steel", "摩耗量": 1.5})

    found = compare([row(2, 300, "Steel", 摩耗量=2.5)], before, COLUMNS)

    (change,) = found.entries[0].changes
    assert (found.entries[0].kind, change.column, change.old, change.new) == (
        EntryKind.CHANGED,
        "摩耗量",
        1.5,
        2.5,
    )


def test_a_blank_overwrites_nothing() -> None:
    before = known({"送り速度": 300.0, "材料": "Steel", "摩耗量": 1.5})

    found = compare([row(2, 300, "Steel")], before, COLUMNS)

    assert found.counts[EntryKind.IDENTICAL] == 1
    assert found.planned == ()


@pytest.mark.parametrize(("first", "second"), [(0.1 + 0.2, 0.3), (300.000001, 300.0), (-0.0, 0.0)])
def test_settings_that_differ_only_beyond_five_decimals_are_one_experiment(
    first: float, second: float
) -> None:
    before = known({"送り速度": second, "材料": "Steel", "摩耗量": 1.0})

    found = compare([row(2, first, "Steel", 摩耗量=1.0)], before, COLUMNS)

    assert found.counts[EntryKind.IDENTICAL] == 1


def test_full_width_and_outer_blanks_do_not_make_another_experiment() -> None:
    before = known({"送り速度": 300.0, "材料": "Steel", "摩耗量": 1.0})

    found = compare([row(2, 300, " Ｓｔｅｅｌ", 摩耗量=1.0)], before, COLUMNS)

    assert found.counts[EntryKind.IDENTICAL] == 1


def test_rows_that_disagree_about_one_experiment_are_all_rejected_and_name_each_other() -> None:
    rows = [
        row(2, 300, "Steel", 摩耗量=1.0),
        row(5, 300, "Steel", 摩耗量=2.0),
        row(9, 400, "Steel", 摩耗量=3.0),
    ]

    found = compare(rows, {}, COLUMNS)

    rejected = [entry for entry in found.entries if entry.kind is EntryKind.REJECTED]
    assert [entry.rows for entry in rejected] == [(2,), (5,)]
    assert all("row 2: 1; row 5: 2" in entry.reason and entry.column == "摩耗量" for entry in rejected)
    assert found.counts == {
        EntryKind.NEW: 1,
        EntryKind.CHANGED: 0,
        EntryKind.IDENTICAL: 0,
        EntryKind.REJECTED: 2,
    }


def test_rows_that_complete_each_other_are_one_experiment() -> None:
    found = compare([row(2, 300, "Steel", 摩耗量=1.0), row(3, 300, "Steel", 面粗度=0.8)], {}, COLUMNS)

    assert found.counts[EntryKind.NEW] == 1
    assert found.entries[0].rows == (2, 3)


def test_a_row_that_does_not_say_which_experiment_it_is_about_is_rejected() -> None:
    found = compare([row(7, None, None, 摩耗量=1.0)], {}, COLUMNS)

    (entry,) = found.entries
    assert (entry.kind, entry.rows) == (EntryKind.REJECTED, (7,))
    assert "送り速度, 材料" in entry.reason


def test_a_setting_nobody_wrote_down_is_not_taken_for_one_that_is_known() -> None:
    before = known({"送り速度": 300.0, "材料": "Steel", "摩耗量": 1.0})

    found = compare([row(2, 300, None, 摩耗量=1.0)], before, COLUMNS)

    assert found.counts[EntryKind.NEW] == 1


def test_a_row_the_reader_refused_stays_refused() -> None:
    found = compare([FileRow(4, {}, "摩耗量", "摩耗量 has text.")], {}, COLUMNS)

    assert [(entry.rows, entry.column, entry.reason) for entry in found.entries] == [
        ((4,), "摩耗量", "摩耗量 has text.")
    ]


values = st.one_of(st.none(), st.sampled_from([0.0, 1.0, 1.5, 2.0]))
cells = st.tuples(
    st.sampled_from([100.0, 200.0, 200.000001]), st.sampled_from(["Steel", "Alumi", "Ｓteel"]), values, values
)


def rows_of(drawn: list[tuple[float, str, float | None, float | None]]) -> list[FileRow]:
    rows = []
    for number, (feed, material, wear, roughness) in enumerate(drawn, start=2):
        responses = {"摩耗量": wear, "面粗度": roughness}
        rows.append(row(number, feed, material, **{k: v for k, v in responses.items() if v is not None}))
    return rows


def renumbered(rows: list[FileRow]) -> list[FileRow]:
    return [FileRow(number, each.values) for number, each in enumerate(rows, start=2)]


@given(st.lists(cells, max_size=12), st.lists(cells, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(
    first: list[tuple[float, str, float | None, float | None]],
    second: list[tuple[float, str, float | None, float | None]],
    shuffler: random.Random,
) -> None:
    start = applied({}, compare(rows_of(first), {}, COLUMNS))
    before = {key: Known(number, held) for number, (key, held) in enumerate(start.items(), start=1)}
    rows = rows_of(second)
    shuffled = rows.copy()
    shuffler.shuffle(shuffled)

    straight = compare(rows, before, COLUMNS)
    mixed = compare(renumbered(shuffled), before, COLUMNS)

    assert applied(before, straight) == applied(before, mixed)
    assert straight.counts == mixed.counts


@given(st.lists(cells, max_size=12))
def test_the_same_file_twice_changes_nothing(
    drawn: list[tuple[float, str, float | None, float | None]],
) -> None:
    once = applied({}, compare(rows_of(drawn), {}, COLUMNS))
    before = {key: Known(number, held) for number, (key, held) in enumerate(once.items(), start=1)}

    again = compare(rows_of(drawn), before, COLUMNS)

    assert again.planned == ()
    assert again.counts[EntryKind.NEW] == again.counts[EntryKind.CHANGED] == 0


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_settings_that_count_as_one_although_they_differ_are_told(order: tuple[int, int]) -> None:
    rows = [row(2, 300.000001, "Steel", 摩耗量=1.5), row(3, 300.000002, "Steel", 面粗度=0.2)]

    (entry,) = compare([rows[place] for place in order], {}, COLUMNS).entries
    (known_one,) = compare(rows[:1], known({"送り速度": 300.0, "材料": "Steel"}), COLUMNS).entries
    (plain,) = compare([row(2, 300, "Steel", 摩耗量=1.5)], {}, COLUMNS).entries

    assert "送り速度 300.000002 of row 3 counts as 300.000001" in entry.remark
    assert "送り速度 300.000001 of row 2 counts as 300" in known_one.remark
    assert plain.remark == ""


def test_ten_thousand_replicates_that_disagree_are_told_in_no_time() -> None:
    rows = [row(number, 300, "Steel", 摩耗量=float(number)) for number in range(10_000)]

    found = compare(rows, {}, COLUMNS)

    assert found.counts[EntryKind.REJECTED] == 10_000
    assert "and 9,980 more rows" in found.entries[-1].reason
    assert sum(len(entry.reason) for entry in found.entries[:1]) < 4000

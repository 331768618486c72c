"""A filter means the same in SQL as in words: counts equal those of a plain count over the rows."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.experiments.conftest import Lab

from zerosec_server.experiments.choosing import UnknownColumnError, chosen_experiments, figures
from zerosec_shared.experiments import Value
from zerosec_shared.selections import (
    AnyOf,
    Choice,
    DateRange,
    ExperimentFilter,
    NumberRange,
    QueryAnswer,
    filter_text,
)

number = st.one_of(st.none(), st.sampled_from([-1.0, 0.0, 0.5, 1.0, 3.0]))
flag = st.one_of(st.none(), st.sampled_from([0.0, 1.0]))
day = st.one_of(st.none(), st.sampled_from(["2025-10-01", "2025-10-29", "2025-10-29 13:05:00", "2025-11-02"]))
tables = st.dictionaries(
    st.tuples(st.sampled_from([100.0, 200.0, 300.0]), st.sampled_from(["Steel", "Alumi"])),
    st.fixed_dictionaries({"摩耗量": number, "A13": flag, "A11": flag, "実験日": day}),
    max_size=6,
)
ends = st.one_of(st.none(), st.sampled_from([-1.0, 0.0, 0.5, 2.0]))
ranges = st.builds(
    lambda column, one, other: NumberRange(
        column=column,
        minimum=None if one is None else min(one, one if other is None else other),
        maximum=None if other is None else max(other, other if one is None else one),
    ),
    st.sampled_from(["摩耗量", "送り速度"]),
    ends,
    ends,
)
dates = st.sampled_from(
    [
        DateRange.model_validate({"column": "実験日", "first": "2025-10-29"}),
        DateRange.model_validate({"column": "実験日", "last": "2025-10-29"}),
        DateRange.model_validate({"column": "実験日", "first": "2025-10-02", "last": "2025-10-29"}),
    ]
)
choices = st.sampled_from(
    [Choice(column="材料", values=("Steel",)), Choice(column="送り速度", values=(100.0, 300.0))]
)
brushes = st.sampled_from([AnyOf(columns=("A13",)), AnyOf(columns=("A13", "A11"))])
filters = st.lists(st.one_of(ranges, dates, choices, brushes), max_size=3).map(
    lambda conditions: ExperimentFilter(conditions=tuple(conditions))
)


def matches(row: dict[str, Value], condition: NumberRange | DateRange | Choice | AnyOf) -> bool:
    """What a condition says, in plain Python."""
    match condition:
        case NumberRange(column=column, minimum=low, maximum=high):
            value = row.get(column)
            return (
                isinstance(value, float) and (low is None or value >= low) and (high is None or value <= high)
            )
        case DateRange(column=column, first=first, last=last):
            text = str(row.get(column, ""))[:10]
            return bool(text) and (not first or text >= str(first)) and (not last or text <= str(last))
        case Choice(column=column, values=values):
            return row.get(column) in values
        case AnyOf(columns=columns):
            return any(row.get(column) == 1 for column in columns)


def filled(new_lab: Callable[[], Lab], table: dict[tuple[float, str], dict[str, Value | None]]) -> Lab:
    lab = new_lab()
    lab.take_in(
        [
            {"送り速度": feed, "材料": material, **{k: v for k, v in rest.items() if v is not None}}
            for (feed, material), rest in table.items()
        ]
    )
    return lab


@given(tables, filters)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_database_counts_what_a_plain_count_counts(
    new_lab: Callable[[], Lab],
    table: dict[tuple[float, str], dict[str, Value | None]],
    chosen: ExperimentFilter,
) -> None:
    lab = filled(new_lab, table)
    everything = lab.rows()
    expected = [row for row in everything if all(matches(row, each) for each in chosen.conditions)]

    found: QueryAnswer = lab.database.read(lambda c: figures(c, lab.project, chosen))

    assert lab.rows(chosen) == expected
    assert (found.total, found.matching) == (len(everything), len(expected))
    used = {column for row in expected for column in row}
    assert found.complete == sum(used <= row.keys() for row in expected)
    for column in found.columns:
        held = [row[column.column] for row in expected if column.column in row]
        assert (column.values, column.missing) == (len(held), len(expected) - len(held))
        assert sum(column.bins) == sum(isinstance(value, float) for value in held)
        assert sum(column.levels.values()) == sum(isinstance(value, str) for value in held)


def test_without_conditions_everything_is_meant(new_lab: Callable[[], Lab]) -> None:
    lab = filled(new_lab, {(100.0, "Steel"): {}, (200.0, "Alumi"): {"摩耗量": 1.0}})

    found = lab.database.read(lambda c: figures(c, lab.project, ExperimentFilter()))

    assert found.matching == found.total == 2


def test_a_histogram_spans_all_experiments_whatever_is_chosen(new_lab: Callable[[], Lab]) -> None:
    lab = filled(new_lab, {(float(n), "Steel"): {"摩耗量": float(n)} for n in range(1, 49)})
    chosen = ExperimentFilter(conditions=(NumberRange(column="摩耗量", maximum=2.0),))

    found = lab.database.read(lambda c: figures(c, lab.project, chosen))

    (wear,) = (column for column in found.columns if column.column == "摩耗量")
    assert (wear.low, wear.high) == (1.0, 48.0)
    assert wear.all_bins == (2,) * 24
    assert wear.bins == (2,) + (0,) * 23


@pytest.mark.parametrize(
    "condition",
    [
        NumberRange(column="硬度", minimum=1.0),
        NumberRange(column="材料", minimum=1.0),
        DateRange.model_validate({"column": "摩耗量", "first": "2025-10-29"}),
        AnyOf(columns=("A13", "材料")),
    ],
)
def test_a_condition_on_a_column_that_is_not_there_or_holds_something_else_is_refused(
    lab: Lab, condition: NumberRange | DateRange | AnyOf
) -> None:
    with pytest.raises(UnknownColumnError):
        chosen_experiments(lab.project, ExperimentFilter(conditions=(condition,)))


def test_a_filter_reads_as_one_line() -> None:
    chosen = ExperimentFilter(
        conditions=(
            DateRange.model_validate({"column": "実験日", "first": "2025-10-01"}),
            NumberRange(column="摩耗量", minimum=0.5, maximum=3.0),
            Choice(column="材料", values=("Steel", "Alumi")),
            AnyOf(columns=("A13", "A11")),
        )
    )

    assert filter_text(chosen) == "2025-10-01 ≤ 実験日; 0.5 ≤ 摩耗量 ≤ 3; 材料 = Steel | Alumi; A13 | A11"

"""The combinations are those of nested loops, whatever the conditions and however they are cut into pieces."""

from itertools import product

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zerosec_analyses.combinations import space as space_module
from zerosec_analyses.combinations.space import Condition, Factor, Space, TooManyToCountError
from zerosec_analyses.levels import Level, as_decimal
from zerosec_analyses.sdk import InputError
from zerosec_shared.formulas import evaluate, parse
from zerosec_shared.texts import say

CONDITIONS = [
    "a + b <= 0.7",
    "a * c != 2",
    "b in {0.1, 0.3} or c > 1",
    "d - a < 1",
    "not (c == 1 and d == 2)",
    "a + b + c + d > 2",
    "b <= 0.3",
]
NAMES = "abcd"


def level(text: str) -> Level:
    found = as_decimal(text)
    assert found is not None
    return found


def factor(name: str, *levels: str) -> Factor:
    return Factor((name,), tuple((level(text),) for text in levels))


def condition(text: str, forbids: bool = False) -> Condition:
    return Condition(parse(text), forbids, say("“{text}”", text=text))


def rows(space: Space) -> list[tuple[object, ...]]:
    return [row for frame in space.frames() for row in frame.iter_rows()]


def looped(levels: dict[str, list[str]], conditions: list[Condition]) -> list[tuple[object, ...]]:
    """The same by nested loops over exact numbers."""
    found = []
    for values in product(*levels.values()):
        row = dict(zip(levels, (level(value) for value in values), strict=True))
        if all((evaluate(each.formula, row) is True) is not each.forbids for each in conditions):
            found.append(tuple(float(value) for value in values))
    return found


level_lists = st.lists(
    st.sampled_from(["0", "0.1", "0.2", "0.3", "0.4", "1", "2", "3"]), min_size=1, max_size=5, unique=True
)


@settings(max_examples=40)
@given(
    st.lists(level_lists, min_size=4, max_size=4),
    st.lists(st.tuples(st.sampled_from(CONDITIONS), st.booleans()), max_size=3),
    st.sampled_from([7, 50, 1000]),
    st.booleans(),
)
def test_combinations_equal_the_product_that_loops_would_make(
    lists: list[list[str]], chosen: list[tuple[str, bool]], batch_rows: int, exact: bool
) -> None:
    levels = dict(zip(NAMES, lists, strict=True))
    conditions = [condition(text, forbids) for text, forbids in chosen]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(space_module, "BATCH_ROWS", batch_rows)
        patch.setattr(space_module, "EXACT_COMBINATIONS", 100_000 if exact else 0)
        space = Space([factor(name, *texts) for name, texts in levels.items()], conditions)

        expected = looped(levels, conditions)

        assert rows(space) == expected
        assert space.count(1_000_000) == len(expected)
        assert all(0 < frame.height <= batch_rows for frame in space.frames())


def test_a_count_needs_no_list() -> None:
    ten = [str(i) for i in range(10)]
    space = Space(
        [factor(f"x{i}", *ten) for i in range(15)], [condition("x0 + x1 <= 3"), condition("x2 == x14")]
    )

    assert space.unrestricted == 10**15
    assert space.count(10_000) == 10 * 10 * 10**11


def test_counting_stops_where_it_would_take_too_long() -> None:
    hundred = [str(i) for i in range(100)]
    space = Space([factor(name, *hundred) for name in NAMES], [condition("a + b + c + d == 200")])

    with pytest.raises(TooManyToCountError):
        space.count(100_000)


def test_a_beginning_no_condition_allows_is_never_continued() -> None:
    thousand = [str(i) for i in range(1000)]
    space = Space(
        [factor(name, *thousand) for name in NAMES],
        [condition("a == b"), condition("b == c"), condition("c == d")],
    )

    assert rows(space)[:2] == [(0, 0, 0, 0), (1, 1, 1, 1)]
    assert space.count(5_000_000) == 1000


@pytest.mark.parametrize("exact", [True, False])
def test_what_cannot_be_worked_out_names_the_combination(
    monkeypatch: pytest.MonkeyPatch, exact: bool
) -> None:
    monkeypatch.setattr(space_module, "EXACT_COMBINATIONS", 100 if exact else 0)

    with pytest.raises(InputError) as raised:
        rows(Space([factor("a", "1", "0"), factor("b", "2")], [condition("1 / a > b")]))

    assert str(raised.value.title).startswith(
        "“1 / a > b” cannot be worked out for a = 0, b = 2: A division by zero."
    )


def test_types_are_as_narrow_as_the_levels() -> None:
    space = Space([factor("a", "1", "2"), factor("b", "0.5", "1"), Factor(("c",), (("Steel",), ("Alumi",)))])

    assert space.schema() == {"a": pl.Int64, "b": pl.Float64, "c": pl.String}


def test_levels_with_more_digits_than_a_double_are_refused() -> None:
    with pytest.raises(InputError, match="more digits than a number in a file can hold"):
        Space([factor("a", "0.12345678901234567891")])

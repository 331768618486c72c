"""Formulas give what exact arithmetic gives, row by row and over whole tables; missing values stay missing."""

import math
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zerosec_analyses.formula_columns import FormulaRowError, computed, mask
from zerosec_shared.formulas import FormulaError, FormulaValueError, as_number, evaluate, parse

COLUMNS = ("a", "b", "速度")
decimals = st.decimals(-1000, 1000, places=3)
rows = st.fixed_dictionaries(dict.fromkeys(COLUMNS, decimals))


@st.composite
def arithmetic(draw: st.DrawFn, depth: int = 3) -> tuple[str, str]:
    """A formula and the same as Python over Fractions named by `row`."""
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        if draw(st.booleans()):
            name = draw(st.sampled_from(COLUMNS))
            return name, f"row[{name!r}]"
        number = draw(decimals)
        return f"({number})", f"Fraction('{number}')"
    left, python_left = draw(arithmetic(depth=depth - 1))
    right, python_right = draw(arithmetic(depth=depth - 1))
    sign = draw(st.sampled_from("+-*"))
    return f"({left} {sign} {right})", f"({python_left} {sign} {python_right})"


def expected(python: str, row: Mapping[str, Decimal]) -> Fraction:
    """Worked out by Python's own exact arithmetic; the text comes from the strategy above alone."""
    found = eval(python, {"Fraction": Fraction, "row": {k: Fraction(v) for k, v in row.items()}})
    assert isinstance(found, Fraction)
    return found


@given(arithmetic(), rows)
def test_sums_and_products_are_exact(pair: tuple[str, str], row: dict[str, Decimal]) -> None:
    text, python = pair

    assert evaluate(parse(text), row) == expected(python, row)


@given(arithmetic(), rows)
def test_doubles_count_as_the_decimals_they_stand_for(pair: tuple[str, str], row: dict[str, Decimal]) -> None:
    text, python = pair

    as_doubles = {name: float(value) for name, value in row.items()}

    assert evaluate(parse(text), as_doubles) == expected(python, row)


@given(
    arithmetic(), st.lists(rows, min_size=1, max_size=5), st.sampled_from(["<", "<=", "==", "!=", ">", ">="])
)
def test_a_table_is_judged_as_its_rows_are(
    pair: tuple[str, str], table: list[dict[str, Decimal]], sign: str
) -> None:
    text, _ = pair
    # every row is also compared with its own exact value, where double precision alone decides at random
    for limit in ("b", f"({evaluate(parse(text), table[0])})"):
        condition = parse(f"{text} {sign} {limit.replace('/', ' / ')}")
        frame = pl.DataFrame({name: [float(row[name]) for row in table] for name in COLUMNS})

        assert mask(condition, frame).to_list() == [evaluate(condition, row) for row in table]


@given(arithmetic(), st.lists(rows, min_size=1, max_size=5))
def test_a_table_gives_the_numbers_its_rows_give(
    pair: tuple[str, str], table: list[dict[str, Decimal]]
) -> None:
    formula = parse(pair[0])
    frame = pl.DataFrame({name: [float(row[name]) for row in table] for name in COLUMNS})

    found = computed(formula, frame)

    exact = [as_number(evaluate(formula, row)) for row in table]
    assert found.to_list() == pytest.approx(exact, rel=1e-9, abs=1e-3)


LEAVES = st.sampled_from(["x", "y", "0", "1", "2", "0.5", "3", "0.1"])


@st.composite
def numbers(draw: st.DrawFn, depth: int = 3) -> str:
    """A formula that gives a number, of every kind of part there is."""
    kind = draw(st.integers(0, 8)) if depth else 0
    if kind == 0:
        return draw(LEAVES)
    first = draw(numbers(depth=depth - 1))
    if kind <= 3:
        return f"({first} {draw(st.sampled_from('+-*/'))} {draw(numbers(depth=depth - 1))})"
    if kind == 4:
        return f"({first}) ^ {draw(st.sampled_from(['2', '3', '0.5', '-1']))}"
    if kind == 5:
        return f"{draw(st.sampled_from(['abs', 'sqrt', 'exp', 'log', 'sin', 'cos', 'atan', 'round', '-']))}({first})"
    second = draw(numbers(depth=depth - 1))
    if kind == 6:
        return f"if({draw(truths(depth=depth - 1))}, {first}, {second})"
    return f"{draw(st.sampled_from(['min', 'max', 'log']))}({first}, {second})"


@st.composite
def truths(draw: st.DrawFn, depth: int = 3) -> str:
    """A formula that gives true or false."""
    kind = draw(st.integers(0, 4)) if depth else 0
    if kind <= 1:
        sign = draw(st.sampled_from(["<", "<=", "==", "!=", ">", ">="]))
        return f"{draw(numbers(depth=max(0, depth - 1)))} {sign} {draw(numbers(depth=max(0, depth - 1)))}"
    if kind == 2:
        return f"not ({draw(truths(depth=depth - 1))})"
    if kind == 3:
        sign = draw(st.sampled_from(["and", "or"]))
        return f"({draw(truths(depth=depth - 1))}) {sign} ({draw(truths(depth=depth - 1))})"
    return f"{draw(numbers(depth=depth - 1))} in {{1, 2, 0.5}}"


def by_row(text: str, row: dict[str, float | None]) -> object:
    try:
        return evaluate(parse(text), row)
    except FormulaValueError as error:
        return error.problem


def by_table(text: str, row: dict[str, float | None]) -> object:
    """The row as the first of two: a column without any value is of no kind."""
    frame = pl.DataFrame([row, {"x": 1.5, "y": 1.5}], schema={"x": pl.Float64, "y": pl.Float64})
    try:
        return computed(parse(text), frame)[0]
    except FormulaRowError as error:
        return error.reason if error.index == 0 else by_row(text, row)


@settings(max_examples=250)
@given(
    numbers() | truths(),
    st.fixed_dictionaries(
        {
            "x": st.sampled_from([None, 0.0, 1.0, 2.0, -1.0, 0.1, 0.3, 7.25]),
            "y": st.sampled_from([None, 0.0, 1.0, 2.0, 0.2]),
        }
    ),
)
def test_any_formula_means_the_same_by_row_and_by_table(text: str, row: dict[str, float | None]) -> None:
    one, other = by_row(text, row), by_table(text, row)

    if isinstance(one, Fraction | float) and not isinstance(one, bool):
        assert isinstance(other, float)
        assert math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    elif isinstance(one, str):
        assert isinstance(other, str)  # which of several problems is told first may differ
    else:
        assert other is one


FUNCTIONS = [
    "100 / 送り速度 * 60",
    "round(x / 3, 2)",
    "round(x * 100, -1)",
    "sqrt(abs(x)) + exp(-x / 100)",
    "if(x > 0, log(x), 0)",
    "if(x == 0, 0, 1 / x)",
    "min(x, 送り速度, 3)",
    "max(x, 送り速度)",
    "x^2 - 2^x",
    "abs(x)^0.5",
]


@pytest.mark.parametrize("text", FUNCTIONS)
def test_functions_mean_the_same_by_row_and_by_table(text: str) -> None:
    table = [{"x": x, "送り速度": f} for x in (-2.5, 0.0, 0.125, 2.675, None) for f in (60.0, 0.3)]
    frame = pl.DataFrame(table)

    found = computed(parse(text), frame).to_list()

    for value, row in zip(found, table, strict=True):
        exact = as_number(evaluate(parse(text), row))
        assert value is None if exact is None else math.isclose(value, exact, rel_tol=1e-12), (row, text)


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("m > 1", None),
        ("m > 1 and false", False),
        ("false and m > 1", False),
        ("m > 1 or true", True),
        ("m > 1 or false", None),
        ("not (m > 1)", None),
        ("m in {1, 2}", None),
        ("m == m", None),
        ("min(m, 1) < 2", None),
        ("if(m > 1, 1, 2) == 1", None),
        ("if(x > 0, 1, m) == 1", True),
    ],
)
def test_missing_values_stay_missing(text: str, truth: bool | None) -> None:
    frame = pl.DataFrame({"m": [None, float("nan")], "x": [1.0, 1.0]})

    assert evaluate(parse(text), {"m": None, "x": 1}) is truth
    assert evaluate(parse(text), {"m": math.nan, "x": 1}) is truth
    assert mask(parse(text), frame).to_list() == [truth, truth]


def test_texts_are_compared_as_they_stand() -> None:
    frame = pl.DataFrame({"材料": ["Steel", "Alumi", None], "empty": [None, None, None]})

    assert mask(parse('材料 == "Steel"'), frame).to_list() == [True, False, None]
    assert mask(parse('材料 not in {"Steel", "Titan"}'), frame).to_list() == [False, True, None]
    assert mask(parse('empty == "Steel"'), frame).to_list() == [None, None, None]
    assert mask(parse("empty + 1 > 2"), frame).to_list() == [None, None, None]
    assert mask(parse("true"), frame).to_list() == [True, True, True]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1 / x", "At character 3: Row 12: A division by zero."),
        ("1 / (a + b - 0.3)", "At character 3: Row 11: A division by zero."),
        ("x^-1", "At character 2: Row 12: A division by zero."),
        ("sqrt(x - 5)", "At character 1: Row 11: The root of a negative number."),
        ("log(x)", "At character 1: Row 12: The logarithm needs"),
        ("(x - 2)^0.5", "At character 8: Row 11: A broken power of a negative number."),
        ("10^(x * 400)", "Row 11: The result is too large."),
    ],
)
def test_what_cannot_be_worked_out_names_the_row(text: str, sentence: str) -> None:
    frame = pl.DataFrame({"x": [1.0, 0.0, 2.0], "a": [0.1, 1, 1], "b": [0.2, 1, 1]})

    with pytest.raises(FormulaValueError) as raised:
        computed(parse(text), frame, lambda index: index + 11)

    assert sentence in str(raised.value)


def test_dates_are_refused_in_words() -> None:
    frame = pl.DataFrame({"日": ["2025-10-29"]}).with_columns(pl.col("日").str.to_date())

    with pytest.raises(FormulaError, match="“日” holds dates or times"):
        mask(parse("日 > 1"), frame)


def test_a_guard_before_a_division_is_heeded() -> None:
    frame = pl.DataFrame({"x": [0.0, 2.0]})

    assert mask(parse("x != 0 and 1 / x < 1"), frame).to_list() == [False, True]
    assert mask(parse("x == 0 or 1 / x < 1"), frame).to_list() == [True, True]

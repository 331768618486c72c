"""What cannot be estimated or read is refused by name, and never scored."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.unit.optimal_design.conftest import Finished, grid, table_text

from zerosec_analyses.sdk import InputError

Design = Callable[..., Finished]
TWO, THREE = (-1, 1), (-1, 0, 1)


def refused(design: Design, *given: Any, **parameters: Any) -> InputError:
    with pytest.raises(InputError) as caught:
        design(*given, **parameters)
    return caught.value


def test_fewer_runs_than_coefficients(design: Design) -> None:
    error = refused(design, grid(*[THREE] * 3), runs=9, model="quadratic")

    assert error.title == "9 runs cannot estimate the 10 coefficients of the model."
    assert "x1:x2" in error.detail


def test_a_constant_column(design: Design) -> None:
    error = refused(design, [(a, 7, b) for a, b in grid(TWO, TWO)], runs=6)

    assert error.title == "x2 is 7 in all candidates: its effect cannot be estimated."


def test_a_column_that_is_the_sum_of_others(design: Design) -> None:
    error = refused(design, [(a, b, a + b) for a, b in grid(THREE, THREE)], runs=8)

    assert "x3 is a combination of x1, x2" in error.title


def test_the_square_of_a_factor_with_two_levels(design: Design) -> None:
    error = refused(design, grid(TWO, THREE), runs=8, model="quadratic")

    assert "x1^2 is the same in all of them" in error.title
    assert "Take out x1^2" in error.hint


def test_an_interaction_that_is_another_factor(design: Design) -> None:
    error = refused(design, [(a, b, a * b) for a, b in grid(TWO, TWO)], runs=8, model="2fi")

    assert "x1:x2 is a combination of x3" in error.title


def test_too_few_different_runs_for_the_model(design: Design) -> None:
    error = refused(design, [(-1, -1), (1, 1), (-1, 1)], runs=6, model="2fi")

    assert "x1:x2" in error.title


def test_more_different_runs_than_the_list_has(design: Design) -> None:
    error = refused(design, grid(TWO, TWO), runs=5, repeats=False)

    assert "4 different runs" in error.title


def test_a_missing_value_is_named_with_its_row(design: Design) -> None:
    error = refused(design, "a,b\n1,2\n,3\n2,2\n1,3\n", runs=4)

    assert error.title == "Row 3, column “a”: the value is missing."


@pytest.mark.parametrize(
    ("parameters", "says"),
    [
        ({"model": "x1 + speed"}, "speed"),
        ({"model": "x1 + + x2"}, "cannot be read"),
        ({"columns": ("z",)}, "There is no column “z”"),
        ({"constraints": "x1 > 5"}, "None of the 9 candidates"),
        ({"constraints": "x1 >"}, "The condition “x1 >” cannot be used"),
        ({"constraints": "__import__('os')"}, "cannot be used"),
        ({"block_sizes": (3, 4)}, "The blocks have 7 runs together, and 8 are asked for."),
        ({"centre_points": 5, "replicates": 3}, "none is left to choose"),
        ({"model": "mixture-linear"}, "do not add up to the same total"),
        ({"factors": {"a": "1..2"}}, "Both a list"),
    ],
)
def test_parameters_that_do_not_fit_say_what_does_not(
    design: Design, parameters: dict[str, Any], says: str
) -> None:
    assert says in refused(design, grid(THREE, THREE), **({"runs": 8} | parameters)).title


@pytest.mark.parametrize(
    ("described", "says"),
    [
        ("5..1", "first end must be the smaller"),
        ("1..5 step 0", "the step must be above zero"),
        ("1..1e9 step 1", "levels"),
        ("a..b", "is not a number"),
        ("steel", "neither a range nor levels"),
        ("a|b|a", "given twice"),
        ("3|3.0", "one level only"),
    ],
)
def test_a_described_factor_that_cannot_be_read(design: Design, described: str, says: str) -> None:
    error = refused(design, None, runs=4, factors={"speed": described})

    assert says in error.title
    assert "speed" in error.title


def test_nothing_to_choose_from(design: Design) -> None:
    assert "nothing to choose runs from" in refused(design, None, runs=4).title


def test_runs_already_done_without_a_factor_column(design: Design) -> None:
    error = refused(design, grid(TWO, TWO), done="x1,y\n1,2\n", runs=4)

    assert "has no column “x2”" in error.title


def test_runs_already_done_with_an_unknown_level(design: Design) -> None:
    error = refused(design, grid("ab", TWO), done="x1,x2\nc,1\n", runs=4)

    assert "Row 2" in error.title
    assert "“c”" in error.title


def test_a_hostile_column_name_is_shown_and_nothing_else(design: Design) -> None:
    error = refused(design, table_text([(1, 1), (1, 2)], ["{column.__class__}", "b"]), runs=4)

    assert error.title.startswith("{column.__class__} is 1 in all candidates")


def test_numbers_too_large_to_calculate_with(design: Design) -> None:
    listed = refused(design, [(1.7e308, 1), (-1.7e308, 2), (0, 2), (1, 1)], runs=4)
    described = refused(design, None, runs=4, factors={"a": "-1.7e308..1.7e308", "b": "0..1"})

    assert listed.title == "x1 goes to 1.7e+308; numbers beyond 1e+300 cannot be calculated with."
    assert "a goes to 1.7e+308" in described.title


def test_further_terms_that_cannot_be_used_are_said_to_be_these_before_anything_is_searched(
    design: Design,
) -> None:
    for criterion in ("D", "bayesian-D"):
        error = refused(design, grid(THREE, THREE), runs=6, criterion=criterion, potential="x1 + + x2")

        assert error.title.startswith("The possible further terms cannot be used. The model cannot be read")

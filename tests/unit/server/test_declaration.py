"""What every analysis' parameters refuse by themselves."""

from typing import Annotated, Any

import pytest
from pydantic import Field, ValidationError

from zerosec_analyses.declaration import Parameters


class Given(Parameters):
    rounds: int | None = None
    rate: float = Field(default=0.1, ge=0, le=0.5)
    depths: tuple[Annotated[int, Field(ge=0)], ...] = ()
    limits: dict[str, float] = Field(default_factory=dict)
    keep: bool = False
    level: bool | int = 0


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"rounds": True}, "int_type"),
        ({"rate": False}, "float_type"),
        ({"depths": [2, True]}, "int_type"),
        ({"limits": {"x1": True}}, "float_type"),
    ],
)
def test_true_and_false_are_no_numbers(given: dict[str, Any], kind: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Given.model_validate(given)
    (problem,) = refused.value.errors()
    assert (problem["loc"], problem["type"]) == (tuple(given), kind)


def test_numbers_and_truth_values_are_taken_where_they_are_asked_for() -> None:
    given = Given.model_validate(
        {"rounds": 3, "rate": 0.2, "depths": [2, 0], "limits": {"x1": 1}, "keep": True, "level": True}
    )
    assert (given.rounds, given.rate, given.depths, given.limits) == (3, 0.2, (2, 0), {"x1": 1.0})
    assert given.keep is True
    assert given.level is True

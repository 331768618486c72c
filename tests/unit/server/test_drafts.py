"""A draft holds what is right of a form that is not complete, and says which field it waits for."""

from typing import Any

import pytest
from pydantic import Field, field_validator
from tests.analyses.foreseen.spec import ForeseenParameters

from zerosec_analyses.declaration import Parameters
from zerosec_analyses.draft import NotYetError, draft_of
from zerosec_analyses.linear.spec import LinearParameters, Method


class Columns(Parameters):
    names: tuple[str, ...] = Field(min_length=1, title="Names")
    weight: float = Field(default=1.0, ge=0, title="Weight", alias="lambda")

    @field_validator("names")
    @classmethod
    def _upper(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name.upper() for name in names)

    @property
    def first(self) -> str:
        return self.names[0]


def test_a_complete_form_gives_the_parameters_themselves() -> None:
    draft = draft_of(Columns, {"names": ["a"], "lambda": 2})

    assert draft == Columns.model_validate({"names": ["a"], "lambda": 2})


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "Choose “Names” first."),
        ({"names": []}, "Choose “Names” first."),
        ({"names": None}, "Choose “Names” first."),
        ({"names": [1]}, "“Names” is not right yet."),
    ],
)
def test_a_field_without_a_usable_value_says_so_when_it_is_read(given: dict[str, Any], sentence: str) -> None:
    draft = draft_of(Columns, given)

    assert draft.weight == 1.0
    for read in (lambda: draft.names, lambda: draft.first):
        with pytest.raises(NotYetError) as told:
            read()
        assert told.value.sentence == sentence
    assert getattr(draft, "names", ()) == ()


def test_a_wrong_value_is_not_replaced_by_the_default_in_silence() -> None:
    draft = draft_of(Columns, {"names": ["a"], "lambda": -1, "unknown": 3})

    assert (draft.names, draft.first) == (("A",), "A")
    with pytest.raises(NotYetError, match="Weight"):
        _ = draft.weight


def test_values_are_the_types_of_the_model_even_when_others_are_wrong() -> None:
    draft = draft_of(LinearParameters, {"method": "ridge", "cv_folds": 1, "categorical": ["a"]})

    assert isinstance(draft, LinearParameters)
    assert draft.method is Method.RIDGE
    assert draft.categorical == ("a",)
    assert draft.reference_levels == {}
    with pytest.raises(NotYetError, match="Folds"):
        _ = draft.cv_folds


def test_a_broken_rule_between_fields_does_not_hide_them() -> None:
    draft = draft_of(ForeseenParameters, {"count": 13})

    assert (draft.count, draft.share) == (13, 0.5)


def test_a_name_that_is_no_field_is_an_ordinary_mistake() -> None:
    draft = draft_of(Columns, {})

    with pytest.raises(AttributeError) as told:
        draft.nmaes  # type: ignore[attr-defined]  # noqa: B018
    assert not isinstance(told.value, NotYetError)

"""Parameters that apply only with another choice: a bad declaration is refused, and what does not apply is as it comes."""

from enum import StrEnum
from typing import Any

import pytest
from pydantic import Field, ValidationError

from zerosec_analyses.catalogue import load_catalogue
from zerosec_analyses.declaration import Parameters, Step
from zerosec_shared.applying import without_effect


class Rule(StrEnum):
    LIKELY = "likely"
    COSTS = "costs"


class Decision(Parameters):
    rule: Rule = Rule.LIKELY
    sure: bool = False
    cost: float = Field(
        default=10.0, ge=0, json_schema_extra={"only_when": {"rule": ["costs"], "sure": [True]}}
    )
    names: dict[str, str] = Field(default_factory=dict, json_schema_extra={"only_when": {"rule": ["costs"]}})


@pytest.mark.parametrize(
    ("given", "cost", "names"),
    [
        ({"cost": 3, "names": {"a": "b"}}, 10.0, {}),
        ({"cost": 3, "rule": "costs", "names": {"a": "b"}}, 10.0, {"a": "b"}),
        ({"cost": 3, "rule": "costs", "sure": True}, 3.0, {}),
        ({"cost": 3, "sure": True}, 10.0, {}),
    ],
)
def test_a_value_that_does_not_apply_is_put_back(
    given: dict[str, Any], cost: float, names: dict[str, str]
) -> None:
    for made in (
        Decision.model_validate(given),
        Step(id="s", title="S", method="m:f", parameters=Decision).draft(given),
    ):
        assert isinstance(made, Decision)
        assert (made.cost, made.names) == (cost, names)
        assert "cost" not in made.model_fields_set or cost == 3.0


def test_a_value_that_is_wrong_by_itself_is_refused_all_the_same() -> None:
    with pytest.raises(ValidationError, match="greater than or equal to 0"):
        Decision.model_validate({"cost": -1})


def test_a_form_that_is_not_complete_is_read_the_same_way() -> None:
    step = Step(id="s", title="S", method="m:f", parameters=Decision)
    draft = step.draft({"rule": "costs", "sure": "perhaps", "cost": 3})
    assert isinstance(draft, Decision)
    assert draft.cost == 10.0, "nobody knows yet whether it applies"


@pytest.mark.parametrize(
    ("condition", "complaint"),
    [
        ({"colour": ["red"]}, "names no other field: colour"),
        ({"own": [1]}, "names no other field: own"),
        ({"rule": ["dear"]}, "rule is never one of"),
        ({"sure": [1]}, "sure is never one of"),
        ({"rule": []}, "rule is never one of"),
        ({"cost": [1.0]}, "applies only sometimes itself"),
        ({"rule": "costs"}, "names fields and lists their values"),
        ({}, "names fields and lists their values"),
    ],
)
def test_a_condition_that_could_never_hold_is_refused_where_it_is_declared(
    condition: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):

        class _Wrong(Decision):
            own: int = Field(default=1, json_schema_extra={"only_when": condition})


def test_what_applies_only_sometimes_needs_a_default() -> None:
    with pytest.raises(ValueError, match="asks for a default"):

        class _Wrong(Decision):
            own: int = Field(json_schema_extra={"only_when": {"sure": [True]}})


def test_what_ships_says_of_its_settings_when_they_apply() -> None:
    found = {
        (analysis.id, name)
        for analysis in load_catalogue()
        for step in analysis.steps
        for name in without_effect(_properties(step), {})
    }
    assert {
        ("classification", "cost_false_ok"),
        ("linear", "back_transform"),
        ("va-calibration", "eta"),
    } <= found
    assert ("linear", "standard_errors") not in found, "least squares is what comes"


def _properties(step: Step) -> dict[str, Any]:
    properties = step.info().parameters_schema.get("properties", {})
    assert isinstance(properties, dict)
    return properties


def test_what_has_no_effect_is_found_from_the_schema_alone() -> None:
    schema = Decision.model_json_schema()["properties"]
    assert set(without_effect(schema, {})) == {"cost", "names"}
    assert set(without_effect(schema, {"rule": "costs", "sure": 1})) == {"cost"}
    assert without_effect(schema, {"rule": "costs", "sure": True}) == {}

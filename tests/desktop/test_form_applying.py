"""Fields that apply only with another choice: out of sight, not checked and not sent until then, and nothing typed is lost."""

from collections.abc import Iterator
from enum import StrEnum

import pytest
from pydantic import Field
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from zerosec_analyses.declaration import Parameters
from zerosec_desktop.widgets.form.form import Form
from zerosec_desktop.widgets.form.rows import GroupEditor
from zerosec_shared.errors import FieldProblem


class Rule(StrEnum):
    LIKELY = "likely"
    COSTS = "costs"
    BOUND = "bound"


class Noise(Parameters):
    known: bool = Field(default=False, title="Known")
    spread: float = Field(
        default=1.0, gt=0, title="Spread", json_schema_extra={"only_when": {"known": [True]}}
    )


class Decision(Parameters):
    rule: Rule = Field(default=Rule.LIKELY, title="Rule")
    cost: float = Field(
        default=10.0, ge=0, title="Cost", json_schema_extra={"only_when": {"rule": ["costs"]}}
    )
    grey: float = Field(
        default=0.5, title="Grey", json_schema_extra={"only_when": {"rule": ["costs"]}, "advanced": True}
    )
    noise: Noise = Noise()


@pytest.fixture
def form(qtbot: QtBot) -> Iterator[Form]:
    made = Form(Decision.model_json_schema())
    qtbot.addWidget(made)
    made.show()
    yield made
    made.hide()


def choose(form: Form, rule: Rule) -> None:
    chips = form.rows["rule"].editor.findChildren(QPushButton)
    next(chip for chip in chips if chip.text() == rule.value.capitalize()).click()


def write(form: Form, name: str, text: str) -> None:
    field = form.rows[name].editor.field_widget()
    assert isinstance(field, QLineEdit)
    field.setText(text)
    field.textEdited.emit(text)


def test_a_field_comes_with_its_choice_and_goes_with_it(form: Form) -> None:
    cost = form.rows["cost"]
    assert not cost.isVisible()
    assert form._fold.isHidden(), "nothing under Advanced applies"
    assert form.parameters == {"rule": "likely", "noise": {"known": False}}
    choose(form, Rule.COSTS)
    assert cost.isVisible()
    assert form._fold.isVisible()
    assert form.parameters == {"rule": "costs", "cost": 10.0, "grey": 0.5, "noise": {"known": False}}
    form.undo()
    assert not cost.isVisible()


def test_what_was_typed_is_kept_out_of_sight_and_comes_back(form: Form) -> None:
    choose(form, Rule.COSTS)
    write(form, "cost", "3")
    choose(form, Rule.BOUND)
    assert form.values["cost"] == 3, "kept with the draft"
    assert "cost" not in form.parameters
    assert form.changed_fields == ("rule",)
    choose(form, Rule.COSTS)
    assert form.parameters["cost"] == 3
    assert Decision.model_validate(form.parameters).cost == 3


def test_nothing_points_at_a_field_that_is_out_of_sight(form: Form) -> None:
    choose(form, Rule.COSTS)
    write(form, "cost", "-3")
    assert list(form.problems()) == ["cost"]
    choose(form, Rule.LIKELY)
    assert form.problems() == {}
    assert form.show_all_problems() == ""
    said = FieldProblem(path=("parameters", "cost"), message="Too dear.", code="x")
    (told,) = form.show_server_problems([said])
    assert told.message == f"{form.rows['cost'].spec.title}: Too dear.", (
        "told at the top instead, with its name"
    )
    choose(form, Rule.COSTS)
    assert form.rows["cost"].problem.text() == "Must be at least 0."


def test_a_text_that_is_no_number_does_not_hold_up_what_it_does_not_concern(form: Form) -> None:
    choose(form, Rule.COSTS)
    write(form, "cost", "dear")
    choose(form, Rule.LIKELY)
    assert form.problems() == {}
    choose(form, Rule.COSTS)
    assert "not a number" in form.problems()["cost"]


def test_it_holds_inside_an_object_too(form: Form) -> None:
    noise = form.rows["noise"].editor
    assert isinstance(noise, GroupEditor)
    assert not noise.rows["spread"].isVisible()
    form.replace({"noise": {"known": True, "spread": -1.0}})
    assert noise.rows["spread"].isVisible()
    assert "Spread" in form.problems()["noise"]
    form.replace({"noise": {"known": False, "spread": -1.0}})
    assert not noise.rows["spread"].isVisible()
    assert form.problems() == {}
    assert form.parameters["noise"] == {"known": False}

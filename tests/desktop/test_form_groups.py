"""Objects inside a form: fields of their own, a switch where they may be left out, problems at the field inside."""

from collections.abc import Iterator

import pytest
from pydantic import BaseModel, Field
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from zerosec_desktop.widgets.form.columns import ColumnInfo
from zerosec_desktop.widgets.form.form import Form
from zerosec_desktop.widgets.form.rows import GroupEditor
from zerosec_desktop.widgets.form.schema import FieldKind, read_fields
from zerosec_shared.errors import FieldProblem


class Depth(BaseModel):
    """How deep."""

    most: int = Field(default=6, ge=1, le=30, title="Most")


class Search(BaseModel):
    """How the best settings are looked for."""

    trials: int = Field(default=40, ge=1, le=1000, title="Trials")
    weight: str = Field(title="Weights", json_schema_extra={"widget": "column", "slot": "data"})
    depth: Depth = Depth()


class Scale(BaseModel):
    low: float = 0.0
    high: float = 1.0


class Fit(BaseModel):
    seed: int = 0
    search: Search | None = Field(default=None, title="Search for settings")
    scale: Scale = Scale()


COLUMNS = [ColumnInfo("a", "number"), ColumnInfo("b", "number")]


@pytest.fixture
def form(qtbot: QtBot) -> Iterator[Form]:
    made = Form(Fit.model_json_schema())
    qtbot.addWidget(made)
    made.set_columns(COLUMNS, "data")
    made.show()
    yield made
    made.hide()


def group(form: Form, name: str) -> GroupEditor:
    editor = form.rows[name].editor
    assert isinstance(editor, GroupEditor)
    return editor


def inner_group(editor: GroupEditor, name: str) -> GroupEditor:
    inner = editor.rows[name].editor
    assert isinstance(inner, GroupEditor)
    return inner


def write(editor: GroupEditor, name: str, text: str) -> None:
    field = editor.rows[name].editor.field_widget()
    assert isinstance(field, QLineEdit)
    field.setText(text)
    field.textEdited.emit(text)


def switched_on(form: Form) -> GroupEditor:
    search = group(form, "search")
    assert search.switch is not None
    search.switch.click()
    return search


def test_an_optional_object_begins_off_and_is_sent_as_nothing(form: Form) -> None:
    search = group(form, "search")
    assert not search.inside.isVisible()
    assert form.values == {"seed": 0, "search": None, "scale": {"low": 0.0, "high": 1.0}}
    assert form.problems() == {}
    assert Fit.model_validate(form.values) == Fit()


def test_an_object_that_is_always_there_has_no_switch(form: Form) -> None:
    scale = group(form, "scale")
    assert scale.switch is None
    write(scale, "high", "2,5")
    assert form.values["scale"] == {"low": 0.0, "high": 2.5}
    assert not scale.rows["high"]._changed_mark.isHidden()
    assert scale.rows["low"]._changed_mark.isHidden()


def test_switched_on_it_has_its_defaults_and_asks_for_what_it_needs(form: Form) -> None:
    search = switched_on(form)
    assert search.inside.isVisible()
    assert form.values["search"] == {"trials": 40, "depth": {"most": 6}}
    assert form.problems() == {"search": "Weights: Choose a column."}
    assert search.rows["weight"].problem.text() == "", "not called wrong before it was touched"
    assert form.show_all_problems() == "search"
    assert search.rows["weight"].problem.text() == "Choose a column."
    assert form.rows["search"].problem.text() == "", "said once"


def test_what_was_written_is_there_when_it_is_switched_on_again_and_undo_reaches_it(
    form: Form,
) -> None:
    search = switched_on(form)
    write(search, "trials", "99")
    assert search.switch is not None
    search.switch.click()
    assert form.values["search"] is None
    search.switch.click()
    assert form.values["search"] == {"trials": 99, "depth": {"most": 6}}
    form.undo()
    assert not search.switch.isChecked()
    form.undo()
    form.undo()
    assert form.values["search"] == {"trials": 40, "depth": {"most": 6}}


def test_a_text_that_is_no_number_is_said_inside_and_holds_the_form_up(form: Form) -> None:
    search = switched_on(form)
    write(search, "trials", "many")
    assert "not a number" in search.rows["trials"].problem.text()
    assert "Trials" in form.problems()["search"]
    write(inner_group(search, "depth"), "most", "99")
    assert "Trials" in form.problems()["search"], "the first stays until it is mended"
    write(search, "trials", "12")
    assert form.values["search"] == {"trials": 12, "depth": {"most": 99}}
    assert "between 1 and 30" in inner_group(search, "depth").rows["most"].problem.text()


def test_the_server_s_word_stands_at_the_field_inside(form: Form) -> None:
    search = switched_on(form)
    left = form.show_server_problems(
        [FieldProblem(path=("parameters", "search", "depth", "most"), message="Too deep for so few rows.")]
    )
    assert left == []
    assert inner_group(search, "depth").rows["most"].problem.text() == "Too deep for so few rows."
    write(inner_group(search, "depth"), "most", "3")
    assert inner_group(search, "depth").rows["most"].problem.text() == ""


def test_values_that_are_put_in_are_shown(form: Form) -> None:
    values = {"seed": 1, "search": {"trials": 7, "weight": "a", "depth": {"most": 2}}, "scale": {"low": 0.0}}
    form.start_from(values)
    search = group(form, "search")
    assert search.inside.isVisible()
    trials = search.rows["trials"].editor.field_widget()
    assert isinstance(trials, QLineEdit)
    assert trials.text() == "7"
    assert form.problems() == {}
    form.set_columns([ColumnInfo("other", "number")], "data")
    assert "“a”" in form.problems()["search"], "the file of the slot has no such column"


def test_an_object_that_holds_itself_ends_as_json() -> None:
    schema = {
        "properties": {"tree": {"$ref": "#/$defs/Node"}},
        "$defs": {"Node": {"type": "object", "properties": {"left": {"$ref": "#/$defs/Node"}}}},
    }
    field = read_fields(schema)[0]  # type: ignore[arg-type]
    while field.kind is FieldKind.GROUP:
        (field,) = field.fields
    assert field.kind is FieldKind.JSON

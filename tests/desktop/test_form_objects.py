"""Lists of objects inside a form: items of fields that are added, moved and taken out; problems at the field; undo."""

from collections.abc import Iterator
from typing import Literal

import pytest
from pydantic import BaseModel, Field
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from zerosec_desktop.widgets.form.columns import ColumnInfo
from zerosec_desktop.widgets.form.form import Form
from zerosec_desktop.widgets.form.objects_editor import ObjectsEditor
from zerosec_desktop.widgets.form.schema import FieldKind, read_fields
from zerosec_shared.errors import FieldProblem


class Objective(BaseModel):
    """One of what is to be improved."""

    column: str = Field(title="Column", json_schema_extra={"widget": "column", "slot": "data"})
    weight: float = Field(default=1.0, ge=0, le=10, title="Weight", description="How much it counts.")
    direction: Literal["min", "max"] = Field(default="min", title="Direction")


class Choose(BaseModel):
    seed: int = 0
    objectives: tuple[Objective, ...] = Field(default=(), title="Objectives", max_length=3)
    named: dict[str, Objective] = Field(default={}, title="Named")


@pytest.fixture
def form(qtbot: QtBot) -> Iterator[Form]:
    made = Form(Choose.model_json_schema())
    qtbot.addWidget(made)
    made.set_columns([ColumnInfo("a", "number"), ColumnInfo("b", "number")], "data")
    made.resize(640, 800)
    made.show()
    yield made
    made.hide()


def objectives(form: Form) -> ObjectsEditor:
    editor = form.rows["objectives"].editor
    assert isinstance(editor, ObjectsEditor)
    return editor


def weight(form: Form, at: int) -> QLineEdit:
    field = objectives(form).items[at].rows["weight"].editor.field_widget()
    assert isinstance(field, QLineEdit)
    return field


def write(field: QLineEdit, text: str) -> None:
    field.setText(text)
    field.textEdited.emit(text)


def weights(form: Form) -> list[object]:
    found = form.values["objectives"]
    assert isinstance(found, list)
    return [item["weight"] for item in found if isinstance(item, dict)]


def three(form: Form) -> None:
    for at, text in enumerate(("1.5", "2.5", "3.5")):
        objectives(form).add.click()
        write(weight(form, at), text)


def test_a_list_of_objects_is_read_with_the_fields_of_its_items() -> None:
    kinds = {field.name: field for field in read_fields(Choose.model_json_schema())}
    assert kinds["objectives"].kind is FieldKind.OBJECTS
    assert [field.name for field in kinds["objectives"].fields] == ["column", "weight", "direction"]
    assert kinds["objectives"].max_items == 3
    assert kinds["named"].kind is FieldKind.JSON, "what has no fixed names stays what it was"


def test_items_are_added_with_their_defaults_and_no_more_than_are_possible(form: Form) -> None:
    three(form)
    assert form.values["objectives"] == [
        {"weight": 1.5, "direction": "min"},
        {"weight": 2.5, "direction": "min"},
        {"weight": 3.5, "direction": "min"},
    ]
    editor = objectives(form)
    assert not editor.add.isEnabled()
    assert "3" in editor.add.toolTip()


def test_items_are_moved_and_taken_out_and_undo_brings_each_back(form: Form) -> None:
    three(form)
    editor = objectives(form)
    assert not editor.items[0].up.isVisibleTo(editor)
    assert not editor.items[2].down.isVisibleTo(editor)

    editor.items[0].down.click()
    assert weights(form) == [2.5, 1.5, 3.5]
    assert weight(form, 0).text() == "2.5"
    editor.items[1].out.click()
    assert weights(form) == [2.5, 3.5]
    assert len(editor.items) == 2

    form.undo()
    assert weights(form) == [2.5, 1.5, 3.5]
    form.undo()
    assert weights(form) == [1.5, 2.5, 3.5]
    form.redo()
    assert weights(form) == [2.5, 1.5, 3.5]
    assert len(editor.items) == 3


def test_ctrl_z_in_an_item_that_was_just_added_is_the_forms(form: Form, qtbot: QtBot) -> None:
    three(form)
    form.state.commit()
    field = weight(form, 2)
    write(field, "9")
    assert weights(form) == [1.5, 2.5, 9.0]

    qtbot.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    assert weights(form) == [1.5, 2.5, 3.5]


def test_what_is_wrong_is_said_at_the_field_of_the_item(form: Form) -> None:
    three(form)
    write(weight(form, 1), "11")
    row = objectives(form).items[1].rows["weight"]
    assert "between" in row.problem.text()
    assert form.problems()["objectives"].startswith("1. Column"), "each item needs its column"

    assert form.show_all_problems() == "objectives"
    assert all(item.rows["column"].problem.text() for item in objectives(form).items)
    assert not form.rows["objectives"].problem.text(), "not said twice"

    write(weight(form, 1), "much")
    assert "number" in form.problems()["objectives"]


def test_columns_of_the_file_are_offered_in_every_item(form: Form) -> None:
    three(form)
    form.replace({"objectives": [{"column": "a", "weight": 1.0, "direction": "max"}]})
    assert form.problems() == {}
    form.replace({"objectives": [{"column": "zzz", "weight": 1.0, "direction": "max"}]})
    assert "zzz" in form.problems()["objectives"]


def test_the_servers_words_stand_at_the_field_of_the_item(form: Form) -> None:
    three(form)
    told = FieldProblem(path=("parameters", "objectives", 2, "weight"), message="Too heavy.", code="value")

    assert form.show_server_problems([told]) == []

    assert objectives(form).items[2].rows["weight"].problem.text() == "Too heavy."

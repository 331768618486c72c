"""The form of every analysis that ships, as it comes and with each of its examples: nothing in it is called wrong, so it can be run."""

from functools import cache

import pytest
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import EXAMPLES
from zerosec_analyses.catalogue import load_catalogue
from zerosec_desktop.widgets.form.columns import ColumnInfo
from zerosec_desktop.widgets.form.form import Form
from zerosec_desktop.widgets.form.plain_editors import ParagraphEditor
from zerosec_shared.analyses import AnalysisInfo, Example, SlotKind
from zerosec_shared.tables import preview

ANALYSES = {analysis.id: analysis.info() for analysis in load_catalogue()}
EACH = [
    pytest.param(info, example, id=f"{info.id}-{number}")
    for info in ANALYSES.values()
    for number, example in enumerate(info.examples)
]


@cache
def columns_of(name: str) -> tuple[ColumnInfo, ...]:
    return tuple(
        ColumnInfo(column.name, column.kind.value, column.missing)
        for column in preview(EXAMPLES / name).columns
    )


@pytest.mark.parametrize(("info", "example"), EACH)
def test_an_example_can_be_run_as_it_is(qtbot: QtBot, info: AnalysisInfo, example: Example) -> None:
    step = info.beginnings[0]
    form = Form(step.parameters_schema)
    qtbot.addWidget(form)
    tables = [slot for slot in step.inputs if slot.kind is SlotKind.TABLE]
    form.start_from(example.parameters)
    for slot in tables:
        if slot.name in example.inputs:
            form.set_columns(columns_of(example.inputs[slot.name][0]), "" if len(tables) == 1 else slot.name)
    assert form.problems() == {}


def test_a_design_of_a_list_needs_no_column_for_the_words_that_stand_for_a_model(qtbot: QtBot) -> None:
    form = Form(ANALYSES["optimal-design"].steps[0].parameters_schema)
    qtbot.addWidget(form)
    form.set_columns([ColumnInfo("feed", "number"), ColumnInfo("brush", "text")], "candidates")
    found = {}
    for model in ("main", "2fi", "Mixture-Linear", "feed + feed:brush", "feed + speed"):
        form.state.set("model", model)
        found[model] = form.problems()
    assert [bool(found[model]) for model in found] == [False, False, False, False, True]
    assert found["feed + speed"] == {"model": "The file has no column “speed”. Did you mean feed?"}


def test_conditions_are_written_one_a_line(qtbot: QtBot) -> None:
    form = Form(ANALYSES["pareto"].steps[0].parameters_schema)
    qtbot.addWidget(form)
    editor = form.rows["limits"].editor
    assert isinstance(editor, ParagraphEditor)
    editor.text.setPlainText("Ra <= 0.8\ntime < 60")
    assert form.values["limits"] == "Ra <= 0.8\ntime < 60"
    form.undo()
    assert form.values["limits"] == ""
    assert editor.text.toPlainText() == ""

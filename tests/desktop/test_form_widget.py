"""The form on the screen: each editor takes and gives its value, problems stand at their fields, undo is one for all."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QStyledItemDelegate, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from tests.desktop.test_form_model import Everything
from zerosec_desktop.widgets.form.column_editors import ColumnEditor, ColumnsEditor
from zerosec_desktop.widgets.form.columns import ColumnInfo
from zerosec_desktop.widgets.form.form import Form
from zerosec_desktop.widgets.form.formula_editor import FormulaEditor
from zerosec_desktop.widgets.form.mapping_editor import MappingEditor
from zerosec_desktop.widgets.form.schema import defaults
from zerosec_desktop.widgets.form.value_editor import ValueCombo
from zerosec_shared.errors import FieldProblem
from zerosec_shared.views import Notice, Severity

COLUMNS = [ColumnInfo("a", "number"), ColumnInfo("b", "text"), ColumnInfo("摩耗量", "number", missing=3)]


@pytest.fixture
def form(qtbot: QtBot) -> Iterator[Form]:
    made = Form(Everything.model_json_schema())
    qtbot.addWidget(made)
    made.set_columns(COLUMNS)
    made.show()
    yield made
    made.hide()


def line(form: Form, name: str) -> QLineEdit:
    widget = form.rows[name].editor.field_widget()
    assert isinstance(widget, QLineEdit)
    return widget


def write(qtbot: QtBot, field: QLineEdit, text: str) -> None:
    field.selectAll()
    qtbot.keyClick(field, Qt.Key.Key_Delete)
    if text:
        field.insert(text)
        field.textEdited.emit(field.text())


def shown_problem(form: Form, name: str) -> str:
    return form.rows[name].problem.text()


def test_an_untouched_form_holds_the_declared_defaults_exactly(form: Form) -> None:
    assert form.values == defaults(form.fields)
    assert line(form, "alpha").text() == "0.05"
    assert line(form, "tiny").text() == "1e-300"
    assert line(form, "big").text() == str(2**60 + 1)


def test_nothing_is_called_wrong_before_it_was_touched(form: Form) -> None:
    assert form.problems()
    assert all(not shown_problem(form, name) for name in form.rows)


def test_full_width_digits_are_numbers(form: Form, qtbot: QtBot) -> None:
    write(qtbot, line(form, "alpha"), "０．２５")
    assert form.values["alpha"] == 0.25
    assert line(form, "alpha").text() == "０．２５", "what is typed is not rewritten under the fingers"
    assert shown_problem(form, "alpha") == ""


def test_a_wrong_number_is_told_at_its_field_and_is_never_sent(form: Form, qtbot: QtBot) -> None:
    write(qtbot, line(form, "alpha"), "2")
    assert shown_problem(form, "alpha") == "Must be less than 1 mm."
    write(qtbot, line(form, "alpha"), "1,234")
    assert "1234" in shown_problem(form, "alpha")
    assert "1.234" in shown_problem(form, "alpha")
    assert "alpha" in form.problems()
    write(qtbot, line(form, "alpha"), "0.5")
    assert shown_problem(form, "alpha") == ""


def test_an_emptied_optional_number_is_null(form: Form, qtbot: QtBot) -> None:
    write(qtbot, line(form, "seed"), "7")
    assert form.values["seed"] == 7
    write(qtbot, line(form, "seed"), "")
    assert form.values["seed"] is None


def test_arrow_keys_step_whole_numbers_within_their_bounds(form: Form, qtbot: QtBot) -> None:
    field = line(form, "folds")
    for _ in range(12):
        qtbot.keyClick(field, Qt.Key.Key_Up)
    assert form.values["folds"] == 10


def test_what_0_means_stands_beside_it_while_it_is_0(qtbot: QtBot) -> None:
    form = Form(
        {"properties": {"folds": {"type": "integer", "default": 0, "zero_label": "by the size of the table"}}}
    )
    qtbot.addWidget(form)
    (said,) = [each for each in form.findChildren(QLabel) if each.text() == "by the size of the table"]
    assert not said.isHidden()
    write(qtbot, line(form, "folds"), "5")
    assert said.isHidden()


def test_undo_in_any_field_is_the_forms_undo(form: Form, qtbot: QtBot) -> None:
    write(qtbot, line(form, "alpha"), "0.2")
    form.state.commit()
    write(qtbot, line(form, "folds"), "3")
    qtbot.keyClick(line(form, "folds"), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert form.values["folds"] == 0
    qtbot.keyClick(line(form, "folds"), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert form.values["alpha"] == 0.05
    assert line(form, "alpha").text() == "0.05"
    form.redo()
    assert line(form, "alpha").text() == "0.2"


def test_a_target_is_chosen_among_the_columns_of_the_file(form: Form, qtbot: QtBot) -> None:
    editor = form.rows["target"].editor
    assert isinstance(editor, ColumnEditor)
    assert [editor.combo.itemText(i) for i in range(editor.combo.count())] == ["a", "b", "摩耗量"]
    editor.combo.setCurrentIndex(2)
    editor.combo.activated.emit(2)
    assert form.values["target"] == "摩耗量"
    form.set_columns([ColumnInfo("other", "number")])
    assert "摩耗量" in form.problems()["target"]


def test_features_move_between_two_lists_by_keys_and_search(form: Form, qtbot: QtBot) -> None:
    editor = form.rows["features"].editor
    assert isinstance(editor, ColumnsEditor)
    assert editor.chosen.names() == ["a", "b"]
    assert editor.available.names() == ["摩耗量"]
    editor.chosen.setCurrentRow(0)
    qtbot.keyClick(editor.chosen, Qt.Key.Key_Space)
    assert form.values["features"] == ["b"]
    editor.search.setText("摩")
    qtbot.keyClick(editor.search, Qt.Key.Key_Return)
    assert form.values["features"] == ["b", "摩耗量"]
    assert editor.available.names() == ["a"]


def test_features_that_were_dragged_are_taken_in_their_new_order(form: Form, qtbot: QtBot) -> None:
    editor = form.rows["features"].editor
    assert isinstance(editor, ColumnsEditor)
    item = editor.chosen.takeItem(1)
    editor.chosen.insertItem(0, item)  # what a drop does to the lists
    editor.chosen.dropped.emit()
    qtbot.waitUntil(lambda: form.values["features"] == ["b", "a"])


def test_a_formula_is_checked_against_the_file_while_it_is_typed(form: Form, qtbot: QtBot) -> None:
    editor = form.rows["terms"].editor
    assert isinstance(editor, FormulaEditor)
    editor.text.setPlainText("a + 摩耗")
    assert "摩耗量" in shown_problem(form, "terms")
    editor.text.setPlainText("a + 摩耗量")
    assert shown_problem(form, "terms") == ""
    assert form.values["terms"] == "a + 摩耗量"


def test_the_servers_words_stand_at_the_right_field_until_it_is_changed(form: Form, qtbot: QtBot) -> None:
    left = form.show_server_problems(
        [
            FieldProblem(path=("run", "parameters", "folds"), message="one fold leaves nothing to train on"),
            FieldProblem(path=("run", "name"), message="too long"),
        ]
    )
    assert [problem.message for problem in left] == ["too long"]
    assert shown_problem(form, "folds") == "one fold leaves nothing to train on"
    write(qtbot, line(form, "folds"), "4")
    assert shown_problem(form, "folds") == ""


def test_pressing_run_unfolds_and_goes_to_the_first_problem(form: Form, qtbot: QtBot) -> None:
    assert not form.rows["alpha"].isVisible(), "a long form opens short"
    form.state.set("target", "a")
    form.state.set("alpha", 5)
    assert form.show_all_problems() == "alpha"
    assert form.rows["alpha"].isVisible()
    assert shown_problem(form, "alpha")


def test_a_preset_is_taken_and_taken_back_in_one_step(form: Form) -> None:
    form.replace({"alpha": 0.5, "folds": 4, "flag": False})
    assert (form.values["alpha"], form.values["folds"], form.values["flag"]) == (0.5, 4, False)
    form.undo()
    assert form.values == defaults(form.fields)


def test_what_was_changed_is_marked(form: Form, qtbot: QtBot) -> None:
    write(qtbot, line(form, "folds"), "3")
    assert not form.rows["folds"]._changed_mark.isHidden()
    form.reset()
    assert form.rows["folds"]._changed_mark.isHidden()


def test_every_field_can_be_named_by_a_screen_reader(form: Form) -> None:
    for field in form.fields:
        editor = form.rows[field.name].editor
        assert editor.accessibleName() == field.title
        assert (
            editor.field_widget().accessibleName()
            or editor.field_widget().metaObject().className() == "QPushButton"
        )


MAPPING = {
    "properties": {
        "causes": {
            "type": "object",
            "title": "Cause names",
            "additionalProperties": {"type": "string"},
            "default": {"Birth asphyxia": "ipre"},
            "key_label": "Cause in the file",
            "value_label": "Broad cause",
            "value_choices": ["ipre", "sepsis"],
            "labels": {"ipre": "Intrapartum", "sepsis": "Sepsis"},
        },
        "weights": {"type": "object", "title": "Weights", "additionalProperties": {"type": "number"}},
        "fixed": {"type": "boolean", "title": "Fixed"},
    },
    "required": ["fixed"],
}


def test_a_mapping_is_a_table_of_two_columns_with_headings_and_choices(qtbot: QtBot) -> None:
    form = Form(MAPPING)  # type: ignore[arg-type]
    qtbot.addWidget(form)
    form.show()
    editor = form.rows["causes"].editor
    assert isinstance(editor, MappingEditor)

    headings = [each.text() for each in editor.findChildren(QLabel) if each.isVisible()]
    combo = editor.findChildren(QComboBox)[0]
    assert headings == ["Cause in the file", "Broad cause"]
    assert [combo.itemText(n) for n in range(combo.count())] == ["choose…", "Intrapartum", "Sepsis"]

    combo.setCurrentIndex(2)
    combo.activated.emit(2)
    assert form.values["causes"] == {"Birth asphyxia": "sepsis"}
    form.undo()
    assert form.values["causes"] == {"Birth asphyxia": "ipre"}

    def shown() -> list[str]:
        return [each.currentText() for each in editor.findChildren(QComboBox) if not each.isHidden()]

    qtbot.waitUntil(lambda: shown() == ["Intrapartum"])
    form.hide()


def test_a_value_that_is_not_among_the_choices_can_be_typed_where_it_may_be(qtbot: QtBot) -> None:
    causes = {**MAPPING["properties"]["causes"], "other_values": True}  # type: ignore[index]
    form = Form({"properties": {"causes": causes}})
    qtbot.addWidget(form)
    combo = form.rows["causes"].editor.findChildren(QComboBox)[0]
    typed = combo.lineEdit()
    assert typed is not None

    found = []
    for text in ("Kwashiorkor", "Sepsis", ""):
        typed.setText(text)
        typed.textEdited.emit(text)
        found.append((form.values["causes"], form.problems().get("causes", "")))

    assert found[:2] == [({"Birth asphyxia": "Kwashiorkor"}, ""), ({"Birth asphyxia": "sepsis"}, "")]
    assert found[2][1] == "Choose a value in each line."


def test_names_that_the_analysis_finds_are_lines_that_wait_for_their_value(qtbot: QtBot) -> None:
    form = Form(MAPPING)  # type: ignore[arg-type]
    qtbot.addWidget(form)
    form.state.set("fixed", False)
    before = form.values
    editor = form.rows["causes"].editor

    def shown() -> list[tuple[str, str]]:
        combos = [each for each in editor.findChildren(QComboBox) if not each.isHidden()]
        names = [each for each in editor.findChildren(QLineEdit) if not each.isHidden()]
        return sorted(zip((n.text() for n in names), (c.currentText() for c in combos), strict=True))

    found = Notice(
        code="unknown",
        message="Two are not known.",
        severity=Severity.ERROR,
        field="causes",
        undecided=("Evil eye", "Curse"),
    )
    form.show_findings([found])
    known = ("Birth asphyxia", "Intrapartum")
    waiting = [("Curse", "choose…"), ("Evil eye", "choose…")]
    assert shown() == [known, *waiting]
    assert form.values == before
    assert form.problems() == {"causes": "Two are not known."}
    assert form.rows["causes"].problem.text() == "Two are not known.", "said without anybody touching it"

    combo = next(each for each in editor.findChildren(QComboBox) if each.currentText() == "choose…")
    combo.setCurrentIndex(2)
    combo.activated.emit(2)
    assert form.values["causes"] == {"Birth asphyxia": "ipre", "Evil eye": "sepsis"}
    form.undo()
    assert shown() == [known, *waiting], "an offer stands until it is settled"

    form.show_findings([found.model_copy(update={"undecided": ("Curse",)})])
    assert shown() == [known, waiting[0]]
    form.show_findings([])
    assert shown() == [known]
    assert form.problems() == {}


def test_numbers_of_a_mapping_are_numbers_and_what_is_none_is_said(qtbot: QtBot) -> None:
    form = Form(MAPPING)  # type: ignore[arg-type]
    qtbot.addWidget(form)
    form.state.set("weights", {"a": 0.1})
    editor = form.rows["weights"].editor
    name, value = (line for line in editor.findChildren(QLineEdit) if not line.isHidden())

    value.setText("a quarter")
    value.textEdited.emit("a quarter")
    problem_of_words = form.problems().get("weights", "")
    value.setText("0.25")
    value.textEdited.emit("0.25")

    assert name.text() == "a"
    assert problem_of_words == "Each value must be a number."
    assert form.values["weights"] == {"a": 0.25}


def test_a_yes_or_no_that_is_asked_for_is_not_no_until_it_is_answered(qtbot: QtBot) -> None:
    form = Form(MAPPING)  # type: ignore[arg-type]
    qtbot.addWidget(form)

    assert "fixed" not in form.values
    assert form.problems()["fixed"] == "This is needed."
    form.state.set("fixed", False)
    assert "fixed" not in form.problems()
    assert form.values["fixed"] is False


VALUES = {
    "properties": {
        "target": {"type": "string", "title": "Target", "widget": "column"},
        "passes": {
            "anyOf": [{"type": "string"}, {"type": "null"}],
            "default": None,
            "title": "Which class is OK",
            "values_of": "target",
        },
        "references": {
            "type": "object",
            "title": "Reference levels",
            "additionalProperties": {"type": "string"},
            "default": {"machine": "7"},
            "key_widget": "column",
            "value_widget": "level",
        },
        "costs": {
            "type": "object",
            "title": "Costs",
            "additionalProperties": {"type": "string"},
            "default": {"NG as OK": "5"},
            "values_of": "target",
            "key_pairs": " as ",
        },
        "checks": {
            "type": "array",
            "title": "Checks",
            "default": [{"value": "OK"}],
            "items": {
                "type": "object",
                "properties": {"value": {"type": "string", "title": "Value", "values_of": "target"}},
            },
        },
    },
    "required": ["target"],
}
COUNTED = [
    ColumnInfo("result", "text", values=(("OK", 1357), ("NG", 12))),
    ColumnInfo("machine", "integer", values=(("1", 700), ("7", 669))),
]


def test_a_field_that_names_a_value_offers_those_of_the_column_with_their_rows(qtbot: QtBot) -> None:
    form = Form(VALUES)  # type: ignore[arg-type]
    qtbot.addWidget(form)
    form.set_columns(COUNTED)
    combo = form.rows["passes"].editor.findChild(ValueCombo)
    inside = form.rows["checks"].editor.findChild(ValueCombo)
    level = form.rows["references"].editor.findChild(ValueCombo)
    assert combo is not None
    assert inside is not None
    assert level is not None
    assert combo.offered == (), "no column is named yet"
    assert (level.offered, level.currentText()) == (COUNTED[1].values, "7")

    form.state.set("target", "result")
    assert combo.offered == inside.offered == COUNTED[0].values
    shown = QStyleOptionViewItem()
    view = combo.view()
    assert view is not None
    delegate = view.itemDelegate()
    assert isinstance(delegate, QStyledItemDelegate)
    delegate.initStyleOption(shown, combo.model().index(1, 0))
    assert shown.text == "OK  ·  1,357"  # type: ignore[attr-defined]
    combo.setCurrentIndex(1)
    combo.activated.emit(1)
    assert form.values["passes"] == "OK"
    combo.line.setText("never seen")
    combo.line.textEdited.emit("never seen")
    assert form.values["passes"] == "never seen"
    combo.setCurrentIndex(0)
    combo.activated.emit(0)
    assert form.values["passes"] is None

    level.setCurrentIndex(0)
    level.activated.emit(0)
    assert form.values["references"] == {"machine": "1"}
    key = form.rows["costs"].editor.findChild(QLineEdit)
    assert key is not None
    completer = key.completer()
    assert completer is not None
    pairs = completer.model()
    assert [pairs.index(n, 0).data() for n in range(pairs.rowCount())] == ["OK as NG", "NG as OK"]
    form.state.set("target", "machine")
    assert combo.offered == inside.offered == COUNTED[1].values

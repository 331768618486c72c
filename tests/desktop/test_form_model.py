"""A form's model: fields read from a schema with every default, numbers as people type them, undo, drafts, formula names."""

import json
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from zerosec_desktop.widgets.form.checks import check_field, check_form
from zerosec_desktop.widgets.form.drafts import Draft, FormStore
from zerosec_desktop.widgets.form.formula_names import formula_names, formula_problems, quoted
from zerosec_desktop.widgets.form.number_text import NumberTextError, exact_text, parse_integer, parse_number
from zerosec_desktop.widgets.form.schema import FieldKind, FieldSpec, defaults, read_fields
from zerosec_desktop.widgets.form.state import FormState


class Colour(StrEnum):
    RED = "red"
    DARK_BLUE = "dark_blue"


class Inner(BaseModel):
    a: int = 1


class Everything(BaseModel):
    """One field of each kind a declaration can hold."""

    target: str = Field(title="Target", json_schema_extra={"widget": "column", "slot": "data"})
    features: tuple[str, ...] = Field(
        default=("a", "b"), min_length=1, json_schema_extra={"widget": "columns"}
    )
    terms: str = Field(default="", json_schema_extra={"widget": "formula"})
    alpha: float = Field(default=0.05, gt=0, lt=1, json_schema_extra={"unit": "mm", "advanced": True})
    tiny: float = 1e-300
    folds: int = Field(default=0, ge=0, le=10)
    seed: int | None = Field(default=None, ge=0)
    big: int = 2**60 + 1
    colour: Colour = Colour.DARK_BLUE
    maybe_colour: Colour | None = None
    colours: tuple[Colour, ...] = (Colour.RED,)
    grid: tuple[float, ...] = (0.1, 0.2)
    names: tuple[str, ...] = ()
    levels: dict[str, str] = Field(default_factory=dict)
    flag: bool = True
    inner: Inner = Inner()
    either: int | str = 3


FIELDS = read_fields(Everything.model_json_schema())
BY_NAME = {field.name: field for field in FIELDS}


def test_every_declared_field_is_read_in_its_order() -> None:
    assert [field.name for field in FIELDS] == list(Everything.model_fields)


def test_no_default_is_lost_or_changed() -> None:
    declared = json.loads(Everything(target="x").model_dump_json())
    for name, value in defaults(FIELDS).items():
        assert value == declared[name]
        assert type(value) is type(declared[name])
    assert set(declared) - set(defaults(FIELDS)) == {"target", "levels"}  # required; made by the server


def test_what_is_sent_from_an_untouched_form_is_accepted() -> None:
    Everything.model_validate({**defaults(FIELDS), "target": "x"})


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("target", FieldKind.COLUMN),
        ("features", FieldKind.COLUMNS),
        ("terms", FieldKind.FORMULA),
        ("alpha", FieldKind.NUMBER),
        ("folds", FieldKind.INTEGER),
        ("seed", FieldKind.INTEGER),
        ("colour", FieldKind.CHOICE),
        ("maybe_colour", FieldKind.CHOICE),
        ("colours", FieldKind.CHOICES),
        ("grid", FieldKind.NUMBERS),
        ("names", FieldKind.TEXTS),
        ("levels", FieldKind.MAPPING),
        ("flag", FieldKind.BOOLEAN),
        ("inner", FieldKind.GROUP),
        ("either", FieldKind.JSON),
    ],
)
def test_each_kind_of_field_has_its_editor(name: str, kind: FieldKind) -> None:
    assert BY_NAME[name].kind is kind


def test_bounds_units_and_flags_are_kept() -> None:
    alpha, seed = BY_NAME["alpha"], BY_NAME["seed"]
    assert (alpha.exclusive_minimum, alpha.exclusive_maximum, alpha.unit, alpha.advanced) == (
        0,
        1,
        "mm",
        True,
    )
    assert (seed.nullable, seed.minimum, seed.required) == (True, 0, False)
    assert BY_NAME["target"].required
    assert [choice.label for choice in BY_NAME["colour"].choices] == ["Red", "Dark blue"]


def test_a_schema_that_refers_to_itself_ends() -> None:
    schema = {"properties": {"x": {"$ref": "#/$defs/a"}}, "$defs": {"a": {"$ref": "#/$defs/a"}}}
    assert read_fields(schema)[0].kind is FieldKind.JSON  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.05", 0.05),
        ("０．０５", 0.05),
        ("１２", 12.0),
        ("−3", -3.0),
        ("ー３．５", -3.5),
        ("0,95", 0.95),
        ("1e-300", 1e-300),
        (" 1 000 ", 1000.0),
        ("1,234,567.5", 1234567.5),
        (".5", 0.5),
    ],
)
def test_numbers_are_read_as_people_type_them(text: str, value: float) -> None:
    assert parse_number(text) == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1,234", "ambiguous"),
        ("abc", "not_a_number"),
        ("", "not_a_number"),
        ("1e999", "too_large"),
        ("1.2.3", "not_a_number"),
    ],
)
def test_what_is_no_number_or_two_is_refused(text: str, code: str) -> None:
    with pytest.raises(NumberTextError) as refused:
        parse_number(text)
    assert refused.value.code == code


def test_both_readings_of_an_ambiguous_number_are_named() -> None:
    with pytest.raises(NumberTextError) as refused:
        parse_number("1,234")
    assert refused.value.readings == ("1234", "1.234")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_shown_number_reads_back_as_the_same(value: float) -> None:
    assert parse_number(exact_text(value)) == value


@given(st.integers(min_value=-(10**40), max_value=10**40))
def test_whole_numbers_of_any_size_are_exact(value: int) -> None:
    assert parse_integer(exact_text(value)) == value


@pytest.mark.parametrize(
    ("name", "value", "wrong"),
    [
        ("folds", 11, True),
        ("folds", 10, False),
        ("alpha", 0, True),
        ("alpha", 0.5, False),
        ("seed", None, False),
        ("seed", -1, True),
        ("target", "nowhere", True),
        ("target", "a", False),
        ("features", [], True),
        ("features", ["a", "zz"], True),
        ("colour", "green", True),
        ("grid", [0.1, 0.2], False),
        ("flag", None, True),
    ],
)
def test_values_are_checked_as_the_server_would(name: str, value: object, wrong: bool) -> None:
    assert bool(check_field(BY_NAME[name], value, ["a", "b"])) is wrong  # type: ignore[arg-type]


def test_an_untouched_form_asks_for_what_is_required_and_nothing_else() -> None:
    assert set(check_form(FIELDS, defaults(FIELDS), ["a", "b"])) == {"target"}


def test_undo_takes_back_a_word_and_not_a_letter() -> None:
    state = FormState(FIELDS)
    for text in ("b", "bo", "body"):
        state.set("terms", text)
    state.commit()
    state.set("folds", 5)
    assert state.undo()
    assert state.values["folds"] == 0
    assert state.values["terms"] == "body"
    assert state.undo()
    assert state.values["terms"] == ""
    assert not state.undo()
    assert state.redo()
    assert state.values["terms"] == "body"
    assert state.redo()
    assert state.values["folds"] == 5


@given(
    st.lists(
        st.sampled_from([("folds", 1), ("folds", 2), ("terms", "x"), ("flag", False), ("seed", 4)]),
        max_size=30,
    )
)
def test_undoing_everything_leads_back_to_the_beginning(changes: list[tuple[str, object]]) -> None:
    state = FormState(FIELDS)
    began = state.values
    for name, value in changes:
        state.set(name, value)  # type: ignore[arg-type]
    ended = state.values
    while state.undo():
        pass
    assert state.values == began
    while state.redo():
        pass
    assert state.values == ended


def test_changed_fields_are_those_that_differ_from_where_the_form_began() -> None:
    state = FormState(FIELDS)
    state.start_from({"folds": 5, "unknown": 1})
    assert state.changed() == ()
    state.set("folds", 6)
    assert state.changed() == ("folds",)
    assert "unknown" not in state.values


def test_true_and_one_are_different_values() -> None:
    state = FormState(FIELDS)
    state.set("folds", 1)
    state.set("folds", True)
    assert state.values["folds"] is True


def test_a_draft_survives_and_is_forgotten_when_it_was_sent(tmp_path: Path) -> None:
    store = FormStore(tmp_path / "forms")
    store.save_preset("linear", "fit", "ours", {"folds": 3})
    store.save_draft("linear", "fit", Draft(values={"folds": 7}, files={"data": ("/x.csv",)}, name="n"))
    again = FormStore(tmp_path / "forms").load("linear", "fit")
    assert again.draft is not None
    assert again.draft.values == {"folds": 7}
    assert again.presets == {"ours": {"folds": 3}}
    store.remember("linear", "fit", again.draft)
    after = store.load("linear", "fit")
    assert after.draft is None
    assert after.last == again.draft
    assert after.presets == {"ours": {"folds": 3}}


def test_what_was_kept_of_the_last_run_before_its_files_were_is_still_read(tmp_path: Path) -> None:
    (tmp_path / "linear.fit.json").write_text('{"version": 1, "last_used": {"folds": 7}}', encoding="utf-8")
    assert FormStore(tmp_path).load("linear", "fit").last == Draft(values={"folds": 7})


def test_an_unreadable_store_is_set_aside_and_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "linear.fit.json").write_text("{half a file", encoding="utf-8")
    store = FormStore(tmp_path)
    assert store.load("linear", "fit").draft is None
    assert store.set_aside is not None
    assert store.set_aside.read_text(encoding="utf-8") == "{half a file"


def test_names_in_a_formula_are_found_with_their_places() -> None:
    formula = "log(x1) + `摩耗量 (mm)`:速度 + I(b.c^2) - 1"
    assert [(n.name, formula[n.start : n.end]) for n in formula_names(formula)] == [
        ("x1", "x1"),
        ("摩耗量 (mm)", "`摩耗量 (mm)`"),
        ("速度", "速度"),
        ("b.c", "b.c"),
    ]


@pytest.mark.parametrize(
    ("formula", "codes"),
    [
        ("x1 + x2", []),
        ("x1 + y", ["unknown_name"]),
        ("(x1 + x2", ["open_bracket"]),
        ("x1)", ["close_bracket"]),
        ("`x1", ["open_quote", "unknown_name"]),
        ("", []),
    ],
)
def test_what_is_wrong_in_a_formula_is_told_while_typing(formula: str, codes: list[str]) -> None:
    found = [problem.code for problem in formula_problems(formula, ["x1", "x2"])]
    assert found[:1] == codes[:1]
    assert bool(found) is bool(codes)


def test_a_column_may_be_named_without_the_prefix_that_the_field_declares() -> None:
    plain = BY_NAME["features"]
    field = replace(plain, column_prefix="predicted ")

    assert check_field(field, ["y", "x"], ["predicted y", "x"]) == ""
    assert "z" in check_field(field, ["z"], ["predicted y", "x"])
    assert "y" in check_field(plain, ["y"], ["predicted y", "x"])


def test_a_misspelt_name_is_told_with_the_nearest() -> None:
    problem = formula_problems("bil_length", ["bill_length", "island"])[0]
    assert problem.nearest == ("bill_length",)


@given(st.text(min_size=1, max_size=12).filter(lambda s: "`" not in s and s.strip() == s))
def test_a_quoted_column_is_found_again(name: str) -> None:
    assert formula_names(quoted(name))[0].name == name


def test_a_field_without_default_is_not_sent() -> None:
    assert isinstance(BY_NAME["levels"], FieldSpec)
    assert "levels" not in defaults(FIELDS)
    assert check_field(BY_NAME["levels"], None, present=False) == ""

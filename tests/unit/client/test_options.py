"""Command-line options from a declared analysis: every kind of parameter, said the way people type."""

from enum import StrEnum
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field, JsonValue

from zerosec_client.cli.dialect import add_dialect, dialect_of
from zerosec_client.cli.no_effect import settings_without_effect
from zerosec_client.cli.options import (
    DATA_BY_NAME,
    Parser,
    add_data_by_name,
    add_parameters,
    add_slots,
    nearest,
    parameters_of,
)
from zerosec_client.cli.run import split_words
from zerosec_client.errors import UsageError
from zerosec_shared.analyses import InputSlotInfo, SlotKind
from zerosec_shared.files import Dialect


class Method(StrEnum):
    OLS = "ols"
    RIDGE = "ridge"


class Everything(BaseModel):
    target: str
    terms: str = Field("", description="100% of the terms.")
    intercept: bool = True
    cv_folds: int = Field(5, ge=2, le=50)
    level: Annotated[float, Field(gt=0, lt=1)] = 0.95
    method: Method = Method.OLS
    kind: Literal["a", "b"] | None = None
    alpha: float | None = Field(None, ge=0, json_schema_extra={"unit": "mm", "advanced": True})
    columns: list[str] = []
    weights: tuple[float, ...] = ()
    reference_levels: dict[str, str] = {}
    name: str = "of the analysis"
    nested: list[list[int]] = []


def read(*words: str) -> dict[str, JsonValue]:
    parser = Parser(prog="zerosec run x")
    parser.add_argument("--name")
    parser.add_argument("data", nargs="*")
    options = add_parameters(parser, Everything.model_json_schema())
    return parameters_of(parser.parse_all(["--target", "y", *words]), options)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), {}),
        (("--terms", "x1 + x2 + x1:x2 + x1^2"), {"terms": "x1 + x2 + x1:x2 + x1^2"}),
        (("--terms", "-1 + x"), {"terms": "-1 + x"}),
        (("--no-intercept",), {"intercept": False}),
        (("--intercept",), {"intercept": True}),
        (("--cv-folds", "10"), {"cv_folds": 10}),
        (("--level=.9",), {"level": 0.9}),
        (("--level", "1e-3"), {"level": 0.001}),
        (("--method", "ridge"), {"method": "ridge"}),
        (("--kind", "b"), {"kind": "b"}),
        (("--kind", "none"), {"kind": None}),
        (("--alpha", "none"), {"alpha": None}),
        (("--alpha", "-2"), {"alpha": -2}),
        (("--columns", "x1,x2", "--columns", "摩耗量"), {"columns": ["x1", "x2", "摩耗量"]}),
        (("--columns", '"a,b", c'), {"columns": ["a,b", "c"]}),
        (("--weights", "1,2.5"), {"weights": [1, 2.5]}),
        (
            ("--reference-levels", "material=steel,tool=a=b"),
            {"reference_levels": {"material": "steel", "tool": "a=b"}},
        ),
        (("--param-name", "n", "--name", "run"), {"name": "n"}),
        (("--nested", "[[1, 2], [3]]"), {"nested": [[1, 2], [3]]}),
        (("data.csv", "--cv-folds", "3"), {"cv_folds": 3}),
        (("--cv-folds", "3", "data.csv"), {"cv_folds": 3}),
    ],
)
def test_words_become_values(words: tuple[str, ...], expected: dict[str, JsonValue]) -> None:
    assert read(*words) == {"target": "y", **expected}


def test_a_setting_without_effect_is_named_as_it_is_written() -> None:
    schema = {
        "properties": {
            "rule": {"enum": ["likely", "costs", "bound"], "default": "likely"},
            "name": {"type": "boolean", "default": False},
            "cost": {"type": "number", "default": 1, "only_when": {"rule": ["costs", "bound"]}},
            "grey": {"type": "number", "default": 1, "only_when": {"rule": ["costs"], "name": [False]}},
        }
    }
    parser = Parser(prog="zerosec run x")
    parser.add_argument("--name")
    options = add_parameters(parser, schema)  # type: ignore[arg-type]
    flags = {option.parameter: option.flag for option in options}

    def said(*words: str) -> list[str]:
        given = parameters_of(parser.parse_all(words), options)
        return [str(each) for each in settings_without_effect(schema, given, flags)]  # type: ignore[arg-type]

    assert said() == said("--cost", "3", "--rule", "bound") == said("--grey", "3", "--rule", "costs") == []
    assert said("--cost", "3") == ["--cost has no effect here: it applies only with --rule costs|bound."]
    assert said("--grey", "3", "--rule", "costs", "--param-name") == [
        "--grey has no effect here: it applies only with --rule costs, --no-param-name."
    ]
    assert "only with --rule costs|bound" in " ".join(parser.format_help().split())


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--cv-folds", "5.5"), "--cv-folds takes a whole number, and “5.5” is not."),
        (("--level", "nan"), "--level takes a number, and “nan” is not."),
        (("--level", "1e999"), "--level takes a number"),
        (("--method", "lasso"), "invalid choice: 'lasso'"),
        (("--reference-levels", "steel"), "--reference-levels takes NAME=VALUE"),
        (("--weights", "1,x"), "--weights takes a number, and “x” is not."),
        (("--cv-fold", "5"), "Did you mean “--cv-folds”"),
        (("--nested", "[1"), "--nested takes JSON"),
        (("--columns",), "expected one argument"),
    ],
)
def test_words_that_do_not_fit_are_named(words: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(UsageError, match=r".") as caught:
        read(*words)

    assert sentence in f"{caught.value.title} {caught.value.detail}"


def test_a_parameter_that_is_needed_is_asked_for() -> None:
    parser = Parser(prog="zerosec run x")
    add_parameters(parser, Everything.model_json_schema())

    with pytest.raises(UsageError) as caught:
        parser.parse_all([])

    assert "--target" in caught.value.title


def test_help_gives_units_bounds_and_defaults() -> None:
    parser = Parser(prog="zerosec run x")
    add_parameters(parser, Everything.model_json_schema())

    text = " ".join(parser.format_help().split())

    assert "100% of the terms." in text
    assert "2 to 50; default: 5" in text
    assert "default: ols" in text
    assert "in mm; at least 0" in text
    assert text.index("advanced parameters:") < text.rindex("--alpha")


def test_the_first_needed_input_is_data_and_the_others_are_options() -> None:
    slots = (
        InputSlotInfo(name="tree", title="Tree", required=False),
        InputSlotInfo(name="reads", title="Reads", multiple=True, extensions=(".fq",)),
        InputSlotInfo(name="out", title="A slot with a taken name", required=False),
    )
    parser = Parser(prog="zerosec run x")
    parser.add_argument("--out")

    primary, destinations = add_slots(parser, slots)
    found = parser.parse_all(["a.fq", "--tree", "t.nwk", "b.fq", "--out", "o", "--input-out", "i"])

    assert primary is slots[1]
    assert found.data == ["a.fq", "b.fq"]
    assert getattr(found, destinations["tree"]) == ["t.nwk"]
    assert getattr(found, destinations["out"]) == ["i"]


def test_where_no_input_is_needed_the_only_table_is_what_a_bare_file_is_for() -> None:
    parser = Parser(prog="zerosec run a")
    sheet = InputSlotInfo(name="sheet", title="Sheet", required=False)
    profile = InputSlotInfo(name="profile", title="Profile", required=False, kind=SlotKind.FILE)

    primary, destinations = add_slots(parser, [profile, sheet])

    assert primary is sheet
    assert list(destinations) == ["profile"]
    assert parser.parse_all(["s.xlsx", "--profile", "p.toml"]).data == ["s.xlsx"]


def test_where_no_input_is_needed_each_of_several_is_an_option() -> None:
    slots = tuple(InputSlotInfo(name=name, title=name, required=False) for name in ("eava", "insilicova"))
    parser = Parser(prog="zerosec run x")

    primary, destinations = add_slots(parser, slots)
    found = parser.parse_all(["--insilicova", "b.csv"])

    assert primary is None
    assert getattr(found, destinations["eava"]) == []
    assert getattr(found, destinations["insilicova"]) == ["b.csv"]
    with pytest.raises(UsageError, match=r"“a\.csv” was not expected") as caught:
        parser.parse_all(["a.csv"])
    assert "Say what a file is for: --eava, --insilicova." in caught.value.hint


@pytest.mark.parametrize(
    ("words", "file", "expected"),
    [
        ((), "a.csv", None),
        (("--separator", "tab"), "a.tsv", Dialect.partly(separator="\t")),
        (("--separator", ";", "--decimal", ","), "a.csv", Dialect.partly(separator=";", decimal=",")),
        (
            ("--separator", "semicolon", "--decimal", "comma", "--thousands", "point"),
            "a.csv",
            Dialect.partly(separator=";", decimal=",", thousands="."),
        ),
        (("--thousands", "none"), "a.csv", Dialect.partly(thousands="")),
        (("--thousands", "'"), "a.csv", Dialect.partly(thousands="'")),
        (("--encoding", "shift_jis"), "a.csv", Dialect.partly(encoding="shift_jis")),
        (("--sheet", "測定"), "A.XLSX", Dialect.partly(sheet="測定")),
        (
            ("--header-row", "0", "--missing", "?", "--missing", "-9"),
            "a.csv",
            Dialect.partly(header_row=0, missing=(*Dialect().missing, "?", "-9")),
        ),
        (("--missing", "-", "--missing", "-"), "a.csv", Dialect.partly(missing=(*Dialect().missing, "-"))),
        (("--missing-only", "--missing", "?"), "a.csv", Dialect.partly(missing=("", "?"))),
        (("--missing-only",), "a.csv", Dialect.partly(missing=("",))),
        (("--decimal", ","), "a.csv", Dialect.partly(decimal=",")),
    ],
)
def test_a_dialect_is_what_was_asked_for(words: tuple[str, ...], file: str, expected: Dialect | None) -> None:
    parser = Parser(prog="zerosec run x")
    add_dialect(parser)

    assert dialect_of(parser.parse_all(words), file) == expected


@pytest.mark.parametrize(
    ("words", "file"),
    [
        (("--decimal", ",", "--separator", "comma"), "a.csv"),
        (("--decimal", ",", "--thousands", "comma"), "a.csv"),
        (("--thousands", "x"), "a.csv"),
        (("--decimal", ""), "a.csv"),
        (("--encoding", "klingon"), "a.csv"),
        (("--separator", "ab"), "a.csv"),
        (("--sheet", "x"), "a.csv"),
        (("--separator", ";"), "a.xlsx"),
        (("--header-row", "-1"), "a.csv"),
    ],
)
def test_a_dialect_that_makes_no_sense_is_refused(words: tuple[str, ...], file: str) -> None:
    parser = Parser(prog="zerosec run x")
    add_dialect(parser)

    with pytest.raises(UsageError):
        dialect_of(parser.parse_all(words), file)


def test_the_analysis_is_found_wherever_it_stands() -> None:
    assert split_words(["linear", "d.csv", "--target", "y"]) == ("linear", ["d.csv", "--target", "y"], {})
    assert split_words(["--target-server", "lab", "--json", "linear", "d.csv", "--out=o"]) == (
        "linear",
        ["--target-server", "lab", "--json", "d.csv", "--out=o"],
        {"--target-server": "lab", "--out": "o"},
    )
    assert split_words(["--out"]) == (None, ["--out"], {"--out": ""})


def test_nearest_names_what_was_perhaps_meant() -> None:
    assert nearest("linaer", ["linear", "codon"]) == "Did you mean “linear”?"
    assert nearest("zzz", ["linear", "codon"]) == "There is: linear, codon."


def test_the_help_of_signs_names_them() -> None:
    parser = Parser(prog="zerosec run a")
    add_dialect(parser)

    told = " ".join(parser.format_help().split())

    assert "{" not in told
    assert "--thousands SIGN" in told
    assert "comma, point, space, apostrophe or none" in told
    assert "such as NA or -999" in told


def test_a_bare_file_is_for_the_input_that_is_declared_so() -> None:
    candidates = InputSlotInfo(name="candidates", title="Possible runs", required=False, primary=True)
    done = InputSlotInfo(name="done", title="Runs already done", required=False)
    parser = Parser()

    primary, destinations = add_slots(parser, [candidates, done])

    assert primary is candidates
    assert set(destinations) == {"done"}


def test_data_may_stand_behind_an_option_of_its_own_name_and_several_files_behind_one_option() -> None:
    reads1 = InputSlotInfo(name="reads1", title="Read 1", multiple=True, primary=True)
    reads2 = InputSlotInfo(name="reads2", title="Read 2", multiple=True)
    parser = Parser(prog="zerosec run x")

    primary, destinations = add_slots(parser, [reads1, reads2])
    assert primary is reads1
    add_data_by_name(parser, primary)
    found = parser.parse_all(["a1.fq", "--reads2", "a2.fq", "b2.fq", "--reads1", "b1.fq"])

    assert [*found.data, *getattr(found, DATA_BY_NAME)] == ["a1.fq", "b1.fq"]
    assert getattr(found, destinations["reads2"]) == ["a2.fq", "b2.fq"]


def test_the_option_of_datas_name_gives_way_to_what_is_called_so_already() -> None:
    parser = Parser(prog="zerosec run x")
    parser.add_argument("--step", choices=["a"])

    add_data_by_name(parser, InputSlotInfo(name="step", title="Steps"))

    assert parser.parse_all(["--step", "a"]).step == "a"

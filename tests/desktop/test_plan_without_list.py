"""Planning without a list respects what a list would: the profile's names, its rules, the user's conditions, and runs done."""

from pathlib import Path

import openpyxl
import pytest

from zerosec_desktop.screens.experiments.candidate_list import look, settings_of
from zerosec_desktop.screens.experiments.done_runs import done_runs
from zerosec_desktop.screens.experiments.parameter_rows import factors_of, problems_of
from zerosec_desktop.screens.experiments.sheet_rows import rows_of_sheet
from zerosec_desktop.screens.experiments.without_list import PlanError, Planned, conditions, planned
from zerosec_shared.formulas import evaluate, parse
from zerosec_shared.profiles import shipped_profile

DEBURRING = shipped_profile("deburring")
RANGES = {"回転速度": "1000..5000 step 1000", "切込み量": "0.1..0.5 step 0.1"}


def test_variables_take_the_profiles_names_and_a_choice_that_is_not_named_means_all() -> None:
    plan = planned(DEBURRING, {**RANGES, "直径": "6|25"}, {"載せ率": "50"})

    assert plan.factors["切込量"] == "0.1..0.5 step 0.1"
    assert plan.factors["ブラシ"] == "A13|A11|A21|A32"
    assert plan.fixed == {"載せ率": "50"}


@pytest.mark.parametrize(
    ("given", "factors", "fixed"),
    [
        ({"ブラシ": "1|4"}, {"ブラシ": "A11|A13"}, {}),
        ({"brush": "2"}, {}, {"ブラシ": "A21"}),
        ({"A13": "0|1", "A21": "0|1", "A32": "0"}, {"ブラシ": "A13|A21"}, {}),
    ],
)
def test_a_choice_may_be_written_by_codes_or_by_its_columns(
    given: dict[str, str], factors: dict[str, str], fixed: dict[str, str]
) -> None:
    assert planned(DEBURRING, given, {}) == Planned(factors, fixed)


def test_a_code_that_nobody_knows_is_refused_by_name() -> None:
    with pytest.raises(PlanError) as refused:
        planned(DEBURRING, {"ブラシ": "1|7"}, {})

    assert "7" in refused.value.title
    assert "A13" in refused.value.detail


def test_the_profiles_rule_holds_for_exactly_the_runs_it_allows() -> None:
    plan = planned(DEBURRING, {"直径": "6|25", **RANGES}, {})
    (condition,) = conditions(DEBURRING, plan, {})

    allowed = {
        (brush, diameter): evaluate(parse(condition), {"ブラシ": brush, "直径": diameter})
        for brush in ("A13", "A11")
        for diameter in (6, 25)
    }
    assert allowed == {("A13", 6): True, ("A13", 25): False, ("A11", 6): True, ("A11", 25): True}


def test_conditions_of_the_user_are_put_with_values_of_the_series_and_derived_columns() -> None:
    plan = planned(DEBURRING, {**RANGES, "送り速度": "400|800"}, {"直径": "6"})
    told = conditions(
        DEBURRING, plan, {"材料": "Steel"}, "切込み量 * 2 <= 0.8\n加工時間 > 8", '材料 == "Steel" and 回転速度 > 3000'
    )  # fmt: skip
    values = {"回転速度": 4000, "切込量": 0.3, "送り速度": 800, "ブラシ": "A11"}

    assert [evaluate(parse(condition), values) for condition in told] == [True, True, False, False]


@pytest.mark.parametrize(
    ("given", "keep", "said"),
    [
        ({"直径": "25"}, "", "never fulfilled"),
        ({}, "無い列 < 3", "無い列"),
        ({}, "切込量 <", "切込量 <"),
    ],
)
def test_a_condition_that_cannot_be_respected_is_told_and_never_left_aside(
    given: dict[str, str], keep: str, said: str
) -> None:
    plan = planned(DEBURRING, RANGES, {"ブラシ": "A13"} if given else {})

    with pytest.raises(PlanError) as refused:
        conditions(DEBURRING, plan, given, keep)

    assert said in f"{refused.value.title} {refused.value.detail}"


def test_only_runs_of_the_same_conditions_with_every_setting_are_completed() -> None:
    run = {"A13": 0.0, "A11": 1.0, "回転速度": 3000.0, "切込量": 0.30000000001, "直径": 25.0}
    other = {**run, "直径": 40.0}
    lacking = {name: value for name, value in run.items() if name != "切込量"}
    unknown = {name: value for name, value in run.items() if name != "直径"}

    found = done_runs(
        [run, other, lacking, unknown], ("回転速度", "切込量", "ブラシ"), {"直径": 25.0}, {"ブラシ": ("A13", "A11")}
    )  # fmt: skip

    assert found.rows == ({"回転速度": 3000.0, "切込量": 0.30000000001, "ブラシ": "A11"},)
    assert (found.elsewhere, found.lacking) == (1, 2)


def test_runs_of_a_file_come_under_the_profiles_names_one_a_row(tmp_path: Path) -> None:
    path = tmp_path / "done.csv"
    path.write_text(
        "回転速度,送り速度,回転方向,切込み量,突出し量,載せ率,パス数\n3000,400,1,0.3,5,50,1\n",
        encoding="utf-8",
    )

    (run,) = settings_of(look(path, DEBURRING))

    assert run["切込量"] == 0.3
    assert "A13" not in run


def test_a_parameter_sheet_moves_into_the_form(tmp_path: Path) -> None:
    path = tmp_path / "parameters.xlsx"
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for cells in (
        ("ブラシ試験",),
        ("", "切込量", "送り速度", "材料", "載せ率"),
        ("最小", 0.1, None, None, 50),
        ("最大", 0.5, None, None, 50),
        ("間隔", 0.1, "400, 800", "Steel、Alumi", None),
    ):
        sheet.append(cells)
    book.save(path)

    rows = rows_of_sheet(path, None)

    assert problems_of(rows) == ()
    assert factors_of(rows) == (
        {"切込量": "0.1..0.5 step 0.1", "送り速度": "400|800", "材料": "Steel|Alumi"},
        {"載せ率": "50"},
    )


def test_a_table_that_is_no_parameter_sheet_says_what_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")

    with pytest.raises(PlanError) as refused:
        rows_of_sheet(path, None)

    assert "間隔" in refused.value.detail

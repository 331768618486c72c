"""Headings as process engineers write them: with units in every bracket, misspelt, in half-width kana."""

import pytest
from tests.unit.profiles.test_recognition import BRUSHES, FACTORS, RESPONSES

from zerosec_shared.profiles import (
    ColumnFacts,
    OneHotGroup,
    Recognition,
    TablePurpose,
    ValueKind,
    recognise,
    shipped_profile,
)
from zerosec_shared.profiles.headings import same_unit, without_unit

DEBURRING = shipped_profile("deburring")


def of_headings(**renamed: str) -> Recognition:
    values = BRUSHES | FACTORS | RESPONSES
    facts = [
        ColumnFacts(
            renamed.get(name, name), ValueKind.NUMBER, 3, 0, 2, minimum=0, maximum=1, values=(0.0, 1.0)
        )
        for name in values
    ]
    return recognise(DEBURRING, facts)


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("回転速度(rpm)", "回転速度"),
        ("回転速度 （min-1）", "回転速度"),
        ("回転速度［ｒ／ｍｉｎ］", "回転速度"),
        ("送り速度【mm/分】", "送り速度"),
        ("送り速度/mm/min", "送り速度"),
        ("切込み量\n(㎜)", "切込量"),
        ("線材長〔mm〕", "線材長"),
        ("面粗度(Ra)前 [um]", "面粗度(Ra)前"),
        ("摩耗量(g)", "摩耗量"),
        ("載せ率（％）", "載せ率"),
        ("パス数[回]", "パス数"),
        ("バリ除去(0/1)", "バリ除去"),
        ("ＵＰｶｯﾄ", "UPカット"),
        ("ブラシ(1-4)", "ブラシ"),
    ],
)
def test_a_unit_behind_the_name_does_no_harm(header: str, column: str) -> None:
    known = DEBURRING.known_as(header)

    assert known is not None
    assert known.name == column
    assert isinstance(known, OneHotGroup) is (column == "ブラシ")


@pytest.mark.parametrize(
    "header", ["摩耗量(最大)", "摩耗量(old)", "面粗度(Ra)", "切削力(X)", "送り速度(m/min)"]
)
def test_what_is_no_unit_or_another_one_is_not_taken(header: str) -> None:
    assert DEBURRING.known_as(header) is None


def test_values_in_another_unit_are_refused_with_both_units() -> None:
    found = of_headings(送り速度="送り速度(m/min)")

    assert found.purpose is TablePurpose.NEITHER
    (reason,) = map(str, found.reasons)
    assert reason.startswith("送り速度(m/min) is in m/min, and 送り速度 of the profile in mm/min.")


def test_a_unit_that_the_profile_does_not_know_is_remarked_on() -> None:
    found = of_headings(摩耗量="摩耗量[g]")

    assert found.purpose is TablePurpose.RESULTS
    assert [str(remark) for remark in found.remarks if "摩耗量" in remark] == [
        "摩耗量[g] is taken for 摩耗量, for which the profile has no unit."
    ]


@pytest.mark.parametrize("header", ["回転数", "回転数(rpm)"])
def test_a_misspelt_setting_is_asked_about(header: str) -> None:
    found = of_headings(回転速度=header)

    (reason,) = map(str, found.reasons)
    assert reason.startswith("The column 回転速度 is missing")
    assert reason.endswith(f"Is it {header}? Then rename it, or add that name to the profile.")


def test_a_misspelt_response_is_not_left_out_unseen() -> None:
    found = of_headings(摩耗量="摩耗量計")

    assert found.extra == ("摩耗量計",)
    assert any(str(remark).startswith("摩耗量計 is not used. If 摩耗量 is meant") for remark in found.remarks)


@pytest.mark.parametrize("one", ["rpm", "min-1", "min⁻¹", "1/min", "r/min", "回転/分", "RPM"])
def test_spellings_of_one_unit(one: str) -> None:
    assert same_unit(one, "min⁻¹")
    assert not same_unit(one, "s⁻¹")


@pytest.mark.parametrize("text", ["", "()", "/", "mm", "(mm)", "a/b/", "x(((", "x)("])
def test_headings_that_are_hardly_one(text: str) -> None:
    found = without_unit(text)

    assert found is None or found[0]

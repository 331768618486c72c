"""Profiles as files: what comes along, what reads back, and what is said of a file that is none."""

import pytest
from tests.conftest import ROOT

from zerosec_shared.formulas import evaluate
from zerosec_shared.profiles import (
    SHIPPED,
    ColumnRole,
    ProfileError,
    read_profile,
    shipped_profile,
    write_profile,
)

HEAD = b'id = "mine"\ntitles = { en = "Mine" }\n'
COLUMN = '[[columns]]\nname = "x"\nrole = "factor"\n'


@pytest.mark.parametrize("profile_id", SHIPPED)
def test_a_shipped_profile_reads_back_as_it_was_written(profile_id: str) -> None:
    profile = shipped_profile(profile_id)

    assert read_profile(write_profile(profile)) == profile


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("回転速度", "回転速度"),
        ("送り速度", "送り速度"),
        ("UPカット", "UPカット"),
        ("ＵＰｶｯﾄ", "UPカット"),
        ("回転方向", "UPカット"),
        ("切込量", "切込量"),
        ("切込み量", "切込量"),
        ("突出量", "突出量"),
        ("突出し量", "突出量"),
        ("載せ率", "載せ率"),
        ("パス数", "パス数"),
        ("A13", "A13"),
        ("Ａ３２", "A32"),
        ("ブラシ", "ブラシ"),
        ("直径", "直径"),
        ("材料", "材料"),
        ("線材長", "線材長"),
        ("線材本数", "線材本数"),
        ("バリ除去", "バリ除去"),
        ("上面ダレ量", "上面ダレ量"),
        ("上面ダレ", "上面ダレ量"),
        ("側面ダレ", "側面ダレ量"),
        ("摩耗量", "摩耗量"),
        ("面粗度(Ra)前", "面粗度(Ra)前"),
        ("面粗度（Ra）後", "面粗度(Ra)後"),
        ("切削力X", "切削力X"),
        ("切削力Ｚ", "切削力Z"),
        ("実験日", "実験日"),
        ("加工時間", "加工時間"),
    ],
)
def test_the_deburring_profile_knows_the_names_in_users_files(header: str, column: str) -> None:
    found = shipped_profile("deburring").known_as(header)

    assert found is not None
    assert found.name == column


def test_the_deburring_profile_says_what_the_workshop_says() -> None:
    profile = shipped_profile("deburring")
    (brush,) = profile.one_hot

    assert [brush.member_of(code) for code in (1, 2.0, "３", "4", "a32", 5)] == [
        "A11", "A21", "A32", "A13", "A32", None,
    ]  # fmt: skip
    assert brush.when_absent == "all"
    assert profile["直径"].values == (6, 15, 25, 40, 60, 100)
    assert profile["材料"].values == ("Steel", "Alumi")
    assert (profile["線材本数"].minimum, profile["線材本数"].maximum, profile["線材本数"].default) == (
        1,
        999,
        6,
    )
    assert evaluate(profile.derived["加工時間"], {"送り速度": 600}) == 10
    assert len(profile.with_role(ColumnRole.FACTOR)) == 7
    ((_, rule),) = profile.conditions
    assert [evaluate(rule, {"A13": 1, "直径": d}) for d in (6, 15, 25)] == [True, True, False]
    assert evaluate(rule, {"A13": 0, "直径": 100}) is True


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[[columns", "The file is no TOML"),
        ("format = 2", "this version of ZeroSec reads format 1"),
        (COLUMN.replace("factor", "fctor"), "columns 1 (x), role: Input should be 'factor'"),
        (COLUMN + "colour = 1", "columns 1 (x), colour: Extra inputs are not permitted."),
        (COLUMN + "step = 0", "columns 1 (x), step: Input should be greater than 0."),
        (COLUMN + "minimum = 3\nmaximum = 1", "columns 1 (x): the minimum 3 is above the maximum 1."),
        (COLUMN + COLUMN, "“x” is the name or an alias of more than one column."),
        (COLUMN + 'aliases = ["Ｘ"]', "is the name or an alias of more than one column."),
        (COLUMN + 'formula = "1 +"', "The formula of x: At character 4: The formula ends too early."),
        (COLUMN + 'formula = "y * 2"', "There is no column “y”"),
        (COLUMN + 'formula = "x * 2"', "There is no column “x”"),
        (COLUMN + '[[rules]]\nformula = "x + 1"', "The formula gives a number; needed is true or false."),
        (COLUMN + "values = [1, 1]", "an allowed value stands twice"),
        (COLUMN + 'values = ["a"]', "the value a is no number"),
        (COLUMN.replace("factor", "response") + "identifies = true", "cannot identify an experiment"),
        (COLUMN.replace("factor", "one_hot") + 'kind = "integer"', "The one-hot column x is in no group."),
        (COLUMN + '[[one_hot]]\nname = "g"\nmembers = ["x", "y"]', "x is no column of the role one_hot"),
    ],
)
def test_a_file_that_is_no_profile_is_answered_in_sentences(text: str, sentence: str) -> None:
    data = HEAD + text.encode() if "format" not in text else text.encode()

    with pytest.raises(ProfileError) as raised:
        read_profile(data)

    assert sentence in str(raised.value)


def test_the_profile_of_the_guide_is_one() -> None:
    page = (ROOT / "docs" / "profiles.md").read_text(encoding="utf-8")
    text = page.partition("<!-- profile -->\n```toml\n")[2].partition("```")[0]

    profile = read_profile(text.encode())

    assert [column.name for column in profile.identifying] == ["temperature", "catalyst"]
    assert evaluate(profile.derived["dose"], {"temperature": 200, "time_h": 1.5}) == 300


def test_every_mistake_is_said() -> None:
    with pytest.raises(ProfileError) as raised:
        read_profile(HEAD + (COLUMN + "step = -1\nminimum = nan").encode())

    assert len(raised.value.problems) == 2


def test_other_bytes_are_no_profile() -> None:
    with pytest.raises(ProfileError, match="not UTF-8"):
        read_profile(b"\xff\xfe\x00")
    with pytest.raises(ProfileError, match="has at most"):
        read_profile(b"#" * (2**20 + 1))

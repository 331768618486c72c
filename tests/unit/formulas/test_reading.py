"""What a formula may look like, and what is said of one that cannot be read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zerosec_shared.formulas import (
    FormulaError,
    FormulaValueError,
    Kind,
    check,
    evaluate,
    folded,
    kind_of,
    parse,
    quoted,
)
from zerosec_shared.texts import Texts


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("2^3^2", 512),
        ("2 ** 3", 8),
        ("-2^2", -4),
        ("2^-1", 0.5),
        ("10 - 4 - 3", 3),
        ("12 / 4 / 3", 1),
        ("１０ ＋ ２．５ × ２", 15),
        ("（６－２）÷４", 1),
        ("1.5e2", 150),
        ("abs(-3)", 3),
        ("min(3; 1; 2)", 1),
        ("max(3, 1, 2)", 3),
        ("round(2.5)", 3),
        ("round(-2.5)", -3),
        ("round(2.675, 2)", 2.675 + 0.005),
        ("round(1234, -2)", 1200),
        ("sqrt(9)", 3),
        ("log(100, 10)", 2),
        ("exp(0)", 1),
        ("sin(0) + cos(0) + atan(0)", 1),
        ("if(1 < 2, 10, 20)", 10),
        ("IF(1 > 2, 10, 1 / 0 * 0 + 20)", None),
    ],
)
def test_arithmetic_reads_as_on_paper(text: str, value: float | None) -> None:
    if value is None:
        with pytest.raises(FormulaValueError, match="division by zero"):
            evaluate(parse(text), {})
    else:
        assert evaluate(parse(text), {}) == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "row", "truth"),
    [
        ("not (A13 == 1) or 直径 in {6, 15}", {"A13": 1, "直径": 25}, False),
        ("not (A13 == 1) or 直径 in {6, 15}", {"A13": 1, "直径": 15.0}, True),
        ("not (A13 = 1) or 直径 in {６、１５}", {"A13": 0, "直径": 25}, True),
        ("材料 == “Steel” and 1 < x <= 3", {"材料": "Steel", "x": 3}, True),
        ("材料 <> 'Steel'", {"材料": "Alumi"}, True),
        ('材料 not in {"Steel", "Alumi"}', {"材料": "Alumi"}, False),
        ("x ≧ 0.3 AND y ≠ 2", {"x": 0.1 + 0.2, "y": 1}, True),
        ("a + b <= 0.3", {"a": 0.1, "b": 0.2}, True),
        ("`面粗度(Ra)前` > `with ``tick`", {"面粗度(Ra)前": 2, "with `tick": 1}, True),
        ("x in {-1, +2}", {"x": -1}, True),
        ("flag == true or not flag", {"flag": False}, True),
    ],
)
def test_conditions_read_as_in_the_workshop(text: str, row: dict[str, float | str], truth: bool) -> None:
    assert evaluate(parse(text), row) is truth


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The formula is empty."),
        ("   ", "The formula is empty."),
        ("1 +", "At character 4: The formula ends too early."),
        ("(1 + 2", "At character 7: “)” is missing at the end."),
        ("1 2", "At character 3: “2” was not expected here."),
        ("面粗度(Ra) > 1", "There is no function “面粗度”."),
        ("a $ b", "“$” cannot be read here"),
        ("`a > 1", "At character 1: A quote is not closed."),
        ("2次 > 1", "stands between backticks, as in `2次`."),
        ("材料 in {Steel}", 'At character 8: A text stands between double quotes, as in "Steel".'),
        ('x in {1, "a"}', "At character 3: The choices are numbers or texts, not both."),
        ("sqrt(1, 2)", "At character 1: sqrt takes 1 value, and 2 are given."),
        ("1e999", "At character 1: The number is too large or too long."),
        ("(" * 200 + "1" + ")" * 200, "nested more than 40 deep"),
        ("-" * 200 + "1", "nested more than 40 deep"),
        ("+".join("1" * 500), "more than 120 parts in a row"),
        ("1" * 5000, "The formula has 5,000 characters; at most 4,000 can be read."),
        ("__import__('os')", "There is no function “__import__”."),
        ("x.__class__()", "There is no function “x.__class__”."),
        ("lambda: 1", "“:” cannot be read here"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(text: str, sentence: str) -> None:
    with pytest.raises(FormulaError) as raised:
        parse(text)

    assert sentence in str(raised.value)


SIGNS = st.sampled_from(
    ["1", "0", ".5", "1e9", "x", "材料", "`a b`", '"t"', "(", ")", "{", "}", ",", "+", "-", "*", "/", "^", "<", "<=", "==", "and ",
     "or ", "not ", " in ", "true", "if(", "log(", "round(", "max(", "＋", "（", "¬", "\x00", "'", "．"]
)  # fmt: skip


@settings(max_examples=300)
@given(st.lists(SIGNS, max_size=12).map("".join) | st.text(max_size=40))
def test_any_text_is_a_formula_or_is_refused_in_a_sentence(text: str) -> None:
    said = None
    try:
        formula = parse(text)
        evaluate(formula, dict.fromkeys(formula.columns, 0.5))
        kind_of(formula, dict.fromkeys(formula.columns, Kind.ANY))
    except FormulaError as error:
        said = str(error)

    assert said is None or said.endswith((".", "?"))


def test_a_sentence_can_be_read_in_japanese_and_never_reads_a_value_as_one() -> None:
    texts = Texts({"ja": {"At character {position}: {problem}": "{position} 文字目：{problem}"}})

    with pytest.raises(FormulaError) as raised:
        parse("`{position}`").bound(["temperature"])

    english = "There is no column “{position}”; there is: temperature."
    assert str(raised.value) == f"At character 1: {english}"
    assert texts.find(raised.value.text, "ja") == f"1 文字目：{english}"


def test_names_are_the_same_in_full_and_half_width() -> None:
    bound = parse("`面粗度（Ｒａ） 前` + ｘ").bound(["面粗度(Ra)前", "x"])

    assert bound.columns == ("面粗度(Ra)前", "x")
    assert folded("ﾊﾞﾘ除去") == folded("バリ除去")


def test_a_name_that_may_be_two_columns_is_refused() -> None:
    with pytest.raises(FormulaError, match="“X” may be “x” or “ｘ”"):
        parse("X > 1").bound(["x", "ｘ"])


@pytest.mark.parametrize("name", ["面粗度(Ra)前", "x", "in", "a b", "2x", "a`b", "切削力X", "true"])
def test_a_quoted_name_reads_back_as_itself(name: str) -> None:
    assert parse(quoted(name)).columns == (name,)


def test_an_unknown_column_is_answered_with_the_nearest() -> None:
    with pytest.raises(FormulaError, match="did you mean “送り速度”"):
        parse("送り速 / 2").bound(["送り速度", "回転速度", "x"])


def test_parts_that_do_not_fit_are_refused_before_any_row_is_read() -> None:
    kinds = {"材料": Kind.TEXT, "x": Kind.NUMBER}

    with pytest.raises(FormulaError, match="“材料” is a text; needed is a number"):
        check(parse("材料 > 3"), kinds, Kind.TRUTH)
    with pytest.raises(FormulaError, match="Here a text and a number cannot stand together"):
        check(parse("材料 == 3"), kinds, Kind.TRUTH)
    with pytest.raises(FormulaError, match="The formula gives a number; needed is true or false"):
        check(parse("x + 1"), kinds, Kind.TRUTH)
    check(parse('if(材料 == "Steel", x, 2 * x) > 1'), kinds, Kind.TRUTH)


@pytest.mark.parametrize("text", ["9^9^9", "2^10000", "x^x^x^x", "exp(10000)", "9999^999*9999^999"])
def test_numbers_without_bound_are_refused_quickly(text: str) -> None:
    with pytest.raises(FormulaValueError, match="too large"):
        evaluate(parse(text), {"x": 99})

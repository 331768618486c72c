"""The term grammar: what it reads, what it refuses and where."""

import time

import pytest

from zerosec_analyses.model_terms import MAX_EXPONENT, FormulaError, parse_formula


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("x1 + x2 + x1:x2 + x1^2", ["x1", "x2", "x1^2", "x1:x2"]),
        ("a*b", ["a", "b", "a:b"]),
        ("a*b*c - a:b:c", ["a", "b", "c", "a:b", "a:c", "b:c"]),
        ("(a + b + c)^2", ["a", "b", "c", "a:b", "a:c", "b:c"]),
        ("a**3", ["a^3"]),
        ("I(a*b^2)", ["a:b^2"]),
        ("b:a + a:b", ["b:a"]),
        ("x:x", ["x^2"]),
        ("y + x + y", ["y", "x"]),
        ("`odd name (mm)`:'硬さ'", ["odd name (mm):硬さ"]),
        ("摩耗量＋硬さ＾2", ["摩耗量", "硬さ^2"]),
        (". - q", ["p", "r"]),
    ],
)
def test_terms_are_read(text: str, terms: list[str]) -> None:
    assert [term.label for term in parse_formula(text, ["p", "q", "r"]).terms] == terms


@pytest.mark.parametrize(
    ("text", "intercept"), [("x", None), ("x - 1", False), ("0 + x", False), ("1 + x", True)]
)
def test_the_intercept_can_be_named(text: str, intercept: bool | None) -> None:
    assert parse_formula(text).intercept is intercept


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("", 1), ("x + + y", 5), ("x^0", 3), (f"x^{MAX_EXPONENT + 1}", 3), ("log(x)", 1), ("x + `q", 5), ("(a + b", 7), ("2*x", 1),
        ("y ~ x", 3), ("a b", 3), ("x^20:x^20", 5), ("x^11*x^11", 5), ("x^99999999999999", 3), ("a:0", 2), (".", 1), ("x; y", 2), ("__import__('os')", 1),
        ("(" * 30 + "x" + ")" * 30, 21),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_place(text: str, position: int) -> None:
    with pytest.raises(FormulaError) as refused:
        parse_formula(text)
    assert refused.value.position == position


def test_a_product_cannot_explode() -> None:
    names = " + ".join(f"x{i}" for i in range(300))
    with pytest.raises(FormulaError, match="terms"):
        parse_formula(f"({names}) * ({names.replace('x', 'y')}) * ({names.replace('x', 'z')})")


@pytest.mark.parametrize(
    "text",
    [
        "+".join([".*."] * 50_000),
        "-".join([".*."] * 50_000),
        "+".join(["."] * 200_000),
        "*".join(f"x{i}" for i in range(30)),
        "+".join(["(" + "+".join("abcdefghijklmnopqrstuvwxyz") + ")^20"] * 1000),
        "(" + "+".join(f"x{i}" for i in range(19_000)) + ")" + "-.:." * 50_000,
        ":".join(["."] * 2) + "".join(f":x{i}" for i in range(50_000)),
        "I(" + "*".join(f"x{i}" for i in range(50_000)) + ")",
        "1+" * 199_999 + "1",
        "1:" * 199_999 + "1",
    ],
    ids=[
        "sums of products",
        "differences",
        "sums",
        "crossing",
        "powers",
        "taking out",
        "long products",
        "arithmetic",
        "nothing added",
        "nothing multiplied",
    ],
)
def test_what_would_take_long_is_refused_at_once(text: str) -> None:
    began = time.process_time()

    with pytest.raises(FormulaError, match="terms"):
        parse_formula(text, [f"c{i}" for i in range(140)])

    assert time.process_time() - began < 15  # without the bound one of these took 46 s

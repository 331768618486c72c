"""Rows by a profile: clean values, real dates, one key for one experiment, and every problem with its column."""

from datetime import date

import pytest

from zerosec_shared.profiles import (
    ColumnFacts,
    ProfileRow,
    RowReader,
    ValueKind,
    recognise,
    shipped_profile,
    to_date,
)

NUMBERS = {
    "回転速度": 1000,
    "送り速度": 600,
    "UPカット": 1,
    "切込み量": 0.3,
    "突出量": 5,
    "載せ率": 0.5,
    "パス数": 2,
}


def read(cells: dict[str, object], **given: float | str) -> ProfileRow:
    facts = [
        ColumnFacts(name, ValueKind.INTEGER if name.startswith(("A", "ブラ")) else ValueKind.NUMBER, 9, 0, 2, 0, 1, (0.0, 1.0))
        if name not in {"実験日", "材料"}
        else ColumnFacts(name, ValueKind.TEXT, 9)
        for name in cells
    ]  # fmt: skip
    found = recognise(shipped_profile("deburring"), [each for each in facts if each.name != "ブラシ"])
    if "ブラシ" in cells:
        found = recognise(
            shipped_profile("deburring"),
            [
                ColumnFacts("ブラシ", ValueKind.INTEGER, 9, values=(1.0, 2.0)) if f.name == "ブラシ" else f
                for f in facts
            ],
        )
    return RowReader(found, given).read(cells)  # type: ignore[arg-type]


def test_a_row_is_read_under_the_profiles_names_with_what_is_derived() -> None:
    row = read({**NUMBERS, "ブラシ": 4, "実験日": "2025年10月29日"}, 直径=15, 材料="Steel")

    assert row.problems == ()
    assert row.values["切込量"] == 0.3
    assert [row.values[brush] for brush in ("A13", "A11", "A21", "A32")] == [1, 0, 0, 0]
    assert row.values["加工時間"] == 10
    assert row.values["実験日"] == date(2025, 10, 29)
    assert row.values["材料"] == "Steel"


@pytest.mark.parametrize(
    ("cells", "given", "header", "sentence"),
    [
        ({"切込み量": "abc"}, {}, "切込み量", "“abc” is not a number."),
        ({"ブラシ": 9}, {}, "ブラシ", "“9” is no ブラシ."),
        ({"実験日": "yesterday"}, {}, "実験日", "“yesterday” is no date."),
        ({"ブラシ": 4}, {"直径": 25}, "", "Brush A13 comes in the diameters 6 and 15 only."),
        ({"送り速度": 0}, {}, "", "加工時間: At character 5: A division by zero."),
        ({"A13": 1, "A11": 1, "A21": 0, "A32": 0}, {}, "", "Exactly one of A13, A11, A21, A32 must be 1."),
        ({"A13": 2, "A11": 0, "A21": 0, "A32": 0}, {}, "A13", "2 is neither 0 nor 1."),
    ],
)
def test_a_problem_names_its_column(
    cells: dict[str, object], given: dict[str, float], header: str, sentence: str
) -> None:
    row = read({**NUMBERS, **cells}, **given)

    assert (header, sentence) in [(problem.header, str(problem.text)) for problem in row.problems]


def test_full_width_numbers_and_blanks_are_read() -> None:
    row = read({**NUMBERS, "切込み量": "０．３", "突出量": " ", "載せ率": "欠測"})

    assert row.problems == ()
    assert (row.values["切込量"], row.values["突出量"], row.values["載せ率"]) == (0.3, None, None)


def test_texts_are_taken_in_the_profiles_own_spelling() -> None:
    row = read({**NUMBERS, "材料": "ｓｔｅｅｌ"})

    assert row.values["材料"] == "Steel"


@pytest.mark.parametrize(
    ("brushes", "problem"),
    [
        ((None, 1, None, None), ""),
        ((0, 1, None, None), ""),
        ((None, 1, 1, None), "Exactly one of A13, A11, A21, A32 must be 1."),
        ((0, 0, 0, None), "Exactly one of A13, A11, A21, A32 must be 1."),
    ],
)
def test_beside_a_one_an_empty_cell_of_a_choice_is_a_zero(
    brushes: tuple[int | None, ...], problem: str
) -> None:
    names = ("A13", "A11", "A21", "A32")

    row = read({**NUMBERS, **dict(zip(names, brushes, strict=True))})

    assert [each.text for each in row.problems] == [problem] * bool(problem)
    assert problem or [row.values[name] for name in names] == [0, 1, 0, 0]


@pytest.mark.parametrize(
    "text", ["2025/10/7(火)", "2025年10月7日（火）", "令和7年10月7日 火曜日", "R7.10.7(火)"]
)
def test_the_day_of_the_week_behind_a_date_is_read_over(text: str) -> None:
    assert to_date(text) == date(2025, 10, 7)

"""A table is recognised by its columns, in any order and under any of their names; and if not, it is said why."""

import random
from pathlib import Path

import polars as pl
import pytest

from zerosec_shared.profiles import (
    ColumnRole,
    Profile,
    Recognition,
    TablePurpose,
    facts_of,
    recognise,
    shipped_profile,
)
from zerosec_shared.tables import read_table

FACTORS = {
    "回転速度": [1000, 2000, 3000], "送り速度": [300, 600, 900], "UPカット": [0, 1, 0], "切込量": [0.1, 0.2, 0.3],
    "突出量": [5, 10, 15], "載せ率": [0.5, 0.7, 0.9], "パス数": [1, 2, 3],
}  # fmt: skip
BRUSHES = {"A13": [1, 0, 0], "A11": [0, 1, 0], "A21": [0, 0, 1], "A32": [0, 0, 0]}
RESPONSES = {"バリ除去": [0, 1, 1], "摩耗量": [0.01, 0.02, None]}


def recognised(
    tmp_path: Path, columns: dict[str, list[object]], profile: Profile | None = None
) -> Recognition:
    path = tmp_path / "table.csv"
    pl.DataFrame(columns, strict=False).write_csv(path)
    return recognise(profile or shipped_profile("deburring"), facts_of(read_table(path)))


def without(columns: dict[str, list[object]], *names: str) -> dict[str, list[object]]:
    return {name: values for name, values in columns.items() if name not in names}


@pytest.mark.parametrize("seed", range(5))
def test_candidates_are_recognised_in_any_order(tmp_path: Path, seed: int) -> None:
    names = list(BRUSHES | FACTORS)
    random.Random(seed).shuffle(names)

    found = recognised(tmp_path, {name: (BRUSHES | FACTORS)[name] for name in names})

    assert found.purpose is TablePurpose.CANDIDATES
    assert {match.column for match in found.matches} == set(names)
    assert found.missing == found.extra == found.reasons == ()
    assert "直径" in found.absent
    assert "加工時間" not in found.absent


def test_all_four_brushes_are_meant_where_none_is_named(tmp_path: Path) -> None:
    found = recognised(tmp_path, dict(FACTORS))

    assert found.purpose is TablePurpose.CANDIDATES
    assert "There is no column ブラシ: all of A13, A11, A21, A32 are meant." in map(str, found.remarks)


def test_results_are_recognised_by_their_values(tmp_path: Path) -> None:
    table = {
        "ブラシ": [1, 4, 3],
        **FACTORS,
        **RESPONSES,
        "実験日": ["2025-10-29"] * 3,
        "メモ": ["a", "b", "c"],
    }

    found = recognised(tmp_path, table)

    assert found.purpose is TablePurpose.RESULTS
    assert found.extra == ("メモ",)
    assert [(m.column, m.by) for m in found.matches if m.header == "ブラシ"] == [("ブラシ", "codes")]


def test_an_empty_lab_sheet_is_a_list_of_candidates(tmp_path: Path) -> None:
    found = recognised(tmp_path, {**BRUSHES, **FACTORS, "摩耗量": [None] * 3})

    assert found.purpose is TablePurpose.CANDIDATES
    assert "The responses 摩耗量 have no value yet: a lab sheet to be filled in." in map(str, found.remarks)


def test_aliases_are_told_from_names(tmp_path: Path) -> None:
    table = {
        **BRUSHES,
        **without(FACTORS, "切込量", "UPカット"),
        "切込み量": [1, 2, 3],
        "回転方向": [0, 1, 0],
    }

    found = recognised(tmp_path, table)

    assert found.purpose is TablePurpose.CANDIDATES
    assert {m.header: (m.column, m.by) for m in found.matches if m.by == "alias"} == {
        "切込み量": ("切込量", "alias"),
        "回転方向": ("UPカット", "alias"),
    }
    assert found.header_of("切込量") == "切込み量"


@pytest.mark.parametrize(
    ("table", "reasons"),
    [
        (
            BRUSHES | without(FACTORS, "送り速度", "切込量"),
            [
                "The column 送り速度 is missing (also known as",
                "The column 切込量 is missing (also known as 切込み量",
            ],
        ),
        (FACTORS | {"切込み量": [1, 2, 3]}, ["切込量, 切込み量 all stand for 切込量; keep one of them."]),
        (FACTORS | {"ブラシ": [1, 2, 3]} | BRUSHES, ["ブラシ and A13, A11, A21, A32 both say which ブラシ"]),
        (FACTORS | without(BRUSHES, "A21", "A32"), ["A13, A11 are there, but A21, A32 are missing"]),
        (FACTORS | RESPONSES, ["Results must say which ブラシ was used"]),
        (FACTORS | {"ブラシ": [1, 2, 7]}, ["ブラシ holds 7; known are 1, 2, 3, 4, A13"]),
        (FACTORS | BRUSHES | {"A13": [2, 0, 0]}, ["A13 holds other values than 0 and 1."]),
        (
            FACTORS | BRUSHES | {"パス数": [1, "two", 3]},
            [
                "パス数 holds text or dates where numbers are needed: row 3, column パス数: 'two' is not a number."
            ],
        ),
        ({"a": [1], "b": [2]}, ["The column 回転速度 is missing", "The column パス数 is missing"]),
    ],
)
def test_neither_says_exactly_why(tmp_path: Path, table: dict[str, list[object]], reasons: list[str]) -> None:
    found = recognised(tmp_path, table)

    assert found.purpose is TablePurpose.NEITHER
    said = [str(reason) for reason in found.reasons]
    assert all(any(reason in sentence for sentence in said) for reason in reasons), said


def test_values_outside_the_profile_are_remarked_on(tmp_path: Path) -> None:
    table = FACTORS | BRUSHES | {"直径": [6, 7, 15], "材料": ["Steel"] * 3, "線材本数": [0, 6, 1000]}

    said = [str(remark) for remark in recognised(tmp_path, table).remarks]

    assert "直径 holds 7; allowed are 6, 15, 25, 40, 60, 100." in said
    assert "線材本数 goes from 0 to 1000; the profile allows 1 to 999." in said


def test_any_other_table_is_recognised_by_what_its_columns_look_like(tmp_path: Path) -> None:
    rows = 12
    table: dict[str, list[object]] = {
        "No.": list(range(1, rows + 1)),
        "date": [f"2025-10-{day + 1:02}" for day in range(rows)],
        "temperature": [100 + 50 * (row % 3) for row in range(rows)],
        "catalyst": ["Pd", "Pt"] * 6,
        "yield": [60.5 + 1.7 * row for row in range(rows)],
        "note": [f"text {row}" for row in range(rows)],
    }

    found = recognised(tmp_path, table, shipped_profile("generic"))

    assert found.purpose is TablePurpose.RESULTS
    assert {column.name: column.role for column in found.profile.columns} == {
        "No.": ColumnRole.RUN_ID,
        "date": ColumnRole.DATE,
        "temperature": ColumnRole.FACTOR,
        "catalyst": ColumnRole.CATEGORICAL,
        "yield": ColumnRole.RESPONSE,
        "note": ColumnRole.IGNORED,
    }
    assert [column.name for column in found.profile.identifying] == ["temperature", "catalyst"]
    assert any("note is taken for" in str(remark) for remark in found.remarks)


def test_one_bad_cell_keeps_a_table_from_being_candidates_but_not_from_being_results(tmp_path: Path) -> None:
    table = {**BRUSHES, **FACTORS, "回転速度": ["1000", "2000", "平均"]}

    listed = recognised(tmp_path, table)
    measured = recognised(tmp_path, {**table, **RESPONSES})

    assert listed.purpose is TablePurpose.NEITHER
    assert measured.purpose is TablePurpose.RESULTS
    assert [str(remark) for remark in measured.remarks if str(remark).endswith(": such rows are not taken.")]

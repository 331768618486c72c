"""What cannot be used is refused in a sentence that names the row and the column."""

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest

from zerosec_analyses.sdk import InputError

pytestmark = pytest.mark.usefixtures("undrawn")


@pytest.mark.parametrize(
    ("text", "parameters", "words"),
    [
        ("a,y\n", {}, ["no data"]),
        ("a,y\n1,2\n", {}, ["one row"]),
        ("a,y\n1,\n2,\n3,\n", {}, ["y", "no value"]),
        ("a,y\n1,3\n2,3\n4,3\n", {}, ["y", "3 in all 3 rows"]),
        ("a,b,y\n1,5,3\n2,5,4\n4,5,7\n3,5,1\n", {}, ["“b”", "5 in all 4 rows"]),
        ("a,y\n1,3\n2,3\nabc,4\n5,6\n", {}, ["Row 4", "column “a”", "'abc'"]),
        ("a,y\n1.5,3\n2.5,3\nabc,4\n5.5,6\n", {}, ["Row 4", "'abc'", "Most of “a” are numbers"]),
        ("a,y\n1,3\n2,abc\n3,4\n5,6\n", {}, ["Row 3", "column “y”", "'abc'"]),
        ("a,y\n1,3\n2,2\n3,4\n", {"terms": "a + y"}, ["“y”", "also among the terms"]),
        ("alpha,y\n1,3\n2,2\n3,4\n", {"terms": "alhpa"}, ["alhpa", "alpha"]),
        ("a,b,c,y\n1,3,5,1\n2,2,1,5\n3,4,4,9\n", {}, ["fewer rows (3)", "coefficients (4)"]),
        ("a,y\n1,3\ninf,2\n3,4\n5,6\n", {}, ["Row 3", "“a”"]),
        ("a,y\n1,3\n2,-2\n3,4\n5,6\n", {"target_transform": "log"}, ["Row 3", "-2 is not positive"]),
        ("a,y\n1,3\n,2\n3,4\n5,6\n", {"missing": "refuse"}, ["“a” in row 3"]),
        ("a,y\n1,3\n2,2\n3,4\n", {"terms": "a^99"}, ["at character 3"]),
        ("g,y\nA,3\nB,2\nC,4\nA,1\nB,7\n", {"terms": "g^2"}, ["“g”", "categories"]),
        ("g,y\nA,3\nB,2\nA,4\nB,1\n", {"reference_levels": {"g": "Z"}}, ["no level “Z”", "A, B"]),
        ("a,y\n1e100,1\n2e100,2\n3e100,1\n4e100,3\n", {"terms": "a^10"}, ["a^10", "too large"]),
        ("d,y\n2024-01-01,1\n2024-01-02,2\n2024-01-03,5\n", {}, ["“d”", "dates"]),
    ],
)
def test_bad_tables_are_refused(
    fit: Callable[..., Any], text: str, parameters: dict[str, Any], words: list[str]
) -> None:
    with pytest.raises(InputError) as refused:
        fit(text, target="y", **parameters)
    told = f"{refused.value.title} {refused.value.detail} {refused.value.hint}"
    for word in words:
        assert word in told


def test_a_column_of_identifiers_is_no_category(fit: Callable[..., Any]) -> None:
    table = pl.DataFrame({"id": [f"s{i}" for i in range(10_000)], "y": np.arange(10_000.0) % 17})
    with pytest.raises(InputError, match="“id” has more than 1,000 different texts"):
        fit(table, target="y")


def test_an_infinite_parquet_value_is_named_and_nan_is_missing(
    fit: Callable[..., Any], tmp_path: Any
) -> None:
    values = [1.0, float("nan"), 3.0, 4.0, 6.0]
    pl.DataFrame({"a": values, "y": [1.0, 2.0, 2.5, 5.0, 5.5]}).write_parquet(tmp_path / "nan.parquet")
    values[3] = float("inf")
    pl.DataFrame({"a": values, "y": [1.0, 2.0, 2.5, 5.0, 5.5]}).write_parquet(tmp_path / "inf.parquet")

    assert "rows_dropped" in fit(tmp_path / "nan.parquet", target="y").codes
    with pytest.raises(InputError, match="Row 4, column “a”"):
        fit(tmp_path / "inf.parquet", target="y")


def test_an_aliased_term_is_refused_with_its_combination_or_left_out_on_request(
    fit: Callable[..., Any],
) -> None:
    text = "a,b,c,y\n1,4,6,1\n2,1,5,4\n3,7,13,2\n5,2,12,8\n8,3,19,3\n4,4,12,9\n"

    with pytest.raises(InputError, match="c = 2·a"):
        fit(text, target="y")
    done = fit(text, target="y", alias_policy="drop_later")

    assert set(done.coefficients()) == {"(Intercept)", "a", "b"}
    assert "c = 2·a" in done.message("alias_dropped")


def test_what_was_left_out_or_filled_in_is_counted(fit: Callable[..., Any]) -> None:
    rng = np.random.default_rng(0)
    table = pl.DataFrame(
        {"a": rng.normal(size=60), "g": rng.choice(["u", "v"], 60), "y": rng.normal(size=60)}
    ).with_columns(
        pl.when(pl.int_range(60) % 10 == 0).then(None).otherwise(pl.col("a")).alias("a"),
        pl.when(pl.int_range(60) == 7).then(None).otherwise(pl.col("y")).alias("y"),
    )

    dropped, imputed = fit(table, target="y"), fit(table, target="y", missing="impute_mean")

    assert "6 of 60 rows" in dropped.message("rows_dropped")
    assert "1 of 60 rows" in dropped.message("rows_without_target")
    assert dropped.metrics["n_rows"] == 53
    assert "a (6)" in imputed.message("values_imputed")
    assert imputed.metrics["n_rows"] == 59


def test_a_level_only_one_row_has_is_told_and_its_row_tested_fairly(fit: Callable[..., Any]) -> None:
    text = "g,a,y\nA,1,1\nA,2,2.5\nB,1,3\nB,5,7\nB,6,6\nC,3,3\nA,4,4\nA,7,8\nB,2,2\n"

    done = fit(text, target="y")

    assert {"levels_with_one_row", "unseen_levels", "leverage_one"} <= done.codes
    assert "g[C]" in done.message("unseen_levels")


@pytest.mark.parametrize(("n", "words"), [(40, "or choose ridge"), (3_200, "take up to 3,000")])
def test_no_method_is_advised_that_would_refuse_too(fit: Callable[..., Any], n: int, words: str) -> None:
    names = ",".join(f"x{i}" for i in range(n))
    rows = "\n".join(",".join(str((i * 7 + row * row) % 11 + row) for i in range(n + 1)) for row in range(5))

    with pytest.raises(InputError, match="fewer rows") as refused:
        fit(f"y,{names}\n{rows}\n", target="y")

    assert words in refused.value.hint


@pytest.mark.parametrize("number", ["1.{k:03},5", "1'{k:03}", '"1,{k:03}"', "1.{k:03}.000"])
def test_numbers_in_another_spelling_are_no_categories_and_no_mere_bad_cell(
    number: str, fit: Callable[..., Any]
) -> None:
    separator = "," if '"' in number else ";"
    rows = [f"{k}{separator}{number.format(k=k)}\n" for k in range(100, 130)]
    for names, terms, words in (("y;x", "x", "not taken for a category"), ("x;y", "x", "not a number")):
        with pytest.raises(InputError) as refused:
            fit(names.replace(";", separator) + "\n" + "".join(rows), target="y", terms=terms)
        assert words in str(refused.value.detail)
        assert "which sign groups digits" in str(refused.value.hint)


def test_what_was_doubtful_in_reading_is_told_beside_the_numbers(fit: Callable[..., Any]) -> None:
    rows = "".join(f"{k};{1 + k % 7},{100 + k}\n" for k in range(30))
    done = fit("note\nx;y\n" + rows, target="y", terms="x")

    assert {"reading_decimal_assumed", "reading_lines_skipped"} <= done.codes

"""What a finished analysis leaves: everything is there, nothing of the data is executed, penalised numbers claim no more than they can."""

import zipfile
from collections.abc import Callable
from typing import Any

import fastexcel
import numpy as np
import openpyxl
import polars as pl
import pytest

from zerosec_analyses.linear.least_squares import triangular_factor
from zerosec_analyses.linear.penalised import fit_penalised
from zerosec_analyses.linear.spec import Method
from zerosec_analyses.linear.streaming import FoldFactors
from zerosec_analyses.result_tables import decimals_of, number_form, sheet_name
from zerosec_analyses.shown_numbers import shown_column

HOSTILE = '=HYPERLINK("http://x.test","a")'


def hostile_table() -> pl.DataFrame:
    rng = np.random.default_rng(4)
    n = 60
    return pl.DataFrame(
        {
            "<script>alert(1)</script>": rng.normal(size=n),
            "g": rng.choice([HOSTILE, "<img src=x onerror=alert(1)>", "$x^2$"], n),
            "y": rng.normal(size=n),
        }
    )


def test_every_artifact_is_there_and_every_view_points_to_one(fit: Callable[..., Any]) -> None:
    done = fit(hostile_table(), target="y")

    names = {path.relative_to(done.folder).as_posix() for path in done.folder.rglob("*") if path.is_file()}
    assert {
        "report.html",
        "model.json",
        "linear_model.xlsx",
        "calculator.xlsx",
        "linear_model.ja.xlsx",
        "calculator.ja.xlsx",
        "tables/coefficients.csv",
    } <= names
    for plot in ("predicted_vs_observed", "residuals_vs_fitted", "normal_qq", "leverage", "coefficients"):
        assert {f"plots/{plot}.png", f"plots/{plot}.svg"} <= names
    sources = [view.source for view in done.result.views if view.source]
    assert sources
    assert set(sources) <= names


def test_names_and_levels_of_the_data_are_never_executed(fit: Callable[..., Any]) -> None:
    done = fit(hostile_table(), target="y")

    report = (done.folder / "report.html").read_text(encoding="utf-8")
    assert "<script" not in report
    assert "<img src=x" not in report
    assert "http://" not in report.replace("http://x.test", "")
    for workbook in ("linear_model.xlsx", "calculator.xlsx", "linear_model.ja.xlsx", "calculator.ja.xlsx"):
        with zipfile.ZipFile(done.folder / workbook) as archive:
            sheets = "".join(
                archive.read(name).decode() for name in archive.namelist() if "worksheets/sheet" in name
            )
        assert "HYPERLINK" not in sheets


@pytest.mark.parametrize("method", ["ridge", "lasso", "elastic_net"])
def test_penalised_coefficients_come_without_standard_errors(method: str, fit: Callable[..., Any]) -> None:
    rng = np.random.default_rng(8)
    x = rng.normal(size=(80, 5))
    table = pl.DataFrame({f"x{i}": x[:, i] for i in range(5)} | {"y": 3 * x[:, 0] + rng.normal(size=80)})

    done = fit(table, target="y", method=method, cv_repeats=1)

    assert done.metrics["r2_cross_validated"] > 0.8
    assert all(
        line["std_error"] == line["p_value"] == line["ci_low"] == "" for line in done.table("coefficients")
    )
    assert "no_standard_errors" in done.codes


@pytest.mark.parametrize(("method", "share"), [(Method.RIDGE, 0.0), (Method.LASSO, 1.0)])
def test_penalised_fits_are_those_of_scikit_learn_at_the_same_strength(method: Method, share: float) -> None:
    linear_model = pytest.importorskip("sklearn.linear_model")
    rng = np.random.default_rng(3)
    x = rng.normal(5, 2, size=(120, 6)) * [1, 10, 0.1, 1, 1, 3]
    y = x @ [1, 0.2, 5, 0, 0, -1] + rng.normal(size=120)
    folds = np.arange(120) % 5
    full = np.column_stack([np.ones(120), x, y])
    factors = FoldFactors(
        [triangular_factor(full[folds == k].copy(order="F")) for k in range(5)], np.bincount(folds)
    )

    found = fit_penalised(factors, factors.everything(), method, 6, 7, intercept=True)

    scaled = (x - x.mean(axis=0)) / x.std(axis=0)
    strength = found.penalty.strength
    reference = (
        linear_model.Ridge(alpha=strength * 120)
        if share == 0
        else linear_model.Lasso(alpha=strength, tol=1e-10)
    )
    reference.fit(scaled, y)
    np.testing.assert_allclose(found.coefficients[1:], reference.coef_ / x.std(axis=0), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(
        found.coefficients[0] + x.mean(axis=0) @ found.coefficients[1:], y.mean(), rtol=1e-9
    )


def test_the_workbook_reads_in_japanese_beside_the_english_one(fit: Callable[..., Any]) -> None:
    done = fit(hostile_table(), target="y")

    sheets = fastexcel.read_excel(done.folder / "linear_model.ja.xlsx")

    assert sheets.sheet_names[0] == "係数"
    columns = sheets.load_sheet("係数").to_polars().columns
    assert columns[:3] == ["項", "推定値", "標準誤差"]
    assert "estimate" in (done.folder / "tables" / "coefficients.csv").read_text(encoding="utf-8")
    english = openpyxl.load_workbook(done.folder / "linear_model.xlsx")
    assert "Analysis of variance" in english.sheetnames
    sheet = english["Coefficients"]
    assert [cell.value for cell in sheet[1]][:4] == ["term", "estimate", "std. error", "t"]
    numbers = [cell for row in sheet.iter_rows(min_row=2) for cell in row if isinstance(cell.value, float)]
    assert numbers
    assert "General" not in {cell.number_format for cell in numbers}
    first = float(next(iter(done.table("coefficients")))["estimate"])
    assert sheet["B2"].value == pytest.approx(first, rel=1e-15), "shown shorter, kept whole"


def test_a_reference_level_of_a_column_the_model_does_not_have_is_said(fit: Callable[..., Any]) -> None:
    frame = pl.DataFrame({"x": [*range(12)], "g": ["a", "b", "c"] * 4, "y": [*range(1, 13)]})

    done = fit(frame, target="y", terms="x", reference_levels={"g": "zzz"})

    assert (
        done.message("reference_levels_not_used")
        == "A reference level is given for g, which the terms do not have."
    )


@pytest.mark.parametrize(
    ("value", "decimals", "form"),
    [
        (0.123456, 5, "0.00000"),
        (5230.1, 1, "0.0"),
        (0.01, 1, "0.0000E+00"),
        (1e-12, 6, "0.0000E+00"),
        (-3e11, 0, "0.0000E+00"),
        (2007, 4, "0"),
        (0.0, 3, "0"),
        (1999.0, 0, "0"),
    ],
)
def test_numbers_of_a_workbook_show_their_digits(value: float, decimals: int, form: str) -> None:
    assert number_form(value, decimals) == form


def test_the_middle_number_decides_how_many_decimals_a_column_shows() -> None:
    assert [
        decimals_of(cells) for cells in ([1.5, 20.25, 300.5], [0.5, None, "–"], [3.0, 4.0], [], [1e-9])
    ] == [3, 5, 0, 0, 6]


@pytest.mark.parametrize(
    ("title", "sheet"),
    [
        ("Coefficients", "Coefficients"),
        ("Analysis of variance (Type II sums of squares)", "Analysis of variance"),
        ("Columns that nearly repeat each other", "Columns that nearly repeat each"),
        ("[a/b]", "a b"),
        ("予" * 40, "予" * 31),
    ],
)
def test_a_sheet_is_called_by_whole_words(title: str, sheet: str) -> None:
    assert sheet_name(title) == sheet


def test_years_have_no_separators_in_a_report() -> None:
    assert shown_column("value", [2007, 1999.0, None]) == ["2007", "1999", "–"]
    assert shown_column("observed", [3750.0, 3800.0], [3786.4, 3417.1]) == ["3,750", "3,800"]
    assert shown_column("value", [2007.5, 1999.0]) == ["2,008", "1,999"]
    assert shown_column("rows", [12, 12_345]) == ["12", "12,345"]


@pytest.mark.parametrize(
    ("transform", "fitted", "residual"),
    [
        ("none", "Fitted (mm)", "Residual (mm)"),
        ("log", "Fitted (transformed scale)", "Residual (transformed scale)"),
    ],
)
def test_residuals_have_the_targets_unit_on_its_own_scale_alone(
    fit: Callable[..., Any], transform: str, fitted: str, residual: str
) -> None:
    rows = "".join(f"{k},{3 + k + k % 4}\n" for k in range(30))
    done = fit("x,y\n" + rows, target="y", terms="x", target_unit="mm", target_transform=transform)

    view = next(view for view in done.result.views if view.id == "residuals_vs_fitted")
    assert (view.x.heading, view.y.heading) == (fitted, residual)
    drawn = (done.folder / "plots" / "residuals_vs_fitted.svg").read_text(encoding="utf-8")
    assert f"<!-- {residual} -->" in drawn

"""The same figures as statsmodels on random designs: coefficients, ANOVA, VIF, Cook's distance, Breusch–Pagan."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas  # type: ignore[import-untyped]
import polars as pl
import pytest

pytestmark = pytest.mark.usefixtures("undrawn")

FORMULA = "y ~ x + w + C(g) + C(h) + x:C(g) + I(x**2)"
TERMS = "x + w + g + h + x:g + x^2"


@pytest.fixture(params=[1, 2])
def frame(request: pytest.FixtureRequest) -> pl.DataFrame:
    rng = np.random.default_rng(request.param)
    n = 90
    x, w = rng.normal(3, 1, n), rng.uniform(-1, 1, n)
    g, h = rng.choice(["a", "b", "c"], n), rng.choice(["p", "q"], n)
    y = 1 + x - 0.3 * x**2 + w + (g == "b") * x + (h == "q") * 2 + rng.normal(0, 0.5, n) * (1 + w)
    return pl.DataFrame({"x": x, "w": w, "g": g, "h": h, "y": y})


@pytest.fixture
def reference(frame: pl.DataFrame) -> Any:
    formula = pytest.importorskip("statsmodels.formula.api")
    return formula.ols(FORMULA, pandas.DataFrame(frame.to_dict(as_series=False))).fit()


def ours_name(theirs: str) -> str:
    names = {"Intercept": "(Intercept)", "I(x ** 2)": "x^2", "x": "x", "w": "w"}
    for letter in "gh":
        for level in "abcpq":
            names[f"C({letter})[T.{level}]"] = f"{letter}[{level}]"
            names[f"x:C({letter})[T.{level}]"] = f"x:{letter}[{level}]"
    return names[theirs]


def test_coefficients_errors_tests_and_intervals_agree(
    fit: Callable[..., Any], frame: pl.DataFrame, reference: Any
) -> None:
    lines = {line["term"]: line for line in fit(frame, target="y", terms=TERMS).table("coefficients")}
    intervals = reference.conf_int()
    assert len(lines) == len(reference.params)
    for theirs in reference.params.index:
        line = lines[ours_name(theirs)]
        assert float(line["estimate"]) == pytest.approx(reference.params[theirs], rel=1e-9)
        assert float(line["std_error"]) == pytest.approx(reference.bse[theirs], rel=1e-9)
        assert float(line["t"]) == pytest.approx(reference.tvalues[theirs], rel=1e-8)
        assert float(line["p_value"]) == pytest.approx(reference.pvalues[theirs], rel=1e-7)
        assert float(line["ci_low"]) == pytest.approx(intervals.loc[theirs, 0], rel=1e-8)
        assert float(line["ci_high"]) == pytest.approx(intervals.loc[theirs, 1], rel=1e-8)


def test_variance_inflation_agrees(fit: Callable[..., Any], frame: pl.DataFrame, reference: Any) -> None:
    from statsmodels.stats.outliers_influence import variance_inflation_factor

    lines = {line["term"]: line for line in fit(frame, target="y", terms=TERMS).table("coefficients")}
    for index, theirs in enumerate(reference.params.index):
        if theirs == "Intercept":
            assert lines["(Intercept)"]["vif"] == ""
            continue
        expected = variance_inflation_factor(reference.model.exog, index)
        assert float(lines[ours_name(theirs)]["vif"]) == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize("kind", ["II", "III"])
def test_the_analysis_of_variance_agrees(
    kind: str, fit: Callable[..., Any], frame: pl.DataFrame, reference: Any
) -> None:
    from statsmodels.stats.anova import anova_lm

    formula = pytest.importorskip("statsmodels.formula.api")
    coded = FORMULA.replace("C(g)", "C(g, Sum)").replace("C(h)", "C(h, Sum)")
    summed = formula.ols(coded, pandas.DataFrame(frame.to_dict(as_series=False))).fit()
    expected = anova_lm(summed, typ=2 if kind == "II" else 3)
    lines = {
        line["source"]: line for line in fit(frame, target="y", terms=TERMS, anova_type=kind).table("anova")
    }
    names = {
        "C(g, Sum)": "g",
        "C(h, Sum)": "h",
        "x": "x",
        "w": "w",
        "x:C(g, Sum)": "x:g",
        "I(x ** 2)": "x^2",
    }
    for theirs, ours in names.items():
        assert float(lines[ours]["sum_of_squares"]) == pytest.approx(expected.loc[theirs, "sum_sq"], rel=1e-8)
        assert int(lines[ours]["df"]) == int(expected.loc[theirs, "df"])
        assert float(lines[ours]["p_value"]) == pytest.approx(expected.loc[theirs, "PR(>F)"], rel=1e-6)
    assert float(lines["Residual"]["sum_of_squares"]) == pytest.approx(reference.ssr, rel=1e-10)
    assert float(lines["Model"]["f"]) == pytest.approx(reference.fvalue, rel=1e-9)


@pytest.mark.parametrize("intercept", [True, False])
def test_type_three_averages_over_levels_whatever_the_reference_and_says_where_it_cannot(
    intercept: bool, fit: Callable[..., Any], frame: pl.DataFrame
) -> None:
    from statsmodels.stats.anova import anova_lm

    formula = pytest.importorskip("statsmodels.formula.api")
    coded = "y ~ C(g, Sum)*C(h, Sum) + C(h, Sum):x" + ("" if intercept else " - 1")
    expected = anova_lm(formula.ols(coded, pandas.DataFrame(frame.to_dict(as_series=False))).fit(), typ=3)
    wanted = {"target": "y", "terms": "g*h + h:x", "anova_type": "III", "intercept": intercept}
    names = {"g": "C(g, Sum)", "h": "C(h, Sum)", "g:h": "C(g, Sum):C(h, Sum)", "h:x": "C(h, Sum):x"}
    for levels in ({}, {"g": "c", "h": "q"}):
        lines = {row["source"]: row for row in fit(frame, reference_levels=levels, **wanted).table("anova")}
        for ours, theirs in names.items():
            assert float(lines[ours]["sum_of_squares"]) == pytest.approx(
                expected.loc[theirs, "sum_sq"], rel=1e-8
            )
            assert int(lines[ours]["df"]) == int(expected.loc[theirs, "df"])

    gap = frame.filter(~((pl.col("g") == "a") & (pl.col("h") == "p")))
    done = fit(gap, alias_policy="drop_later", **wanted)
    lines = {row["source"]: row for row in done.table("anova")}
    assert [name for name, row in lines.items() if not row["sum_of_squares"]] == ["g", "h"]
    assert "g, h" in done.message("type_three_undefined")


def test_influence_and_residual_tests_agree(
    fit: Callable[..., Any], frame: pl.DataFrame, reference: Any
) -> None:
    from scipy.stats import shapiro
    from statsmodels.stats.diagnostic import het_breuschpagan

    done = fit(frame, target="y", terms=TERMS)
    rows = done.table("rows")
    influence = reference.get_influence()
    ours = {
        name: np.array([float(row[name]) for row in rows])
        for name in ("cooks_distance", "leverage", "studentised", "studentised_external")
    }
    np.testing.assert_allclose(ours["cooks_distance"], influence.cooks_distance[0], rtol=1e-6)
    np.testing.assert_allclose(ours["leverage"], influence.hat_matrix_diag, rtol=1e-8)
    np.testing.assert_allclose(
        ours["studentised"], influence.resid_studentized_internal, rtol=1e-7, atol=1e-10
    )
    np.testing.assert_allclose(
        ours["studentised_external"], influence.resid_studentized_external, rtol=1e-7, atol=1e-10
    )
    statistic, p_value, _, _ = het_breuschpagan(reference.resid, reference.model.exog)
    tests = {line["test"]: line for line in done.table("diagnostics")}
    assert float(tests["Breusch–Pagan (Koenker)"]["statistic"]) == pytest.approx(statistic, rel=1e-8)
    assert done.metrics["breusch_pagan_p"] == pytest.approx(p_value, rel=1e-7)
    assert done.metrics["shapiro_wilk_p"] == pytest.approx(shapiro(reference.resid).pvalue, rel=1e-6)


def test_without_an_intercept_the_first_category_has_all_its_levels(
    fit: Callable[..., Any], frame: pl.DataFrame
) -> None:
    formula = pytest.importorskip("statsmodels.formula.api")
    reference = formula.ols("y ~ 0 + C(g) + C(h) + x", pandas.DataFrame(frame.to_dict(as_series=False))).fit()

    found = fit(frame, target="y", terms="g + h + x", intercept=False).coefficients()

    assert set(found) == {"g[a]", "g[b]", "g[c]", "h[q]", "x"}
    assert found["g[a]"] == pytest.approx(reference.params["C(g)[a]"], rel=1e-9)
    assert found["h[q]"] == pytest.approx(reference.params["C(h)[T.q]"], rel=1e-9)

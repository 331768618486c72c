"""HC3 standard errors: the reference's numbers on either arithmetic, recorded and named where they stand, absent where they do not exist."""

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest

from zerosec_analyses.linear import estimable

pytestmark = pytest.mark.usefixtures("undrawn")


def uneven(n: int = 120) -> pl.DataFrame:
    """The spread grows with x."""
    rng = np.random.default_rng(11)
    x, g = rng.uniform(0, 4, n), rng.choice(["a", "b", "c"], n)
    return pl.DataFrame({"x": x, "g": g, "y": 1 + 2 * x + (g == "b") + rng.normal(0, 1, n) * x**1.5})


@pytest.mark.parametrize("arithmetic", ["exact", "double"])
@pytest.mark.parametrize("intercept", [True, False])
def test_errors_tests_and_intervals_are_the_references(
    fit: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, arithmetic: str, intercept: bool
) -> None:
    import statsmodels.api as sm

    frame = uneven()
    if arithmetic == "double":
        monkeypatch.setattr(estimable, "exact_fit", lambda *_: None)

    done = fit(frame, target="y", terms="x + x^2", intercept=intercept, standard_errors="hc3")

    x = frame["x"].to_numpy()
    columns = [*([np.ones_like(x)] if intercept else []), x, x**2]
    reference = (
        sm.OLS(frame["y"].to_numpy(), np.column_stack(columns)).fit().get_robustcov_results("HC3", use_t=True)
    )
    lines = done.table("coefficients")
    assert len(lines) == len(columns)
    for line, error, t, p, (low, high) in zip(
        lines, reference.bse, reference.tvalues, reference.pvalues, reference.conf_int(), strict=True
    ):
        assert float(line["std_error"]) == pytest.approx(error, rel=1e-9)
        assert float(line["t"]) == pytest.approx(t, rel=1e-8)
        assert float(line["p_value"]) == pytest.approx(p, rel=1e-7)
        assert float(line["ci_low"]) == pytest.approx(low, rel=1e-7)
        assert float(line["ci_high"]) == pytest.approx(high, rel=1e-7)


def test_only_what_rests_on_the_errors_changes_and_it_is_said_where_it_stands(
    fit: Callable[..., Any],
) -> None:
    classical = fit(uneven(), target="y")
    robust = fit(uneven(), target="y", standard_errors="hc3")

    assert robust.coefficients() == classical.coefficients()
    assert robust.table("anova") == classical.table("anova")
    assert robust.metrics == classical.metrics
    errors = [[line["std_error"] for line in done.table("coefficients")] for done in (classical, robust)]
    assert all(one != other for one, other in zip(*errors, strict=True))
    report = (robust.folder / "report.html").read_text(encoding="utf-8")
    assert "Coefficients, with robust (HC3) standard errors" in report
    assert "MacKinnon" in report
    assert "MacKinnon" not in (classical.folder / "report.html").read_text(encoding="utf-8")
    assert "do not" in robust.message("unequal_spread")
    assert "standard errors may be wrong" in classical.message("unequal_spread")


def test_where_a_row_alone_makes_a_coefficient_the_errors_are_empty_and_a_warning_says_why(
    fit: Callable[..., Any],
) -> None:
    frame = uneven(60)
    frame = pl.concat([frame, pl.DataFrame({"x": [1.0], "g": ["alone"], "y": [3.0]})])

    done = fit(frame, target="y", standard_errors="hc3")

    assert {line["std_error"] for line in done.table("coefficients")} == {""}
    assert "robust_errors_undefined" in done.codes
    assert done.coefficients()["x"] == pytest.approx(fit(frame, target="y").coefficients()["x"])


def test_penalised_coefficients_have_no_robust_errors_either(fit: Callable[..., Any]) -> None:
    done = fit(uneven(), target="y", method="ridge", standard_errors="hc3")

    assert {line["std_error"] for line in done.table("coefficients")} == {""}
    assert "robust ones too" in done.message("no_standard_errors")
    assert "HC3" not in (done.folder / "report.html").read_text(encoding="utf-8").replace("(HC3) hold", "")


def test_an_exact_fit_stays_exact(fit: Callable[..., Any]) -> None:
    frame = pl.DataFrame({"x": list(range(12)), "y": [2 * v + 1 for v in range(12)]})

    done = fit(frame, target="y", standard_errors="hc3")

    assert {float(line["std_error"]) for line in done.table("coefficients")} == {0.0}

"""Headline figures are out of sample and leak nothing; the same inputs and seed give the same numbers."""

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest

from zerosec_analyses.linear.analysis import analyse
from zerosec_analyses.linear.spec import LinearParameters
from zerosec_analyses.linear.table_input import prepare


def noise(seed: int, n: int = 60, p: int = 15) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    columns = {f"x{i}": rng.normal(size=n) for i in range(p)}
    gaps = rng.random(n) < 0.1
    columns["x0"] = np.where(gaps, np.nan, columns["x0"])
    return pl.DataFrame(columns | {"y": np.exp(rng.normal(size=n))}).with_columns(pl.col("x0").fill_nan(None))


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize(
    "parameters",
    [
        {"missing": "impute_mean"},
        {"target_transform": "box_cox", "missing": "impute_median"},
        {"method": "ridge", "cv_repeats": 1},
        {"method": "lasso", "cv_repeats": 1},
    ],
)
def test_pure_noise_earns_no_credit(parameters: dict[str, Any], tmp_path: Any) -> None:
    scores = []
    for seed in range(6):
        noise(seed).write_csv(tmp_path / "noise.csv")
        chosen = LinearParameters(target="y", **({"cv_repeats": 2} | parameters))
        table = prepare(tmp_path / "noise.csv", None, chosen, tmp_path)
        judged = analyse(table, chosen, seed, lambda *_: None).cross_validation
        assert judged is not None
        scores.append(judged.mean("r2"))

    assert np.mean(scores) <= 0.05


@pytest.mark.usefixtures("undrawn")
def test_a_model_fitted_to_chance_is_called_that(fit: Callable[..., Any]) -> None:
    done = fit(noise(1, n=30, p=20).drop("x0"), target="y")

    assert done.metrics["r2_training"] > 0.5 > done.metrics["r2_cross_validated"]
    assert "overfit" in done.codes
    assert "of that in unseen rows nothing (the mean alone" in done.message("overfit")
    assert {m.name for m in done.result.metrics if m.headline} == {
        "r2_cross_validated", "rmse_cross_validated", "mae_cross_validated",
    }  # fmt: skip


@pytest.mark.usefixtures("undrawn")
def test_leave_one_out_scores_are_those_of_the_press_residuals(fit: Callable[..., Any]) -> None:
    rng = np.random.default_rng(5)
    x = rng.normal(size=20)
    table = pl.DataFrame({"x": x, "y": 1 + x + rng.normal(size=20)})

    done = fit(table, target="y")

    rows = done.table("rows")
    press = np.array([float(r["residual"]) / (1 - float(r["leverage"])) for r in rows])
    assert done.metrics["rmse_cross_validated"] == pytest.approx(np.sqrt((press**2).mean()), rel=1e-9)
    assert done.metrics["mae_cross_validated"] == pytest.approx(np.abs(press).mean(), rel=1e-9)
    y = table["y"].to_numpy()
    baseline = (y.sum() - y) / 19
    assert done.metrics["r2_cross_validated"] == pytest.approx(
        1 - (press**2).sum() / ((y - baseline) ** 2).sum(), rel=1e-9
    )


def test_rows_of_a_group_are_never_split(tmp_path: Any) -> None:
    rng = np.random.default_rng(0)
    groups = rng.integers(0, 14, 120)
    pl.DataFrame({"x": rng.normal(size=120), "batch": groups, "y": rng.normal(size=120)}).write_csv(
        tmp_path / "g.csv"
    )
    chosen = LinearParameters(target="y", group_column="batch", cv_folds=5)

    judged = analyse(
        prepare(tmp_path / "g.csv", None, chosen, tmp_path), chosen, 3, lambda *_: None
    ).cross_validation

    assert judged is not None
    assert all(len(set(judged.folds[groups == group])) == 1 for group in set(groups))
    assert len(set(judged.folds)) == 5


@pytest.mark.parametrize(
    "parameters", [{}, {"method": "elastic_net", "cv_repeats": 1}, {"target_transform": "yeo_johnson"}]
)
def test_the_same_inputs_and_seed_give_the_same_bytes(
    parameters: dict[str, Any], fit: Callable[..., Any]
) -> None:
    table = noise(3, p=4)
    first, second = fit(table, target="y", **parameters), fit(table, target="y", **parameters)

    for name in ("coefficients", "cross_validation", "rows"):
        path = f"tables/{name}.csv"
        assert (first.folder / path).read_bytes() == (second.folder / path).read_bytes()
    assert first.metrics == second.metrics
    assert (first.folder / "plots/predicted_vs_observed.svg").read_bytes() == (
        second.folder / "plots/predicted_vs_observed.svg"
    ).read_bytes()


@pytest.mark.parametrize("n", [40, 12_000])
def test_without_an_intercept_both_scores_are_about_the_mean(fit: Callable[..., Any], n: int) -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=n)
    y = 50 + x + rng.normal(size=n)
    table = pl.DataFrame({"x": x, "y": y})

    done = fit(table, target="y", intercept=False)

    slope = (x @ y) / (x @ x)
    residual = ((y - slope * x) ** 2).sum()
    assert done.metrics["r2_training"] == pytest.approx(1 - residual / ((y - y.mean()) ** 2).sum(), rel=1e-9)
    assert done.metrics["r2_uncentred"] == pytest.approx(1 - residual / (y @ y), rel=1e-6, abs=1e-9)
    assert "r2_adjusted" not in done.metrics
    assert "no_intercept" in done.codes
    assert "no_intercept" not in fit(table, target="y").codes

"""Verbal-autopsy calibration gives what the R package of its authors gives, for neonates and children, uncertain and fixed matrices.

The package estimates path correction from 1,000 random draws, here it is exact; nothing in it is chosen to fit. Of the posterior itself
every mean is within 0.012 and every interval end within 0.025 of the package's. Interval ends from the default number of draws have
a Monte Carlo error of their own besides, up to 0.007, which the result tells and is allowed for.
"""

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import ROOT

from zerosec_analyses.sdk import Context
from zerosec_analyses.va_calibration.analysis import Calibration, fitted, prepared
from zerosec_analyses.va_calibration.calibration import Fit
from zerosec_analyses.va_calibration.dirichlet import concentration
from zerosec_analyses.va_calibration.path_correction import (
    ADDED_RATE,
    START_UNCERTAIN,
    path_correction,
    shrunk,
    shrunk_concentrations,
)
from zerosec_analyses.va_calibration.spec import VaParameters

pytestmark = pytest.mark.science

MEAN, END = 0.012, 0.025
# Three Monte Carlo errors: of some 30 interval ends one in a dozen runs is farther off.
ERRORS = 3
# By InterVA the fraction of prematurity has a flat tail, whose end needs many draws to be known to 0.001.
MANY_DRAWS = {"draws": 20_000, "chains": 16}
CASES = {
    "neonate_eava_prior": ("neonate", ("eava",), False),
    "neonate_ens_prior": ("neonate", ("eava", "insilicova", "interva"), False),
    "neonate_ens_fixed": ("neonate", ("eava", "insilicova", "interva"), True),
    "child_ens_prior": ("child", ("eava", "insilicova", "interva"), False),
}


def reference(case: str) -> dict[tuple[str, str], dict[str, str]]:
    lines = (Path(__file__).parent / "va_reference.csv").read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return {(row["algorithm"], row["cause"]): row for row in rows if row["fit"] == case}


def calibrated(folder: Path, case: str, seed: int, only: str | None = None, **settings: int) -> Calibration:
    age_group, algorithms, fixed = CASES[case]
    algorithms = (only,) if only else algorithms
    example = ROOT / "examples" / f"comsa_mozambique_{age_group}.csv"
    ctx = Context.for_notebook(folder, **dict.fromkeys(algorithms, example))
    params = VaParameters.model_validate(
        {"age_group": age_group, "country": "Mozambique", "fixed": fixed, "seed": seed, **settings}
    )
    return fitted(*prepared(ctx, params), params, lambda *_: None)


def compare(result: Calibration, fits: Sequence[Fit], case: str, errors: int) -> None:
    """Every number with the reference; interval ends may differ by so many of their Monte Carlo errors besides."""
    expected = reference(case)
    assert {(fit.name, cause) for fit in fits for cause in result.causes.names} == set(expected)
    for fit in fits:
        for c, cause in enumerate(result.causes.names):
            row = expected[fit.name, cause]
            end = END + errors * float(fit.end_error[c])
            assert fit.uncalibrated[c] == pytest.approx(float(row["uncalibrated"]), abs=1e-6)
            assert ("no" if fit.left_out[c] else "yes") == row["calibrated"], (fit.name, cause)
            assert fit.mean[c] == pytest.approx(float(row["mean"]), abs=MEAN), (fit.name, cause)
            assert fit.low[c] == pytest.approx(float(row["lower"]), abs=end), (fit.name, cause)
            assert fit.high[c] == pytest.approx(float(row["upper"]), abs=end), (fit.name, cause)


@pytest.mark.parametrize("case", CASES)
def test_every_fraction_and_interval_is_that_of_the_reference(tmp_path: Path, case: str) -> None:
    result = calibrated(tmp_path, case, 1)
    fits = list(result.fits)
    if case == "neonate_ens_prior":
        place = [fit.name for fit in fits].index("interva")
        fits[place] = calibrated(tmp_path, case, 1, "interva", **MANY_DRAWS).main

    assert all(fit.samples is not None and fit.samples.converged for fit in fits)
    compare(result, fits, case, errors=0)


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_with_any_seed_interval_ends_differ_by_their_monte_carlo_error_at_most(
    tmp_path: Path, seed: int
) -> None:
    result = calibrated(tmp_path, "neonate_ens_prior", seed)

    assert max(float(fit.end_error.max()) for fit in result.fits) < 0.01
    compare(result, result.fits, "neonate_ens_prior", ERRORS)


def test_path_correction_is_what_that_by_random_draws_comes_to() -> None:
    """The package's way, with 100,000 draws of each row instead of 1,000."""
    alpha = np.array([[14.0, 5.0, 3.0], [0.6, 9.0, 2.0], [2.0, 0.05, 7.0]])
    fractions = np.array([0.62, 0.05, 0.33])
    rng = np.random.default_rng(1)
    rows = np.stack([rng.dirichlet(row, 100_000) for row in alpha], axis=1)

    path = path_correction(alpha / alpha.sum(axis=1, keepdims=True), fractions, START_UNCERTAIN)
    found = shrunk_concentrations(alpha, path.shrinkage)

    drawn = path_correction(rows.mean(axis=0), fractions, START_UNCERTAIN)
    assert 0 < path.shrinkage < 0.9
    assert path.shrinkage == pytest.approx(drawn.shrinkage, abs=0.011)
    means = shrunk(alpha / alpha.sum(axis=1, keepdims=True), path.shrinkage)
    for i, mean in enumerate(means):
        moved = path.shrinkage * np.eye(3)[i] + (1 - path.shrinkage) * rows[:, i] + ADDED_RATE
        logs = np.log(moved / moved.sum(axis=1, keepdims=True)).mean(axis=0)
        assert found[i].sum() == pytest.approx(concentration(mean, logs), rel=0.01)

"""Verbal-autopsy calibration gives what the R package of its authors gives, for neonates and children, uncertain and fixed matrices.

R's path correction rests on 1,000 random draws and moves by 0.01 with its seed; means agree within 0.012 and interval ends within
0.025 at best.
"""

import csv
from pathlib import Path

import pytest
from tests.conftest import ROOT

from zerosec_analyses.sdk import Context
from zerosec_analyses.va_calibration.analysis import Calibration, fitted, prepared
from zerosec_analyses.va_calibration.spec import VaParameters

pytestmark = pytest.mark.science

MEAN, END = 0.012, 0.025
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


def calibrated(folder: Path, case: str, seed: int) -> Calibration:
    age_group, algorithms, fixed = CASES[case]
    example = ROOT / "examples" / f"comsa_mozambique_{age_group}.csv"
    ctx = Context.for_notebook(folder, **dict.fromkeys(algorithms, example))
    params = VaParameters.model_validate(
        {"age_group": age_group, "country": "Mozambique", "fixed": fixed, "seed": seed}
    )
    return fitted(*prepared(ctx, params), params, lambda *_: None)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("case", CASES)
def test_every_fraction_and_interval_is_that_of_the_reference(tmp_path: Path, case: str, seed: int) -> None:
    expected = reference(case)

    result = calibrated(tmp_path, case, seed)

    assert {(fit.name, cause) for fit in result.fits for cause in result.causes.names} == set(expected)
    for fit in result.fits:
        assert fit.samples is not None
        assert fit.samples.converged
        for c, cause in enumerate(result.causes.names):
            row = expected[fit.name, cause]
            assert fit.uncalibrated[c] == pytest.approx(float(row["uncalibrated"]), abs=1e-6)
            assert ("no" if fit.left_out[c] else "yes") == row["calibrated"], (fit.name, cause)
            assert fit.mean[c] == pytest.approx(float(row["mean"]), abs=MEAN), (fit.name, cause)
            assert fit.low[c] == pytest.approx(float(row["lower"]), abs=END), (fit.name, cause)
            assert fit.high[c] == pytest.approx(float(row["upper"]), abs=END), (fit.name, cause)

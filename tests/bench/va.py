"""Verbal-autopsy calibration: the four fits of the neonate and of the child example, warm, on one core, by CPU time.

From the files to the fits: path correction with the range of its shrinkage is in it.

The R package it replaces takes 24 and 42 s of CPU for the same fits, sampling only.
"""

import tempfile
import time
from pathlib import Path
from statistics import median

from threadpoolctl import threadpool_limits

from tests.bench.figures import Figure, figure
from tests.conftest import ROOT
from zerosec_analyses.sdk import Context
from zerosec_analyses.va_calibration.analysis import Calibration, fitted, prepared
from zerosec_analyses.va_calibration.spec import VaParameters

__all__ = ["measure"]

ROUNDS = 7
SIZE_NEEDED = 1000
LIMITS_S = {"neonate": 2.0, "child": 4.0}
R_S = {"neonate": 24, "child": 42}
ALGORITHMS = ("eava", "insilicova", "interva")


def _fits(age_group: str, seed: int, folder: Path) -> tuple[float, Calibration]:
    example = ROOT / "examples" / f"comsa_mozambique_{age_group}.csv"
    ctx = Context.for_notebook(folder, **dict.fromkeys(ALGORITHMS, example))
    params = VaParameters.model_validate({"age_group": age_group, "country": "Mozambique", "seed": seed})
    started = time.process_time()
    found, models = prepared(ctx, params)
    result = fitted(found, models, params, lambda *_: None)
    return time.process_time() - started, result


def measure() -> list[Figure]:
    """CPU seconds of the four fits, and the smallest effective sample size of each round."""
    figures = []
    with tempfile.TemporaryDirectory() as folder, threadpool_limits(limits=1):
        for age_group, limit in LIMITS_S.items():
            _fits(age_group, 0, Path(folder))  # warm: compiled functions are loaded
            taken, sizes = [], []
            for seed in range(1, ROUNDS + 1):
                seconds, result = _fits(age_group, seed, Path(folder))
                taken.append(seconds)
                sizes.append(min(fit.samples.convergence.smallest_size for fit in result.fits if fit.samples))
            timed = figure(
                f"four fits of the {age_group} example",
                "s of CPU",
                taken,
                target=f"<= {limit:g}",
                met=median(taken) <= limit,
                note=f"R: {R_S[age_group]} s",
            )
            sized = figure(
                f"smallest effective sample size, {age_group} example",
                "draws",
                sizes,
                target=f"every >= {SIZE_NEEDED:,}",
                met=min(sizes) >= SIZE_NEEDED,
                note=f"smallest {min(sizes):,.0f}",
            )
            figures += [timed, sized]
    return figures

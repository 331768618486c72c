"""Calibrates each algorithm and all of them together: posterior means, 95% intervals and numbers of deaths."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from zerosec_analyses.sdk import Said, say
from zerosec_analyses.va_calibration.arrays import Floats
from zerosec_analyses.va_calibration.diagnostics import Convergence, quantile_error
from zerosec_analyses.va_calibration.model import AlgorithmModel, Mask, joint_posterior
from zerosec_analyses.va_calibration.sampling import Samples, SampleSettings, sample
from zerosec_analyses.va_calibration.spec import ALGORITHMS, VaParameters

__all__ = ["ENSEMBLE", "Fit", "calibrate", "largest_remainder"]

ENSEMBLE = "ensemble"
INTERVAL = (0.025, 0.975)

Progress = Callable[[str, float, Convergence | None], None]


@dataclass(frozen=True, kw_only=True)
class Fit:
    """The result for one algorithm, or for all together (`name` is then "ensemble").

    (C,) each: `uncalibrated`, `mean`, `low`, `high` (NaN where there is no interval to give), `end_error` the Monte Carlo error of
    the worse known of low and high, whole numbers of `deaths` before and after, `left_out`. `draws` (S, n, C) of the calibrated
    fractions; None where nothing could be calibrated.
    """

    name: str
    models: tuple[AlgorithmModel, ...]
    left_out: Mask
    uncalibrated: Floats
    mean: Floats
    low: Floats
    high: Floats
    end_error: Floats
    deaths_before: Floats
    deaths_after: Floats
    samples: Samples | None
    draws: Floats | None

    @property
    def title(self) -> Said:
        """As people write it."""
        return say("Ensemble") if self.name == ENSEMBLE else ALGORITHMS[self.name]

    @property
    def stalled(self) -> bool:
        """Whether no matrix could be used: all were left at (almost) the identity."""
        return all(model.stalled for model in self.models if model.is_calibrated) and self.samples is not None


def calibrate(models: Sequence[AlgorithmModel], params: VaParameters, progress: Progress) -> list[Fit]:
    """Each algorithm, then the ensemble if there are several. Each has random numbers of its own, by its name's place."""
    settings = SampleSettings(
        sampler=params.sampler, chains=params.chains, draws=params.draws, max_draws=params.max_draws
    )
    names = [*ALGORITHMS, ENSEMBLE]
    groups: list[tuple[str, list[AlgorithmModel]]] = [(model.algorithm, [model]) for model in models]
    if len(models) > 1:
        groups.append((ENSEMBLE, list(models)))
    fits = []
    for name, members in groups:
        seed = np.random.SeedSequence([params.seed, names.index(name)])

        def told(share: float, found: Convergence | None, name: str = name) -> None:
            progress(name, share, found)

        fits.append(_fit(name, members, params, settings, seed, told))
    return fits


def _fit(
    name: str,
    models: Sequence[AlgorithmModel],
    params: VaParameters,
    settings: SampleSettings,
    seed: np.random.SeedSequence,
    progress: Callable[[float, Convergence | None], None],
) -> Fit:
    deaths = np.array([model.deaths for model in models])
    pooled = deaths.sum(axis=0)
    uncalibrated = pooled / pooled.sum()
    left_out = np.logical_and.reduce([model.left_out for model in models])
    # The same deaths are assigned by every algorithm: together they are as many as the algorithm that has most of them.
    total = int(deaths.sum(axis=1).max())
    kept = ~left_out
    samples, draws = None, None
    low, high, mean = uncalibrated.copy(), uncalibrated.copy(), uncalibrated.copy()
    end_error = np.zeros(len(pooled))
    if any(model.is_calibrated for model in models) and pooled[kept].any():
        samples = sample(joint_posterior(models, params), settings, seed, progress)
        draws = np.tile(uncalibrated, (*samples.fractions.shape[:2], 1))
        share = samples.fractions[..., kept]
        draws[..., kept] = (1 - uncalibrated[left_out].sum()) * share / share.sum(axis=2, keepdims=True)
        flat = draws.reshape(-1, len(pooled))
        mean[kept] = flat[:, kept].mean(axis=0)
        low[kept], high[kept] = np.quantile(flat[:, kept], INTERVAL, axis=0)
        end_error[kept] = np.max([quantile_error(draws[..., kept], level) for level in INTERVAL], axis=0)
    fit = Fit(
        name=name,
        models=tuple(models),
        left_out=left_out if samples is not None else np.ones_like(left_out),
        uncalibrated=uncalibrated,
        mean=mean,
        low=low,
        high=high,
        end_error=end_error,
        deaths_before=largest_remainder(uncalibrated, total),
        deaths_after=largest_remainder(mean, total),
        samples=samples,
        draws=draws,
    )
    if fit.stalled:
        low[kept], high[kept], end_error[kept] = np.nan, np.nan, np.nan
    return fit


def largest_remainder(fractions: Floats, total: int) -> Floats:
    """(C,) whole numbers that add up to `total`, each a fraction's share rounded down, or up where most is left over."""
    shares = fractions / fractions.sum() * total
    # A share that is a whole number but for rounding is that number.
    shares = np.where(np.abs(shares - np.rint(shares)) < 1e-9 * max(1, total), np.rint(shares), shares)
    found = np.floor(shares)
    missing = total - int(found.sum())
    order = np.argsort(-(shares - found), kind="stable")
    found[order[:missing]] += 1
    return np.asarray(found, dtype=np.float64)

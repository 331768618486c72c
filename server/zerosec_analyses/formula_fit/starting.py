"""Where the search for the constants of a formula begins: the start that is given, or the best of many that are looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from scipy.stats import qmc

from zerosec_analyses.formula_fit.derivatives import Model, Values
from zerosec_analyses.formula_fit.fitting import FloatArray

LOOKED_AT_ROWS = 400
LOOKED_AT = 64
"""Points looked at for every start, at most MOST_POINTS."""
MOST_POINTS = 2048
REFINED = 4
A_DECADE = 16
SIZES = (-3.5, 2.5)
"""Decades that constants are looked for in, in units of 1, of a column's median and of what divides by it."""
NEGATIVE_SHARE = 0.25
TRIED_FOR_LINEARITY = 6


def starts(
    model: Model, y: FloatArray, given: Mapping[str, float], count: int, rng: np.random.Generator
) -> Iterator[FloatArray]:
    """The start given, or ``count`` others with the linear constants solved for (Golub & Pereyra 1973).

    The others are ones; the best of Sobol points of every size, sign and scale, of these the very best with each nonlinear constant
    moved by itself over all sizes; and, as the second half, points whatever their fit. Points are looked at on a part of the rows.
    """
    p = len(model.constants)
    if set(given) == set(model.constants):
        yield np.array([given[name] for name in model.constants])
        return
    linear = linear_constants(model, rng)
    look = _Look(model, y, [i for i in linear if model.constants[i] not in given], rng)
    wanted = [i for i, name in enumerate(model.constants) if name not in given and i not in look.solved]
    base = np.ones(p)
    for name, value in given.items():
        base[model.constants.index(name)] = value
    yield look.at(base)[1]
    if count < 2:
        return
    points = _points(base, wanted, model, 1 << (min(MOST_POINTS, LOOKED_AT * count) - 1).bit_length(), rng)
    looked = [look.at(point) for point in points]
    ranked = sorted((one for one in looked if np.isfinite(one[0])), key=lambda one: one[0])
    best = [look.moved(*one, wanted) for one in ranked[:REFINED]] if wanted else []
    chosen = [*sorted(best, key=lambda one: one[0]), *ranked[: (count - 1) // 2], *looked]
    for _, point in chosen[: count - 1]:
        yield point


class _Look:
    """Tells the sum of squares at points, the ``solved`` constants being solved for."""

    def __init__(self, model: Model, y: FloatArray, solved: Sequence[int], rng: np.random.Generator) -> None:
        self.model, self.y, self.solved = model, y, list(solved)
        if y.size > LOOKED_AT_ROWS:
            rows = np.sort(rng.choice(y.size, LOOKED_AT_ROWS, replace=False))
            columns = {name: values[rows] for name, values in model.columns.items()}
            self.model, self.y = Model(model.formula, columns, model.constants), y[rows]
        self.reach = max(_units(self.model))

    def at(self, point: FloatArray) -> tuple[float, FloatArray]:
        """The sum of squares (infinite where the formula cannot be worked out) and the point with its solved constants."""
        start = point.copy()
        made, slopes = self.model.evaluate(start)
        with np.errstate(all="ignore"):
            if self.solved:
                part = slopes[:, self.solved]
                rest = made - part @ start[self.solved]
                if not (np.isfinite(rest).all() and np.isfinite(part).all()):
                    return np.inf, start
                found = np.linalg.lstsq(part, self.y - rest, rcond=None)[0]
                start[self.solved] = found
                made = rest + part @ found
            total = float(((made - self.y) ** 2).sum())
        return total if np.isfinite(total) else np.inf, start

    def moved(self, total: float, point: FloatArray, wanted: Sequence[int]) -> tuple[float, FloatArray]:
        """The best that is met when each wanted constant in turn takes every size."""
        low, high = SIZES[0] - self.reach, SIZES[1] + self.reach
        sizes = 10 ** np.linspace(low, high, int(A_DECADE * (high - low)))
        best = (total, point)
        for place in wanted:
            for size in sizes:
                trial = best[1].copy()
                trial[place] = np.copysign(size, trial[place])
                found = self.at(trial)
                if found[0] < best[0]:
                    best = found
        return best


def _points(
    base: FloatArray, wanted: Sequence[int], model: Model, count: int, rng: np.random.Generator
) -> FloatArray:
    """Points (count x constants) that spread evenly over signs and sizes of the wanted constants."""
    points = np.tile(base, (count, 1))
    if not wanted:
        return points
    even = qmc.Sobol(len(wanted), rng=rng).random(count)
    negative = even < NEGATIVE_SHARE
    size = np.where(negative, even / NEGATIVE_SHARE, (even - NEGATIVE_SHARE) / (1 - NEGATIVE_SHARE))
    unit = rng.choice(_units(model), size.shape)
    points[:, list(wanted)] = np.where(negative, -1, 1) * 10 ** (
        SIZES[0] + size * (SIZES[1] - SIZES[0]) + unit
    )
    return points


def linear_constants(model: Model, rng: np.random.Generator) -> list[int]:
    """Constants the formula is linear in, all together: its slopes by them do not change with them.

    Tried where the constants are of many sizes: where a formula is nearly flat, all slopes are nothing and tell nothing.
    """
    p = len(model.constants)
    units = 10 ** rng.choice(_units(model), (TRIED_FOR_LINEARITY, p))
    bases = [np.asarray(unit * rng.uniform(0.2, 0.9, p), dtype=np.float64) for unit in (np.ones(p), *units)]
    slopes = [model.evaluate(base)[1] for base in bases]
    told = np.any([np.isfinite(one) & (one != 0) for one in slopes], axis=(0, 1))
    found: list[int] = []
    for i in np.flatnonzero(told).tolist():
        trial = [*found, i]
        if all(_unchanged(model, base, one, trial, rng) for base, one in zip(bases, slopes, strict=True)):
            found = trial
    return found


def _unchanged(
    model: Model, base: FloatArray, slopes: Values, trial: list[int], rng: np.random.Generator
) -> bool:
    moved = base.copy()
    moved[trial] *= 1 + rng.uniform(0.5, 1.0, len(trial))
    again = model.evaluate(moved)[1]
    usable = np.isfinite(slopes[:, trial]) & np.isfinite(again[:, trial])
    return bool(np.allclose(slopes[:, trial][usable], again[:, trial][usable], rtol=1e-10, atol=0))


def _units(model: Model) -> list[float]:
    """The decades of what constants may be measured in: one, the median of a column, and what divides by it."""
    medians = [float(np.median(np.abs(values))) for values in model.columns.values()]
    return [0.0, *(float(sign * np.log10(median)) for median in medians if median > 0 for sign in (-1, 1))]

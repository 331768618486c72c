"""Path correction: how far a misclassification matrix is shrunk towards the identity so that the calibration equation has a solution.

Without sampling error the uncalibrated fractions q and the true ones p obey q = M' p. Where M is not the matrix of these deaths,
the solution may leave the interval from 0 to 1. Pramanik et al.'s path correction uses lambda I + (1 - lambda) M with the smallest
lambda, coming down from almost 1, for which it does not.
"""

from dataclasses import dataclass

import numpy as np

from zerosec_analyses.va_calibration.arrays import Floats, Ints
from zerosec_analyses.va_calibration.dirichlet import concentration

__all__ = [
    "DRAWS",
    "OTHER_SETS",
    "START_FIXED",
    "START_UNCERTAIN",
    "PathCorrection",
    "drawn_rows",
    "path_correction",
    "shrunk",
    "shrunk_concentrations",
]

START_UNCERTAIN = 99
START_FIXED = 100
# Rounding of a solution that is exactly 0 or 1 must not count as outside.
TOLERANCE = 1e-12
DRAWS = 1000
OTHER_SETS = 50
SMALLEST_RATE = 1e-300


@dataclass(frozen=True)
class PathCorrection:
    """`shrinkage` is lambda; `stalled` when it could not come down from its start.

    `others`: its smallest and largest value over OTHER_SETS other sets of draws of the rows; None where nothing was drawn.
    """

    shrinkage: float
    stalled: bool
    others: tuple[float, float] | None = None


def path_correction(
    matrix: Floats, fractions: Floats, start: int, others: Floats | None = None
) -> PathCorrection:
    """The shrinkage for a (c, c) matrix, rows true causes summing to 1, and the (c,) uncalibrated fractions, summing to 1.

    `start` in hundredths; `others` (n, c, c) the means of other sets of draws, for the range of what they would give.
    """
    percent = int(_percents(matrix[None], fractions, start)[0])
    spread = None
    if others is not None:
        found = _percents(others, fractions, start)
        spread = float(found.min()) / 100, float(found.max()) / 100
    return PathCorrection(percent / 100, percent == start, spread)


def _percents(matrices: Floats, fractions: Floats, start: int) -> Ints:
    """(n,) lambda in hundredths for (n, c, c) matrices, all at once.

    Lambda comes down by 0.01 while pinv((lambda I + (1 - lambda) M)') q stays inside [0, 1]; the last one that did.
    """
    found = np.full(len(matrices), start, dtype=np.int64)
    moving = np.arange(len(matrices))
    for percent in range(start - 1, -1, -1):
        tried = shrunk(matrices[moving], percent / 100)
        solutions = np.linalg.pinv(tried.swapaxes(1, 2)) @ fractions
        inside = (solutions.min(axis=1) >= -TOLERANCE) & (solutions.max(axis=1) <= 1 + TOLERANCE)
        moving = moving[inside]
        if not len(moving):
            break
        found[moving] = percent
    return found


def shrunk(matrix: Floats, shrinkage: float) -> Floats:
    """lambda I + (1 - lambda) M, for (c, c) or (n, c, c)."""
    return shrinkage * np.eye(matrix.shape[-1]) + (1 - shrinkage) * matrix


def drawn_rows(concentrations: Floats, rng: np.random.Generator) -> Floats:
    """(1000, c, c) matrices, each row from its Dirichlet; a parameter of zero is a rate of zero."""
    gammas = rng.standard_gamma(np.broadcast_to(concentrations, (DRAWS, *concentrations.shape)))
    # A row of parameters far below one may be all zeros in floating point: its largest parameter stands for it.
    empty = gammas.sum(axis=2) == 0
    gammas[empty] = (concentrations == concentrations.max(axis=1, keepdims=True))[np.nonzero(empty)[1]]
    return np.asarray(gammas / gammas.sum(axis=2, keepdims=True), dtype=np.float64)


def shrunk_concentrations(rows: Floats, shrinkage: float) -> Floats:
    """(c, c) Dirichlet parameters of the shrunk rows, from (n, c, c) draws of the rows.

    lambda e_i + (1 - lambda) X is no Dirichlet itself: its mean is kept, and the sum of the parameters is fitted to the shrunk
    draws by maximum likelihood.
    """
    found = np.zeros(rows.shape[1:])
    means = shrunk(rows.mean(axis=0), shrinkage)
    moved = shrinkage * np.eye(len(means)) + (1 - shrinkage) * rows
    for i, mean in enumerate(means):
        used = np.flatnonzero(mean > 0)
        if len(used) == 1:
            found[i, used] = 1.0
            continue
        logs = np.log(np.maximum(moved[:, i, used], SMALLEST_RATE)).mean(axis=0)
        found[i, used] = mean[used] * concentration(mean[used], logs)
    return found

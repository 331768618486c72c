"""The joint posterior of cause fractions and misclassification rates in log-gamma coordinates, with its gradient.

Every unknown probability vector (the fractions p, and each uncertain row of a misclassification matrix) is written as
normalised independent gamma variables, g_j ~ Gamma(alpha_j, 1), whose logarithms are the coordinates theta. The ratio
g / sum(g) then has exactly the Dirichlet(alpha) prior, there are no bounds, and a leapfrog step can go anywhere.

    log density = sum(alpha * theta - exp(theta)) + sum_k sum_j a_kj log(sum_i p_i M_kij)
"""

import math
from dataclasses import dataclass

import numpy as np
from numba import njit

from zerosec_analyses.va_calibration.arrays import Floats, Ints

__all__ = ["Posterior", "log_density"]

LARGEST_LOG = 700.0  # exp of more is infinite: such a point has no density


@dataclass(frozen=True, kw_only=True)
class Posterior:
    """What the samplers work on. C causes, K algorithms.

    `counts` (K, C) deaths; `prior` (C) Dirichlet parameters of the fractions; `matrices` (K, C, C) the mean rates, row =
    true cause; `concentrations` (K, C, C) Dirichlet parameters of uncertain rows, zero where a rate is exactly zero;
    `uncertain` (K, C) 1 where a row is unknown, 0 where it is fixed at `matrices`.
    """

    counts: Floats
    prior: Floats
    matrices: Floats
    concentrations: Floats
    uncertain: Ints

    @property
    def columns(self) -> Ints:
        """(K, C, C + 1): for every row, how many rates may be above zero, then their columns."""
        algorithms, causes, _ = self.matrices.shape
        found = np.zeros((algorithms, causes, causes + 1), dtype=np.int64)
        for k in range(algorithms):
            for i in range(causes):
                places = self.concentrations[k, i] if self.uncertain[k, i] else self.matrices[k, i]
                used = np.flatnonzero(places > 0)
                found[k, i, 0] = len(used)
                found[k, i, 1 : len(used) + 1] = used
        return found

    @property
    def dimension(self) -> int:
        """Length of theta."""
        return len(self.prior) + int(self.columns[..., 0][self.uncertain > 0].sum())

    def shapes(self) -> Floats:
        """(dimension,) the gamma shape of every coordinate: the fractions first, then the uncertain rows in order."""
        parts = [self.prior]
        for k, i in np.argwhere(self.uncertain > 0):
            row = self.concentrations[k, i]
            parts.append(row[row > 0])
        return np.concatenate(parts)


_SIGNATURE = "float64(float64[::1], float64[::1], float64[:,::1], float64[::1], float64[:,:,::1], int64[:,:,::1], int64[:,::1], float64[:,:,::1], float64[:,::1])"


@njit(_SIGNATURE, cache=True, error_model="numpy")
def log_density(
    theta: Floats,
    gradient: Floats,
    counts: Floats,
    shapes: Floats,
    matrices: Floats,
    columns: Ints,
    uncertain: Ints,
    rates: Floats,
    room: Floats,
) -> float:
    """Log density at theta up to a constant; fills `gradient`. `rates` (K, C, C) and `room` (4, C) are room to work in.

    The likelihood's gradient by p_i is sum_j M_ij a_j / q_j and by M_ij p_i a_j / q_j; that of a normalised vector s by its
    coordinate theta_j is s_j (g_j - sum(s g)). Minus infinity where the density cannot be represented.
    """
    algorithms, causes = counts.shape
    total = 0.0
    for d in range(len(theta)):
        if theta[d] > LARGEST_LOG:
            return -math.inf
        e = math.exp(theta[d])
        total += shapes[d] * theta[d] - e
        gradient[d] = e  # kept for a moment: the gamma variables themselves

    scale = 0.0
    for i in range(causes):
        scale += gradient[i]
    if scale == 0.0:
        return -math.inf
    p, by_p, weight, q = room[0], room[1], room[2], room[3]
    for i in range(causes):
        p[i] = gradient[i] / scale
        by_p[i] = 0.0
    start = causes
    for k in range(algorithms):
        first = start
        for j in range(causes):
            q[j] = 0.0
        for i in range(causes):
            n = columns[k, i, 0]
            if uncertain[k, i]:
                row = 0.0
                for m in range(n):
                    row += gradient[start + m]
                if row == 0.0:
                    return -math.inf
                share = 1.0 / row
                for m in range(n):
                    j = columns[k, i, m + 1]
                    rates[k, i, j] = gradient[start + m] * share
                    q[j] += p[i] * rates[k, i, j]
                start += n
            else:
                for m in range(n):
                    j = columns[k, i, m + 1]
                    rates[k, i, j] = matrices[k, i, j]
                    q[j] += p[i] * rates[k, i, j]
        for j in range(causes):
            weight[j] = 0.0
            if counts[k, j] > 0.0:
                if q[j] <= 0.0:
                    return -math.inf
                total += counts[k, j] * math.log(q[j])
                weight[j] = counts[k, j] / q[j]
        place = first
        for i in range(causes):
            n = columns[k, i, 0]
            mean = 0.0
            for m in range(n):
                j = columns[k, i, m + 1]
                mean += rates[k, i, j] * weight[j]
            by_p[i] += mean
            if uncertain[k, i]:
                for m in range(n):
                    j = columns[k, i, m + 1]
                    e = gradient[place + m]
                    gradient[place + m] = shapes[place + m] - e + p[i] * rates[k, i, j] * (weight[j] - mean)
                place += n
    mean = 0.0
    for i in range(causes):
        mean += p[i] * by_p[i]
    for i in range(causes):
        gradient[i] = shapes[i] - gradient[i] + p[i] * (by_p[i] - mean)
    return total

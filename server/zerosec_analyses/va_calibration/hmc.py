"""Hamiltonian Monte Carlo with a diagonal mass and dual-averaging step size, compiled.

Source: Neal, R. M. (2011), MCMC using Hamiltonian dynamics, Handbook of MCMC, ch. 5; Hoffman, M. D., Gelman, A. (2014),
The No-U-Turn Sampler, JMLR 15, section 3.2 (dual averaging, with its constants); growing windows of warm-up as in Stan.
The number of leapfrog steps is drawn anew for every trajectory, so that none closes on itself.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numba import njit

from zerosec_analyses.va_calibration.arrays import Floats, Ints
from zerosec_analyses.va_calibration.posterior import Posterior, log_density

__all__ = ["Batch", "HmcChain"]

DIVERGENT = 1000.0  # an error of energy beyond this is a divergence, as in Stan
TARGET_ACCEPTANCE = 0.8
LEAPS, MOST_LEAPS = 32, 2048
REACH = 3.0
"""How far the longest trajectory goes at least, in standard deviations: many deaths need small steps, and so more of them."""
FIRST_STEP = 0.1
WINDOWS = (50, 25, 50, 100, 200, 100)
"""Transitions of the warm-up's parts; after all but the first and the last the scales are estimated."""

_ARRAYS = "float64[:,::1], float64[::1], float64[:,:,::1], int64[:,:,::1], int64[:,::1]"
_SIGNATURE = (
    "Tuple((int64, float64))(float64[::1], float64[::1], float64[::1], float64[:,::1], float64[::1], int64[::1], "
    f"float64, boolean, {_ARRAYS}, float64[:,::1], float64[::1])"
)


@njit(_SIGNATURE, cache=True, error_model="numpy")
def _advance(
    theta: Floats,
    step: Floats,
    scale: Floats,
    normals: Floats,
    uniforms: Floats,
    leaps: Ints,
    target: float,
    adapt: bool,
    counts: Floats,
    shapes: Floats,
    matrices: Floats,
    columns: Ints,
    uncertain: Ints,
    draws: Floats,
    densities: Floats,
) -> tuple[int, float]:
    """Make len(normals) transitions from `theta`, which is moved on, as is the step when it adapts.

    `scale` (d,) are the standard deviations of the coordinates: momentum is standard normal in units of them. `draws` and
    `densities` are filled. Gives the number of divergences and the mean acceptance.
    """
    n, dimension = normals.shape
    rates = np.zeros(matrices.shape)
    room = np.empty((4, counts.shape[1]))
    gradient = np.empty(dimension)
    new_gradient = np.empty(dimension)
    new = np.empty(dimension)
    momentum = np.empty(dimension)
    current = log_density(theta, gradient, counts, shapes, matrices, columns, uncertain, rates, room)
    accepted = 0.0
    divergent = 0
    shrink_towards = math.log(10.0 * step[0])
    error_mean = 0.0
    log_step_mean = 0.0
    size = step[0]
    for t in range(n):
        kinetic = 0.0
        for d in range(dimension):
            momentum[d] = normals[t, d]
            kinetic += momentum[d] * momentum[d]
            new[d] = theta[d]
            new_gradient[d] = gradient[d]
        before = current - 0.5 * kinetic
        proposed = current
        for _ in range(leaps[t]):
            for d in range(dimension):
                momentum[d] += 0.5 * size * scale[d] * new_gradient[d]
                new[d] += size * scale[d] * momentum[d]
            proposed = log_density(
                new, new_gradient, counts, shapes, matrices, columns, uncertain, rates, room
            )
            if not proposed > -math.inf:
                break
            for d in range(dimension):
                momentum[d] += 0.5 * size * scale[d] * new_gradient[d]
        kinetic = 0.0
        for d in range(dimension):
            kinetic += momentum[d] * momentum[d]
        change = proposed - 0.5 * kinetic - before
        probability = 0.0
        if change > -DIVERGENT:
            probability = math.exp(min(0.0, change))
        else:
            divergent += 1
        accepted += probability
        if uniforms[t] < probability:
            current = proposed
            for d in range(dimension):
                theta[d] = new[d]
                gradient[d] = new_gradient[d]
        if adapt:
            m = t + 1.0
            error_mean += (target - probability - error_mean) / (m + 10.0)
            log_step = shrink_towards - math.sqrt(m) / 0.05 * error_mean
            fade = m**-0.75
            log_step_mean = fade * log_step + (1.0 - fade) * log_step_mean
            size = math.exp(log_step)
        for d in range(dimension):
            draws[t, d] = theta[d]
        densities[t] = current
    if adapt:
        step[0] = math.exp(log_step_mean)
    return divergent, accepted / n


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Draws of one chain: (n, C) fractions, (n,) log densities, and divergences while they were made."""

    fractions: Floats
    log_densities: Floats
    divergences: int
    acceptance: float


class HmcChain:
    """One chain. Its start is drawn from the prior, so that chains begin far apart."""

    def __init__(self, posterior: Posterior, rng: np.random.Generator) -> None:
        self._rng = rng
        self._causes = len(posterior.prior)
        self._shapes = posterior.shapes()
        self._data = (
            np.ascontiguousarray(posterior.counts),
            self._shapes,
            np.ascontiguousarray(posterior.matrices),
            posterior.columns,
            np.ascontiguousarray(posterior.uncertain),
        )
        # Shapes below one would start at nothing at all, where a chain has to climb for long.
        self._theta = np.log(np.maximum(rng.standard_gamma(np.maximum(self._shapes, 0.5)), 1e-3))
        self._step = np.array([FIRST_STEP])
        self._scale = np.ones(len(self._shapes))
        self._density = 0.0

    @property
    def step_size(self) -> float:
        """Of the leapfrog, in standard deviations."""
        return float(self._step[0])

    def warm_up(self) -> Iterator[None]:
        """Adapt step size and scales; a pause after each window."""
        for number, length in enumerate(WINDOWS):
            draws, _, _, _ = self._transitions(length, adapt=True)
            if 0 < number < len(WINDOWS) - 1:
                # Stan's regularisation of a variance from few draws
                variance = (length * draws.var(axis=0) + 5e-3) / (length + 5)
                self._scale = np.sqrt(variance)
            yield

    def draw(self, n: int) -> Batch:
        """The next n draws."""
        draws, densities, divergences, acceptance = self._transitions(n, adapt=False)
        theta = draws[:, : self._causes]
        weights = np.exp(theta - theta.max(axis=1, keepdims=True))
        return Batch(
            fractions=weights / weights.sum(axis=1, keepdims=True),
            log_densities=densities,
            divergences=divergences,
            acceptance=acceptance,
        )

    def _most_leaps(self) -> int:
        return min(MOST_LEAPS, max(LEAPS, math.ceil(REACH / self.step_size)))

    def _transitions(self, n: int, *, adapt: bool) -> tuple[Floats, Floats, int, float]:
        dimension = len(self._shapes)
        draws, densities = np.empty((n, dimension)), np.empty(n)
        divergences, acceptance = _advance(
            self._theta,
            self._step,
            self._scale,
            self._rng.standard_normal((n, dimension)),
            self._rng.random(n),
            self._rng.integers(1, self._most_leaps(), n, endpoint=True),
            TARGET_ACCEPTANCE,
            adapt,
            *self._data,
            draws,
            densities,
        )
        return draws, densities, int(divergences), float(acceptance)

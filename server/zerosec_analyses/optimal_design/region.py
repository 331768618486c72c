"""The region that predictions are asked for: the list of candidates, or what the factors' ranges and conditions leave."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.stats import qmc

from zerosec_analyses.optimal_design.factors import Factor, FactorKind, FloatArray
from zerosec_analyses.optimal_design.model import Model

SAMPLED_POINTS = 2**13
SAMPLE_SEED = 20_240_517
MAX_CORNERS = 4096
BLOCK_CELLS = 4_000_000


@dataclass(frozen=True)
class Region:
    """Points (N x factors, coded). ``factors`` and ``exact`` say what the mean over the region is: over a list, or over a whole box."""

    factors: tuple[Factor, ...]
    points: FloatArray
    is_list: bool
    is_box: bool = False

    @property
    def n_points(self) -> int:
        """Points of the list, or of the sample."""
        return len(self.points)

    def moments(self, model: Model) -> FloatArray:
        """The mean over the region of f(x) f(x)' (p x p)."""
        if self.is_box:
            return _box_moments(model)
        total = np.zeros((model.n_columns, model.n_columns))
        for F in self.blocks(model):
            total += F.T @ F
        return total / self.n_points

    def rows(self, model: Model, first: int, end: int) -> FloatArray:
        """Model rows of some of the points."""
        return model.rows(self.points[first:end])

    def blocks(self, model: Model) -> _Blocks:
        """All model rows, block by block."""
        return _Blocks(self, model)

    def variances(self, model: Model, inverse: FloatArray) -> FloatArray:
        """f(x)' inverse f(x) at every point."""
        return np.concatenate([np.einsum("ij,ij->i", F @ inverse, F) for F in self.blocks(model)])

    @cached_property
    def centre(self) -> FloatArray:
        """Codes of the middle of the numeric factors, for components their mean; NaN for categories."""
        return np.array(
            [
                np.nan if factor.is_categorical else
                self.points[:, at].mean() if factor.kind is FactorKind.COMPONENT else 0.0
                for at, factor in enumerate(self.factors)
            ]
        )  # fmt: skip


class _Blocks:
    """Iterates over model rows of a region at bounded memory."""

    def __init__(self, region: Region, model: Model) -> None:
        self.region, self.model = region, model
        self.step = max(1, BLOCK_CELLS // max(1, model.n_columns))
        self.first = 0

    def __iter__(self) -> _Blocks:
        self.first = 0
        return self

    def __next__(self) -> FloatArray:
        if self.first >= self.region.n_points:
            raise StopIteration
        first, self.first = self.first, self.first + self.step
        return self.region.rows(self.model, first, self.first)


def sampled_region(factors: Sequence[Factor], allowed: Callable[[FloatArray], np.ndarray] | None) -> Region:
    """A low-discrepancy sample (Sobol') of the box of the factors, its corners included, of what ``allowed`` leaves."""
    k = len(factors)
    unit = qmc.Sobol(k, scramble=True, rng=np.random.default_rng(SAMPLE_SEED)).random(SAMPLED_POINTS)
    points = np.column_stack([_spread(factor, unit[:, at]) for at, factor in enumerate(factors)])
    ends = [
        np.array([0, len(f.levels) - 1.0]) if f.is_categorical else f.level_codes[[0, -1]] for f in factors
    ]
    if 2**k <= MAX_CORNERS:
        corners = np.array(np.meshgrid(*ends, indexing="ij")).reshape(k, -1).T
    else:
        signs = np.random.default_rng(SAMPLE_SEED).integers(0, 2, (MAX_CORNERS, k))
        corners = np.column_stack([ends[at][signs[:, at]] for at in range(k)])
    points = np.vstack([points, corners])
    if allowed is not None:
        points = points[allowed(points)]
    return Region(tuple(factors), points, is_list=False, is_box=allowed is None)


def _spread(factor: Factor, unit: FloatArray) -> FloatArray:
    if factor.kind is FactorKind.CONTINUOUS:
        return 2 * unit - 1
    codes = factor.level_codes
    return codes[np.minimum((unit * len(codes)).astype(np.int64), len(codes) - 1)]


def _box_moments(model: Model) -> FloatArray:
    """Exact moments: a continuous factor is uniform on [−1, 1], any other uniform over its levels."""
    p = model.n_columns
    moments = np.ones((p, p))
    for at, factor in enumerate(model.factors):
        degree = model.degrees[at]
        if not degree:
            continue
        if factor.kind is FactorKind.CONTINUOUS:
            powers = np.arange(degree + 1)
            total = powers[:, None] + powers[None, :]
            gram = np.where(total % 2 == 0, 1.0 / (total + 1), 0.0)
        else:
            basis = factor.basis(factor.level_codes, degree)
            basis = np.column_stack([np.ones(len(basis)), basis])
            gram = basis.T @ basis / len(basis)
        place = np.zeros(p, dtype=np.int64)
        for j, column in enumerate(model.columns):
            for f, b in column:
                if f == at:
                    place[j] = b + 1
        moments *= gram[np.ix_(place, place)]
    return moments

"""The two engines behind one face: a design as an array of whole numbers a run, drawn, perturbed and improved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from zerosec_analyses.optimal_design.factors import FloatArray, IntArray
from zerosec_analyses.optimal_design.search.coordinates import (
    MAX_SWEEPS,
    Space,
    improve,
)
from zerosec_analyses.optimal_design.search.maximin import improve_distances
from zerosec_analyses.optimal_design.search.rows import improve_rows

START_RIDGE = 0.02
RIDGE_SWEEPS = 3
ATTEMPTS = 30


@dataclass(frozen=True)
class Objective:
    """What is optimised: log det(X'X + base) / p, or, with ``weights`` W, minus log tr(W (X'X + base)⁻¹).

    ``base`` (p x p) is the information of runs that stand and of a prior.
    """

    base: FloatArray
    weights: FloatArray | None = None

    @property
    def linear(self) -> bool:
        """Whether it is a trace."""
        return self.weights is not None


def some_of(n_runs: int, strength: int, rng: np.random.Generator) -> IntArray:
    """Distinct runs, at random."""
    return rng.choice(n_runs, min(strength, n_runs), replace=False)


class Engine(Protocol):
    """A way to search. A design's first axis is its runs."""

    n_runs: int

    def random(self, rng: np.random.Generator) -> IntArray:
        """A random design."""

    def perturb(self, design: IntArray, strength: int, rng: np.random.Generator) -> None:
        """Change a few randomly chosen runs at random, in place: as many as ``strength`` says, at most all."""

    def improve(self, design: IntArray) -> tuple[float, float]:
        """Improve until no single exchange helps, in place: the score (-inf: singular) and the operations it took."""


@dataclass
class CoordinateEngine:
    """Coordinate exchange over levels: a design is runs x factors. ``blocks`` is the last column, where there are blocks.

    Points are drawn from ``pool`` (level numbers of allowed points), or anywhere when it is None.
    """

    space: Space
    n_runs: int
    objective: Objective
    pool: IntArray | None = None
    blocks: IntArray | None = None
    distinct: bool = False

    def random(self, rng: np.random.Generator) -> IntArray:
        """A random design."""
        design = np.zeros((self.n_runs, self.space.factor.shape[0]), dtype=np.int64)
        if self.blocks is not None:
            design[:, -1] = self.blocks
        if self.distinct and self.pool is not None:
            self._put(design, slice(None), self.pool[rng.choice(len(self.pool), self.n_runs, replace=False)])
        else:
            self._redraw(design, np.arange(self.n_runs), rng)
        return design

    def perturb(self, design: IntArray, strength: int, rng: np.random.Generator) -> None:
        """Redraw a few runs, or, every other time, change twice as many single levels."""
        if rng.integers(2):
            self._redraw(design, some_of(self.n_runs, strength, rng), rng)
            return
        movable = self.space.factor.shape[0] - (self.blocks is not None)
        for _ in range(2 * strength):
            run, f = int(rng.integers(self.n_runs)), int(rng.integers(movable))
            point = design[run].copy()
            point[f] = rng.integers(self.space.factor[f, 0])
            if self._allows(point) and not (self.distinct and (design == point).all(axis=1).any()):
                design[run] = point

    def _allows(self, point: IntArray) -> bool:
        rule = self.space.rule
        return bool(self.space.allowed[rule[:, 0] + rule[:, 1:] @ point].all())

    def _redraw(self, design: IntArray, runs: IntArray, rng: np.random.Generator) -> None:
        if not self.distinct:
            self._put(design, runs, self._drawn(len(runs), rng))
            return
        for run in runs:
            for _ in range(ATTEMPTS):
                point = self._drawn(1, rng)
                if not (design[:, : point.shape[1]] == point).all(axis=1).any():
                    self._put(design, run, point[0])
                    break

    def _drawn(self, count: int, rng: np.random.Generator) -> IntArray:
        if self.pool is not None:
            return self.pool[rng.integers(0, len(self.pool), count)]
        movable = self.space.factor.shape[0] - (self.blocks is not None)
        return rng.integers(0, self.space.factor[:movable, 0], (count, movable))

    def _put(self, design: IntArray, runs: IntArray | slice | int, points: IntArray) -> None:
        design[runs, : points.shape[-1]] = points

    def improve(self, design: IntArray) -> tuple[float, float]:
        """Improve until no exchange of one coordinate helps."""
        aim = self.objective

        def go(ridge: float, sweeps: int) -> tuple[float, float]:
            found = improve(self.space, design, aim.base, aim.weights, self.distinct, ridge, sweeps)
            return float(found[0]), float(found[1])

        return _out_of_singular(go)


@dataclass
class RowEngine:
    """Row exchange over a list: a design is the place of each run in the list.

    ``matrix`` (model columns x candidates) may hold the candidates once a block; ``first`` and ``end`` are the part that each run
    chooses from.
    """

    matrix: FloatArray
    n_runs: int
    objective: Objective
    first: IntArray
    end: IntArray
    distinct: bool = False

    def random(self, rng: np.random.Generator) -> IntArray:
        """A random design."""
        if not self.distinct:
            return rng.integers(self.first, self.end)
        size = int(self.end[0] - self.first[0])  # all parts are the same list
        return self.first + rng.choice(size, self.n_runs, replace=False)

    def perturb(self, design: IntArray, strength: int, rng: np.random.Generator) -> None:
        """Redraw a few runs."""
        for run in some_of(self.n_runs, strength, rng):
            for _ in range(ATTEMPTS):
                candidate = rng.integers(self.first[run], self.end[run])
                if not (self.distinct and (design - self.first == candidate - self.first[run]).any()):
                    design[run] = candidate
                    break

    def improve(self, design: IntArray) -> tuple[float, float]:
        """Improve until no exchange of one run helps."""
        aim = self.objective

        def go(ridge: float, sweeps: int) -> tuple[float, float]:
            found = improve_rows(
                self.matrix, self.first, self.end, design, aim.base, aim.weights, self.distinct, ridge, sweeps
            )  # fmt: skip
            return float(found[0]), float(found[1])

        return _out_of_singular(go)


@dataclass
class DistanceEngine:
    """Maximin exchange over a list of points (N x d, unit ranges); ``fixed`` are runs that stand."""

    points: FloatArray
    n_runs: int
    fixed: FloatArray

    def random(self, rng: np.random.Generator) -> IntArray:
        """Distinct random points."""
        size = len(self.points)
        return rng.choice(size, self.n_runs, replace=self.n_runs > size).astype(np.int64)

    def perturb(self, design: IntArray, strength: int, rng: np.random.Generator) -> None:
        """Redraw a few runs."""
        runs = some_of(self.n_runs, strength, rng)
        design[runs] = rng.integers(0, len(self.points), len(runs))

    def improve(self, design: IntArray) -> tuple[float, float]:
        """Improve until no exchange of one run helps."""
        score, work = improve_distances(self.points, self.fixed, design, MAX_SWEEPS)
        return float(score), float(work)


class _Go(Protocol):
    def __call__(self, ridge: float, sweeps: int) -> tuple[float, float]:
        """Improve with a ridge for so many sweeps."""


def _out_of_singular(go: _Go) -> tuple[float, float]:
    """Improve; a singular start is led out by a ridge, which is then taken away."""
    score, work = go(0.0, MAX_SWEEPS)
    if score == -np.inf:
        _, more = go(START_RIDGE, RIDGE_SWEEPS)
        score, again = go(0.0, MAX_SWEEPS)
        work += more + again
    return score, work

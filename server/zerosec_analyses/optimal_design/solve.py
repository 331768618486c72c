"""From a problem to a design: chooses the engine, searches, looks through the whole list, adds centre points and replicates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from zerosec_analyses.optimal_design.counting import WORK, all_different, runs_to_choose
from zerosec_analyses.optimal_design.factors import FactorKind, FloatArray, IntArray
from zerosec_analyses.optimal_design.problem import Problem
from zerosec_analyses.optimal_design.search.climb import Ending, Found, Plan, Told, climb
from zerosec_analyses.optimal_design.search.engine import (
    CoordinateEngine,
    DistanceEngine,
    Engine,
    Objective,
    RowEngine,
)
from zerosec_analyses.optimal_design.search.full_list import improving
from zerosec_analyses.optimal_design.search.refine import refine
from zerosec_analyses.optimal_design.search.space import grid_rule, level_numbers, space_of
from zerosec_analyses.optimal_design.spec import Criterion, Effort
from zerosec_analyses.sdk import InputError, say

CHAINS = {Effort.QUICK: 8, Effort.NORMAL: 40, Effort.THOROUGH: 200}
LONGEST_POOL = 3000
POOL_CELLS = 2_000_000
MAX_ROUNDS = 60
DISTANCE_POOL = 5000


class EngineName(StrEnum):
    """What made the design."""

    COORDINATES_IN_LIST = "coordinates_in_list"
    ROWS = "rows"
    COORDINATES = "coordinates"
    DISTANCES = "distances"


class RunKind(StrEnum):
    """Why a run is in the design."""

    CHOSEN = "chosen"
    CENTRE = "centre"
    REPLICATE = "replicate"
    DONE = "done"


@dataclass(frozen=True)
class Solution:
    """The runs to make, in no order yet: coded points, their blocks and kinds, their places in the list (−1 without one).

    ``proven`` says that no exchange of one run for any candidate of the list improves the design.
    """

    points: FloatArray
    slots: IntArray
    kinds: tuple[RunKind, ...]
    listed: IntArray
    engine: EngineName
    found: Found
    proven: bool
    rounds: int


def _plan(problem: Problem, bound: float = np.inf) -> Plan:
    effort = problem.parameters.effort
    return Plan(WORK[effort], CHAINS[effort], bound)


def solve(problem: Problem, rng: np.random.Generator, told: Told) -> Solution:
    """Search for the best runs. Raises InputError when no design of so many runs can estimate the model."""
    parameters = problem.parameters
    n_centre, n_replicates = parameters.centre_points, parameters.replicates
    n_search, distinct = runs_to_choose(problem), all_different(problem)
    search_slots, centre_slots, replicate_slots = _shared_out(problem.slots, n_centre, n_replicates)
    centre, centre_listed = _centre(problem, n_centre)
    if parameters.criterion is Criterion.MAXIMIN:
        points, listed, found, proven = _spread(problem, n_search, centre, rng, told)
        engine, rounds = EngineName.DISTANCES, 0
    else:
        fixed = np.vstack([problem.done_rows, _rows(problem, centre, centre_slots)])
        search = _Search(problem, n_search, search_slots, problem.objective(fixed), distinct, rng, told)
        points, listed, found, proven = search.run()
        engine, rounds = search.name, search.rounds
    points, listed = np.vstack([points, centre]), np.concatenate([listed, centre_listed])
    slots = np.concatenate([search_slots, centre_slots])
    chosen = _replicates(problem, points, slots, replicate_slots)
    kinds = [RunKind.CHOSEN] * n_search + [RunKind.CENTRE] * n_centre + [RunKind.REPLICATE] * n_replicates
    return Solution(
        np.vstack([points, points[chosen]]),
        np.concatenate([slots, replicate_slots]),
        tuple(kinds),
        np.concatenate([listed, listed[chosen]]),
        engine,
        found,
        proven,
        rounds,
    )


def _rows(problem: Problem, points: FloatArray, slots: IntArray) -> FloatArray:
    return problem.model.rows(problem.with_blocks(points, slots))


def _shared_out(slots: IntArray, n_centre: int, n_replicates: int) -> tuple[IntArray, IntArray, IntArray]:
    """The blocks of the searched runs, the centre points and the replicates: the last two go round the blocks."""
    left = {block: int(count) for block, count in zip(*np.unique(slots, return_counts=True), strict=True)}
    taken: list[int] = []
    blocks = sorted(left)
    at = 0
    while len(taken) < n_centre + n_replicates:
        block = blocks[at % len(blocks)]
        at += 1
        if left[block] > 0:
            left[block] -= 1
            taken.append(block)
    search = np.concatenate([np.full(left[block], block) for block in blocks]).astype(np.int64)
    extra = np.array(taken, dtype=np.int64)
    return search, extra[:n_centre], extra[n_centre:]


def _centre(problem: Problem, count: int) -> tuple[FloatArray, IntArray]:
    """Points nearest the middle of the numeric factors, going round the categories; and their places in the list."""
    k = len(problem.factors)
    if not count:
        return np.empty((0, k)), np.empty(0, dtype=np.int64)
    numeric = [at for at, factor in enumerate(problem.factors) if not factor.is_categorical]
    if not numeric:
        raise InputError(
            "There are no numeric factors, so there is no centre.", hint="Ask for no centre points."
        )
    middle = problem.region.centre[numeric]
    if problem.listed is not None:
        away = ((problem.listed[:, numeric] - middle) ** 2).sum(axis=1)
        nearest = np.flatnonzero(away <= away.min() + 1e-12)
        places = nearest[(np.arange(count) * len(nearest) // count) % len(nearest)]
        return problem.listed[places], places.astype(np.int64)
    points = np.zeros((count, k))
    for at, factor in enumerate(problem.factors):
        codes = factor.level_codes
        if factor.is_categorical:
            points[:, at] = np.arange(count) % len(codes)
        elif factor.kind is not FactorKind.CONTINUOUS:
            points[:, at] = codes[np.abs(codes - problem.region.centre[at]).argmin()]
    return points, np.full(count, -1, dtype=np.int64)


def _replicates(problem: Problem, points: FloatArray, slots: IntArray, blocks: IntArray) -> IntArray:
    """Which runs to repeat: each time the one that helps the criterion most, every run once before any twice."""
    chosen: list[int] = []
    if not len(blocks):
        return np.empty(0, dtype=np.int64)
    if not problem.parameters.uses_model:
        return np.arange(len(blocks), dtype=np.int64) % len(points)
    X = np.vstack([_rows(problem, points, slots), problem.done_rows])
    information = X.T @ X + problem.prior
    weights = problem.objective(np.empty((0, problem.model.n_columns))).weights
    for block in blocks:
        D = np.linalg.inv(information)
        F = _rows(problem, points, np.full(len(points), block))
        variance = np.einsum("ij,jk,ik->i", F, D, F)
        gain = variance
        if weights is not None:
            gain = np.einsum("ij,jk,ik->i", F, D @ weights @ D, F) / (1 + variance)
        times = np.bincount(np.array(chosen, dtype=np.int64), minlength=len(points))
        gain = np.where(times > times.min(), -np.inf, gain)
        best = int(gain.argmax())
        chosen.append(best)
        information += np.outer(F[best], F[best])
    return np.array(chosen, dtype=np.int64)


class _Search:
    """One search under a model."""

    def __init__(
        self, problem: Problem, n_runs: int, slots: IntArray, objective: Objective, distinct: bool,
        rng: np.random.Generator, told: Told,
    ) -> None:  # fmt: skip
        self.problem, self.n_runs, self.slots, self.objective = problem, n_runs, slots, objective
        self.distinct, self.rng, self.told = distinct, rng, told
        self.name = EngineName.COORDINATES
        self.rounds = 0
        self.plan = _plan(problem, self._bound())

    def _bound(self) -> float:
        """log n, which log det(X'X)/p cannot pass when no entry of X is larger than one (Hadamard)."""
        if self.objective.linear or self.problem.prior.any() or self.problem.parameters.centre_points:
            return np.inf
        sample = self.problem.region.points[:: max(1, self.problem.region.n_points // 1000)]
        F = self.problem.primary.rows(self.problem.with_blocks(sample, np.zeros(len(sample), dtype=np.int64)))
        if self.problem.blocks is not None or self.problem.n_done or np.abs(F).max() > 1 + 1e-12:
            return np.inf
        return float(np.log(self.n_runs))

    def run(self) -> tuple[FloatArray, IntArray, Found, bool]:
        """Coded points, places in the list, how they were found, and whether the whole list was looked through to the end."""
        if self.problem.listed is None:
            points, found = self._over_ranges()
            return points, np.full(self.n_runs, -1, dtype=np.int64), found, False
        levels, numbers = level_numbers(self.problem.listed)
        grid = grid_rule(levels, numbers)
        if grid is None:
            self.name = EngineName.ROWS
            places, found = self._over_pool()
        else:
            self.name = EngineName.COORDINATES_IN_LIST
            places, found = self._over_grid(levels, numbers, grid)
        self._refuse_singular(found)
        places, proven, _ = self._grown(places, found)
        return self.problem.listed[places], places, found, proven

    def _refuse_singular(self, found: Found) -> None:
        if found.score == -np.inf:
            raise InputError(
                say(
                    "No {runs} of these possible runs can estimate all terms of the model.", runs=self.n_runs
                ),
                hint="Ask for more runs, allow repeated runs, or choose a smaller model.",
            )

    def _over_ranges(self) -> tuple[FloatArray, Found]:
        problem = self.problem
        levels = [factor.level_codes for factor in problem.model.factors]
        engine = CoordinateEngine(
            space_of(problem.model, levels), self.n_runs, self.objective,
            blocks=None if problem.blocks is None else self.slots, distinct=self.distinct,
        )  # fmt: skip
        found = climb(engine, self.rng, self.plan, self.told)
        self._refuse_singular(found)
        points = np.column_stack([levels[f][found.design[:, f]] for f in range(len(problem.factors))])
        return refine(problem, points, self.slots, self.objective), found

    def _over_grid(
        self, levels: list[FloatArray], numbers: IntArray, grid: np.ndarray
    ) -> tuple[IntArray, Found]:
        problem = self.problem
        codes = levels if problem.blocks is None else [*levels, problem.blocks.level_codes]
        rules = [] if grid.all() else [(tuple(range(len(levels))), grid)]
        engine = CoordinateEngine(
            space_of(problem.model, codes, rules), self.n_runs, self.objective, numbers,
            None if problem.blocks is None else self.slots, self.distinct,
        )  # fmt: skip
        found = climb(engine, self.rng, self.plan, self.told)
        strides = np.cumprod([1, *[len(level) for level in reversed(levels)]])[:-1][::-1]
        keys = numbers @ strides
        order = np.argsort(keys)
        if found.design.size == 0:
            return np.empty(0, dtype=np.int64), found
        wanted = found.design[:, : len(levels)] @ strides
        return order[np.searchsorted(keys[order], wanted)], found

    def _engine(self, pool: IntArray) -> RowEngine:
        """Row exchange over these candidates, once for each block."""
        assert self.problem.listed is not None
        points = self.problem.listed[pool]
        blocks = np.unique(self.slots)
        rows = [_rows(self.problem, points, np.full(len(points), block)) for block in blocks]
        first = np.searchsorted(blocks, self.slots).astype(np.int64) * len(pool)
        return RowEngine(
            np.ascontiguousarray(np.vstack(rows).T), self.n_runs, self.objective, first, first + len(pool), self.distinct
        )  # fmt: skip

    def _over_pool(self) -> tuple[IntArray, Found]:
        assert self.problem.listed is not None
        N = len(self.problem.listed)
        size = min(N, max(10 * self.n_runs, min(LONGEST_POOL, POOL_CELLS // self.problem.model.n_columns)))
        pool = np.arange(N) if size == N else np.sort(self.rng.choice(N, size, replace=False))
        plan = self.plan if size == N else replace(self.plan, work=self.plan.work / 3)
        engine = self._engine(pool)
        found = climb(engine, self.rng, plan, self.told)
        if found.score == -np.inf:
            return np.empty(0, dtype=np.int64), found
        places = pool[(found.design - engine.first)]
        if size == N or found.ending in {Ending.STOPPED, Ending.FINISHED}:
            return places, found
        # what the sample lacked comes in, and the search goes on from there over a pool that now knows the best
        places, _, seen = self._grown(places, found)
        pool = np.unique(np.concatenate([pool, places, seen]))
        engine = self._engine(pool)
        start = np.searchsorted(pool, places) + engine.first
        again = climb(engine, self.rng, replace(plan, work=2 * plan.work), self.told, start)
        merged = replace(
            again,
            searches=found.searches + again.searches,
            chains=found.chains + again.chains,
            work=found.work + again.work,
            trace=(*found.trace, *((found.searches + at, score) for at, score in again.trace)),
        )
        return pool[again.design - engine.first], merged

    def _grown(self, places: IntArray, found: Found) -> tuple[IntArray, bool, IntArray]:
        """Exchange with whatever of the whole list improves the design, until nothing does, or once where it is to stop; whether
        nothing does; and all candidates that came up.
        """
        assert self.problem.listed is not None
        listed = self.problem.listed
        seen = np.unique(places)
        for _ in range(MAX_ROUNDS):
            news: list[IntArray] = []
            X = _rows(self.problem, listed[places], self.slots)
            for block in np.unique(self.slots):
                mine = self.slots == block

                def rows(first: int, end: int, block: int = int(block)) -> FloatArray:
                    return _rows(self.problem, listed[first:end], np.full(end - first, block))

                better, _gain = improving(rows, len(listed), X, self.objective, mine)
                news.append(better)
            fresh = np.setdiff1d(
                np.concatenate(news), places if self.distinct else np.empty(0, dtype=np.int64)
            )
            if not len(fresh):
                return places, True, seen
            self.rounds += 1
            pool = np.unique(np.concatenate([seen, fresh]))
            engine = self._engine(pool)
            design = np.searchsorted(pool, places) + engine.first
            before = design.copy()
            engine.improve(design)
            places = pool[design - engine.first]
            seen = pool
            if (design == before).all():
                return places, True, seen
            if self.told(1.0, found.score, found.searches):
                break
        return places, False, seen


def _spread(
    problem: Problem, n_runs: int, centre: FloatArray, rng: np.random.Generator, told: Told
) -> tuple[FloatArray, IntArray, Found, bool]:
    """A space-filling design."""
    assert problem.listed is not None
    unit = distance_points(problem, problem.listed)
    fixed = distance_points(problem, np.vstack([problem.done, centre]))
    N = len(unit)
    pool = np.arange(N) if N <= DISTANCE_POOL else np.sort(rng.choice(N, DISTANCE_POOL, replace=False))
    plan = _plan(problem)
    engine: Engine = DistanceEngine(np.ascontiguousarray(unit[pool]), n_runs, fixed)
    found = climb(engine, rng, plan, told)
    places = pool[found.design]
    if len(pool) < N:
        DistanceEngine(unit, n_runs, fixed).improve(places)
    return problem.listed[places], places, found, True


def distance_points(problem: Problem, points: FloatArray) -> FloatArray:
    """Points in a space where each numeric factor has the range 1 and two different categories are at the distance 1."""
    columns: list[FloatArray] = []
    for at, factor in enumerate(problem.factors):
        if factor.is_categorical:
            columns.append(np.eye(len(factor.levels))[points[:, at].astype(np.int64)] / np.sqrt(2))
        else:
            low, high = factor.level_codes[[0, -1]]
            columns.append(((points[:, at] - low) / (high - low))[:, None])
    return np.ascontiguousarray(np.hstack(columns))

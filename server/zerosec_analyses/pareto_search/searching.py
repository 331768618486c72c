"""Finds the settings that no other beats: all of them where they can be counted, else by NSGA-II or NSGA-III with an archive.

Everything that was predicted is remembered: the result is the non-dominated set of all settings ever judged that break nothing, not
only of the last generation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import comb
from typing import Any

import numpy as np
from scipy.stats import qmc

from zerosec_analyses.pareto.fronts import hypervolume, non_dominated, reference_point
from zerosec_analyses.pareto.objectives import FloatArray, losses
from zerosec_analyses.pareto_search.judging import Judge
from zerosec_analyses.pareto_search.spec import Algorithm, SearchParameters
from zerosec_analyses.sdk import InputError, say

COUNTED = 20_000
FIRST = 2**11
BLOCK = 5000
SETTLED = 1e-3


@dataclass(frozen=True)
class Searched:
    """The settings found (points of the unit cube), and how. ``history`` is the share of the hypervolume after each generation."""

    points: FloatArray
    judged: int
    generations: int
    how: str
    history: tuple[float, ...]
    stopped: bool = False

    @property
    def settled(self) -> bool:
        """Whether the last tenth of the generations hardly moved the set."""
        if len(self.history) < 10:
            return self.how == "all"
        before = self.history[-max(2, len(self.history) // 10)]
        return self.history[-1] - before <= SETTLED * max(self.history[-1], 1e-12)


class Archive:
    """The non-dominated settings among all judged so far that break nothing."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        k = len(judge.objectives)
        self.points, self.loss = np.empty((0, len(judge.space.axes))), np.empty((0, k))
        self.judged = self.feasible = 0

    def judge(self, unit: FloatArray) -> tuple[FloatArray, np.ndarray]:
        """Judge settings: losses and how much each breaks; the good ones are kept."""
        frame = self._judge.predicted(unit)
        loss = losses(self._judge.objectives, self._judge.objective_values(frame))
        broken = self._judge.broken(frame) + (~np.isfinite(loss)).any(axis=1)
        loss = np.where(np.isfinite(loss), loss, 1e300)
        good = broken == 0
        self.judged += len(unit)
        self.feasible += int(good.sum())
        points, together = np.vstack([self.points, unit[good]]), np.vstack([self.loss, loss[good]])
        kept = non_dominated(together, keep_equal=False)
        self.points, self.loss = points[kept], together[kept]
        return loss, broken


def search(
    judge: Judge,
    params: SearchParameters,
    listen: Callable[[float, dict[str, float | int | str]], None],
    stop: Callable[[], bool],
) -> Searched:
    """Search. Raises InputError where no setting breaks nothing."""
    archive = Archive(judge)
    size = judge.space.size
    if size is not None and size <= COUNTED:
        points = judge.space.every_point()
        for start in range(0, len(points), BLOCK):
            archive.judge(points[start : start + BLOCK])
            listen(min(1.0, (start + BLOCK) / len(points)), {"settings": archive.judged})
        _require(archive)
        return Searched(archive.points, archive.judged, 0, "all", ())
    first = judge.space.snapped(
        qmc.Sobol(len(judge.space.axes), rng=np.random.default_rng(params.seed)).random(FIRST)
    )
    first = np.unique(first, axis=0)
    loss, broken = archive.judge(first)
    return _evolve(judge, params, archive, _best(first, loss, broken, params.population), listen, stop)


def _require(archive: Archive) -> None:
    if not archive.feasible:
        raise InputError(
            say(
                "None of the {rows:,} settings that were tried fulfils all limits and rules.",
                one="The 1 setting that was tried does not fulfil all limits and rules.",
                rows=archive.judged,
            ),
            hint="Relax a limit or a rule, or widen the factors. Leave all limits out once to see what can be reached.",
        )


def _best(points: FloatArray, loss: FloatArray, broken: np.ndarray, most: int) -> FloatArray:
    """Those to begin with: what breaks least, and of those first the non-dominated."""
    front = np.zeros(len(points), dtype=bool)
    good = np.flatnonzero(broken == 0)
    if len(good):
        front[good[non_dominated(loss[good])]] = True
    return points[np.lexsort((~front, broken))[:most]]


def _evolve(
    judge: Judge,
    params: SearchParameters,
    archive: Archive,
    start: FloatArray,
    listen: Callable[[float, dict[str, float | int | str]], None],
    stop: Callable[[], bool],
) -> Searched:
    from pymoo.config import Config

    Config.warnings["not_compiled"] = False
    from pymoo.core.problem import Problem
    from pymoo.core.repair import Repair

    k, n = len(judge.objectives), len(judge.space.axes)

    class Settings(Problem):  # type: ignore[misc] # pymoo has no types
        def __init__(self) -> None:
            super().__init__(n_var=n, n_obj=k, n_ieq_constr=1, xl=0.0, xu=1.0)

        def _evaluate(self, x: FloatArray, out: dict[str, Any], *_: object, **__: object) -> None:
            out["F"], out["G"] = archive.judge(x)

    class Cells(Repair):  # type: ignore[misc]
        def _do(self, _problem: object, x: FloatArray, **_: object) -> FloatArray:
            return judge.space.snapped(x)

    name, algorithm = _algorithm(params, k, start, Cells())
    algorithm.setup(Settings(), termination=("n_gen", params.generations), seed=params.seed, verbose=False)
    reference: FloatArray | None = None
    history: list[float] = []
    stopped = False
    while algorithm.has_next():
        algorithm.next()
        if reference is None and len(archive.loss):
            reference = reference_point(archive.loss, [None] * k)
        if reference is not None:
            history.append(hypervolume(archive.loss, reference).value)
        done = int(algorithm.n_gen) - 1 if algorithm.n_gen else 0
        listen(
            done / params.generations,
            {"generation": done, "settings": archive.judged, "in_set": len(archive.points)},
        )
        if stop():
            stopped = True
            break
    _require(archive)
    return Searched(archive.points, archive.judged, len(history), name, tuple(history), stopped)


def _algorithm(params: SearchParameters, k: int, start: FloatArray, cells: object) -> tuple[str, Any]:
    wanted = params.algorithm
    if wanted is Algorithm.AUTO:
        wanted = Algorithm.NSGA2 if k <= 3 else Algorithm.NSGA3
    if wanted is Algorithm.NSGA2:
        from pymoo.algorithms.moo.nsga2 import NSGA2

        return "NSGA-II", NSGA2(
            pop_size=params.population, sampling=start, repair=cells, eliminate_duplicates=True
        )
    from pymoo.algorithms.moo.nsga3 import NSGA3
    from pymoo.util.ref_dirs import get_reference_directions

    parts = 1
    while comb(parts + k, k - 1) <= params.population:
        parts += 1
    directions = get_reference_directions("das-dennis", k, n_partitions=parts)
    size = max(params.population, len(directions))
    return "NSGA-III", NSGA3(
        ref_dirs=directions, pop_size=size, sampling=start, repair=cells, eliminate_duplicates=True
    )

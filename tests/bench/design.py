"""Optimal designs: the efficiency reached and the time it takes, one thread, warm compile cache; beside pyoptex and OApackage where installed.

The problems and the best values known of each are those of tests/science/test_optimal_design.py. D = det(X'X/n)^(1/p), I = the mean over
the candidates of x'(X'X/n)⁻¹x, always from the returned runs. The time is that of the process (user and system) until the target is first
reached. The peers are not in the lock: `pip install pyoptex oapackage`.
"""

import contextlib
import importlib.util
import io
import itertools
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from threadpoolctl import threadpool_limits

from tests.bench.figures import Figure, figure
from zerosec_analyses.optimal_design.problem import Problem, build_problem
from zerosec_analyses.optimal_design.search.climb import Ending
from zerosec_analyses.optimal_design.solve import solve
from zerosec_analyses.optimal_design.spec import DesignParameters, Effort
from zerosec_analyses.sdk import Context

__all__ = ["measure"]

TWO, THREE, FIVE = (-1, 1), (-1, 0, 1), (-1, -0.5, 0, 0.5, 1)
SEEDS = (1, 2, 3)
STARTED = tuple(round(-1 + 0.1 * at, 1) for at in range(21))


@dataclass(frozen=True)
class Task:
    """A problem, the value to reach and the time to reach it in; ``done`` runs stand already."""

    name: str
    levels: Sequence[Sequence[Any]]
    model: str
    runs: int
    target: float
    seconds: float
    criterion: str = "D"
    done: tuple[tuple[Any, ...], ...] = ()


TASKS = (
    Task("P1", [TWO] * 6, "2fi", 24, 0.917089, 0.1),
    Task("P1b", [TWO] * 6, "2fi", 32, 1.0, 0.2),
    Task("P1c", [TWO] * 11, "main", 12, 1.0, 1.0),
    Task("P2", [THREE] * 5, "quadratic", 24, 0.477727, 0.5),
    Task("P3 (0.5139)", [THREE] * 10, "quadratic", 80, 0.5139, 1.0),
    Task("P3 (0.5150)", [THREE] * 10, "quadratic", 80, 0.5150, 20.0),
    Task("P3 (0.515834, the best that was known)", [THREE] * 10, "quadratic", 80, 0.515834, 60.0),
    Task(
        "P6", [THREE] * 5, "quadratic", 18, 0.461964, 1.0,
        done=tuple((a, b, c, a * b, a * c) for a, b, c in itertools.product(TWO, TWO, TWO)),
    ),
    Task("P8", ["abc", "xyz", *[TWO] * 4], "2fi", 40, 0.580845, 1.0),
    Task("P10", [FIVE] * 3, "quadratic", 15, 0.459490, 0.1),
    Task("I-1", [STARTED] * 3, "quadratic", 14, 6.1787, 5.0, criterion="I"),
)  # fmt: skip


def _problem(task: Task, folder: Path) -> Problem:
    names = [f"x{at + 1}" for at in range(len(task.levels))]
    inputs = {}
    for slot, rows in (("candidates", list(itertools.product(*task.levels))), ("done", list(task.done))):
        if rows:
            inputs[slot] = folder / f"{slot}.csv"
            pl.DataFrame(rows, schema=names, orient="row").write_csv(inputs[slot])
    parameters = DesignParameters(
        runs=task.runs, model=task.model, criterion=task.criterion, effort=Effort.THOROUGH
    )
    return build_problem(Context.for_notebook(folder / "out", **inputs), parameters)


def _reached(task: Task, problem: Problem, points: np.ndarray, slots: np.ndarray) -> float:
    X = np.vstack([problem.model.rows(problem.with_blocks(points, slots)), problem.done_rows])
    if task.criterion == "I":
        return float(len(X) * np.trace(problem.moments @ np.linalg.inv(X.T @ X)))
    return float(np.exp(np.linalg.slogdet(X.T @ X / len(X))[1] / X.shape[1]))


def _ours(task: Task) -> list[Figure]:
    taken, reached = [], []
    with tempfile.TemporaryDirectory() as folder:
        problem = _problem(task, Path(folder))
    n = task.runs + len(task.done)
    for seed in SEEDS:
        began = time.process_time()
        first: list[float] = []

        def told(
            share: float, score: float, searches: int, began: float = began, first: list[float] = first
        ) -> Ending | None:
            best = n * np.exp(-score) if task.criterion == "I" else np.exp(score) / n
            met = best <= task.target if task.criterion == "I" else best >= task.target - 1e-6
            spent = time.process_time() - began
            if met and not first:
                first.append(spent)
            return Ending.STOPPED if met or spent > 3 * task.seconds + 1 else None

        solution = solve(problem, np.random.default_rng(seed), told)
        spent = time.process_time() - began
        value = _reached(task, problem, solution.points, solution.slots)
        met = value <= task.target if task.criterion == "I" else value >= task.target - 1e-6
        taken.append(first[0] if first else spent if met else float("inf"))
        reached.append(value)
    in_time = max(taken) <= task.seconds
    return [
        figure(
            f"{task.name}: {task.criterion} {task.target:.6g} reached", "CPU s", taken,
            target=f"<= {task.seconds:g} s", met=in_time, note="value: " + ", ".join(f"{value:.6f}" for value in reached),
        )
    ]  # fmt: skip


@dataclass(frozen=True)
class _Spent:
    """What a search of a given CPU time came to."""

    value: float
    seconds: float
    note: str = ""


def _ours_in(task: Task, seconds: float, seed: int) -> _Spent:
    """Our search, told to end at the given CPU time; it may end earlier, when its chains agree."""
    with tempfile.TemporaryDirectory() as folder:
        problem = _problem(task, Path(folder))
    began = time.process_time()

    def told(share: float, score: float, searches: int) -> Ending | None:
        return Ending.STOPPED if time.process_time() - began >= seconds else None

    solution = solve(problem, np.random.default_rng(seed), told)
    spent = time.process_time() - began
    return _Spent(_reached(task, problem, solution.points, solution.slots), spent)


def _pyoptex_in(task: Task, seconds: float, seed: int) -> _Spent:
    """pyoptex from random starts, one after the other, until the CPU time is spent; the best of them."""
    from pyoptex.doe.fixed_structure import (  # type: ignore[import-not-found]
        Factor,
        create_fixed_structure_design,
        create_parameters,
        default_fn,
    )
    from pyoptex.doe.fixed_structure.metric import Dopt, Iopt  # type: ignore[import-not-found]
    from pyoptex.utils.model import model2Y2X, partial_rsm_names  # type: ignore[import-not-found]

    names = [f"x{at + 1}" for at in range(len(task.levels))]
    factors = [
        Factor(name, type="categorical", levels=list(levels))
        if isinstance(levels[0], str)
        else Factor(name, type="continuous", levels=np.array(levels, dtype=float))
        for name, levels in zip(names, task.levels, strict=True)
    ]
    kind = {"main": "lin", "2fi": "tfi", "quadratic": "quad"}[task.model]
    to_model = model2Y2X(partial_rsm_names(dict.fromkeys(names, kind)), factors)
    with tempfile.TemporaryDirectory() as folder:
        problem = _problem(task, Path(folder))
    metric = Iopt() if task.criterion == "I" else Dopt()
    np.random.seed(seed)
    parameters = create_parameters(factors, default_fn(factors, metric, to_model), nruns=task.runs)
    create_fixed_structure_design(parameters, n_tries=1)  # compiles
    began, tries, best = time.process_time(), 0, float("inf") if task.criterion == "I" else 0.0
    while not tries or time.process_time() - began < seconds:
        found, _ = create_fixed_structure_design(parameters, n_tries=1)
        tries += 1
        points = np.column_stack(
            [
                [factor.levels.index(value) for value in found[factor.name]]
                if factor.is_categorical
                else found[factor.name].to_numpy(dtype=float)
                for factor in problem.factors
            ]
        ).astype(float)
        value = _reached(task, problem, points, np.zeros(task.runs, dtype=np.int64))
        best = min(best, value) if task.criterion == "I" else max(best, value)
    return _Spent(best, time.process_time() - began, f"{tries} starts")


def _oapackage_in(task: Task, seconds: float, seed: int) -> _Spent:
    """OApackage, restarts doubled until the CPU time is spent; its own D, of main effects and interactions."""
    import oapackage  # type: ignore[import-not-found]

    oapackage.seedfastrand(seed)
    array_class = oapackage.arraydata_t(
        [len(levels) for levels in task.levels], task.runs, 0, len(task.levels)
    )
    began, restarts, best = time.process_time(), 1, 0.0
    while True:
        _, _, designs, _ = oapackage.Doptim.Doptimize(
            array_class,
            nrestarts=restarts,
            optimfunc=[1, 0, 0],
            verbose=0,
            nout=1,
            method=oapackage.DOPTIM_UPDATE,
        )
        best = max(best, *(design.Defficiency() for design in designs))
        spent = time.process_time() - began
        if spent >= seconds:
            return _Spent(best, spent, f"up to {restarts} restarts at once")
        restarts *= 2


SIDE_BY_SIDE = (
    ("P1", 0.1), ("P1b", 0.2), ("P1c", 1.0), ("P2", 0.5), ("P3 (0.5139)", 1.0), ("P3 (0.5150)", 20.0), ("P8", 1.0), ("P10", 0.1),
    ("I-1", 5.0),
)  # fmt: skip
"""Problems that a peer takes too, and the CPU seconds that each gets."""


def _side_by_side(task: Task, seconds: float) -> list[Figure]:
    """Ours and each peer for the same CPU time, from the same seeds: the value of each, of the runs it returned."""
    who: list[tuple[str, str, Callable[[Task, float, int], _Spent]]] = [
        ("ours", "zerosec_analyses", _ours_in),
        ("pyoptex", "pyoptex", _pyoptex_in),
    ]
    if task.model == "2fi" and all(len(levels) == 2 for levels in task.levels):
        who.append(("OApackage", "oapackage", _oapackage_in))
    figures = []
    for name, package, search in who:
        if importlib.util.find_spec(package) is None:
            figures.append(
                figure(f"{name}: not installed, not measured", "", [0.0], note=f"pip install {package}")
            )
            continue
        # both peers write progress bars
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            found = [search(task, seconds, seed) for seed in SEEDS]
        spent = ", ".join(f"{one.seconds:.2f}" for one in found)
        figures.append(
            figure(
                f"{task.name} in {seconds:g} CPU s: {name}", task.criterion, [one.value for one in found],
                note=f"CPU s {spent}" + (f"; {found[0].note}" if found[0].note else ""),
            )
        )  # fmt: skip
    return figures


def measure() -> list[Figure]:
    """Ours for each problem against its target, then ours and the peers for the same CPU time."""
    figures: list[Figure] = []
    with threadpool_limits(limits=1):
        for task in TASKS[:1] + TASKS[-1:]:
            _ours(task)  # compiles
        for task in TASKS:
            figures += _ours(task)
        by_name = {task.name: task for task in TASKS}
        for name, seconds in SIDE_BY_SIDE:
            figures += _side_by_side(by_name[name], seconds)
    return figures

"""The runs as the user's own table: the columns of the list as they stand there, or the described factors in their units."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from zerosec_analyses.optimal_design.factors import Factor, FactorKind, FloatArray, IntArray
from zerosec_analyses.optimal_design.problem import Problem
from zerosec_analyses.optimal_design.solve import RunKind, Solution
from zerosec_analyses.result_tables import ResultTable

# Digits of a described factor's range that are written: a ten-thousandth of it can hardly be set on a machine.
RANGE_DIGITS = 4


@dataclass(frozen=True)
class Runs:
    """The runs to make, in the order to make them. ``rows`` are their places in the list's table, −1 without one."""

    table: pl.DataFrame
    points: FloatArray
    slots: IntArray
    kinds: tuple[RunKind, ...]
    rows: IntArray


def ordered_runs(problem: Problem, solution: Solution, rng: np.random.Generator) -> Runs:
    """The runs in random order, block by block where there are blocks."""
    order = np.lexsort((rng.random(len(solution.slots)), solution.slots))
    points, places = solution.points[order].copy(), solution.listed[order]
    kinds = tuple(solution.kinds[at] for at in order)
    if problem.candidates is not None:
        rows = problem.candidates.rows[places]
        table = problem.candidates.frame[rows.tolist()]
    else:
        rows = np.full(len(order), -1, dtype=np.int64)
        columns: dict[str, list[str] | list[float] | list[int]] = {}
        for at, factor in enumerate(problem.factors):
            if factor.is_categorical:
                columns[factor.name] = [str(factor.levels[int(code)]) for code in points[:, at]]
            else:
                values = [float(value) + 0.0 for value in _written(factor, points[:, at])]
                whole = all(value.is_integer() for value in values)
                columns[factor.name] = [int(value) for value in values] if whole else values
                points[:, at] = factor.coded(np.array(values))  # what is reported is what is written
        table = pl.DataFrame(columns)
    return Runs(table, points, solution.slots[order], kinds, rows)


def _written(factor: Factor, codes: FloatArray) -> FloatArray:
    """Codes as numbers to write: the levels as they were given, or a range rounded."""
    if factor.kind is FactorKind.CONTINUOUS:
        digits = max(0, RANGE_DIGITS - 1 - int(np.floor(np.log10(factor.high - factor.low))))
        rounded: FloatArray = np.round(factor.raw(codes), digits)
        return np.asarray(np.clip(rounded, factor.low, factor.high), dtype=np.float64)
    nearest = np.abs(factor.level_codes[None, :] - codes[:, None]).argmin(axis=1)
    levels: FloatArray = np.array(factor.levels, dtype=np.float64)
    return np.asarray(np.take(levels, nearest), dtype=np.float64)


def write_design(runs: Runs, path: Path) -> None:
    """The factor columns alone, in the order of the runs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    runs.table.write_csv(path)


def write_runs(table: ResultTable, folder: Path) -> Path:
    """All that is known of the runs; settings in their shortest exact digits, as in the user's own file (0.3, not 0.29999999999999999)."""
    path = folder / f"{table.name}.csv"
    columns = list(zip(*table.rows, strict=True))
    pl.DataFrame(
        [pl.Series(name, values, strict=False) for name, values in zip(table.columns, columns, strict=True)]
    ).write_csv(path)
    return path

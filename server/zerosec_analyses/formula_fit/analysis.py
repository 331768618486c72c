"""From table and formula to a fit that is judged: which names are columns, which constants, and how well new rows are predicted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from zerosec_analyses.extremes import refuse_too_large
from zerosec_analyses.formula_fit.derivatives import Model
from zerosec_analyses.formula_fit.fitting import FloatArray, FormulaFit, fit_from, polished
from zerosec_analyses.formula_fit.spec import FormulaParameters
from zerosec_analyses.formula_fit.starting import starts
from zerosec_analyses.modelling.splits import splits
from zerosec_analyses.modelling.table import IntArray
from zerosec_analyses.sdk import AnalysisError, InputError, Said, say
from zerosec_shared.files import Dialect
from zerosec_shared.formulas import FormulaError, column_named, parse
from zerosec_shared.tables import ColumnKind, Note, Table, TableError, read_table

MAX_ROWS = 1_000_000
FOLDS = 10
SAME_SUM = 1 + 1e-9


@dataclass(frozen=True)
class Problem:
    """What is fitted: the model over the rows used, the target there, and where they stand in the file."""

    model: Model
    y: FloatArray
    places: IntArray
    table: Table
    n_left_out: int

    @property
    def notes(self) -> tuple[Note, ...]:
        """Remarks on how the file was read."""
        return self.table.notes

    def part(self, rows: IntArray) -> Model:
        """The model over some of the rows."""
        columns = {name: values[rows] for name, values in self.model.columns.items()}
        return Model(self.model.formula, columns, self.model.constants)


@dataclass(frozen=True)
class Judged:
    """The fit, and each row's prediction by a fit without it (NaN where that fit did not settle)."""

    problem: Problem
    fit: FormulaFit
    unseen: FloatArray
    n_starts: int
    n_same: int
    """Starts that led to the same sum of squares."""

    def score(self) -> tuple[float, float, float]:
        """R², RMSE and MAE on unseen rows."""
        known = np.isfinite(self.unseen)
        error = (self.problem.y - self.unseen)[known]
        about = self.problem.y[known] - self.problem.y.mean()
        total = float((about**2).sum())
        r2 = 1 - float((error**2).sum()) / total if total > 0 else float("nan")
        return r2, float(np.sqrt((error**2).mean())), float(np.abs(error).mean())


def problem_of(table: Table, params: FormulaParameters) -> Problem:
    """Read the formula over the table. Raises InputError where it cannot be fitted."""
    names = list(table.frame.columns)
    try:
        formula = parse(params.formula)
        target = column_named(params.target, names, None)
    except FormulaError as error:
        raise InputError(say("The formula cannot be read: {problem}", problem=error.text)) from error

    def name_of(name: str) -> str | None:
        try:
            return column_named(name, names, None)
        except FormulaError:
            return None

    bound = formula.renamed(lambda column: name_of(column.name) or column.name)
    columns = [name for name in bound.columns if name in names]
    constants = tuple(name for name in bound.columns if name not in names)
    if target in columns:
        raise InputError(
            say("The target “{target}” stands in its own formula.", target=target),
            hint="Take it out of the formula.",
        )
    if not constants:
        raise InputError(
            "The formula has no constant to be found: every name in it is a column of the table.",
            hint=say("For example a * {column} + b.", column=columns[0] if columns else "x"),
        )
    if strange := sorted(set(params.start) - set(constants)):
        raise InputError(
            say("There is no constant “{name}” in the formula.", name=strange[0]),
            hint=say("Its constants: {names}.", names=", ".join(constants)),
        )
    for name in (target, *columns):
        if table.column(name).kind is not ColumnKind.BOOLEAN:
            try:
                table.require_numbers([name])
            except TableError as error:
                raise InputError(say("{title}.", title=error.title), error.detail, error.hint) from error
    arrays = {
        name: np.array(table.frame[name].cast(float).fill_null(float("nan")).to_numpy(), dtype=np.float64)
        for name in (target, *columns)
    }
    for name, values in arrays.items():
        refuse_too_large(name, np.where(np.isinf(values), np.nan, values), table.row_number)
    whole = np.all([np.isfinite(values) for values in arrays.values()], axis=0)
    places = np.flatnonzero(whole)
    if places.size < len(constants):
        raise InputError(
            say(
                "{rows:,} complete rows cannot determine {count} constants ({names}).",
                one="1 complete row cannot determine {count} constants ({names}).",
                rows=places.size,
                count=len(constants),
                names=", ".join(constants),
            ),
            "Names that are no columns of the table count as constants.",
            "Add rows, or check the names in the formula.",
        )
    if places.size > MAX_ROWS:
        raise InputError(
            say(
                "There are {rows:,} rows, and {most:,} are the most a formula is fitted to.",
                rows=places.size,
                most=MAX_ROWS,
            )
        )
    y = arrays.pop(target)[places]
    used = {name: values[places] for name, values in arrays.items()} or {"": y}
    model = Model(bound, used, constants)
    model.evaluate(np.ones(len(constants)))  # refuses what is not smooth
    return Problem(model, y, places, table, int((~whole).sum()))


def read(path: Path, dialect: Dialect | None) -> Table:
    """The table, with a sentence where it cannot be read."""
    try:
        return read_table(path, dialect)
    except TableError as error:
        raise InputError(say("{title}.", title=error.title), error.detail, error.hint) from error


Progress = Callable[[float, Said], None]


def judge(
    problem: Problem, params: FormulaParameters, rng: np.random.Generator, progress: Progress
) -> Judged:
    """Fit from every start, keep the best, and predict each row by a fit without it. Raises AnalysisError if nothing fits."""
    model, y = problem.model, problem.y
    ends: list[tuple[float, FloatArray]] = []
    tried = 0
    given = set(params.start) == set(model.constants)
    for start in starts(model, y, params.start, params.starts, rng):
        tried += 1
        found = fit_from(model, y, start, methods=3 if given else 1, steps=2000 if given else 200)
        if found is not None:
            ends.append((float(((model.value(found) - y) ** 2).sum()), found))
        progress(0.05 + 0.5 * tried / params.starts, say("start {number}", number=tried))
    if not ends:
        raise AnalysisError(
            "From no start could the formula be worked out in every row.",
            "It divides by zero, takes a root or logarithm of a negative number, or grows without bound.",
            "Give start values near the solution, or write the formula in another way.",
        )
    ends.sort(key=lambda end: end[0])
    if not given:  # the best starts once more, by every method
        once_more = [fit_from(model, y, at) for _, at in ends[:3]]
        ends += [(float(((model.value(at) - y) ** 2).sum()), at) for at in once_more if at is not None]
        ends.sort(key=lambda end: end[0])
    least = max(ends[0][0] * SAME_SUM, 1e-25)
    # of solutions that are the same but for signs the one with most positive constants
    equal = sorted((end for end in ends if end[0] <= least), key=lambda end: int((end[1] < 0).sum()))
    fits = [polished(model, y, end[1]) for end in [*equal[:1], *ends[:3]]]
    fit = next((one for one in fits if one.converged and one.residual_sum <= least), None) or min(
        fits, key=lambda one: (not one.converged, one.residual_sum)
    )
    same = min(len(equal), tried)
    unseen = np.full(y.size, np.nan)
    folds = min(FOLDS, y.size)
    if y.size > len(model.constants) + 1:
        for number, split in enumerate(splits(folds, y.size, None, None, params.seed)):
            if split.train.size >= len(model.constants):
                again = fit_from(problem.part(split.train), y[split.train], fit.constants)
                if again is not None:
                    unseen[split.test] = problem.part(split.test).value(again)
            progress(
                0.6 + 0.3 * number / folds, say("part {number} of {parts}", number=number + 1, parts=folds)
            )
    return Judged(problem, fit, unseen, tried, same)

"""Judging a model on rows it has not seen: every choice that looks at data is made anew inside each training part.

R² out of fold is 1 - sum (y - prediction)² / sum (y - mean of y in the training part)², over all rows tested, in the target's own units.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from zerosec_analyses.linear.design_matrix import FloatArray, IntArray
from zerosec_analyses.linear.fitting import Fit, Problem, choose_transforms, fit_factor, with_smearing
from zerosec_analyses.linear.folds import FoldPlan, assign_folds
from zerosec_analyses.linear.streaming import FoldFactors, Imputation, filled, fold_factors
from zerosec_analyses.linear.transforms import ProfiledParameter, Transform, parameter_grid
from zerosec_analyses.linear.unseen_levels import adjust_for_unseen_levels

# Residuals kept for smearing: rows x parts above this are thinned to a regular sample of the training rows.
MAX_SMEARING_RESIDUALS = 20_000_000


@dataclass(frozen=True)
class Scores:
    """Accuracy on unseen rows in one repeat, in the target's units."""

    r2: float
    rmse: float
    mae: float


@dataclass
class CrossValidation:
    """Scores of every repeat, and what happened in the parts. ``predictions`` are those of the first repeat."""

    plan: FoldPlan
    scores: list[Scores] = field(default_factory=list)
    predictions: FloatArray = field(default_factory=lambda: np.zeros(0))
    folds: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    parameters: list[float] = field(default_factory=list)
    rows_with_unseen_level: int = 0
    unseen_labels: set[str] = field(default_factory=set)
    unbounded_predictions: int = 0
    aliased_fits: int = 0
    not_converged: int = 0
    n_fits: int = 0

    def mean(self, name: str) -> float:
        """The mean of a score over repeats."""
        return float(np.mean([getattr(score, name) for score in self.scores])) if self.scores else math.nan

    def deviation(self, name: str) -> float:
        """The standard deviation of a score over repeats; NaN for one repeat."""
        values = [getattr(score, name) for score in self.scores]
        return float(np.std(values, ddof=1)) if len(values) > 1 else math.nan


Progress = Callable[[int, int], None]


def cross_validate(
    problem: Problem,
    plan: FoldPlan,
    groups: IntArray | None,
    seed: int,
    progress: Progress | None = None,
    first_factors: FoldFactors | None = None,
) -> CrossValidation:
    """Judge the model on rows it has not seen, ``plan.n_repeats`` times over.

    ``first_factors``, of the folds of the first repeat, saves a pass over the rows where nothing is imputed or transformed with a
    parameter.
    """
    result = CrossValidation(plan)
    for repeat in range(plan.n_repeats):
        folds = assign_folds(plan, groups, problem.n_rows, seed, repeat)
        fits = _fits_of_folds(problem, folds, plan.n_folds, first_factors if repeat == 0 else None)
        predictions = _out_of_fold(problem, folds, fits)
        means = _training_means(problem.y, folds, plan.n_folds)
        _record(result, problem, predictions, means[folds], fits, folds if repeat == 0 else None)
        if progress is not None:
            progress(repeat + 1, plan.n_repeats)
    return result


def _training_means(y: FloatArray, folds: IntArray, n_folds: int) -> FloatArray:
    centre = y.mean()
    sums = np.bincount(folds, weights=y - centre, minlength=n_folds)
    counts = np.bincount(folds, minlength=n_folds)
    return np.asarray(centre + (sums.sum() - sums) / np.maximum(y.size - counts, 1))


def _record(
    result: CrossValidation,
    problem: Problem,
    predictions: FloatArray,
    baseline: FloatArray,
    fits: list[Fit],
    first_folds: IntArray | None,
) -> None:
    y = problem.y
    unbounded = int(np.count_nonzero(~np.isfinite(predictions)))
    result.unbounded_predictions += unbounded
    if unbounded:
        result.scores.append(Scores(math.nan, math.nan, math.nan))
    else:
        errors = y - predictions
        total = float(((y - baseline) ** 2).sum())
        squared = float((errors**2).sum())
        result.scores.append(
            Scores(
                1.0 - squared / total if total > 0 else math.nan,
                math.sqrt(squared / y.size),
                float(np.abs(errors).mean()),
            )
        )
    if first_folds is not None:
        result.predictions, result.folds = predictions, first_folds
    for fit in fits:
        result.n_fits += 1
        result.parameters.append(fit.back.transform.parameter)
        result.rows_with_unseen_level += fit.unseen.n_rows
        result.unseen_labels.update(fit.unseen.labels)
        result.aliased_fits += bool(
            fit.least_squares and len(fit.least_squares.aliases) > len(fit.unseen.columns)
        )
        result.not_converged += bool(fit.penalised and not fit.penalised.converged)


def _fits_of_folds(problem: Problem, folds: IntArray, n_folds: int, known: FoldFactors | None) -> list[Fit]:
    if problem.impute is None:
        return _fits_sharing_one_pass(problem, folds, n_folds, known)
    fits: list[Fit] = []
    for fold in range(n_folds):
        training = folds != fold
        imputation = problem.impute(training)
        transform, profile = choose_transforms(problem, folds, n_folds, imputation, [fold])[0]
        targets = [transform.forward(problem.y)]
        factors = _factors(problem, folds, n_folds, targets, imputation)
        fits.append(
            _fit_without(
                problem, factors, None, fold, 1 + len(problem.design), transform, profile, imputation
            )
        )
    return _smeared(problem, folds, fits)


def _fits_sharing_one_pass(
    problem: Problem, folds: IntArray, n_folds: int, known: FoldFactors | None
) -> list[Fit]:
    transforms = choose_transforms(problem, folds, n_folds, None, list(range(n_folds)))
    distinct = sorted({transform.parameter for transform, _ in transforms})
    if known is None or parameter_grid(problem.transform).size:
        targets = [Transform(problem.transform, parameter).forward(problem.y) for parameter in distinct]
        known = _factors(problem, folds, n_folds, targets, None)
    training = known.without_each()
    first = 1 + len(problem.design)
    fits = [
        _fit_without(
            problem,
            known,
            training[fold],
            fold,
            first + distinct.index(transform.parameter),
            transform,
            profile,
            None,
        )
        for fold, (transform, profile) in enumerate(transforms)
    ]
    return _smeared(problem, folds, fits)


def _factors(
    problem: Problem, folds: IntArray, n_folds: int, targets: list[FloatArray], imputation: Imputation | None
) -> FoldFactors:
    return fold_factors(
        problem.design,
        problem.rows,
        folds,
        n_folds,
        lambda place: np.column_stack([target[place] for target in targets]),
        imputation,
    )


def _fit_without(
    problem: Problem,
    factors: FoldFactors,
    training: FloatArray | None,
    fold: int,
    target: int,
    transform: Transform,
    profile: ProfiledParameter | None,
    imputation: Imputation | None,
) -> Fit:
    others = [index for index in range(len(factors.factors)) if index != fold]
    part = factors.subset(others)
    whole = part.everything() if training is None else training
    fit = Fit.of(problem, fit_factor(problem, part, whole, target), transform, profile, imputation)
    coefficients, unseen = adjust_for_unseen_levels(
        problem.design,
        fit.coefficients,
        whole,
        int(part.counts.sum()),
        factors.factors[fold],
        int(factors.counts[fold]),
    )
    return replace(fit, coefficients=coefficients, unseen=unseen)


def _fitted_by(problem: Problem, fits: list[Fit], visit: Callable[[slice, FloatArray], None]) -> None:
    """Go through the rows with the fitted values of every fit: ``visit(place, n x len(fits))``."""
    coefficients = np.column_stack([fit.coefficients for fit in fits])
    shared = all(fit.imputation is None for fit in fits)
    for place, block in problem.rows.blocks(list(problem.design.kinds)):
        n = place.stop - place.start
        if shared:
            visit(place, problem.design.matrix(block, n) @ coefficients[1:] + coefficients[0])
            continue
        values = [
            problem.design.matrix(filled(block, fit.imputation), n) @ fit.coefficients[1:]
            + fit.coefficients[0]
            for fit in fits
        ]
        visit(place, np.column_stack(values))


def _smeared(problem: Problem, folds: IntArray, fits: list[Fit]) -> list[Fit]:
    if not problem.needs_smearing:
        return fits
    step = max(1, math.ceil(problem.n_rows * len(fits) / MAX_SMEARING_RESIDUALS))
    kept: list[list[FloatArray]] = [[] for _ in fits]

    def visit(place: slice, fitted: FloatArray) -> None:
        for index, fit in enumerate(fits):
            chosen = np.flatnonzero(folds[place] != index)[::step]
            z = fit.back.transform.forward(problem.y[place][chosen])
            kept[index].append(z - fitted[chosen, index])

    _fitted_by(problem, fits, visit)
    return [with_smearing(problem, fit, np.concatenate(parts)) for fit, parts in zip(fits, kept, strict=True)]


def _out_of_fold(problem: Problem, folds: IntArray, fits: list[Fit]) -> FloatArray:
    predictions = np.empty(problem.n_rows)

    def visit(place: slice, fitted: FloatArray) -> None:
        here = folds[place]
        values = fitted[np.arange(here.size), here]
        for fold in np.unique(here):
            mine = here == fold
            values[mine] = fits[int(fold)].back.predict(values[mine])
        predictions[place] = values

    _fitted_by(problem, fits, visit)
    return predictions

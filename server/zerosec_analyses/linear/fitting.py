"""Fitting a model to all rows or to the rows of some folds: the transform's parameter, the penalty's strength and the coefficients."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from zerosec_analyses.linear.design_matrix import Design, FloatArray, IntArray
from zerosec_analyses.linear.least_squares import LeastSquaresFit, solve
from zerosec_analyses.linear.penalised import PenalisedFit, fit_penalised
from zerosec_analyses.linear.spec import BackTransform, Method, TargetTransform
from zerosec_analyses.linear.streaming import FoldFactors, Imputation, RowBlocks, fold_factors
from zerosec_analyses.linear.transforms import (
    BackTransformation,
    ProfiledParameter,
    Transform,
    grid_targets,
    log_jacobian,
    parameter_grid,
    profile_parameter,
    smearing_nodes,
)
from zerosec_analyses.linear.unseen_levels import UnseenLevels


@dataclass(frozen=True)
class Problem:
    """All that a fit needs: rows, target, design and the choices made by the user.

    ``impute`` gives the fill-in values learnt from the rows of a mask; None if nothing is missing. ``excluded`` columns
    (positions in a factor) were left out as combinations of others.
    """

    design: Design
    rows: RowBlocks
    y: FloatArray
    method: Method
    transform: TargetTransform
    back_transform: BackTransform
    impute: Callable[[np.ndarray], Imputation] | None = None
    excluded: frozenset[int] = frozenset()

    @property
    def n_rows(self) -> int:
        """Rows used."""
        return int(self.y.size)

    @property
    def needs_smearing(self) -> bool:
        """Whether predictions are means of a transformed target."""
        return self.back_transform is BackTransform.MEAN and self.transform is not TargetTransform.NONE

    @property
    def model_columns(self) -> list[int]:
        """Positions in a factor of the columns of the model."""
        p = len(self.design)
        return [
            column
            for column in range(0 if self.design.intercept else 1, p + 1)
            if column not in self.excluded
        ]


@dataclass(frozen=True)
class Fit:
    """A fitted model: coefficients by position (intercept first, 0 without), and how to get back to the target's units."""

    coefficients: FloatArray
    back: BackTransformation
    least_squares: LeastSquaresFit | None
    penalised: PenalisedFit | None
    profile: ProfiledParameter | None
    imputation: Imputation | None
    unseen: UnseenLevels

    @classmethod
    def of(
        cls,
        problem: Problem,
        fitted: LeastSquaresFit | PenalisedFit,
        transform: Transform,
        profile: ProfiledParameter | None,
        imputation: Imputation | None,
    ) -> Fit:
        """A fit from its parts, its coefficients spread over all columns."""
        return cls(
            fitted.coefficients
            if isinstance(fitted, PenalisedFit)
            else fitted.spread(1 + len(problem.design)),
            BackTransformation(transform),
            None if isinstance(fitted, PenalisedFit) else fitted,
            fitted if isinstance(fitted, PenalisedFit) else None,
            profile,
            imputation,
            UnseenLevels(),
        )


@dataclass(frozen=True)
class FinalFit:
    """The fit to all rows, the factor behind it ([1 X z]), and the transformed target z."""

    fit: Fit
    factor: FloatArray
    z: FloatArray
    factors: FoldFactors


def fit_everything(
    problem: Problem, folds: IntArray, n_folds: int, progress: Callable[[int], None]
) -> FinalFit:
    """The fit to all rows; ``folds`` serve to choose the strength of a penalty, and their factors to cross-validate without another pass."""
    everything = np.ones(problem.n_rows, dtype=bool)
    imputation = problem.impute(everything) if problem.impute else None
    transform, profile = choose_transforms(problem, folds, n_folds, imputation, [None])[0]
    z = transform.forward(problem.y)
    factors = fold_factors(
        problem.design, problem.rows, folds, n_folds, lambda place: z[place, None], imputation, progress
    )
    whole = factors.everything()
    fitted = fit_factor(problem, factors, whole, 1 + len(problem.design))
    fit = Fit.of(problem, fitted, transform, profile, imputation)
    return FinalFit(fit, whole, z, factors)


def with_smearing(problem: Problem, fit: Fit, residuals: FloatArray) -> Fit:
    """The fit with the residuals its mean predictions need, if the user asked for means."""
    if not problem.needs_smearing:
        return fit
    nodes = smearing_nodes(problem.transform, residuals)
    return replace(fit, back=BackTransformation(fit.back.transform, nodes))


def fit_factor(
    problem: Problem, folds: FoldFactors, whole: FloatArray, target: int
) -> LeastSquaresFit | PenalisedFit:
    """Fit ``whole``, the factor of all rows of ``folds``, by the problem's method. ``target`` is the response's position."""
    if problem.method is Method.OLS:
        return solve(whole, problem.model_columns, target)
    return fit_penalised(folds, whole, problem.method, len(problem.design), target, problem.design.intercept)


def choose_transforms(
    problem: Problem,
    folds: IntArray,
    n_folds: int,
    imputation: Imputation | None,
    left_out: Sequence[int | None],
) -> list[tuple[Transform, ProfiledParameter | None]]:
    """The transform for the training part without each fold of ``left_out`` (None: all rows)."""
    kind = problem.transform
    if parameter_grid(kind).size == 0:
        return [(Transform(kind), None)] * len(left_out)
    jacobian = log_jacobian(kind, problem.y)
    mean_log = float(jacobian.mean())
    grid = fold_factors(
        problem.design,
        problem.rows,
        folds,
        n_folds,
        lambda place: grid_targets(kind, problem.y[place], mean_log),
        imputation,
    )
    jacobian_sums = np.bincount(folds, weights=jacobian, minlength=n_folds)
    chosen: list[tuple[Transform, ProfiledParameter | None]] = []
    training = grid.without_each() if len(left_out) == n_folds and n_folds > 1 else None
    for fold in left_out:
        if fold is None:
            factor, n_rows, total = grid.everything(), problem.n_rows, float(jacobian.sum())
        else:
            others = [index for index in range(n_folds) if index != fold]
            factor = grid.subset(others).everything() if training is None else training[fold]
            n_rows = problem.n_rows - int(grid.counts[fold])
            total = float(jacobian_sums.sum() - jacobian_sums[fold])
        profile = profile_parameter(
            kind, factor, problem.model_columns, 1 + len(problem.design), n_rows, total, mean_log
        )
        chosen.append((Transform(kind, profile.value), profile))
    return chosen

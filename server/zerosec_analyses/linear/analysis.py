"""The linear analysis from prepared rows to everything that is reported: pure, apart from reading the rows again."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from zerosec_analyses.linear.anova import AnovaRow, anova_table
from zerosec_analyses.linear.collinearity import (
    GeneralisedVif,
    NearCombination,
    alias_text,
    condition_number,
    generalised_vifs,
    near_combinations,
)
from zerosec_analyses.linear.cross_validation import CrossValidation, cross_validate
from zerosec_analyses.linear.design_matrix import INTERCEPT, Design, FloatArray
from zerosec_analyses.linear.diagnostics import (
    ResidualPass,
    TestResult,
    breusch_pagan,
    cooks_distance,
    residual_pass,
    shapiro_wilk,
    studentised_residuals,
)
from zerosec_analyses.linear.estimable import estimable
from zerosec_analyses.linear.exact import ExactFit
from zerosec_analyses.linear.fitting import FinalFit, Fit, Problem, fit_everything, with_smearing
from zerosec_analyses.linear.folds import FoldPlan, assign_folds, plan_folds
from zerosec_analyses.linear.inference import (
    Inference,
    inference_from_exact,
    inference_from_factor,
    with_robust_errors,
)
from zerosec_analyses.linear.least_squares import Alias, refine
from zerosec_analyses.linear.penalised import MAX_PREDICTORS
from zerosec_analyses.linear.spec import (
    AliasPolicy,
    LinearParameters,
    Method,
    StandardErrors,
    TargetTransform,
)
from zerosec_analyses.linear.table_input import PreparedTable
from zerosec_analyses.sdk import InputError, Said, say

MAX_COLUMNS = 5000

Progress = Callable[[float, Said, Said], None]


@dataclass(frozen=True)
class LinearResult:
    """Everything that was found. Per-row arrays are in the order of the rows used; residuals are on the scale of the fit."""

    table: PreparedTable
    parameters: LinearParameters
    design: Design
    plan: FoldPlan
    seed: int
    fit: Fit
    coefficients: FloatArray
    inference: Inference | None
    anova: list[AnovaRow]
    aliases: list[str]
    dropped: list[str]
    condition_number: float
    near_combinations: list[NearCombination]
    gvifs: list[GeneralisedVif]
    residuals: ResidualPass
    internal: FloatArray
    external: FloatArray
    cooks: FloatArray
    tests: list[TestResult]
    predictions: FloatArray
    r2_training: float
    rmse_training: float
    cross_validation: CrossValidation | None
    no_cross_validation: Said | None
    standard_deviations: FloatArray
    inverse_triangle: FloatArray | None

    @property
    def labels(self) -> list[str]:
        """Names by position in the coefficients, the intercept first."""
        return [INTERCEPT, *(column.label for column in self.design.columns)]

    @property
    def kept(self) -> list[int]:
        """Positions of the coefficients the model has."""
        if self.fit.least_squares is not None:
            return list(self.fit.least_squares.columns)
        return list(range(0 if self.design.intercept else 1, 1 + len(self.design)))


def planned(
    table: PreparedTable, parameters: LinearParameters
) -> tuple[Design, Problem, FoldPlan, Said | None]:
    """What will be fitted, and how it will be judged, or why it cannot be. Raises InputError where the data cannot carry it."""
    design = Design(table.formula, table.kinds, intercept=table.intercept)
    _check_size(table, design, parameters)
    _check_constant_columns(table, parameters)
    _check_domain(table, parameters)
    problem = Problem(
        design, table.rows, table.y, parameters.method, parameters.target_transform, parameters.back_transform,
        table.impute,
    )  # fmt: skip
    return design, problem, *_plan(table, problem, parameters)


def analyse(
    table: PreparedTable, parameters: LinearParameters, seed: int, progress: Progress
) -> LinearResult:
    """Fit, judge and describe the model. Raises InputError where the data cannot carry it."""
    design, problem, plan, no_plan = planned(table, parameters)
    folds = assign_folds(plan, table.groups, table.n_rows, seed, 0)
    progress(0.15, say("fit"), say("Fitting the model"))
    final = _fitted(problem, folds, plan, table, progress)
    exact: ExactFit | None = None
    aliases: list[Alias] = []
    dropped: list[int] = []
    if parameters.method is Method.OLS:
        exact, final, aliases, dropped = estimable(problem, final, table, parameters)
        problem = replace(problem, excluded=frozenset(dropped))
    progress(0.4, say("residuals"), say("Examining the residuals"))
    described = _described(problem, final, exact, table, parameters, seed)
    progress(0.55, say("cross-validation"), say("Judging the model on rows it has not seen"))
    judged = None
    if no_plan is None:
        judged = cross_validate(
            problem,
            plan,
            table.groups,
            seed,
            lambda done, all_: progress(
                0.55 + 0.3 * done / all_,
                say("cross-validation"),
                say("Repeat {done} of {all}", done=done, all=all_),
            ),
            final.factors if table.impute is None else None,
        )
    labels = [INTERCEPT, *(column.label for column in design.columns)]
    return replace(
        described,
        plan=plan,
        aliases=[alias_text(alias, labels) for alias in aliases],
        dropped=[labels[column] for column in dropped],
        cross_validation=judged,
        no_cross_validation=no_plan,
    )


# what the data must allow


def _check_size(table: PreparedTable, design: Design, parameters: LinearParameters) -> None:
    n_coefficients = len(design) + int(design.intercept)
    limit = MAX_COLUMNS if parameters.method is Method.OLS else MAX_PREDICTORS
    if parameters.method is Method.OLS and table.n_rows < n_coefficients:
        raise InputError(
            say(
                "There are fewer rows ({rows:,}) than coefficients ({coefficients:,}).",
                rows=table.n_rows,
                coefficients=n_coefficients,
            ),
            "Least squares cannot tell them apart.",
            "Use fewer terms, or choose ridge, lasso or elastic net."
            if len(design) <= MAX_PREDICTORS
            else say(
                "Use fewer terms: ridge, lasso and elastic net take up to {most:,} coefficients.",
                most=MAX_PREDICTORS,
            ),
        )
    if len(design) > limit:
        raise InputError(
            say(
                "The terms make {count:,} coefficients, and {most:,} are the most this method takes.",
                count=len(design),
                most=limit,
            ),
            hint="Use fewer terms, or group the levels of categorical columns.",
        )


def _check_constant_columns(table: PreparedTable, parameters: LinearParameters) -> None:
    for summary in table.summaries:
        if summary.kind.is_categorical:
            constant = len(summary.kind.levels) - len(table.kinds[summary.name].absent) < 2
            value = next((level for level, count in summary.level_counts.items() if count), "")
        else:
            constant = summary.minimum is not None and summary.minimum == summary.maximum
            value = f"{summary.minimum:.6g}" if summary.minimum is not None else ""
        if constant and table.intercept and parameters.alias_policy is AliasPolicy.REFUSE:
            raise InputError(
                say(
                    "Column “{column}” is {value} in all {rows:,} rows that are used.",
                    one="Column “{column}” is {value} in the only row that is used.",
                    column=summary.name,
                    value=value,
                    rows=table.n_rows,
                ),
                "A column that does not vary cannot explain anything.",
                "Take it out of the terms.",
            )


def _check_domain(table: PreparedTable, parameters: LinearParameters) -> None:
    if parameters.target_transform not in {TargetTransform.LOG, TargetTransform.BOX_COX}:
        return
    bad = np.flatnonzero(table.y <= 0)
    if bad.size:
        row = int(bad[0])
        raise InputError(
            say(
                "Row {row:,}, target “{target}”: {value:.6g} is not positive.",
                row=table.number(row),
                target=parameters.target,
                value=float(table.y[row]),
            ),
            say(
                "The chosen transform takes positive values only. So it is in {rows:,} rows in all.",
                rows=bad.size,
            )
            if bad.size > 1
            else "The chosen transform takes positive values only.",
            "Correct the value, or choose Yeo–Johnson, which takes any.",
        )


def _plan(
    table: PreparedTable, problem: Problem, parameters: LinearParameters
) -> tuple[FoldPlan, Said | None]:
    """How to cross-validate, and why not if it cannot be done."""
    n_groups = None if table.groups is None else int(table.groups.max()) + 1
    if n_groups is not None and n_groups < 2:
        raise InputError(
            say("All rows used belong to one group of “{column}”.", column=parameters.group_column or ""),
            hint="Leave the group column out, or choose one with several groups.",
        )
    plan = plan_folds(
        table.n_rows,
        n_groups,
        parameters.cv_folds,
        parameters.cv_repeats,
        costly=parameters.method in {Method.LASSO, Method.ELASTIC_NET},
    )
    if problem.method is not Method.OLS:
        if plan.n_folds < 3:
            raise InputError(
                "The strength of a penalty is chosen inside each training part, which needs at least 3 folds.",
                hint="Choose more folds, or leave their number to ZeroSec.",
            )
        return plan, None
    needed = len(problem.model_columns)

    def smallest_training(candidate: FoldPlan) -> int:
        folds = assign_folds(candidate, table.groups, table.n_rows, 0, 0)
        return table.n_rows - int(np.bincount(folds).max())

    if smallest_training(plan) < needed and parameters.cv_folds == 0 and n_groups is None:
        plan = plan_folds(table.n_rows, None, table.n_rows, 1)
    if smallest_training(plan) < needed:
        return plan, say(
            "A training part would have fewer rows than the model has coefficients ({coefficients:,}): how well it predicts "
            "new rows cannot be said.",
            coefficients=needed,
        )
    return plan, None


# the fit


def _fitted(
    problem: Problem, folds: np.ndarray, plan: FoldPlan, table: PreparedTable, progress: Progress
) -> FinalFit:
    def on_block(row: int) -> None:
        progress(
            0.15 + 0.2 * row / max(table.n_rows, 1),
            say("fit"),
            say("{row:,} of {rows:,} rows", row=row, rows=table.n_rows),
        )

    try:
        return fit_everything(problem, folds, plan.n_folds, on_block)
    except OverflowError as error:
        raise InputError(
            say("The term {term} is too large for a computer number in some row.", term=str(error)),
            hint="Use a smaller power, or a column in larger units.",
        ) from error


# what is said of the fit


def _described(
    problem: Problem,
    final: FinalFit,
    exact: ExactFit | None,
    table: PreparedTable,
    parameters: LinearParameters,
    seed: int,
) -> LinearResult:
    design, fit, factor = problem.design, final.fit, final.factor
    target = 1 + len(design)
    labels = [INTERCEPT, *(column.label for column in design.columns)]
    least_squares = fit.least_squares
    robust = parameters.standard_errors is StandardErrors.HC3 and least_squares is not None
    found = residual_pass(
        design, table.rows, final.z, fit.coefficients, least_squares, fit.imputation, robust=robust
    )
    inference: Inference | None = None
    anova: list[AnovaRow] = []
    tests: list[TestResult] = []
    inverse = None
    n = table.n_rows
    internal = external = cooks = np.full(n, np.nan)
    if least_squares is not None:
        if exact is not None:
            inference = inference_from_exact(
                exact, labels, intercept=design.intercept, confidence_level=parameters.confidence_level
            )
        else:
            refined = refine(least_squares, found.gradient)
            least_squares = replace(least_squares, coefficients=refined)
            fit = replace(
                fit, least_squares=least_squares, coefficients=least_squares.spread(1 + len(design))
            )
            inference = inference_from_factor(
                least_squares, refined, factor, target, n, labels,
                intercept=design.intercept, confidence_level=parameters.confidence_level,
            )  # fmt: skip
        anova = anova_table(design, least_squares, factor, target, inference, parameters.anova_type)
        if inference.is_exact_fit:
            found = replace(found, fitted=final.z.copy(), residuals=np.zeros(n))
            tests = [
                TestResult(name, None, None, note=say("The fit is exact: there are no residuals to test."))
                for name in ("Breusch–Pagan (Koenker)", "Shapiro–Wilk")
            ]
        elif inference.residual_degrees_of_freedom > 0:
            internal, external = studentised_residuals(found.residuals, found.leverage, inference.rank)
            cooks = cooks_distance(internal, found.leverage, inference.rank)
            tests = [breusch_pagan(design, found, factor), shapiro_wilk(found.residuals, seed)]
        inverse = least_squares.inverse_triangle()
        if found.weighted_cross is not None:
            inference = with_robust_errors(
                inference, inverse, found.weighted_cross, parameters.confidence_level
            )
    fit = with_smearing(problem, fit, found.residuals)
    predictions = fit.back.predict(found.fitted)
    errors = table.y - predictions
    is_plain = parameters.target_transform is TargetTransform.NONE
    if inference is not None and is_plain and design.intercept and inference.r2 is not None:
        r2 = inference.r2
    else:
        r2 = 1.0 - float((errors**2).sum()) / float(((table.y - table.y.mean()) ** 2).sum())
    kept = list(least_squares.columns) if least_squares else problem.model_columns
    spread = np.linalg.norm(factor[1:, : 1 + len(design)], axis=0) / math.sqrt(max(n - 1, 1))
    usable = [column for column in kept if column == 0 or np.linalg.norm(factor[:, column]) > 0]
    return LinearResult(
        table=table,
        parameters=parameters,
        design=design,
        plan=FoldPlan(0, 0, 0, grouped=False),
        seed=seed,
        fit=fit,
        coefficients=fit.coefficients,
        inference=inference,
        anova=anova,
        aliases=[],
        dropped=[],
        condition_number=condition_number(factor, usable),
        near_combinations=near_combinations(design, factor, usable) if least_squares else [],
        gvifs=generalised_vifs(design, factor, usable) if least_squares else [],
        residuals=found,
        internal=internal,
        external=external,
        cooks=cooks,
        tests=tests,
        predictions=predictions,
        r2_training=r2,
        rmse_training=float(np.sqrt((errors**2).mean())),
        cross_validation=None,
        no_cross_validation=None,
        standard_deviations=spread,
        inverse_triangle=inverse,
    )

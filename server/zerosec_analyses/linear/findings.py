"""What the user must see beside the numbers: what was left out, filled in, assumed, or does not hold."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from zerosec_analyses.linear.analysis import LinearResult
from zerosec_analyses.linear.spec import MissingPolicy, TargetTransform

SIGNIFICANT = 0.05
OVERFIT_GAP = 0.1


@dataclass(frozen=True)
class Finding:
    """A sentence with a code for programs, and what to do about it. ``is_warning`` is false for plain information."""

    code: str
    message: str
    hint: str = ""
    is_warning: bool = True


def findings(result: LinearResult) -> list[Finding]:
    """All findings, those about the data first."""
    return [
        *_reading(result),
        *_rows(result),
        *_levels(result),
        *_terms(result),
        *_accuracy(result),
        *_assumptions(result),
        *_method(result),
    ]


def _reading(result: LinearResult) -> Iterator[Finding]:
    used = {result.parameters.target, *result.table.formula.columns}
    for note in result.table.notes:
        if note.column is None or note.column in used:
            yield Finding(f"reading_{note.code}", note.text, is_warning=note.code not in {"thousands"})


def _rows(result: LinearResult) -> Iterator[Finding]:
    table, target = result.table, result.parameters.target
    if table.n_dropped_target:
        yield Finding(
            "rows_without_target",
            f"{table.n_dropped_target:,} of {table.n_file_rows:,} rows have no value in the target “{target}” and were left out.",
        )
    if table.n_dropped_predictors:
        gaps = sorted((s for s in table.summaries if s.n_missing), key=lambda s: -s.n_missing)
        listed = ", ".join(f"{s.name} ({s.n_missing:,})" for s in gaps[:8])
        yield Finding(
            "rows_dropped",
            f"{table.n_dropped_predictors:,} of {table.n_file_rows:,} rows miss a value and were left out. Missing: {listed}.",
            "If values are not missing at random, the result may not hold for such rows.",
        )
    if table.imputed_counts:
        how = "mean" if result.parameters.missing is MissingPolicy.IMPUTE_MEAN else "median"
        listed = ", ".join(f"{name} ({count:,})" for name, count in list(table.imputed_counts.items())[:12])
        yield Finding(
            "values_imputed",
            f"Missing values were filled in with the {how} (categories: the most frequent level) of the training rows: {listed}.",
            "Standard errors take filled-in values for measured ones and are too small.",
        )


def _levels(result: LinearResult) -> Iterator[Finding]:
    single = [
        f"{summary.name}[{level}]"
        for summary in result.table.summaries
        for level, count in summary.level_counts.items()
        if count == 1
    ]
    if single:
        more = f" and {len(single) - 8:,} more" if len(single) > 8 else ""
        yield Finding(
            "levels_with_one_row",
            f"These levels occur in one row only: {', '.join(single[:8])}{more}. Their coefficients rest on that row.",
        )
    judged = result.cross_validation
    if judged is not None and judged.rows_with_unseen_level:
        names = ", ".join(sorted(judged.unseen_labels)[:8])
        yield Finding(
            "unseen_levels",
            f"In the cross-validation {judged.rows_with_unseen_level:,} rows were tested whose level no training row had "
            f"({names}). They were predicted at the average of the other levels.",
        )


def _terms(result: LinearResult) -> Iterator[Finding]:
    for text in result.aliases:
        yield Finding("alias_dropped", f"A term is a combination of others and was left out: {text}.")
    for near in result.near_combinations[:3]:
        yield Finding(
            "near_collinear",
            f"{', '.join(near.columns)} nearly repeat each other (condition index {near.condition_index:,.0f}): {near.combination}.",
            "Their single coefficients are uncertain; predictions within the data are not affected. Centring or leaving one out helps.",
        )
    inference = result.inference
    if inference is not None and not inference.in_exact_arithmetic and result.condition_number > 1e7:
        digits = max(0.0, 15.9 - math.log10(result.condition_number))
        yield Finding(
            "ill_conditioned",
            f"The condition number is {result.condition_number:.2g}: about {digits:.0f} digits of the coefficients are certain.",
            "Centre or scale the columns, or use fewer terms.",
        )


def _accuracy(result: LinearResult) -> Iterator[Finding]:
    judged = result.cross_validation
    if result.no_cross_validation:
        yield Finding("not_cross_validated", result.no_cross_validation)
    if judged is None:
        return
    if judged.unbounded_predictions:
        yield Finding(
            "unbounded_predictions",
            f"{judged.unbounded_predictions:,} cross-validated predictions lie beyond what the transform can give; "
            "accuracy cannot be stated.",
            "Choose another target transform.",
        )
        return
    # Both about the mean, which the R² of a model without intercept is not.
    variance = float(result.table.y.var())
    own = 1.0 - result.rmse_training**2 / variance if variance > 0 else math.nan
    if own - judged.mean("r2") > OVERFIT_GAP:
        yield Finding(
            "overfit",
            f"On its own rows the model explains {own:.0%}, on unseen rows {max(judged.mean('r2'), -9.99):.0%} "
            "of the variation: it is fitted to chance.",
            "Use fewer terms, more rows, or a penalised method.",
        )
    if judged.mean("r2") <= 1e-9:
        yield Finding(
            "no_predictive_value",
            "On unseen rows the model predicts no better than the mean of the target.",
        )
    if judged.aliased_fits:
        yield Finding(
            "aliased_folds",
            f"In {judged.aliased_fits:,} of {judged.n_fits:,} training parts some terms could not be told apart; the later ones were left out there.",
        )


def _assumptions(result: LinearResult) -> Iterator[Finding]:
    inference = result.inference
    if inference is None:
        return
    if inference.residual_degrees_of_freedom == 0:
        yield Finding(
            "saturated",
            "There are as many coefficients as rows: the model runs through every point, and nothing is left to tell how uncertain it is.",
        )
        return
    if inference.is_exact_fit:
        yield Finding(
            "exact_fit",
            "The model fits every row exactly: residuals and standard errors are 0, t and p do not exist.",
            is_warning=False,
        )
        return
    for test in result.tests:
        if test.p_value is None or test.p_value >= SIGNIFICANT:
            continue
        if test.name.startswith("Breusch"):
            yield Finding(
                "unequal_spread",
                f"The spread of the residuals depends on the predictors ({test.name}, p = {test.p_value:.2g}): standard errors may be wrong.",
                "A transform of the target, such as the log, often helps.",
            )
        elif len(result.table.y) < 500:
            yield Finding(
                "not_normal",
                f"The residuals are not normal ({test.name}, p = {test.p_value:.2g}): p-values and intervals are approximate.",
                "See the Q-Q plot; a transform of the target often helps.",
            )
    influential = np.flatnonzero(np.nan_to_num(result.cooks) > 1.0)
    if influential.size:
        worst = influential[np.argsort(-result.cooks[influential])][:5]
        listed = ", ".join(f"{result.table.label(int(row))} ({result.cooks[row]:.2g})" for row in worst)
        yield Finding(
            "influential_rows",
            f"{influential.size:,} rows change the result much by themselves (Cook's distance above 1): {listed}.",
            "Check them for mistakes before trusting the coefficients.",
        )
    alone = int(np.count_nonzero(result.residuals.leverage > 1.0 - 1e-10))
    if alone:
        yield Finding(
            "leverage_one",
            f"{alone:,} rows are fitted exactly because a coefficient belongs to them alone; they have no studentised residual.",
        )


def _method(result: LinearResult) -> Iterator[Finding]:
    penalised, profile = result.fit.penalised, result.fit.profile
    if penalised is not None:
        yield Finding(
            "no_standard_errors",
            "Penalised coefficients are biased on purpose: standard errors, t, p and intervals would not be valid and are left empty.",
            is_warning=False,
        )
        if penalised.penalty.at_limit:
            yield Finding(
                "penalty_at_limit",
                "The best strength is the strongest that was tried: the terms hardly help to predict the target.",
            )
        if not penalised.converged or (result.cross_validation and result.cross_validation.not_converged):
            yield Finding(
                "not_converged",
                "Some penalised fits did not converge fully; the last digits of coefficients and scores are uncertain.",
            )
    if profile is not None:
        name = "Box–Cox" if result.parameters.target_transform is TargetTransform.BOX_COX else "Yeo–Johnson"
        if profile.at_limit:
            yield Finding(
                "transform_at_limit",
                f"The best {name} parameter is {profile.value:g}, the end of what was tried: the transform does not suit this target.",
            )
        elif profile.low <= 1.0 <= profile.high:
            yield Finding(
                "transform_not_needed",
                f"The {name} parameter {profile.value:g} does not differ clearly from 1, which is no transform.",
                is_warning=False,
            )

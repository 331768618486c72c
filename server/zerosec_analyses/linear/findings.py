"""What the user must see beside the numbers: what was left out, filled in, assumed, or does not hold."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from zerosec_analyses.linear.analysis import LinearResult
from zerosec_analyses.linear.assumptions import assumptions
from zerosec_analyses.linear.spec import LinearParameters, MissingPolicy, TargetTransform
from zerosec_analyses.model_terms import Formula
from zerosec_analyses.reporting.finding import Finding
from zerosec_analyses.reporting.reading import about_reading
from zerosec_analyses.sdk import Said, joined, say

SIGNIFICANT = 0.05
OVERFIT_GAP = 0.1
ROWS_PER_COEFFICIENT = 5
# Huber (1981): a leverage above 0.5 means that a row counts for less than two in its own fit.
LEVERAGE_LIMIT = 0.5
MANY_ROWS = 500


def reference_levels_not_used(parameters: LinearParameters, formula: Formula) -> Iterator[Finding]:
    """Reference levels of columns that are not in the model."""
    idle = [name for name in parameters.reference_levels if name not in formula.columns]
    if idle:
        yield Finding(
            "reference_levels_not_used",
            say(
                "A reference level is given for {columns}, which the terms do not have.",
                columns=", ".join(idle),
            ),
            say("It has no effect. Add the column to the terms, or leave the reference level out."),
        )


def findings(result: LinearResult) -> list[Finding]:
    """All findings, those about the data first."""
    return [
        *about_reading(result.table.notes, {result.parameters.target, *result.table.formula.columns}),
        *_rows(result),
        *reference_levels_not_used(result.parameters, result.table.formula),
        *_levels(result),
        *_terms(result),
        *_no_intercept(result),
        *_few_rows(result),
        *_accuracy(result),
        *_extrapolated(result),
        *assumptions(result),
        *_method(result),
    ]


def _rows(result: LinearResult) -> Iterator[Finding]:
    table, target = result.table, result.parameters.target
    if table.n_dropped_target:
        yield Finding(
            "rows_without_target",
            say(
                "{dropped:,} of {rows:,} rows have no value in the target “{target}” and were left out.",
                one="1 of {rows} rows has no value in the target “{target}” and was left out.",
                dropped=table.n_dropped_target,
                rows=table.n_file_rows,
                target=target,
            ),
        )
    if table.n_dropped_predictors:
        gaps = sorted((s for s in table.summaries if s.n_missing), key=lambda s: -s.n_missing)
        listed = ", ".join(f"{s.name} ({s.n_missing:,})" for s in gaps[:8])
        yield Finding(
            "rows_dropped",
            say(
                "{dropped:,} of {rows:,} rows miss a value and were left out. Missing: {columns}.",
                one="1 of {rows} rows misses a value and was left out. Missing: {columns}.",
                dropped=table.n_dropped_predictors,
                rows=table.n_file_rows,
                columns=listed,
            ),
            say("If values are not missing at random, the result may not hold for such rows."),
        )
    if table.imputed_counts:
        how = say("mean") if result.parameters.missing is MissingPolicy.IMPUTE_MEAN else say("median")
        listed = ", ".join(f"{name} ({count:,})" for name, count in list(table.imputed_counts.items())[:12])
        yield Finding(
            "values_imputed",
            say(
                "Missing values were filled in with the {how} (categories: the most frequent level) of the training rows: {columns}.",
                how=how,
                columns=listed,
            ),
            say("Standard errors take filled-in values for measured ones and are too small."),
        )


def _levels(result: LinearResult) -> Iterator[Finding]:
    single = [
        f"{summary.name}[{level}]"
        for summary in result.table.summaries
        for level, count in summary.level_counts.items()
        if count == 1
    ]
    if single:
        names = ", ".join(single[:8])
        listed = (
            names
            if len(single) <= 8
            else say("{names} and {count:,} more", names=names, count=len(single) - 8)
        )
        yield Finding(
            "levels_with_one_row",
            say(
                "These levels occur in one row only: {levels}. Their coefficients rest on that row.",
                levels=listed,
            ),
        )
    judged = result.cross_validation
    if judged is not None and judged.rows_with_unseen_level:
        names = ", ".join(sorted(judged.unseen_labels)[:8])
        yield Finding(
            "unseen_levels",
            say(
                "In the cross-validation {rows:,} rows were tested whose level no training row had ({levels}). They were predicted "
                "at the average of the other levels.",
                one="In the cross-validation 1 row was tested whose level no training row had ({levels}). It was predicted at the average of the other levels.",
                rows=judged.rows_with_unseen_level,
                levels=names,
            ),
        )


def _terms(result: LinearResult) -> Iterator[Finding]:
    for text in result.aliases:
        yield Finding(
            "alias_dropped", say("A term is a combination of others and was left out: {alias}.", alias=text)
        )
    untested = [row.source for row in result.anova if row.sum_of_squares is None]
    if untested:
        yield Finding(
            "type_three_undefined",
            say(
                "Type III sums of squares of {terms} do not exist: they average over all levels, and for some combinations of levels "
                "no row tells the effect.",
                terms=", ".join(untested),
            ),
            say("Read the Type II sums of squares instead, or merge levels."),
        )
    yield from _collinear(result)
    inference = result.inference
    if inference is not None and not inference.in_exact_arithmetic and result.condition_number > 1e7:
        digits = max(0.0, 15.9 - math.log10(result.condition_number))
        yield Finding(
            "ill_conditioned",
            say(
                "The condition number is {number:.2g}: about {digits:.0f} digits of the coefficients are certain.",
                number=result.condition_number,
                digits=digits,
            ),
            say("Centre or scale the columns, or use fewer terms."),
        )


def _collinear(result: LinearResult) -> Iterator[Finding]:
    """One sentence for what the formula itself makes nearly repeat (powers and interactions of one column), one for the rest."""
    structural: list[Said] = []
    others: list[Said] = []
    worst_structural = worst_other = 0.0
    for near in result.near_combinations:
        names = _terms_behind(result, near.columns)
        shared = [_data_columns(result, name) for name in names]
        text = (
            say("{first} and {last}", first=", ".join(names[:-1]), last=names[-1])
            if len(names) > 1
            else joined(names)
        )
        if len(names) > 1 and frozenset.intersection(*shared):
            structural += [text] if text not in structural else []
            worst_structural = max(worst_structural, near.condition_index)
        else:
            others += [text] if text not in others else []
            worst_other = max(worst_other, near.condition_index)
    if structural:
        yield Finding(
            "near_collinear_terms",
            say(
                "Made from the same columns, {terms} nearly repeat each other (condition index {index:,.0f}): read their coefficients "
                "together, not one by one.",
                terms=_listed(structural),
                index=worst_structural,
            ),
            say(
                "Predictions within the data are not affected; centring the numeric columns usually removes it."
            ),
        )
    if others:
        yield Finding(
            "near_collinear",
            say(
                "{terms} nearly repeat each other (condition index {index:,.0f}): their single coefficients are uncertain.",
                terms=_listed(others),
                index=worst_other,
            ),
            say(
                "Predictions within the data are not affected. Leave one of them out, or use ridge; the combinations are in the table "
                "below."
            ),
        )


def _listed(texts: list[Said], limit: int = 4) -> Said:
    shown = joined(texts[:limit], "; ")
    if len(texts) <= limit:
        return shown
    return say(
        "{sets}; and {count:,} more sets", one="{sets}; and 1 more set", sets=shown, count=len(texts) - limit
    )


def _terms_behind(result: LinearResult, labels: Sequence[str]) -> list[str]:
    """The terms that columns of the design belong to, each once, in their order."""
    by_label = {column.label: column.term for column in result.design.columns}
    terms = sorted({by_label[label] for label in labels})
    if len(terms) == 1:
        return list(labels)
    return [result.design.terms[term].label for term in terms]


def _data_columns(result: LinearResult, name: str) -> frozenset[str]:
    for term in result.design.terms:
        if term.label == name:
            return frozenset(factor.column for factor in term.factors)
    return next(
        frozenset(factor.column for factor in result.design.terms[column.term].factors)
        for column in result.design.columns
        if column.label == name
    )


def _no_intercept(result: LinearResult) -> Iterator[Finding]:
    if not result.design.intercept:
        yield Finding(
            "no_intercept",
            say(
                "The model has no intercept: it predicts 0 where every term is 0. R² is stated about the mean all the same, and is "
                "negative for a model worse than the mean; the uncentred R² is not comparable with it."
            ),
            say("Keep the intercept unless theory says that the target is 0 there."),
        )


def _share(r2: float) -> Said:
    """An R² in words: a share, or none where the mean alone does as well."""
    if r2 >= 0.005:
        return say("{share:.0%}", share=r2)
    return say("less than 1%") if r2 > 0 else say("nothing (the mean alone predicts as well or better)")


def _accuracy(result: LinearResult) -> Iterator[Finding]:
    judged = result.cross_validation
    if result.no_cross_validation is not None:
        yield Finding("not_cross_validated", result.no_cross_validation)
    if judged is None:
        return
    if judged.unbounded_predictions:
        yield Finding(
            "unbounded_predictions",
            say(
                "{count:,} cross-validated predictions lie beyond what the transform can give; accuracy cannot be stated.",
                one="1 cross-validated prediction lies beyond what the transform can give; accuracy cannot be stated.",
                count=judged.unbounded_predictions,
            ),
            say("Choose another target transform."),
        )
        return
    own, unseen = result.r2_training, judged.mean("r2")
    if own - unseen > OVERFIT_GAP:
        yield Finding(
            "overfit",
            say(
                "Of the variation in its own rows the model explains {own}, of that in unseen rows {unseen}: it is fitted to chance.",
                own=_share(own),
                unseen=_share(unseen),
            ),
            say("Use fewer terms, more rows, or a penalised method."),
        )
    if judged.mean("r2") <= 1e-9:
        yield Finding(
            "no_predictive_value",
            say("On unseen rows the model predicts no better than the mean of the target."),
        )
    if judged.aliased_fits:
        yield Finding(
            "aliased_folds",
            say(
                "In {parts:,} of {all_parts:,} training parts some terms could not be told apart; the later ones were left out there.",
                one="In 1 of {all_parts} training parts some terms could not be told apart; the later ones were left out there.",
                parts=judged.aliased_fits,
                all_parts=judged.n_fits,
            ),
        )


def _few_rows(result: LinearResult) -> Iterator[Finding]:
    n, k = result.table.n_rows, len(result.kept)
    if result.inference is not None and k < n < ROWS_PER_COEFFICIENT * k:
        yield Finding(
            "few_rows",
            say(
                "There are {rows:,} rows for {coefficients:,} coefficients, fewer than {fewest} for each: estimates and intervals are "
                "unsteady.",
                rows=n,
                coefficients=k,
                fewest=ROWS_PER_COEFFICIENT,
            ),
            say("Use fewer terms or more rows, or a penalised method."),
        )


def _extrapolated(result: LinearResult) -> Iterator[Finding]:
    """Back-transformed predictions far beyond any target value that was seen."""
    if result.parameters.target_transform is TargetTransform.NONE:
        return
    y = result.table.y
    low, high = float(y.min()), float(y.max())
    reach = high - low
    judged = result.cross_validation
    values = result.predictions if judged is None else judged.predictions
    beyond = int(np.count_nonzero((values > high + reach) | (values < low - reach)))
    if beyond:
        yield Finding(
            "extrapolated_back_transform",
            say(
                "{count:,} predictions lie further outside the target's range ({low:.4g} to {high:.4g}) than it is wide: undoing the "
                "transform blows up small differences there.",
                one="1 prediction lies further outside the target's range ({low} to {high}) than it is wide: undoing the transform blows up small differences there.",
                count=beyond,
                low=low,
                high=high,
            ),
            say("Do not use the model for such rows, or choose a weaker transform."),
        )


def _method(result: LinearResult) -> Iterator[Finding]:
    penalised, profile = result.fit.penalised, result.fit.profile
    if penalised is not None:
        yield Finding(
            "no_standard_errors",
            say(
                "Penalised coefficients are biased on purpose: standard errors, t, p and intervals, robust ones too, would not be "
                "valid and are left empty."
            ),
            is_warning=False,
        )
        if penalised.penalty.at_limit:
            yield Finding(
                "penalty_at_limit",
                say(
                    "The best strength is the strongest that was tried: the terms hardly help to predict the target."
                ),
            )
        if not penalised.converged or (result.cross_validation and result.cross_validation.not_converged):
            yield Finding(
                "not_converged",
                say(
                    "Some penalised fits did not converge fully; the last digits of coefficients and scores are uncertain."
                ),
            )
    if profile is not None:
        name = "Box–Cox" if result.parameters.target_transform is TargetTransform.BOX_COX else "Yeo–Johnson"
        if profile.at_limit:
            yield Finding(
                "transform_at_limit",
                say(
                    "The best {transform} parameter is {value:g}, the end of what was tried: the transform does not suit this target.",
                    transform=name,
                    value=profile.value,
                ),
            )
        elif profile.low <= 1.0 <= profile.high:
            yield Finding(
                "transform_not_needed",
                say(
                    "The {transform} parameter {value:g} does not differ clearly from 1, which is no transform.",
                    transform=name,
                    value=profile.value,
                ),
                is_warning=False,
            )

"""The numbers of a result by name, with what each means."""

from __future__ import annotations

import math

import numpy as np

from zerosec_analyses.linear.analysis import LinearResult
from zerosec_analyses.linear.spec import TargetTransform
from zerosec_analyses.reporting.metric_line import NOTHING, MetricLine
from zerosec_analyses.sdk import say


def metric_lines(result: LinearResult) -> list[MetricLine]:
    """All metrics, the headline first."""
    return [*_headline(result), *_training(result), *_model(result)]


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else value


def _headline(result: LinearResult) -> list[MetricLine]:
    judged, unit = result.cross_validation, result.parameters.target_unit
    if judged is None:
        reason = result.no_cross_validation or NOTHING
        return [
            MetricLine("r2_cross_validated", None, say("R² on unseen rows"), "", reason, headline=True),
            MetricLine("rmse_cross_validated", None, say("RMSE on unseen rows"), unit, reason, headline=True),
            MetricLine("mae_cross_validated", None, say("MAE on unseen rows"), unit, reason, headline=True),
        ]
    how = judged.plan.description
    lines = []
    for name, label, own_unit, what in (
        (
            "r2",
            say("R² on unseen rows"),
            "",
            say("1 minus squared errors / squared distances from the mean of the training part"),
        ),
        (
            "rmse",
            say("RMSE on unseen rows"),
            unit,
            say("root of the mean squared error, in the target's own units"),
        ),
        ("mae", say("MAE on unseen rows"), unit, say("mean absolute error, in the target's own units")),
    ):
        spread = judged.deviation(name)
        note = (
            say(
                "By {plan}: {definition}; standard deviation over repeats {spread:.2g}.",
                plan=how,
                definition=what,
                spread=spread,
            )
            if math.isfinite(spread)
            else say("By {plan}: {definition}.", plan=how, definition=what)
        )
        lines.append(
            MetricLine(
                f"{name}_cross_validated", _finite(judged.mean(name)), label, own_unit, note, headline=True
            )
        )
    return lines


def _training(result: LinearResult) -> list[MetricLine]:
    inference = result.inference
    lines = [
        MetricLine(
            "r2_training", _finite(result.r2_training), say("R² on its own rows"), "",
            say(
                "1 minus squared errors / squared distances from the mean, on the rows the model was fitted to. Only a hint of "
                "over-fitting, never the accuracy."
            ),
        ),
        MetricLine(
            "rmse_training", _finite(result.rmse_training), say("RMSE on its own rows"), result.parameters.target_unit,
            say("On the rows the model was fitted to."),
        ),
    ]  # fmt: skip
    if inference is not None:
        transformed = result.parameters.target_transform is not TargetTransform.NONE
        if result.design.intercept:
            lines.append(
                MetricLine(
                    "r2_adjusted",
                    _finite(inference.adjusted_r2),
                    say("Adjusted R²"),
                    "",
                    say("On its own rows, on the transformed scale.")
                    if transformed
                    else say("On its own rows."),
                )
            )
        else:
            about = (
                say(
                    "On its own rows, on the transformed scale, about zero: what is usual without an intercept, and not "
                    "comparable with R² about the mean."
                )
                if transformed
                else say(
                    "On its own rows, about zero: what is usual without an intercept, and not comparable with R² about the mean."
                )
            )
            lines += [
                MetricLine("r2_uncentred", _finite(inference.r2), say("Uncentred R²"), "", about),
                MetricLine(
                    "r2_uncentred_adjusted",
                    _finite(inference.adjusted_r2),
                    say("Adjusted uncentred R²"),
                    "",
                    about,
                ),
            ]
        lines += [
            MetricLine(
                "residual_std_error", _finite(inference.residual_std_error), say("Residual standard error"),
                "" if transformed else result.parameters.target_unit,
                say("With {df:,} degrees of freedom, on the transformed scale.", one="With 1 degree of freedom, on the transformed scale.", df=inference.residual_degrees_of_freedom)
                if transformed
                else say("With {df:,} degrees of freedom.", one="With 1 degree of freedom.", df=inference.residual_degrees_of_freedom),
            ),
        ]  # fmt: skip
        model = result.anova[0] if result.anova else None
        if model is not None:
            lines += [
                MetricLine("f_statistic", _finite(model.f), say("F of the whole model")),
                MetricLine("f_p_value", _finite(model.p_value), say("p of the whole model")),
            ]
    return lines


def _model(result: LinearResult) -> list[MetricLine]:
    lines = [
        MetricLine("n_rows", result.table.n_rows, say("Rows used")),
        MetricLine("n_rows_dropped", result.table.n_dropped_target + result.table.n_dropped_predictors, say("Rows left out")),
        MetricLine("n_terms", len(result.design.terms), say("Terms")),
        MetricLine("n_coefficients", len(result.kept), say("Coefficients")),
        MetricLine(
            "condition_number", _finite(result.condition_number), say("Condition number"), "",
            say("Of the columns scaled to unit length, the intercept among them."),
        ),
    ]  # fmt: skip
    for test, name in (
        (t, "breusch_pagan_p" if t.name.startswith("Breusch") else "shapiro_wilk_p") for t in result.tests
    ):
        lines.append(
            MetricLine(name, _finite(test.p_value), say("p of {test}", test=test.name), "", test.note)
        )
    if np.isfinite(result.cooks).any():
        lines.append(
            MetricLine(
                "cooks_distance_largest", float(np.nanmax(result.cooks)), say("Largest Cook's distance")
            )
        )
    profile = result.fit.profile
    if profile is not None:
        lines.append(
            MetricLine(
                "transform_parameter", profile.value, say("Parameter of the transform"), "",
                say(
                    "Most likely given the terms; 95% likelihood interval {low:g} to {high:g}.",
                    low=profile.low, high=profile.high,
                ),
            )
        )  # fmt: skip
    penalised = result.fit.penalised
    if penalised is not None:
        lines += [
            MetricLine("penalty_strength", penalised.penalty.strength, say("Strength of the penalty")),
            MetricLine("l1_share", penalised.penalty.l1_share, say("Lasso share of the penalty")),
            MetricLine(
                "effective_df", penalised.effective_degrees_of_freedom, say("Effective degrees of freedom")
            ),
            MetricLine(
                "n_nonzero",
                int(np.count_nonzero(result.coefficients[1:])),
                say("Coefficients that are not zero"),
            ),
        ]
    return lines

"""The numbers of a result by name, with what each means."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from zerosec_analyses.linear.analysis import LinearResult
from zerosec_analyses.linear.spec import TargetTransform


@dataclass(frozen=True)
class MetricLine:
    """One number: its name for programs, its label, unit, and a note that says how it is defined or why it is missing."""

    name: str
    value: float | int | None
    label: str
    unit: str = ""
    note: str = ""
    headline: bool = False


def metric_lines(result: LinearResult) -> list[MetricLine]:
    """All metrics, the headline first."""
    return [*_headline(result), *_training(result), *_model(result)]


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else value


def _headline(result: LinearResult) -> list[MetricLine]:
    judged, unit = result.cross_validation, result.parameters.target_unit
    if judged is None:
        reason = result.no_cross_validation
        return [
            MetricLine("r2_cross_validated", None, "R² on unseen rows", "", reason, headline=True),
            MetricLine("rmse_cross_validated", None, "RMSE on unseen rows", unit, reason, headline=True),
            MetricLine("mae_cross_validated", None, "MAE on unseen rows", unit, reason, headline=True),
        ]
    how = judged.plan.description
    lines = []
    for name, label, own_unit, what in (
        (
            "r2",
            "R² on unseen rows",
            "",
            "1 - squared errors / squared distances from the mean of the training part",
        ),
        ("rmse", "RMSE on unseen rows", unit, "root of the mean squared error, in the target's own units"),
        ("mae", "MAE on unseen rows", unit, "mean absolute error, in the target's own units"),
    ):
        spread = judged.deviation(name)
        varies = f"; standard deviation over repeats {spread:.2g}" if math.isfinite(spread) else ""
        note = f"{how[:1].upper()}{how[1:]}: {what}{varies}."
        lines.append(
            MetricLine(
                f"{name}_cross_validated", _finite(judged.mean(name)), label, own_unit, note, headline=True
            )
        )
    return lines


def _training(result: LinearResult) -> list[MetricLine]:
    inference = result.inference
    about = (
        "about the mean"
        if result.design.intercept or inference is None
        else "about zero, as the model has no intercept"
    )
    lines = [
        MetricLine(
            "r2_training", _finite(result.r2_training), "R² on its own rows", "",
            f"On the rows the model was fitted to, {about}. Only a hint of over-fitting, never the accuracy.",
        ),
        MetricLine(
            "rmse_training", _finite(result.rmse_training), "RMSE on its own rows", result.parameters.target_unit,
            "On the rows the model was fitted to.",
        ),
    ]  # fmt: skip
    if inference is not None:
        scale = _scale(result)
        lines += [
            MetricLine("r2_adjusted", _finite(inference.adjusted_r2), "Adjusted R²", "", f"On its own rows{scale}."),
            MetricLine(
                "residual_std_error", _finite(inference.residual_std_error), "Residual standard error",
                "" if scale else result.parameters.target_unit,
                f"With {inference.residual_degrees_of_freedom:,} degrees of freedom{scale}.",
            ),
        ]  # fmt: skip
        model = result.anova[0] if result.anova else None
        if model is not None:
            lines += [
                MetricLine("f_statistic", _finite(model.f), "F of the whole model"),
                MetricLine("f_p_value", _finite(model.p_value), "p of the whole model"),
            ]
    return lines


def _scale(result: LinearResult) -> str:
    return "" if result.parameters.target_transform is TargetTransform.NONE else ", on the transformed scale"


def _model(result: LinearResult) -> list[MetricLine]:
    lines = [
        MetricLine("n_rows", result.table.n_rows, "Rows used"),
        MetricLine("n_rows_dropped", result.table.n_dropped_target + result.table.n_dropped_predictors, "Rows left out"),
        MetricLine("n_terms", len(result.design.terms), "Terms"),
        MetricLine("n_coefficients", len(result.kept), "Coefficients"),
        MetricLine(
            "condition_number", _finite(result.condition_number), "Condition number", "",
            "Of the columns scaled to unit length, the intercept among them.",
        ),
    ]  # fmt: skip
    for test, name in (
        (t, "breusch_pagan_p" if t.name.startswith("Breusch") else "shapiro_wilk_p") for t in result.tests
    ):
        lines.append(MetricLine(name, _finite(test.p_value), f"p of {test.name}", "", test.note))
    if np.isfinite(result.cooks).any():
        lines.append(
            MetricLine("cooks_distance_largest", float(np.nanmax(result.cooks)), "Largest Cook's distance")
        )
    profile = result.fit.profile
    if profile is not None:
        lines.append(
            MetricLine(
                "transform_parameter", profile.value, "Parameter of the transform", "",
                f"Most likely given the terms; 95 % likelihood interval {profile.low:g} to {profile.high:g}.",
            )
        )  # fmt: skip
    penalised = result.fit.penalised
    if penalised is not None:
        lines += [
            MetricLine("penalty_strength", penalised.penalty.strength, "Strength of the penalty"),
            MetricLine("l1_share", penalised.penalty.l1_share, "Lasso share of the penalty"),
            MetricLine(
                "effective_df", penalised.effective_degrees_of_freedom, "Effective degrees of freedom"
            ),
            MetricLine(
                "n_nonzero", int(np.count_nonzero(result.coefficients[1:])), "Coefficients that are not zero"
            ),
        ]
    return lines

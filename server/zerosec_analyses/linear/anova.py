"""The analysis of variance: the model as a whole, and what each term adds (Type II or Type III sums of squares)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from zerosec_analyses.linear.design_matrix import Design, FloatArray
from zerosec_analyses.linear.inference import Inference
from zerosec_analyses.linear.least_squares import LeastSquaresFit, residual_sum_of_squares
from zerosec_analyses.linear.spec import AnovaType
from zerosec_analyses.sdk import say


@dataclass(frozen=True)
class AnovaRow:
    """One line: sums of squares, degrees of freedom, mean square, F and its p-value."""

    source: str
    sum_of_squares: float
    degrees_of_freedom: int
    mean_square: float | None
    f: float | None
    p_value: float | None


def anova_table(
    design: Design,
    fit: LeastSquaresFit,
    factor: FloatArray,
    target: int,
    inference: Inference,
    kind: AnovaType,
) -> list[AnovaRow]:
    """The model, its terms, the residual and the total. ``fit`` belongs to ``inference`` coefficient by coefficient.

    Type II compares the models with and without a term, leaving out all terms that contain it; Type III leaves out the term alone.
    """
    df = inference.residual_degrees_of_freedom
    residual_mean = inference.residual_std_error**2 if inference.residual_std_error is not None else None
    rows = [
        _row(
            say("Model"),
            inference.model_sum_of_squares,
            inference.model_degrees_of_freedom,
            residual_mean,
            df,
        )
    ]
    position = {column: index for index, column in enumerate(fit.columns)}
    estimates = np.array([coefficient.estimate for coefficient in inference.coefficients])
    inverse = fit.inverse_triangle()
    for term, meaning in enumerate(design.terms):
        mine = [column + 1 for column in design.columns_of_term(term) if column + 1 in position]
        if not mine:
            continue
        containing = [
            other
            for other, candidate in enumerate(design.terms)
            if other != term and meaning.key < candidate.key
        ]
        places = [position[column] for column in mine]
        if kind is AnovaType.III or not containing:
            if len(places) == 1:
                total = float(estimates[places[0]] ** 2 / inference.unscaled_variances[places[0]])
            else:
                part = inverse[places]
                # b' inv(V) b by the QR of the rows of inv(R): V = part part', hence |inv(L) b|² with part' = Q L'.
                lower = np.linalg.qr(part.T, mode="reduced")[1].T
                total = float((np.linalg.solve(lower, estimates[places]) ** 2).sum())
        else:
            total = _type_two(design, fit, factor, target, mine, containing)
        rows.append(_row(meaning.label, total, len(places), residual_mean, df))
    rows.append(AnovaRow(say("Residual"), inference.residual_sum_of_squares, df, residual_mean, None, None))
    rows.append(
        AnovaRow(
            say("Total") if inference.intercept else say("Total (about zero)"),
            inference.total_sum_of_squares,
            inference.n_rows - int(inference.intercept),
            None,
            None,
            None,
        )
    )
    return rows


def _type_two(
    design: Design,
    fit: LeastSquaresFit,
    factor: FloatArray,
    target: int,
    mine: Sequence[int],
    containing: Sequence[int],
) -> float:
    gone = {column + 1 for other in containing for column in design.columns_of_term(other)}
    larger = [column for column in fit.columns if column not in gone]
    smaller = [column for column in larger if column not in set(mine)]
    return residual_sum_of_squares(factor, smaller, target) - residual_sum_of_squares(factor, larger, target)


def _row(
    source: str, total: float, degrees: int, residual_mean: float | None, residual_degrees: int
) -> AnovaRow:
    mean = total / degrees if degrees else None
    if mean is None or not residual_mean:
        return AnovaRow(source, total, degrees, mean, None, None)
    f = mean / residual_mean
    return AnovaRow(source, total, degrees, mean, f, float(special.fdtrc(degrees, residual_degrees, f)))

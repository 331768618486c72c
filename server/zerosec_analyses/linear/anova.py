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
from zerosec_analyses.linear.type_three import type_three
from zerosec_analyses.sdk import say


@dataclass(frozen=True)
class AnovaRow:
    """One line: sums of squares, degrees of freedom, mean square, F and its p-value.

    The sum of squares of a term is None where the data do not define it (Type III with combinations of levels that no row has).
    """

    source: str
    sum_of_squares: float | None
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

    Type II compares the models with and without a term, leaving out all terms that contain it. Type III adjusts a term for all others, those
    that contain it too, and averages over the levels of their categories with equal weights (`type_three`).
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
        degrees = len(places)
        total: float | None
        if kind is AnovaType.III:
            contrasts = type_three(design, term, fit.columns)
            degrees = len(contrasts) if contrasts is not None else degrees
            total = None if contrasts is None else _of_contrasts(contrasts @ inverse, contrasts @ estimates)
        elif not containing:
            total = _of_contrasts(inverse[places], estimates[places])
        else:
            total = _type_two(design, fit, factor, target, mine, containing)
        rows.append(_row(meaning.label, total, degrees, residual_mean, df))
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


def _of_contrasts(part: FloatArray, estimates: FloatArray) -> float:
    """b' inv(V) b of contrasts b = C beta with V = part part', part = C inv(R): |inv(L) b|² with part' = Q L'."""
    if len(part) == 1:
        return float(estimates[0] ** 2 / (part @ part.T)[0, 0])
    lower = np.linalg.qr(part.T, mode="reduced")[1].T
    return float((np.linalg.solve(lower, estimates) ** 2).sum())


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
    source: str, total: float | None, degrees: int, residual_mean: float | None, residual_degrees: int
) -> AnovaRow:
    mean = total / degrees if degrees and total is not None else None
    if mean is None or not residual_mean:
        return AnovaRow(source, total, degrees, mean, None, None)
    f = mean / residual_mean
    return AnovaRow(source, total, degrees, mean, f, float(special.fdtrc(degrees, residual_degrees, f)))

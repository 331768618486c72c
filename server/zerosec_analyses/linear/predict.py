"""Predictions from a model file alone, as a pure function; it shares no code with the fit, so that each checks the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from zerosec_analyses.linear.design_matrix import FloatArray
from zerosec_analyses.linear.model_file import LinearModelFile, ModelColumn
from zerosec_analyses.linear.transforms import BackTransformation, Transform

Values = Sequence[object] | np.ndarray


class PredictionError(ValueError):
    """Data the model cannot predict from: names the column and the row (counted from 1)."""


@dataclass(frozen=True)
class Outside:
    """A value beyond the range the model was fitted to; rows count from 0."""

    row: int
    column: str
    value: float
    minimum: float
    maximum: float


@dataclass(frozen=True)
class Predictions:
    """Predicted targets in the target's units, with prediction intervals where the model keeps what they need.

    ``outside`` lists extrapolations, ``imputed`` counts filled-in gaps by column.
    """

    values: FloatArray
    low: FloatArray | None
    high: FloatArray | None
    outside: tuple[Outside, ...]
    imputed: dict[str, int]


def predict(
    model: LinearModelFile, data: Mapping[str, Values], confidence_level: float = 0.95
) -> Predictions:
    """Predict a target for each row of ``data`` (columns by name, of equal length).

    Raises PredictionError for a missing column, an unknown level, a gap the model has no fill-in for, or text instead of a number.
    """
    absent = [column.name for column in model.columns if column.name not in data]
    if absent:
        raise PredictionError(f"The data have no column {', '.join(absent)}, which the model needs.")
    lengths = {len(data[column.name]) for column in model.columns}
    if len(lengths) > 1:
        raise PredictionError("The columns differ in length.")
    n = lengths.pop() if lengths else max((len(values) for values in data.values()), default=1)
    imputed: dict[str, int] = {}
    outside: list[Outside] = []
    numbers: dict[str, FloatArray] = {}
    levels: dict[str, np.ndarray] = {}
    for column in model.columns:
        if column.kind == "numeric":
            numbers[column.name] = _numbers(column, data[column.name], imputed)
            outside.extend(_outside(column, numbers[column.name]))
        else:
            levels[column.name] = _levels(column, data[column.name], imputed)
    columns = np.empty((n, len(model.terms)))
    for index, term in enumerate(model.terms):
        product = np.ones(n)
        for power in term.powers:
            product = product * numbers[power.column] ** power.exponent
        for level in term.levels:
            product = product * (levels[level.column] == level.level)
        columns[:, index] = product
    fitted = columns @ np.array([term.coefficient for term in model.terms])
    transform = Transform(model.transform.kind, model.transform.parameter)
    back = BackTransformation(transform, model.transform.nodes)
    low = high = None
    if model.uncertainty and model.uncertainty.inverse_triangle:
        leverage = ((columns @ np.array(model.uncertainty.inverse_triangle)) ** 2).sum(axis=1)
        quantile = float(special.stdtrit(model.uncertainty.degrees_of_freedom, 0.5 + confidence_level / 2))
        margin = quantile * model.uncertainty.residual_std_error * np.sqrt(1.0 + leverage)
        low, high = transform.inverse(fitted - margin), transform.inverse(fitted + margin)
    return Predictions(back.predict(fitted), low, high, tuple(outside), imputed)


def _numbers(column: ModelColumn, values: Values, imputed: dict[str, int]) -> FloatArray:
    result = np.empty(len(values))
    for row, value in enumerate(values):
        if isinstance(value, bool | int | float | np.bool_ | np.integer | np.floating):
            result[row] = float(value)
        elif value is None:
            result[row] = np.nan
        else:
            raise PredictionError(
                f"Row {row + 1}, column {column.name}: '{str(value)[:60]}' is not a number."
            )
    gaps = np.isnan(result)
    if gaps.any():
        if not isinstance(column.imputed, int | float):
            raise PredictionError(
                f"Row {int(gaps.argmax()) + 1}, column {column.name}: the value is missing."
            )
        imputed[column.name] = int(gaps.sum())
        result[gaps] = float(column.imputed)
    infinite = np.isinf(result)
    if infinite.any():
        raise PredictionError(
            f"Row {int(infinite.argmax()) + 1}, column {column.name}: the value is infinite."
        )
    return result


def _levels(column: ModelColumn, values: Values, imputed: dict[str, int]) -> np.ndarray:
    known = set(column.levels)
    result = np.empty(len(values), dtype=object)
    for row, value in enumerate(values):
        if value is None or (isinstance(value, float) and value != value):
            if not isinstance(column.imputed, str):
                raise PredictionError(f"Row {row + 1}, column {column.name}: the value is missing.")
            imputed[column.name] = imputed.get(column.name, 0) + 1
            result[row] = column.imputed
            continue
        text = level_text(value)
        if text not in known:
            shown = ", ".join(column.levels[:10])
            raise PredictionError(
                f"Row {row + 1}, column {column.name}: the model has not seen '{text[:60]}'; it knows {shown}."
            )
        result[row] = text
    return result


def level_text(value: object) -> str:
    """How a value is named as a level: 1 and 1.0 are the same, as are true values however they came."""
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float | np.floating) and float(value).is_integer() and abs(float(value)) < 2**53:
        return str(int(value))
    return str(value)


def _outside(column: ModelColumn, values: FloatArray) -> list[Outside]:
    if column.minimum is None or column.maximum is None:
        return []
    rows = np.flatnonzero((values < column.minimum) | (values > column.maximum))
    return [
        Outside(int(row), column.name, float(values[row]), column.minimum, column.maximum) for row in rows
    ]

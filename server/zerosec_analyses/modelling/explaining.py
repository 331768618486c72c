"""Explains a final model: partial dependence of its most important features, and Shapley values of some rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zerosec_analyses.modelling.explain import (
    Predict,
    Profile,
    ShapleyValues,
    partial_dependence,
    shapley_values,
)
from zerosec_analyses.modelling.nested import Nested
from zerosec_analyses.modelling.procedure import Built
from zerosec_analyses.modelling.search import Rows
from zerosec_analyses.modelling.table import Feature, FloatArray, IntArray

PROFILED = 6
BACKGROUND = 500


@dataclass(frozen=True)
class Explanation:
    """``shapley`` splits up the predictions of the rows at ``shapley_places`` against ``background`` rows; None where not asked for."""

    used: list[int]
    """The features the model uses, by place."""
    ranked: list[int]
    """The same, the most important first."""
    profiles: tuple[Profile, ...]
    shapley: ShapleyValues | None
    shapley_places: IntArray
    background: FloatArray


def explanation_of(
    predict: Predict,
    built: Built,
    judged: Nested,
    rows: Rows,
    part: Rows,
    features: Sequence[Feature],
    shap_rows: int,
    rng: np.random.Generator,
    named: IntArray | None = None,
) -> Explanation:
    """Of the model that predicts ``predict`` and was built on ``part`` of the rows.

    ``shap_rows`` rows by chance are split up at most, and those that are ``named`` besides.
    """
    mean, _ = judged.importance()
    used = sorted({place for pipe in built.model.members.values() for place in pipe.preparation.used})
    ranked = sorted(used, key=lambda place: (-mean[place], place))
    profiles = tuple(
        partial_dependence(predict, part.values, features, place, rng) for place in ranked[:PROFILED]
    )
    shown, background = np.zeros(0, dtype=np.int64), part.values
    if named is None:
        named = shown
    if not (shap_rows or named.size) or not used:
        return Explanation(used, ranked, profiles, None, shown, background)
    shown = np.arange(rows.y.size)
    if shown.size > shap_rows:
        shown = np.union1d(rng.choice(rows.y.size, shap_rows, replace=False), named)
    if background.shape[0] > BACKGROUND:
        background = background[rng.choice(background.shape[0], BACKGROUND, replace=False)]
    shapley = shapley_values(predict, rows.values[shown], background, used, rng)
    return Explanation(used, ranked, profiles, shapley, shown, background)

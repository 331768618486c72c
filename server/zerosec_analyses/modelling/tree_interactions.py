"""What pairs of features do together in boosted trees, exactly: by the Shapley interaction values of XGBoost and CatBoost themselves."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from zerosec_analyses.linear.spec import TargetTransform
from zerosec_analyses.modelling.candidate import Method
from zerosec_analyses.modelling.candidates import XgboostModel
from zerosec_analyses.modelling.catboost_fit import CatboostModel
from zerosec_analyses.modelling.explain import Interaction
from zerosec_analyses.modelling.procedure import STACK, Model
from zerosec_analyses.modelling.search import Pipeline
from zerosec_analyses.modelling.table import FloatArray

ADDITIVE = frozenset({Method.LINEAR, Method.ELASTIC_NET})
"""Models in which no feature has a part in what another does."""
TREES = (XgboostModel, CatboostModel)


def exact_interactions(
    model: Model, values: FloatArray, among: Sequence[int]
) -> tuple[Interaction, ...] | None:
    """Shapley interaction indices of each pair ``among`` the features, the largest first; None where they are not to be had exactly.

    They are of rows x features ``values``, in the target's units, by the conditional expectations along the trees' paths (Lundberg et al. 2020),
    and are had of XGBoost's and CatBoost's trees, and of a stack of those with linear models, whose targets are not transformed. Columns that one feature
    is coded by count together.
    """
    members = model.members
    if not all(_additive(one) or isinstance(one.predictor, TREES) for one in members.values()):
        return None
    if any(one.transform.transform.kind is not TargetTransform.NONE for one in members.values()):
        return None
    columns = [column.feature for column in model.preparation.columns]
    whole = np.zeros((values.shape[0], len(columns), len(columns)))
    prepared = model.preparation.apply(values)
    for name, one in members.items():
        if isinstance(one.predictor, TREES):
            weight = model.weights[name] if model.chosen == STACK else 1.0
            whole += weight * one.transform.scale * one.predictor.interactions(prepared)
    found = []
    for first, second in combinations(among, 2):
        of_first, of_second = (
            [at for at, f in enumerate(columns) if f == place] for place in (first, second)
        )
        together = 2 * whole[:, of_first][:, :, of_second].sum(axis=(1, 2))
        found.append(Interaction(first, second, float(np.abs(together).mean()), float("nan")))
    return tuple(sorted(found, key=lambda one: -one.size))


def _additive(pipeline: Pipeline) -> bool:
    return pipeline.method in ADDITIVE

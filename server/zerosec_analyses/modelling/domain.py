"""Where a model has experience: training rows that stand for all of them, and how far from the nearest is still inside."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from zerosec_analyses.modelling.table import FloatArray

DOMAIN_ROWS = 1000
DOMAIN_SHARE = 0.99


def domain_of(prepared: FloatArray) -> tuple[FloatArray, float | None]:
    """Rows that stand for the training data, and how far from the nearest of them is still inside.

    The limit is the distance within which 99 % of other training rows have a neighbour among them.
    """
    n = prepared.shape[0]
    if prepared.shape[1] == 0 or n < 5:
        return np.zeros((0, prepared.shape[1])), None
    order = np.random.default_rng(77).permutation(n)
    chosen = np.sort(order[:DOMAIN_ROWS])
    points = prepared[chosen]
    tree = cKDTree(points)
    if n > DOMAIN_ROWS:
        distance = tree.query(prepared[order[DOMAIN_ROWS : DOMAIN_ROWS + 5000]])[0]
    else:
        distance = tree.query(points, k=2)[0][:, 1]
    return points, float(np.quantile(distance, DOMAIN_SHARE))

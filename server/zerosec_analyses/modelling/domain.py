"""Where a model has experience: training rows that stand for all of them, and how far from the nearest is still inside."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from zerosec_analyses.modelling.table import FloatArray

DOMAIN_ROWS = 1000
JUDGED_ROWS = 5000
"""More rows, by which the limit is found."""
AT_ONCE = 2_000_000
"""Distances worked out at a time."""
FARTHEST = 1e15
"""Spreads from the middle: farther numbers count as that far, so that their squares are numbers in single precision."""
UNSURE = 1e-4
"""Of the squared sizes: more than what single precision gets wrong."""
DOMAIN_SHARE = 0.99


def domain_of(prepared: FloatArray) -> tuple[FloatArray, float | None]:
    """Rows that stand for the training data, and how far from the nearest of them is still inside.

    The limit is the distance within which 99% of other training rows have a neighbour among them. Rows that repeat others count
    once: replicates lie at no distance from each other, which says nothing of how far settings lie apart.
    """
    n, columns = prepared.shape
    if columns == 0 or n < 5:
        return np.zeros((0, columns)), None
    order = np.random.default_rng(77).permutation(n)[: DOMAIN_ROWS + JUDGED_ROWS]
    order = order[np.sort(np.unique(prepared[order], axis=0, return_index=True)[1])]
    points = prepared[np.sort(order[:DOMAIN_ROWS])]
    if order.size == 1:
        return points, 0.0
    tree = cKDTree(points)
    if order.size > DOMAIN_ROWS:
        distance = tree.query(prepared[order[DOMAIN_ROWS:]])[0]
    else:
        distance = tree.query(points, k=2)[0][:, 1]
    return points, float(np.quantile(distance, DOMAIN_SHARE))


class Domain:
    """Tells which rows are farther from all points of a domain than its limit.

    Squared distances come from one matrix product in single precision, |a|² + |b|² - 2ab; where that is too coarse to tell the side of the
    limit, the distance is worked out in double precision.
    """

    def __init__(self, points: FloatArray, limit: float) -> None:
        self._tree, self._limit = cKDTree(points), limit * (1 + 1e-9)
        size = (points**2).sum(axis=1)
        self._largest = float(size.max())
        self._across = np.vstack([points.T, -size / 2]).astype(np.float32)

    def outside(self, prepared: FloatArray) -> np.ndarray:
        """Which rows (n x columns, prepared as the points were) are outside."""
        far = np.zeros(prepared.shape[0], dtype=bool)
        step = max(1, AT_ONCE // self._across.shape[1])
        for start in range(0, prepared.shape[0], step):
            part = np.clip(prepared[start : start + step], -FARTHEST, FARTHEST)
            far[start : start + step] = self._outside(part)
        return far

    def _outside(self, part: FloatArray) -> np.ndarray:
        size = (part**2).sum(axis=1)
        held = np.ones((part.shape[0], part.shape[1] + 1), dtype=np.float32)
        held[:, :-1] = part
        nearest = size - 2.0 * (held @ self._across).max(axis=1)
        over = nearest - self._limit**2
        found = np.asarray(over > 0)
        unsure = np.flatnonzero(~(np.abs(over) > UNSURE * (size + self._largest)))
        if unsure.size:
            found[unsure] = self._tree.query(part[unsure])[0] > self._limit
        return found

"""Looks through a whole list, however long, for exchanges that would improve a design: what a sampled search has not seen.

The exchange of run i for candidate c is worked out for all pairs by matrix products, block by block, so that a list of a million
candidates is searched through in seconds and no candidate is left out.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from zerosec_analyses.optimal_design.factors import FloatArray, IntArray
from zerosec_analyses.optimal_design.search.engine import Objective

BLOCK_CELLS = 4_000_000
KEPT = 400
SMALLEST_GAIN = 1e-7


def improving(
    rows: Callable[[int, int], FloatArray],
    n_candidates: int,
    X: FloatArray,
    objective: Objective,
    runs: np.ndarray,
) -> tuple[IntArray, float]:
    """Candidates that improve the design in exchange for some run, the best first, at most 400; and the best gain.

    ``rows(first, end)`` gives model rows of the list, ``runs`` which runs may be exchanged (bool). The gain is relative: 0.01 is one per cent of the determinant or of the trace.
    """
    M = X.T @ X + objective.base
    D = np.linalg.inv(M)
    W = objective.weights
    E = D @ W @ D if W is not None else None
    trace = float(np.sum(W * D)) if W is not None else 1.0
    DX = D @ X.T
    v = np.einsum("ij,ji->i", X, DX)
    fx = np.einsum("ij,jk,ik->i", X, E, X) if E is not None else v
    step = max(1, BLOCK_CELLS // max(X.shape))
    found: list[np.ndarray] = []
    gains: list[np.ndarray] = []
    for first in range(0, n_candidates, step):
        F = rows(first, min(n_candidates, first + step))
        vc = np.einsum("ij,ij->i", F @ D, F)
        S = F @ DX
        gain = (1 + vc)[:, None] * (1 - v)[None, :] + S * S
        if E is not None:
            FE = F @ E
            fc = np.einsum("ij,ij->i", FE, F)
            top = (1 - v)[None, :] * fc[:, None] + 2 * S * (FE @ X.T) - (1 + vc)[:, None] * fx[None, :]
            with np.errstate(divide="ignore", invalid="ignore"):
                gain = np.where(gain > 1e-6, top / gain, -np.inf) / trace
        else:
            gain -= 1
        best = gain[:, runs].max(axis=1)
        places = np.flatnonzero(best > SMALLEST_GAIN)
        if len(places) > KEPT:
            places = places[np.argpartition(best[places], -KEPT)[-KEPT:]]
        found.append(places + first)
        gains.append(best[places])
    places, size = np.concatenate(found), np.concatenate(gains)
    order = np.argsort(-size, kind="stable")[:KEPT]
    return places[order].astype(np.int64), float(size[order[0]]) if len(order) else 0.0

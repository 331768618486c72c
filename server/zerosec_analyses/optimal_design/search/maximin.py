"""Maximin exchange, compiled: runs as far from each other as possible, by Morris and Mitchell's criterion (1995).

The criterion is φ = Σ over pairs of d^(-2q), q = 8 and d the distance; its minimum is close to the largest smallest distance and, other
than that, leaves no plateaus. Points that coincide are counted apart: a coincidence weighs more than any other pair.
"""

from __future__ import annotations

import numpy as np

from zerosec_analyses.optimal_design.factors import FloatArray, IntArray
from zerosec_analyses.optimal_design.search.linear_algebra import part, search

COINCIDENCE = 1e30
SMALLEST_SQUARE = 1e-10
SMALLEST_SHARE = 1e-9


@part
def closeness(a: FloatArray, b: FloatArray) -> float:
    """d^(-16) of two points, a large number where they coincide."""
    square = 0.0
    for f in range(a.size):
        square += (a[f] - b[f]) ** 2
    if square < SMALLEST_SQUARE:
        return COINCIDENCE
    inverse = 1.0 / square
    inverse *= inverse
    inverse *= inverse
    return inverse * inverse


@search
def improve_distances(
    points: FloatArray, fixed: FloatArray, chosen: IntArray, max_sweeps: int
) -> tuple[float, float]:
    """Exchange runs for points of the list until no exchange of one run lowers φ; ``chosen`` is changed in place.

    ``points`` is N x d, ``fixed`` the runs that stand. Returns -log(φ) / 16, close to the log of the smallest distance, and the number
    of elementary operations.
    """
    n, N, d = chosen.size, points.shape[0], points.shape[1]
    work = 0.0
    for _ in range(max_sweeps):
        changed = False
        for i in range(n):
            here = 0.0
            for j in range(n):
                if j != i:
                    here += closeness(points[chosen[i]], points[chosen[j]])
            for j in range(fixed.shape[0]):
                here += closeness(points[chosen[i]], fixed[j])
            best, best_value = -1, here * (1.0 - SMALLEST_SHARE)
            for c in range(N):
                value = 0.0
                for j in range(n):
                    if j != i:
                        value += closeness(points[c], points[chosen[j]])
                        work += d
                        if value >= best_value:
                            break
                if value < best_value:
                    for j in range(fixed.shape[0]):
                        value += closeness(points[c], fixed[j])
                    work += d * fixed.shape[0]
                if value < best_value:
                    best, best_value = c, value
            if best >= 0:
                chosen[i] = best
                changed = True
        if not changed:
            break
    total = 0.0
    for i in range(n):
        for j in range(i):
            total += closeness(points[chosen[i]], points[chosen[j]])
        for j in range(fixed.shape[0]):
            total += closeness(points[chosen[i]], fixed[j])
    if total <= 0.0:
        return 0.0, work
    return -np.log(total) / 16.0, work

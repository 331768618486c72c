"""Coordinate exchange, compiled: one factor of one run at a time (Meyer & Nachtsheim 1995).

While one factor f of a run moves, its model row is y = x + Σ_b τ_b g_b, with τ_b the change of f's basis functions and g_b the
products of the other factors. So y'Dy (D the inverse information matrix) is a small quadratic form in τ, made once and then
evaluated for every level of f at almost no cost. D itself is updated only once a run, by rank two, and recomputed by Cholesky
every few sweeps; the score of a finished design is always computed afresh from its runs.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zerosec_analyses.optimal_design.factors import FloatArray, IntArray
from zerosec_analyses.optimal_design.search.linear_algebra import (
    add_row,
    copy,
    dot,
    exchange_inverse,
    exchange_weighted,
    inverse_of,
    part,
    search,
    times,
    trace_of_product,
    weighted,
)

REFACTOR_EVERY = 4
MAX_SWEEPS = 100
SMALLEST_GAIN = 1e-9
# An exchange that would shrink the determinant to less than this share is never made for a linear criterion.
SMALLEST_RATIO = 1e-6

# columns of Space.factor
LEVELS, MOVABLE, BASIS, BASES, TABLE, TOUCH, TOUCH_END = range(7)


class Space(NamedTuple):
    """The factors, their levels and the model, in arrays.

    ``factor`` (k x 7) holds a factor's number of levels, whether it moves, its first basis function and their number (powers of a
    number, effects of a category), where its table of basis values begins in ``table`` (level by level), and its rows of ``touch``.
    Basis function 0 is the constant 1. Model column j is the product of the basis functions ``column[j]`` (padded with 0).
    A row of ``touch`` is a column that the factor is part of: the column, the factor's basis function there, counted from the
    factor's first, and the other basis functions (padded with 0). A row of ``rule`` is an offset and a stride a factor: it allows
    the levels for which ``allowed[offset + stride · levels]`` is not 0.
    """

    factor: IntArray
    table: FloatArray
    column: IntArray
    touch: IntArray
    rule: IntArray
    allowed: npt.NDArray[np.uint8]


@part
def basis_of(space: Space, levels: IntArray, basis: FloatArray) -> None:
    """The basis functions of one run."""
    basis[0] = 1.0
    for f in range(levels.size):
        first, m = space.factor[f, BASIS], space.factor[f, BASES]
        at = space.factor[f, TABLE] + levels[f] * m
        for b in range(m):
            basis[first + b] = space.table[at + b]


@part
def row_of(space: Space, basis: FloatArray, row: FloatArray) -> None:
    """The model row of one run."""
    for j in range(row.size):
        value = 1.0
        for at in range(space.column.shape[1]):
            value *= basis[space.column[j, at]]
        row[j] = value


@part
def is_allowed(space: Space, levels: IntArray) -> bool:
    """Whether every rule allows these levels."""
    for t in range(space.rule.shape[0]):
        place = space.rule[t, 0]
        for f in range(levels.size):
            place += space.rule[t, f + 1] * levels[f]
        if space.allowed[place] == 0:
            return False
    return True


@part
def is_new(levels: IntArray, run: int, chosen: IntArray) -> bool:
    """Whether no other run has these levels."""
    for i in range(levels.shape[0]):
        same = i != run
        for f in range(levels.shape[1]):
            same = same and levels[i, f] == chosen[f]
        if same:
            return False
    return True


@part
def line_through(
    space: Space,
    f: int,
    weights: FloatArray,
    D: FloatArray,
    u: FloatArray,
    q: FloatArray,
    H: FloatArray,
) -> None:
    """How x'Du and y'Dy change along factor f: q_b = g_b'u and H_bc = g_b'D g_c, for the basis functions b, c of f."""
    m, first, end = space.factor[f, BASES], space.factor[f, TOUCH], space.factor[f, TOUCH_END]
    for b in range(m):
        q[b] = 0.0
        for c in range(m):
            H[b, c] = 0.0
    for at in range(first, end):
        weight = weights[at - first]
        if weight == 0.0:
            continue
        b, j = space.touch[at, 1], space.touch[at, 0]
        q[b] += weight * u[j]
        for other in range(first, end):
            H[b, space.touch[other, 1]] += weight * weights[other - first] * D[j, space.touch[other, 0]]


@part
def along(space: Space, f: int, weights: FloatArray, u: FloatArray, r: FloatArray) -> None:
    """r_b = g_b'u, for the basis functions b of factor f."""
    first = space.factor[f, TOUCH]
    for b in range(space.factor[f, BASES]):
        r[b] = 0.0
    for at in range(first, space.factor[f, TOUCH_END]):
        r[space.touch[at, 1]] += weights[at - first] * u[space.touch[at, 0]]


@part
def product_of_others(space: Space, f: int, basis: FloatArray, weights: FloatArray) -> None:
    """g_b in each column that factor f is part of: the product of the other factors' basis functions."""
    first = space.factor[f, TOUCH]
    for at in range(first, space.factor[f, TOUCH_END]):
        value = 1.0
        for other in range(2, space.touch.shape[1]):
            value *= basis[space.touch[at, other]]
        weights[at - first] = value


@search
def improve(
    space: Space,
    levels: IntArray,
    base: FloatArray,
    W: FloatArray | None,
    distinct: bool,
    ridge: float,
    max_sweeps: int,
) -> tuple[float, float]:
    """Sweep over all runs and factors until nothing improves; ``levels`` (runs x factors) is changed in place.

    ``base`` is the information of fixed runs and the prior; ``W`` the weights of a linear criterion tr(W D).
    Returns the score (log det / p, or minus log tr(W D)), -inf for a singular design, and the number of elementary operations.
    """
    n, k = levels.shape
    p = base.shape[0]
    m = 1
    for f in range(k):
        m = max(m, space.factor[f, BASES])
    basis = np.empty((n, space.factor[k - 1, BASIS] + space.factor[k - 1, BASES]))
    X = np.empty((n, p))
    for i in range(n):
        basis_of(space, levels[i], basis[i])
        row_of(space, basis[i], X[i])
    weights = np.empty(space.touch.shape[0])
    D = np.empty((p, p))
    y, Dx, Dy = np.empty(p), np.empty(p), np.empty(p)
    tau, q, r, H = np.empty(m), np.empty(m), np.empty(m), np.empty((m, m))
    if W is not None:
        E, Ex, Ey = np.empty((p, p)), np.empty(p), np.empty(p)
        qe, re, He = np.empty(m), np.empty(m), np.empty((m, m))
    chosen = np.empty(k, dtype=np.int64)
    work = 0.0
    since = REFACTOR_EVERY
    for _ in range(max_sweeps):
        if since >= REFACTOR_EVERY:
            since = 0
            work += n * p * p + p * p * p
            if inverse_of(X, base, ridge, D) == -np.inf:
                return -np.inf, work
            if W is not None:
                weighted(D, W, E)
                work += 2.0 * p * p * p
        since += 1
        changed = False
        for i in range(n):
            x = X[i]
            times(D, x, Dx)
            copy(x, y)
            copy(Dx, Dy)
            vx = dot(x, Dx)
            vy, d = vx, vx
            fx = fy = fxy = 0.0
            if W is not None:
                times(E, x, Ex)
                copy(Ex, Ey)
                fx = dot(x, Ex)
                fy, fxy = fx, fx
                work += p * p
            work += p * p
            copy(levels[i], chosen)
            moved = False
            current = 0.0 if W is not None else 1.0  # what y has gained over x so far
            for f in range(k):
                first, m = space.factor[f, BASIS], space.factor[f, BASES]
                t0, t1 = space.factor[f, TOUCH], space.factor[f, TOUCH_END]
                if space.factor[f, MOVABLE] == 0 or t1 == t0:
                    continue
                product_of_others(space, f, basis[i], weights)
                line_through(space, f, weights, D, Dy, q, H)
                along(space, f, weights, Dx, r)
                if W is not None:
                    line_through(space, f, weights, E, Ey, qe, He)
                    along(space, f, weights, Ex, re)
                here = chosen[f]
                best_level, best_gain = here, current + SMALLEST_GAIN
                best_vy = best_d = best_fy = best_fxy = 0.0
                at_here = space.factor[f, TABLE] + here * m
                for level in range(space.factor[f, LEVELS]):
                    if level == here:
                        continue
                    at_level = space.factor[f, TABLE] + level * m
                    for b in range(m):
                        tau[b] = space.table[at_level + b] - space.table[at_here + b]
                    new_vy, new_d, new_fy, new_fxy = vy, d, fy, fxy
                    for b in range(m):
                        new_d += tau[b] * r[b]
                        new_vy += 2.0 * tau[b] * q[b]
                        for c in range(m):
                            new_vy += tau[b] * tau[c] * H[b, c]
                    gain = (1.0 + new_vy) * (1.0 - vx) + new_d * new_d
                    if W is not None:
                        if gain < SMALLEST_RATIO:
                            continue
                        for b in range(m):
                            new_fxy += tau[b] * re[b]
                            new_fy += 2.0 * tau[b] * qe[b]
                            for c in range(m):
                                new_fy += tau[b] * tau[c] * He[b, c]
                        gain = ((1.0 - vx) * new_fy + 2.0 * new_d * new_fxy - (1.0 + new_vy) * fx) / gain
                    if gain > best_gain:
                        chosen[f] = level
                        if is_allowed(space, chosen) and (not distinct or is_new(levels, i, chosen)):
                            best_gain, best_level = gain, level
                            best_vy, best_d, best_fy, best_fxy = new_vy, new_d, new_fy, new_fxy
                        chosen[f] = here
                work += (t1 - t0) * (t1 - t0 + 4) * (2 if W is not None else 1) + space.factor[f, LEVELS] * (
                    m + 2
                ) ** 2
                if best_level == here:
                    continue
                chosen[f] = best_level
                current, vy, d, fy, fxy = best_gain, best_vy, best_d, best_fy, best_fxy
                at_level = space.factor[f, TABLE] + best_level * m
                for b in range(m):
                    basis[i, first + b] = space.table[at_level + b]
                    tau[b] = space.table[at_level + b] - space.table[at_here + b]
                for at in range(t0, t1):
                    add_row(Dy, D[space.touch[at, 0]], tau[space.touch[at, 1]] * weights[at - t0])
                    if W is not None:
                        add_row(Ey, E[space.touch[at, 0]], tau[space.touch[at, 1]] * weights[at - t0])
                work += (t1 - t0) * p
                moved = True
            if moved:
                changed = True
                copy(chosen, levels[i])
                row_of(space, basis[i], y)
                vy, d = dot(y, Dy), dot(y, Dx)
                if W is not None:
                    exchange_weighted(E, x, y, Dx, Dy, Ex, Ey, vx, vy, d)
                exchange_inverse(D, Dx, Dy, vx, vy, d)
                copy(y, x)
                work += (4 if W is not None else 2) * p * p
        if not changed:
            break
    log_det = inverse_of(X, base, ridge, D)
    work += n * p * p + p * p * p
    if log_det == -np.inf:
        return -np.inf, work
    if W is not None:
        return -np.log(trace_of_product(W, D)), work
    return log_det / p, work

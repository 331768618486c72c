"""Row exchange on a list of candidates, compiled: Fedorov's exchange (1972), run by run, with rank-one formulas.

For a run x and a candidate c the determinant changes by (1 + c'Dc)(1 - x'Dx) + (c'Dx)², with D the inverse information matrix. c'Dc of
every candidate is kept and updated by rank two after an exchange, so that a run costs one product of the list with a vector.
"""

from __future__ import annotations

import numpy as np

from zerosec_analyses.optimal_design.factors import FloatArray, IntArray
from zerosec_analyses.optimal_design.search.coordinates import (
    REFACTOR_EVERY,
    SMALLEST_GAIN,
    SMALLEST_RATIO,
)
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


@part
def list_times(FT: FloatArray, first: int, end: int, u: FloatArray, result: FloatArray) -> None:
    """result[c] = f(c)'u for the candidates from ``first`` to ``end``; ``FT`` holds a candidate a column."""
    section = result[first:end]
    for c in range(section.size):
        section[c] = 0.0
    for j in range(u.size):
        if u[j] != 0.0:
            add_row(section, FT[j, first:end], u[j])


@part
def list_quadratic(FT: FloatArray, D: FloatArray, result: FloatArray, scratch: FloatArray) -> None:
    """result[c] = f(c)'D f(c) for every candidate."""
    p, N = FT.shape
    for c in range(N):
        result[c] = 0.0
    for j in range(p):
        list_times(FT, 0, N, D[j], scratch)
        for c in range(N):
            result[c] += scratch[c] * FT[j, c]


@part
def is_taken(chosen: IntArray, run: int, candidate: int) -> bool:
    """Whether another run is this candidate."""
    taken = False
    for i in range(chosen.size):
        taken = taken or (i != run and chosen[i] == candidate)
    return taken


@search
def improve_rows(
    FT: FloatArray,
    first: IntArray,
    end: IntArray,
    chosen: IntArray,
    base: FloatArray,
    W: FloatArray | None,
    distinct: bool,
    ridge: float,
    max_sweeps: int,
) -> tuple[float, float]:
    """Exchange runs for candidates until no exchange of one run improves; ``chosen`` (candidates by run) is changed in place.

    ``FT`` is model columns x candidates; run i may become a candidate from ``first[i]`` to ``end[i]``. ``base``, ``W`` and what is
    returned are as in coordinate exchange.
    """
    n, N, p = chosen.size, FT.shape[1], FT.shape[0]
    X = np.empty((n, p))
    for i in range(n):
        for j in range(p):
            X[i, j] = FT[j, chosen[i]]
    D = np.empty((p, p))
    y, Dx, Dy = np.empty(p), np.empty(p), np.empty(p)
    V, S, scratch = np.empty(N), np.empty(N), np.empty(N)
    if W is not None:
        E, Ex, Ey = np.empty((p, p)), np.empty(p), np.empty(p)
        VE, SE, more = np.empty(N), np.empty(N), np.empty(N)
    work = 0.0
    since = REFACTOR_EVERY
    for _ in range(max_sweeps):
        if since >= REFACTOR_EVERY:
            since = 0
            work += n * p * p + p * p * p + N * p * p
            if inverse_of(X, base, ridge, D) == -np.inf:
                return -np.inf, work
            list_quadratic(FT, D, V, scratch)
            if W is not None:
                weighted(D, W, E)
                list_quadratic(FT, E, VE, scratch)
                work += 2.0 * p * p * p + N * p * p
        since += 1
        changed = False
        for i in range(n):
            x = X[i]
            times(D, x, Dx)
            vx = dot(x, Dx)
            list_times(FT, first[i], end[i], Dx, S)
            fx = 0.0
            if W is not None:
                times(E, x, Ex)
                fx = dot(x, Ex)
                list_times(FT, first[i], end[i], Ex, SE)
            work += (end[i] - first[i]) * p * (2 if W is not None else 1)
            best, best_gain = -1, SMALLEST_GAIN if W is not None else 1.0 + SMALLEST_GAIN
            for c in range(first[i], end[i]):
                gain = (1.0 + V[c]) * (1.0 - vx) + S[c] * S[c]
                if W is not None:
                    if gain < SMALLEST_RATIO:
                        continue
                    gain = ((1.0 - vx) * VE[c] + 2.0 * S[c] * SE[c] - (1.0 + V[c]) * fx) / gain
                if gain > best_gain and not (distinct and is_taken(chosen, i, c)):
                    best, best_gain = c, gain
            if best < 0:
                continue
            changed = True
            chosen[i] = best
            for j in range(p):
                y[j] = FT[j, best]
            times(D, y, Dy)
            vy, d = dot(y, Dy), dot(y, Dx)
            ratio = (1.0 + vy) * (1.0 - vx) + d * d
            k00, k01, k11 = (1.0 - vx) / ratio, d / ratio, -(1.0 + vy) / ratio
            # f(c)'Dy and f(c)'Dx of the whole list give the new f(c)'Df(c), and f(c)'Ef(c)
            list_times(FT, 0, N, Dx, S)
            list_times(FT, 0, N, Dy, scratch)
            work += 2 * N * p
            if W is not None:
                times(E, y, Ey)
                list_times(FT, 0, N, Ex, SE)
                list_times(FT, 0, N, Ey, more)
                work += 2 * N * p
                fyy, fxy = dot(y, Ey), dot(x, Ey)
                a00, a01 = k00 * fyy + k01 * fxy, k00 * fxy + k01 * fx
                a10, a11 = k01 * fyy + k11 * fxy, k01 * fxy + k11 * fx
                c00, c01, c11 = a00 * k00 + a01 * k01, a00 * k01 + a01 * k11, a10 * k01 + a11 * k11
                for c in range(N):
                    py, px, qy, qx = scratch[c], S[c], more[c], SE[c]
                    VE[c] += (
                        c00 * py * py
                        + 2.0 * c01 * py * px
                        + c11 * px * px
                        - 2.0 * (k00 * py * qy + k01 * (py * qx + px * qy) + k11 * px * qx)
                    )
            for c in range(N):
                py, px = scratch[c], S[c]
                V[c] -= k00 * py * py + 2.0 * k01 * py * px + k11 * px * px
            if W is not None:
                exchange_weighted(E, x, y, Dx, Dy, Ex, Ey, vx, vy, d)
            exchange_inverse(D, Dx, Dy, vx, vy, d)
            copy(y, x)
        if not changed:
            break
    log_det = inverse_of(X, base, ridge, D)
    work += n * p * p + p * p * p
    if log_det == -np.inf:
        return -np.inf, work
    if W is not None:
        return -np.log(trace_of_product(W, D)), work
    return log_det / p, work

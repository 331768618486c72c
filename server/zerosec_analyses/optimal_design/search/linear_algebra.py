"""Small dense linear algebra for the compiled searches. No BLAS and no reordered sums: the same numbers on every machine."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from zerosec_analyses.optimal_design.factors import FloatArray, IntArray

# A pivot below this share of the matrix's own diagonal means that the design cannot tell the terms apart.
SMALLEST_PIVOT = 1e-11

# How a search is compiled, and what it is made of. A part has no entry from Python, which saves a third of its compilation: it is only
# ever called by compiled functions.
_NO_ENTRY: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
search = njit(cache=True, error_model="numpy")
part = njit(error_model="numpy", **_NO_ENTRY)


@part
def dot(a: FloatArray, b: FloatArray) -> float:
    """a'b."""
    total = 0.0
    for j in range(a.size):
        total += a[j] * b[j]
    return total


@part
def add_row(target: FloatArray, row: FloatArray, factor: float) -> None:
    """target += factor row."""
    for j in range(target.size):
        target[j] += factor * row[j]


@part
def copy(source: FloatArray | IntArray, target: FloatArray | IntArray) -> None:
    """target = source: a loop of its own compiles in a tenth of the time of a slice."""
    for j in range(source.size):
        target[j] = source[j]


@part
def times(D: FloatArray, x: FloatArray, result: FloatArray) -> None:
    """Put D x into ``result``, D symmetric."""
    for j in range(x.size):
        result[j] = 0.0
    for j in range(x.size):
        if x[j] != 0.0:
            add_row(result, D[j], x[j])


@part
def inverse_of(X: FloatArray, base: FloatArray, ridge: float, D: FloatArray) -> float:
    """Put (X'X + base + ridge I)⁻¹ into ``D``; returns the log determinant, -inf if the matrix is singular."""
    n, p = X.shape
    L = base.copy()
    for i in range(n):
        for a in range(p):
            xa = X[i, a]
            if xa != 0.0:
                for b in range(a + 1):
                    L[a, b] += xa * X[i, b]
    log_det = 0.0
    for a in range(p):
        L[a, a] += ridge
    for a in range(p):
        scale = L[a, a]
        for b in range(a):
            value = L[a, b]
            for c in range(b):
                value -= L[a, c] * L[b, c]
            L[a, b] = value / L[b, b]
        value = L[a, a]
        for c in range(a):
            value -= L[a, c] * L[a, c]
        if not value > SMALLEST_PIVOT * scale or scale <= 0.0:
            return -np.inf
        log_det += np.log(value)
        L[a, a] = np.sqrt(value)
    # rows of K = L⁻¹, then D = K'K
    K = np.zeros((p, p))
    for a in range(p):
        K[a, a] = 1.0
        for c in range(a):
            factor = L[a, c]
            if factor != 0.0:
                for b in range(c + 1):
                    K[a, b] -= factor * K[c, b]
        scale = 1.0 / L[a, a]
        for b in range(a + 1):
            K[a, b] *= scale
    for a in range(p):
        for b in range(p):
            D[a, b] = 0.0
    for c in range(p):
        for a in range(c + 1):
            factor = K[c, a]
            for b in range(a + 1):
                D[a, b] += factor * K[c, b]
    for a in range(p):
        for b in range(a):
            D[b, a] = D[a, b]
    return log_det


@part
def weighted(D: FloatArray, W: FloatArray, E: FloatArray) -> None:
    """Put D W D into ``E``."""
    p = D.shape[0]
    T = np.zeros((p, p))
    for a in range(p):
        for c in range(p):
            factor = D[a, c]
            for b in range(p):
                T[a, b] += factor * W[c, b]
    for a in range(p):
        for b in range(p):
            E[a, b] = 0.0
        for c in range(p):
            factor = T[a, c]
            for b in range(p):
                E[a, b] += factor * D[c, b]


@part
def trace_of_product(W: FloatArray, D: FloatArray) -> float:
    """tr(W D) of two symmetric matrices."""
    total = 0.0
    for a in range(W.shape[0]):
        for b in range(W.shape[0]):
            total += W[a, b] * D[a, b]
    return total


@part
def exchange_inverse(D: FloatArray, Dx: FloatArray, Dy: FloatArray, vx: float, vy: float, d: float) -> None:
    """Replace row x by y in D = M⁻¹, by rank two; ``vx`` is x'Dx, ``vy`` y'Dy and ``d`` x'Dy.

    With U = [y x]: D⁺ = D - DU K U'D, K = [[1 - vx, d], [d, -(1 + vy)]] / ((1 + vy)(1 - vx) + d²) (Sherman, Morrison & Woodbury).
    """
    ratio = (1.0 + vy) * (1.0 - vx) + d * d
    k00, k01, k11 = (1.0 - vx) / ratio, d / ratio, -(1.0 + vy) / ratio
    for a in range(Dx.size):
        ry = k00 * Dy[a] + k01 * Dx[a]
        rx = k01 * Dy[a] + k11 * Dx[a]
        for b in range(Dx.size):
            D[a, b] -= ry * Dy[b] + rx * Dx[b]


@part
def exchange_weighted(
    E: FloatArray,
    x: FloatArray,
    y: FloatArray,
    Dx: FloatArray,
    Dy: FloatArray,
    Ex: FloatArray,
    Ey: FloatArray,
    vx: float,
    vy: float,
    d: float,
) -> None:
    """Replace row x by y in E = D W D: E⁺ = E - DU K U'E - EU K U'D + DU C U'D, C = K U'EU K, with U and K as for D."""
    ratio = (1.0 + vy) * (1.0 - vx) + d * d
    k00, k01, k11 = (1.0 - vx) / ratio, d / ratio, -(1.0 + vy) / ratio
    fyy, fxy, fxx = dot(y, Ey), dot(x, Ey), dot(x, Ex)
    a00, a01 = k00 * fyy + k01 * fxy, k00 * fxy + k01 * fxx
    a10, a11 = k01 * fyy + k11 * fxy, k01 * fxy + k11 * fxx
    c00, c01, c11 = a00 * k00 + a01 * k01, a00 * k01 + a01 * k11, a10 * k01 + a11 * k11
    for a in range(x.size):
        py, px = Dy[a], Dx[a]
        qy = k00 * py + k01 * px
        qx = k01 * py + k11 * px
        sy = k00 * Ey[a] + k01 * Ex[a] - (c00 * py + c01 * px)
        sx = k01 * Ey[a] + k11 * Ex[a] - (c01 * py + c11 * px)
        for b in range(x.size):
            E[a, b] -= qy * Ey[b] + qx * Ex[b] + sy * Dy[b] + sx * Dx[b]

"""Refines a design off the grid of levels: each continuous factor of each run moves in ever smaller steps while the criterion improves."""

from __future__ import annotations

import numpy as np

from zerosec_analyses.optimal_design.factors import FactorKind, FloatArray, IntArray
from zerosec_analyses.optimal_design.problem import Problem
from zerosec_analyses.optimal_design.search.engine import Objective

HALVINGS = 6
SMALLEST_GAIN = 1e-7


def refine(problem: Problem, points: FloatArray, slots: IntArray, objective: Objective) -> FloatArray:
    """Coded points of no worse criterion, still within the factors' ranges."""
    points = points.copy()
    movable = [at for at, factor in enumerate(problem.factors) if factor.kind is FactorKind.CONTINUOUS]
    if not movable:
        return points
    step = 1.0 / (len(problem.factors[movable[0]].levels) - 1)
    X = problem.model.rows(problem.with_blocks(points, slots))
    D: FloatArray = np.asarray(np.linalg.inv(X.T @ X + objective.base), dtype=np.float64)
    for _ in range(HALVINGS):
        for run in range(len(points)):
            for at in movable:
                codes = np.clip(points[run, at] + step * np.array([-1.0, 1.0]), -1.0, 1.0)
                trial = np.repeat(points[run][None, :], len(codes), axis=0)
                trial[:, at] = codes
                F = problem.model.rows(problem.with_blocks(trial, np.full(len(codes), slots[run])))
                gain = _gains(F, X[run], D, objective)
                best = int(gain.argmax())
                if gain[best] > SMALLEST_GAIN:
                    points[run], X[run] = trial[best], F[best]
                    D[:] = np.linalg.inv(X.T @ X + objective.base)
        step /= 2
    return points


def _gains(F: FloatArray, x: FloatArray, D: FloatArray, objective: Objective) -> FloatArray:
    """The relative improvement of the criterion when row x becomes each row of F."""
    Dx = D @ x
    vx = float(x @ Dx)
    vy = np.einsum("ij,jk,ik->i", F, D, F)
    d = F @ Dx
    ratio = (1 + vy) * (1 - vx) + d * d
    if objective.weights is None:
        return np.asarray(ratio - 1, dtype=np.float64)
    E = D @ objective.weights @ D
    Ex = E @ x
    fy = np.einsum("ij,jk,ik->i", F, E, F)
    top = (1 - vx) * fy + 2 * d * (F @ Ex) - (1 + vy) * float(x @ Ex)
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = np.where(ratio > 1e-6, top / ratio, -np.inf) / float(np.sum(objective.weights * D))
    return np.asarray(gain, dtype=np.float64)

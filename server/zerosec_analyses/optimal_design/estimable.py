"""Refuses, by name, a model that the possible runs cannot tell apart: terms that are combinations of others, and too few runs."""

from __future__ import annotations

import numpy as np

from zerosec_analyses.optimal_design.factors import FloatArray
from zerosec_analyses.optimal_design.model import Model
from zerosec_analyses.sdk import InputError, joined, say

ALIASED = 1e-10
NEGLIGIBLE = 1e-5
NAMED = 6


def aliased_terms(moments: FloatArray) -> list[tuple[int, list[int]]]:
    """Columns that are combinations of earlier ones, each with those; by Cholesky of the scaled moment matrix (p x p)."""
    scale = np.sqrt(np.clip(np.diag(moments), 1e-300, None))
    C = moments / np.outer(scale, scale)
    kept: list[int] = []
    found: list[tuple[int, list[int]]] = []
    for j in range(len(C)):
        if moments[j, j] <= 1e-24:
            found.append((j, []))
            continue
        if kept:
            inner = C[np.ix_(kept, kept)]
            weights = np.linalg.solve(inner, C[kept, j])
            if 1 - float(weights @ C[kept, j]) < ALIASED:
                found.append((j, [kept[at] for at in np.flatnonzero(np.abs(weights) > NEGLIGIBLE)]))
                continue
        kept.append(j)
    return found


def require_estimable(model: Model, moments: FloatArray, n_runs: int, n_primary: int) -> None:
    """Raise InputError naming each term that no choice of the possible runs can estimate, or that there are fewer runs than terms."""
    aliased = aliased_terms(moments)
    if aliased:
        parts = []
        for j, others in aliased[:NAMED]:
            if others == [0] and model.intercept:
                parts.append(say("{term} is the same in all of them", term=model.labels[j]))
            elif others:
                names = ", ".join(model.labels[at] for at in others[:NAMED])
                parts.append(say("{term} is a combination of {others}", term=model.labels[j], others=names))
            else:
                parts.append(say("{term} is zero in all of them", term=model.labels[j]))
        more = len(aliased) - len(parts)
        listed = joined(parts, "; ")
        raise InputError(
            say("The model has terms that these possible runs cannot tell apart: {terms}.", terms=listed)
            if not more
            else say("The model has terms that these possible runs cannot tell apart: {terms}; and {more} more.", terms=listed, more=more),
            "No design can estimate them, however many runs it has.",
            say("Take out {terms}, or add possible runs in which they differ. A square needs three levels of its factor.", terms=", ".join(model.labels[j] for j, _ in aliased[:NAMED])),
        )  # fmt: skip
    if n_runs < n_primary:
        raise InputError(
            say("{runs} runs cannot estimate the {terms} coefficients of the model.", one="1 run cannot estimate the {terms} coefficients of the model.", runs=n_runs, terms=n_primary),
            say("The coefficients: {names}.", names=", ".join(model.labels[:60])),
            say("Make at least {terms} runs, and a few more to measure the error; or choose a smaller model.", terms=n_primary),
        )  # fmt: skip

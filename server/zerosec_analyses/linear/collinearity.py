"""Columns that nearly repeat each other: condition number, condition indices with the columns' names, and generalised VIF.

Indices and variance proportions after Belsley, Kuh & Welsch (1980), on centred columns when the model has an intercept, so that the
intercept is not counted as a partner; GVIF after Fox & Monette (1992).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from zerosec_analyses.linear.design_matrix import Design, FloatArray
from zerosec_analyses.linear.least_squares import Alias, triangular_factor

CONDITION_INDEX_LIMIT = 30.0
PROPORTION_LIMIT = 0.5
MAX_COLUMNS = 1500


@dataclass(frozen=True)
class NearCombination:
    """Columns that nearly add up to a constant: the condition index, the names with their variance proportions, and the combination."""

    condition_index: float
    columns: tuple[str, ...]
    proportions: tuple[float, ...]
    combination: str


@dataclass(frozen=True)
class GeneralisedVif:
    """GVIF of a term, and its degrees of freedom; ``scaled`` is GVIF^(1/(2 df)), comparable between terms."""

    term: str
    degrees_of_freedom: int
    gvif: float

    @property
    def scaled(self) -> float:
        """GVIF^(1/(2 df))."""
        return float(self.gvif ** (1.0 / (2.0 * self.degrees_of_freedom)))


def condition_number(factor: FloatArray, columns: Sequence[int]) -> float:
    """The 2-norm condition number of the columns scaled to unit length, the intercept among them."""
    if not columns or len(columns) > MAX_COLUMNS:
        return float("nan")
    selected = factor[:, list(columns)]
    singular = np.linalg.svd(selected / np.linalg.norm(selected, axis=0), compute_uv=False)
    return float(singular[0] / singular[-1])


def near_combinations(design: Design, factor: FloatArray, columns: Sequence[int]) -> list[NearCombination]:
    """The near-collinear sets among ``columns`` (positions in the factor), the worst first."""
    used = [column for column in columns if column > 0]
    if len(used) < 2 or len(used) > MAX_COLUMNS:
        return []
    centred = _centred(design, factor, used)
    lengths = np.linalg.norm(centred, axis=0)
    _u, singular, vt = np.linalg.svd(centred / lengths, full_matrices=False)
    weights = (vt / singular[:, None]) ** 2
    proportions = weights / weights.sum(axis=0)
    found: list[NearCombination] = []
    for index in range(len(singular) - 1, -1, -1):
        condition_index = float(singular[0] / singular[index])
        if condition_index < CONDITION_INDEX_LIMIT:
            break
        involved = np.flatnonzero(proportions[index] >= PROPORTION_LIMIT)
        if involved.size < 2:
            involved = np.argsort(-np.abs(vt[index]))[:2]
        names = [design.columns[used[i] - 1].label for i in involved]
        found.append(
            NearCombination(
                condition_index,
                tuple(names),
                tuple(float(proportions[index, i]) for i in involved),
                _written_out(design, used, vt[index] / lengths, np.abs(vt[index])),
            )
        )
    return found


def _centred(design: Design, factor: FloatArray, used: Sequence[int]) -> FloatArray:
    if design.intercept:
        return np.asarray(factor[1:, list(used)])
    return triangular_factor(np.asfortranarray(factor[:, list(used)]))


def _written_out(design: Design, used: Sequence[int], weights: FloatArray, shares: FloatArray) -> str:
    lead = int(np.argmax(shares))
    others = [i for i in np.argsort(-shares) if i != lead and shares[i] > 0.1 * shares[lead]][:8]
    parts = combination_text(
        {int(i): float(-weights[i] / weights[lead]) for i in others},
        lambda i: design.columns[used[i] - 1].label,
        digits=4,
    )
    constant = " + constant" if design.intercept else ""
    return f"{design.columns[used[lead] - 1].label} ≈ {parts}{constant}"


def combination_text(weights: dict[int, float], name: Callable[[int], str], digits: int = 6) -> str:
    """`2·x1 - 0.5·x2` from weights."""
    if not weights:
        return "0"
    text = ""
    for index, weight in weights.items():
        size = "" if abs(abs(weight) - 1.0) < 1e-9 else f"{abs(weight):.{digits}g}·"
        sign = ("-" if weight < 0 else "") if not text else (" - " if weight < 0 else " + ")
        text += f"{sign}{size}{name(index)}"
    return text


def alias_text(alias: Alias, labels: Sequence[str]) -> str:
    """`x3 = 2·x1 - x2`, the intercept as its plain number."""
    weights = {index: weight for index, weight in alias.weights.items() if index != 0}
    text = combination_text(weights, lambda index: labels[index])
    constant = alias.weights.get(0, 0.0)
    if constant and weights:
        text += f" {'-' if constant < 0 else '+'} {abs(constant):.6g}"
    elif constant:
        text = f"{constant:.6g}"
    return f"{labels[alias.column]} = {text}"


def generalised_vifs(design: Design, factor: FloatArray, columns: Sequence[int]) -> list[GeneralisedVif]:
    """GVIF of every term, over the columns kept."""
    used = [column for column in columns if column > 0]
    if len(used) < 2 or len(used) > MAX_COLUMNS:
        return []
    centred = _centred(design, factor, used)
    unit = triangular_factor(np.asfortranarray(centred / np.linalg.norm(centred, axis=0)))
    whole = _log_determinant(unit)
    result: list[GeneralisedVif] = []
    for term, meaning in enumerate(design.terms):
        mine = [i for i, column in enumerate(used) if design.columns[column - 1].term == term]
        if not mine:
            continue
        rest = [i for i in range(len(used)) if i not in set(mine)]
        if not rest:
            result.append(GeneralisedVif(meaning.label, len(mine), 1.0))
            continue
        if len(mine) == 1:
            # Of one column: 1 / (its squared length outside the span of the rest), by moving it last.
            moved = triangular_factor(np.asfortranarray(unit[:, [*rest, *mine]]))
            log_gvif = -2.0 * float(np.log(np.abs(moved[len(rest), len(rest)])))
        else:
            log_gvif = _log_determinant(unit[:, mine]) + _log_determinant(unit[:, rest]) - whole
        result.append(GeneralisedVif(meaning.label, len(mine), float(np.exp(min(log_gvif, 700.0)))))
    return result


def _log_determinant(columns: FloatArray) -> float:
    """log det (columns' columns)."""
    triangle = triangular_factor(np.asfortranarray(columns.copy(order="F")))
    return 2.0 * float(np.log(np.abs(np.diagonal(triangle)[: columns.shape[1]])).sum())

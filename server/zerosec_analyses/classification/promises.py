"""How rows are decided on: what a bound rests on, its thresholds, and what unseen rows are taken for by them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from zerosec_analyses.classification.costs import cost_matrix
from zerosec_analyses.classification.question import Posed
from zerosec_analyses.classification.spec import ClassificationParameters, PromiseRows
from zerosec_analyses.modelling.decisions import GREY, Bounds, Decision, Rule, bounded, rows_needed
from zerosec_analyses.modelling.domain import domain_of
from zerosec_analyses.modelling.nested import CHOSEN, Nested, OuterFold
from zerosec_analyses.modelling.preparation import Preparation
from zerosec_analyses.modelling.procedure import Built
from zerosec_analyses.modelling.search import Rows
from zerosec_analyses.modelling.splits import shares_of
from zerosec_analyses.modelling.table import FloatArray, IntArray

HELD_OUT_SHARES = (0.2, 0.5)
SPARE = 1.5
"""So many times the rows that a bound needs are held out for it, where there are enough: it is then less cautious."""


@dataclass(frozen=True)
class Judged:
    """Decisions on rows that neither the model nor its thresholds had seen. ``tested`` are places among the rows used."""

    tested: IntArray
    decided: IntArray
    strange: NDArray[np.bool_]

    @property
    def coverage(self) -> float:
        """The share of rows that got a decision."""
        return float((self.decided != GREY).mean()) if self.decided.size else 0.0


def held_out_rows(question: Posed, params: ClassificationParameters, seed: int) -> IntArray:
    """The rows the final model is not built on, so that a bound rests on them; none where nothing is promised, or in vain."""
    share = held_out_share(question, params)
    rows = question.rows
    if share is None:
        return np.zeros(0, dtype=np.int64)
    return shares_of(share, rows.y.size, rows.units, rows.order, rows.y.astype(np.int64), seed)


def held_out_share(question: Posed, params: ClassificationParameters) -> float | None:
    """The share of rows that a bound asks to be held out; None where none is: nothing promised, or half of them would not do."""
    rule = Rule(params.decision.value)
    if not rule.bounds or params.promise is PromiseRows.OUT_OF_FOLD:
        return None
    low, high = HELD_OUT_SHARES
    needed = low
    possible = False
    for rows, bound in promised(question, params):
        fewest = rows_needed(bound, 1 - params.confidence)
        needed = max(needed, SPARE * fewest / max(rows, 1))
        possible |= high * rows >= fewest
    return min(high, needed) if possible else None


def promised(question: Posed, params: ClassificationParameters) -> list[tuple[int, float]]:
    """For each bound, how many rows (or units) of the class there are that it rests on, and the bound."""
    rows, ok = question.rows, question.ok
    assert ok is not None
    y = rows.y.astype(np.int64)
    single = one_a_unit(np.arange(y.size), rows.units, y, ok, 0)
    found = [(int((y[single] != ok).sum()), params.max_false_ok)]
    if params.decision.value == Rule.BOUND_BOTH.value:
        found.append((int((y[single] == ok).sum()), params.max_false_ng))
    return found


def one_a_unit(places: IntArray, units: IntArray | None, y: IntArray, ok: int, seed: int) -> IntArray:
    """Of the rows of a unit that are OK one by chance, and one of those that are not: rows of one unit are not independent."""
    if units is None:
        return places
    shuffled = np.random.default_rng([seed, 31]).permutation(places)
    pairs = np.column_stack([units[shuffled], y[shuffled] == ok])
    first = np.unique(pairs, axis=0, return_index=True)[1]
    return np.sort(shuffled[first])


def decision_of(
    question: Posed, params: ClassificationParameters, judged: Nested, built: Built, held: IntArray, seed: int
) -> tuple[Decision, Bounds | None]:
    """How rows are decided on, and the bounds it keeps if it promises any."""
    rule = Rule(params.decision.value)
    if not rule.bounds:
        return _plain_decision(question, params), None
    assert question.ok is not None
    rows = question.rows
    if params.promise is PromiseRows.HELD_OUT:
        p_ok = np.zeros(rows.y.size)
        if held.size:
            p_ok[held] = built.model.predict(rows.values[held])[:, question.ok]
        return _bounded(question, params, p_ok, held, seed)
    p = judged.predictions(CHOSEN)
    tested = np.flatnonzero(np.isfinite(p).all(axis=1))
    return _bounded(question, params, p[:, question.ok], tested, seed)


def _plain_decision(question: Posed, params: ClassificationParameters) -> Decision:
    rule = Rule(params.decision.value)
    if rule is Rule.MOST_PROBABLE:
        return Decision(rule, question.ok)
    return Decision(
        rule, question.ok, cost_matrix(question.labels, question.ok, params), params.cost_cannot_say
    )


def _bounded(
    question: Posed, params: ClassificationParameters, p_ok: FloatArray, places: IntArray, seed: int
) -> tuple[Decision, Bounds]:
    ok, y = question.ok, question.rows.y.astype(np.int64)
    assert ok is not None
    single = one_a_unit(places, question.rows.units, y, ok, seed)
    return bounded(
        p_ok[single], y[single] == ok, Rule(params.decision.value), ok, (params.max_false_ok, params.max_false_ng),
        1 - params.confidence,
    )  # fmt: skip


def unseen_decisions(question: Posed, params: ClassificationParameters, judged: Nested, seed: int) -> Judged:
    """Every tested row decided on by thresholds from other parts, its strangeness judged by its training part."""
    p = judged.predictions(CHOSEN)
    folds = [fold for fold in judged.folds if fold.repeat == 0]
    part = np.full(p.shape[0], -1)
    strange = np.zeros(p.shape[0], dtype=bool)
    for number, fold in enumerate(folds):
        part[fold.test] = number
        strange[fold.test] = _strange_in(fold, question.rows)
    tested = np.flatnonzero(part >= 0)
    if len(folds) == 1:  # thresholds from other rows of the one held-out part
        own = (
            tested
            if question.rows.units is None
            else np.unique(question.rows.units[tested], return_inverse=True)[1]
        )
        part[tested] = np.random.default_rng([seed, 5]).integers(0, 5, int(own.max()) + 1)[own]
    decided = np.zeros(p.shape[0], dtype=np.int64)
    for number in np.unique(part[tested]):
        test, rest = tested[part[tested] == number], tested[part[tested] != number]
        if Rule(params.decision.value).bounds:
            assert question.ok is not None
            decision = _bounded(question, params, p[:, question.ok], rest, seed)[0]
        else:
            decision = _plain_decision(question, params)
        decided[test] = decision.decide(p[test], strange[test])
    return Judged(tested, decided[tested], strange[tested])


def _strange_in(fold: OuterFold, rows: Rows) -> NDArray[np.bool_]:
    return strange_rows(fold.built.preparation, rows.values[fold.train], rows.values[fold.test])


def strange_rows(preparation: Preparation, training: FloatArray, values: FloatArray) -> NDArray[np.bool_]:
    """Which rows are farther from all training rows than 99% of those from each other."""
    points, limit = domain_of(preparation.apply(training))
    if limit is None:
        return np.zeros(values.shape[0], dtype=bool)
    distance = np.asarray(cKDTree(points).query(preparation.apply(values))[0])
    return distance > limit * (1 + 1e-9)

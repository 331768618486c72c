"""From probabilities to OK, NG or “cannot say”: by costs, or by bounds on errors that hold with a stated confidence.

Neyman–Pearson classification with a finite-sample guarantee (Tong, Feng & Li 2018, Science Advances 4, eaao1659, proposition 1): of n
scores of rows that are not OK, none of them used to fit the model, the k-th smallest is the threshold, k being the smallest with
P(Binomial(n, 1 - α) >= k) <= δ. A new row that is not OK then scores above it with a probability of more than α only in a share δ of
all such samples, whatever the model and the distribution, if the n rows and the new one are exchangeable.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from zerosec_analyses.modelling.table import FloatArray, IntArray

GREY = -1
"""The code of “cannot say”."""


class Rule(StrEnum):
    """What a decision follows."""

    MOST_PROBABLE = "most_probable"
    COSTS = "costs"
    BOUND_OK = "bound_false_ok"
    BOUND_BOTH = "bound_both"

    @property
    def bounds(self) -> bool:
        """Whether it promises a bound, for which somebody must say which class is OK."""
        return self in {Rule.BOUND_OK, Rule.BOUND_BOTH}


def rows_needed(alpha: float, delta: float) -> int:
    """The fewest rows of a class by which its error can be bounded by ``alpha`` at confidence 1 - ``delta``."""
    return math.ceil(math.log(delta) / math.log1p(-alpha) - 1e-9)


def order_place(n: int, alpha: float, delta: float) -> int | None:
    """The place k (from 1) of the order statistic that is the threshold; None where n rows are too few."""
    if n < rows_needed(alpha, delta):
        return None
    places = np.arange(1, n + 1)
    return int(places[stats.binom.sf(places - 1, n, 1 - alpha) <= delta][0])


def upper_threshold(scores: FloatArray, alpha: float, delta: float) -> float | None:
    """The score above which at most a share ``alpha`` of new rows like these lies, with confidence 1 - ``delta``; None: too few."""
    place = order_place(scores.size, alpha, delta)
    return None if place is None else float(np.sort(scores)[place - 1])


@dataclass(frozen=True)
class Decision:
    """How rows are decided on. ``ok`` is the code of the OK class; ``costs`` (k x k) are of a row of class i taken for class j.

    A row is OK above ``ok_above`` and NG at or below ``ng_at_most``, both probabilities of OK; a bound that could not be promised is None.
    """

    rule: Rule
    ok: int | None = None
    costs: tuple[tuple[float, ...], ...] = ()
    grey_cost: float | None = None
    ok_above: float | None = None
    ng_at_most: float | None = None

    def decide(self, p: FloatArray, strange: NDArray[np.bool_] | None = None) -> IntArray:
        """The code of the class each row is taken for, or GREY; ``strange`` rows, which the model has no experience of, are grey."""
        found = self._decided(p)
        if strange is not None:
            found[strange] = GREY
        return found

    def _decided(self, p: FloatArray) -> IntArray:
        best = np.asarray(p.argmax(axis=1))
        if self.rule is Rule.MOST_PROBABLE or not p.shape[0]:
            return best
        if self.rule is Rule.COSTS:
            expected = p @ np.array(self.costs)
            best = np.asarray(expected.argmin(axis=1))
            if self.grey_cost is not None:
                best[expected.min(axis=1) > self.grey_cost] = GREY
            return best
        assert self.ok is not None
        other = p.copy()
        other[:, self.ok] = -1.0
        not_ok = np.asarray(other.argmax(axis=1))
        score = p[:, self.ok]
        if self.ok_above is None:  # nothing may be called OK
            return (
                np.where(best == self.ok, GREY, not_ok)
                if self.rule is Rule.BOUND_OK
                else self._only_ng(score, not_ok)
            )
        if self.rule is Rule.BOUND_OK:
            return np.where(score > self.ok_above, self.ok, not_ok)
        found = self._only_ng(score, not_ok)
        found[score > self.ok_above] = self.ok
        return found

    def _only_ng(self, score: FloatArray, not_ok: IntArray) -> IntArray:
        if self.ng_at_most is None:
            return np.full(score.size, GREY)
        return np.where(score <= self.ng_at_most, not_ok, GREY)


@dataclass(frozen=True)
class Bound:
    """One promise: at most a share ``alpha`` at confidence 1 - ``delta``, from ``n`` rows of which ``needed`` were needed."""

    alpha: float
    delta: float
    n: int
    needed: int
    threshold: float | None

    @property
    def is_kept(self) -> bool:
        """Whether there were rows enough to promise it."""
        return self.threshold is not None


@dataclass(frozen=True)
class Bounds:
    """What was promised of false OK and, where asked for, of false NG."""

    false_ok: Bound
    false_ng: Bound | None = None


def bounded(
    p_ok: FloatArray, is_ok: NDArray[np.bool_], rule: Rule, ok: int, alphas: tuple[float, float], delta: float
) -> tuple[Decision, Bounds]:
    """The decision whose errors are bounded, from probabilities of OK of rows the model was not fitted to, one row a unit.

    ``alphas`` bound the share of rows that are not OK and called OK, and of OK rows called NG. Where both can be kept without a
    grey zone the threshold lies half-way between.
    """
    alpha, beta = alphas
    above = upper_threshold(p_ok[~is_ok], alpha, delta)
    false_ok = Bound(alpha, delta, int((~is_ok).sum()), rows_needed(alpha, delta), above)
    if rule is Rule.BOUND_OK:
        return Decision(rule, ok, ok_above=above), Bounds(false_ok)
    mirrored = upper_threshold(-p_ok[is_ok], beta, delta)
    # at or below the threshold a row is NG; the mirrored bound is of what lies strictly beyond it
    below = None if mirrored is None else float(np.nextafter(-mirrored, -math.inf))
    false_ng = Bound(beta, delta, int(is_ok.sum()), rows_needed(beta, delta), below)
    if above is not None and below is not None and below > above:
        above = below = (above + below) / 2
    return Decision(rule, ok, ok_above=above, ng_at_most=below), Bounds(false_ok, false_ng)

"""The search over designs: chains of local searches, each from a random start and then from perturbed copies of what it came to.

Iterated local search (Lourenço et al. 2003) finds better designs in a hundredth of the time of random starts alone. It ends by
counting, never by the clock: when several chains have come to the same best design, when a bound is reached, or when the operations of
the chosen effort are spent. So the same seed gives the same design on any machine; a time limit or a request to finish is recorded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from zerosec_analyses.optimal_design.factors import IntArray
from zerosec_analyses.optimal_design.search.engine import Engine

SAME = 1e-9
AGREEING_CHAINS = 4
PATIENCE = 60
SINGULAR_STARTS = 40


class Ending(StrEnum):
    """Why a search ended: `STOPPED` at the time limit, `FINISHED` because the user asked."""

    AGREED = "agreed"
    BOUND = "bound"
    SPENT = "spent"
    STOPPED = "stopped"
    FINISHED = "finished"
    SINGULAR = "singular"


Told = Callable[[float, float, int], Ending | None]


@dataclass(frozen=True)
class Found:
    """The best design of a search: its score, how it was come by."""

    design: IntArray
    score: float
    ending: Ending
    chains: int
    agreeing: int
    searches: int
    work: float
    trace: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Plan:
    """How much is searched: at least so many chains and, if they do not agree, as many as ``work`` operations allow.

    ``bound``, where known, is a score that cannot be passed.
    """

    work: float
    chains: int
    bound: float = np.inf


def climb(
    engine: Engine,
    rng: np.random.Generator,
    plan: Plan,
    told: Told,
    start: IntArray | None = None,
) -> Found:
    """Search. ``told`` hears the share of the work spent, the best score and the number of searches, and says why to stop now,
    if it is to: that is done once there is a design at all.
    """
    strength = max(2, min(12, engine.n_runs // 6))
    best: IntArray = np.zeros(0, dtype=np.int64)
    best_score = -np.inf
    work, searches, chains, agreeing, singular = 0.0, 0, 0, 0, 0
    trace: list[tuple[int, float]] = []
    ending = Ending.SPENT
    stopped = False
    while not stopped:
        current = engine.random(rng) if start is None or chains else start.copy()
        current_score, used = engine.improve(current)
        work, searches, chains = work + used, searches + 1, chains + 1
        since = 0
        while True:
            if current_score > best_score + SAME:
                best, best_score = current.copy(), current_score
                agreeing = 0
                trace.append((searches, best_score))
            singular = singular + 1 if current_score == -np.inf else 0
            if best_score >= plan.bound - SAME:
                ending, stopped = Ending.BOUND, True
            elif (asked := told(min(1.0, work / plan.work), best_score, searches)) and best_score > -np.inf:
                ending, stopped = asked, True
            elif singular >= SINGULAR_STARTS and best_score == -np.inf:
                ending, stopped = Ending.SINGULAR, True
            elif work >= plan.work:
                ending, stopped = Ending.SPENT, True
            if stopped or since >= PATIENCE or current_score == -np.inf:
                break
            trial = current.copy()
            engine.perturb(trial, 1 + int(rng.integers(strength)), rng)
            score, used = engine.improve(trial)
            work, searches = work + used, searches + 1
            since = 0 if score > current_score + SAME else since + 1
            if score >= current_score:
                current, current_score = trial, score
        if not stopped and current_score > best_score - SAME:
            agreeing += 1
            if agreeing >= AGREEING_CHAINS and chains >= plan.chains:
                ending, stopped = Ending.AGREED, True
    return Found(best, best_score, ending, chains, agreeing, searches, work, tuple(trace))

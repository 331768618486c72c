"""How many features are kept: as few as usual, or more where cheap models are clearly better with them on rows they have not seen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from zerosec_analyses.modelling.candidate import Method
from zerosec_analyses.modelling.preparation import Selection, prepare_rows
from zerosec_analyses.modelling.search import Rows, inner_parts, search
from zerosec_analyses.modelling.table import Feature
from zerosec_analyses.sdk import Said, say

USUAL = Selection(20, 0.95)
MOST_FEATURES = 200
NO_LIMIT = 1.0
CLEARLY_BETTER = 0.95
"""The share of the loss that is left where more features are taken: what is better by less may be luck, and few are easier to explain."""
ASKED = (
    Method.ELASTIC_NET, Method.LOGISTIC, Method.DISCRIMINANT, Method.GAUSSIAN_PROCESS, Method.EXTRA_TREES, Method.LIGHTGBM,
    Method.GRADIENT_BOOSTING,
)  # fmt: skip
"""The candidates that are asked, with their first settings: of different kinds, since what helps one may harm another."""
ASKED_ROWS = 1000
"""More say nothing new of this, and take long."""


@dataclass(frozen=True)
class Kept:
    """The selection of a training part, those it was chosen among, and by what share the loss of cheap models is smaller with it than
    with the first of them.
    """

    selection: Selection
    among: tuple[Selection, ...]
    gain: float = 0.0

    @property
    def is_wider(self) -> bool:
        """Whether more is kept than usual."""
        return self.selection != self.among[0]


def selections_for(most_features: int, correlation: float) -> tuple[Selection, ...]:
    """What is chosen among, the narrowest first; a zero is not fixed by the user."""
    few = most_features or USUAL.most_features
    many = most_features or MOST_FEATURES
    limit = correlation or USUAL.correlation
    wanted = (Selection(few, limit), Selection(many, limit), Selection(many, correlation or NO_LIMIT))
    return tuple(dict.fromkeys(wanted))


def asked_of(methods: Sequence[Method]) -> tuple[Method, ...]:
    """Which of these candidates are asked: the first where none is of those that are."""
    return tuple(method for method in methods if method in ASKED) or tuple(methods[:1])


def kept_of(
    rows: Rows,
    features: Sequence[Feature],
    selections: tuple[Selection, ...],
    methods: Sequence[Method],
    inner_folds: int,
    seed: int,
) -> Kept:
    """The selection a training part is given: the first, unless a wider one is clearly better in its inner folds.

    Nothing is tried where all keep the same features. At most ASKED_ROWS rows, drawn by ``seed``, are looked at.
    """
    if len(selections) < 2:
        return Kept(selections[0], selections)
    if rows.y.size > ASKED_ROWS:
        rows = rows.of(np.sort(np.random.default_rng(seed).choice(rows.y.size, ASKED_ROWS, replace=False)))
    asked = asked_of(methods)
    distinct: dict[tuple[tuple[int, ...], int], Selection] = {}
    for selection in selections:
        unlimited = replace(selection, most_features=max(1, len(features)))  # so that nothing need be ranked
        left = prepare_rows(rows.values, rows.y, features, unlimited, seed, classes=rows.task.classes).used
        distinct.setdefault((left, min(selection.most_features, len(left))), selection)
    best = Kept(selections[0], selections)
    if len(distinct) < 2:
        return best
    usual = least = _error(rows, features, selections[0], asked, inner_folds, seed)
    for selection in list(distinct.values())[1:]:
        error = _error(rows, features, selection, asked, inner_folds, seed)
        if error < CLEARLY_BETTER * least:
            gain = 1 - error / usual if math.isfinite(usual) else 1.0
            best, least = Kept(selection, selections, gain), error
    return best


def _error(
    rows: Rows,
    features: Sequence[Feature],
    selection: Selection,
    methods: Sequence[Method],
    inner_folds: int,
    seed: int,
) -> float:
    """The smallest mean loss of these candidates with their first settings on inner rows they have not seen."""
    inner = inner_parts(rows, features, selection, inner_folds, seed)
    tested = inner.folds >= 0
    y, least = rows.y[tested], math.inf
    for method in methods:
        found = search(rows.task.candidates[method], inner, None, 1, seed, lambda _trial, _best: False)
        loss = float(rows.task.losses(y, found.unseen[tested]).mean())
        least = min(least, loss if math.isfinite(loss) else math.inf)
    return least


def wider_in_words(selections: Sequence[Selection]) -> list[Said]:
    """How it was decided that more is kept than usual, for a paper; nothing where that was fixed."""
    if len(selections) < 2:
        return []
    return [
        say(
            "Up to {most:,} features, numeric ones with |r| up to {limit:g}, were kept instead where that made the smallest loss (squared error "
            "or log loss) of simple models (first settings of elastic net and Gaussian process, or logistic regression and discriminant analysis, extremely randomised trees and boosting) "
            "on inner rows smaller by more than {share:.0%}.",
            most=selections[-1].most_features,
            limit=selections[-1].correlation,
            share=1 - CLEARLY_BETTER,
        )
    ]


def kept_to_json(kept: Kept) -> dict[str, Any]:
    """As it stands in a journal."""
    return {
        "place": kept.among.index(kept.selection),
        "among": [[one.most_features, one.correlation] for one in kept.among],
        "gain": kept.gain,
    }


def kept_from_json(told: dict[str, Any]) -> Kept:
    """From a journal."""
    among = tuple(Selection(*one) for one in told["among"])
    return Kept(among[told["place"]], among, told["gain"])

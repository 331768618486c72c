"""The cost of taking a row of one class for another, from what the user said of it."""

from __future__ import annotations

import re

from zerosec_analyses.classification.spec import ClassificationParameters
from zerosec_analyses.sdk import InputError, say

SEPARATOR = re.compile(r"\s+as\s+|\s*(?:→|->|>)\s*")
MOST = 1e9


def cost_matrix(
    labels: tuple[str, ...], ok: int | None, params: ClassificationParameters
) -> tuple[tuple[float, ...], ...]:
    """Rows are actual classes, columns what they are taken for; nothing is lost on the diagonal. Raises InputError by name."""
    k = len(labels)
    if ok is None and not params.costs:
        raise InputError(
            say("Which class is OK? The classes are {classes}.", classes=", ".join(labels[:20])),
            "The costs of a false OK and of a false NG need to know, and it is not guessed.",
            "Name the class under “Which class is OK”, or give the costs by class.",
            field="ok_class",
        )
    costs = [[0.0 if i == j else 1.0 for j in range(k)] for i in range(k)]
    if ok is not None:
        for other in range(k):
            if other != ok:
                costs[other][ok], costs[ok][other] = params.cost_false_ok, params.cost_false_ng
    for pair, text in params.costs.items():
        actual, decided = _pair(pair, labels)
        costs[actual][decided] = _cost(pair, text)
    if not any(map(any, costs)):
        raise InputError(
            "Every error costs nothing.",
            "All decisions are then equally good, and none can be preferred.",
            "Give at least one error a cost.",
            field="cost_false_ok",
        )
    return tuple(tuple(row) for row in costs)


def _pair(pair: str, labels: tuple[str, ...]) -> tuple[int, int]:
    for match in SEPARATOR.finditer(pair):
        actual, decided = pair[: match.start()].strip(), pair[match.end() :].strip()
        if actual in labels and decided in labels and actual != decided:
            return labels.index(actual), labels.index(decided)
    raise InputError(
        say("“{pair}” names no two classes.", pair=pair),
        say("The classes are {classes}.", classes=", ".join(labels[:20])),
        say("Write the actual class first: “{actual} as {decided}”.", actual=labels[0], decided=labels[1]),
        field="costs",
    )


def _cost(pair: str, text: str) -> float:
    try:
        cost = float(text)
    except ValueError:
        cost = -1.0
    if not 0 <= cost <= MOST:
        raise InputError(
            say("The cost of “{pair}” is “{text}”, and a number from 0 is needed.", pair=pair, text=text),
            field="costs",
        )
    return cost

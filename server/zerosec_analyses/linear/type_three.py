"""What Type III tests of a term: its effects when every category is coded by differences from the mean of its levels.

With categories coded as differences from a reference level, "all coefficients of this term are zero" asks about the reference levels of
the terms that contain it, and the answer would change with the level chosen. Sums to zero (as in SAS, SPSS, JMP and R's contr.sum)
ask about the average over all levels, each counting the same (Speed, Hocking & Hackney 1978).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np

from zerosec_analyses.linear.design_matrix import ColumnKind, Design, FloatArray


def type_three(design: Design, term: int, columns: Sequence[int]) -> FloatArray | None:
    """The contrasts of the coefficients of ``columns`` (positions in [1 X]) that the term sets to zero, one a degree of freedom.

    None where a column that they need is not in the model: a combination of levels that no row has, or one told by other terms.
    """
    numeric = frozenset(f for f in design.terms[term].factors if not design.kinds[f.column].is_categorical)
    mine = [column + 1 for column in design.columns_of_term(term)]
    kept = {column: place for place, column in enumerate(columns)}
    wider = [
        index + 1
        for index, column in enumerate(design.columns)
        if column.term != term
        and frozenset(column.numeric) == numeric
        and any(span <= {name for name, _ in column.indicators} for span in design.spans[term])
    ]
    if not wider:
        return np.eye(len(columns))[[kept[column] for column in mine if column in kept]]
    if not set(mine) <= kept.keys() or not set(wider) <= kept.keys():
        return None
    contrasts = []
    for span in design.spans[term]:
        effects = [
            dict(zip(sorted(span), levels, strict=True))
            for levels in product(*(_compared(design.kinds[name]) for name in sorted(span)))
        ]
        block = np.zeros((len(effects), len(columns)))
        for column in (*mine, *wider):
            indicators = design.columns[column - 1].indicators
            if span <= {name for name, _ in indicators}:
                block[:, kept[column]] = [_weight(design, indicators, effect) for effect in effects]
        contrasts.append(block)
    return np.vstack(contrasts)


def _compared(kind: ColumnKind) -> list[int]:
    return [
        code for code, level in enumerate(kind.levels) if level not in kind.absent and level != kind.reference
    ]


def _weight(design: Design, indicators: Sequence[tuple[str, int]], effect: dict[str, int]) -> float:
    """What the indicators' product contributes to an effect: deviations from the mean in its columns, means over all others."""
    weight = 1.0
    for name, level in indicators:
        mean = 1.0 / len(design.kinds[name].present)
        weight *= (level == effect[name]) - mean if name in effect else mean
    return weight

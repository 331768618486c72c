"""Levels a training part has no rows of: their rows are predicted at the average of the levels it has, and counted."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from zerosec_analyses.linear.design_matrix import Design, FloatArray


@dataclass(frozen=True)
class UnseenLevels:
    """Which columns of X (positions in the factor) no training row fills, what they are called, how many tested rows they concern."""

    columns: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()
    n_rows: int = 0


def adjust_for_unseen_levels(
    design: Design,
    coefficients: FloatArray,
    training: FloatArray,
    n_training: int,
    tested: FloatArray,
    n_tested: int,
) -> tuple[FloatArray, UnseenLevels]:
    """Give a column no training row fills the mean coefficient of the other levels of its term.

    An unseen reference level of a main effect moves the intercept, so that it too is predicted at their average.
    """
    if not any(column.indicators for column in design.columns):
        return coefficients, UnseenLevels()
    filled = (training[:, 1 : 1 + len(design)] ** 2).sum(axis=0)
    hit = (tested[:, 1 : 1 + len(design)] ** 2).sum(axis=0)
    adjusted = coefficients.copy()
    columns: list[int] = []
    labels: list[str] = []
    affected = 0.0
    by_term: dict[int, list[int]] = defaultdict(list)
    for index, column in enumerate(design.columns):
        if column.indicators:
            by_term[column.term].append(index)
    for members in by_term.values():
        first = design.columns[members[0]]
        is_main_effect = len(first.indicators) == 1 and not first.numeric
        kind = design.kinds[first.indicators[0][0]]
        is_reduced = len(first.indicators) > 1 or len(members) == len(kind.present) - 1
        seen = [index for index in members if filled[index] > 0]
        unseen = [index for index in members if filled[index] == 0]
        if unseen:
            average = float(adjusted[[index + 1 for index in seen]].sum()) / max(len(seen) + is_reduced, 1)
            for index in unseen:
                adjusted[index + 1] = average
                columns.append(index + 1)
                labels.append(design.columns[index].label)
            if is_main_effect:
                affected += float(hit[unseen].sum())
        if (
            is_main_effect
            and is_reduced
            and design.intercept
            and seen
            and round(float(filled[seen].sum())) == n_training
        ):
            average = float(np.mean(adjusted[[index + 1 for index in seen]]))
            adjusted[0] += average
            for index in members:
                adjusted[index + 1] = adjusted[index + 1] - average if index in seen else 0.0
            labels.append(f"{kind.name}[{kind.reference}]")
            affected += n_tested - float(hit[members].sum())
    return adjusted, UnseenLevels(tuple(columns), tuple(labels), round(affected))

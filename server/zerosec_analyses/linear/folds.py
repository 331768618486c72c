"""Which row is tested in which part of the cross-validation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zerosec_analyses.linear.design_matrix import IntArray
from zerosec_analyses.sdk import Said, say

LEAVE_ONE_OUT_BELOW = 30


@dataclass(frozen=True)
class FoldPlan:
    """How many parts and repeats, and what a part is made of."""

    n_folds: int
    n_repeats: int
    n_units: int
    grouped: bool

    @property
    def is_leave_one_out(self) -> bool:
        """Whether each unit (row or group) is a part of its own."""
        return self.n_folds == self.n_units

    @property
    def description(self) -> Said:
        """The plan in words."""
        if self.is_leave_one_out and self.grouped:
            return say("leave-one-group-out cross-validation over {groups} groups", groups=self.n_units)
        if self.is_leave_one_out:
            return say("leave-one-row-out cross-validation over {rows} rows", rows=self.n_units)
        plain = (
            say("{folds}-fold cross-validation by group", folds=self.n_folds)
            if self.grouped
            else say("{folds}-fold cross-validation", folds=self.n_folds)
        )
        if self.n_repeats == 1:
            return plain
        return say("{plan}, repeated {times} times", plan=plain, times=self.n_repeats)


def plan_folds(
    n_rows: int, n_groups: int | None, folds: int, repeats: int, *, costly: bool = False
) -> FoldPlan:
    """The plan for ``n_rows`` rows; zero ``folds`` or ``repeats`` means automatic, with fewer repeats of a ``costly`` method."""
    units = n_rows if n_groups is None else n_groups
    if folds == 0:
        folds = units if units < LEAVE_ONE_OUT_BELOW else (10 if n_rows < 10_000 else 5)
    folds = min(folds, units)
    if folds == units:
        repeats = 1
    elif repeats == 0:
        many, some = (2, 1) if costly else (10, 3)
        repeats = many if n_rows < 1_000 else some if n_rows < 10_000 else 1
    return FoldPlan(folds, repeats, units, n_groups is not None)


def assign_folds(plan: FoldPlan, groups: IntArray | None, n_rows: int, seed: int, repeat: int) -> IntArray:
    """The fold of each row: at random and of equal size; with groups, whole groups, the largest dealt first to the emptiest fold."""
    if plan.is_leave_one_out:
        return np.arange(n_rows) if groups is None else groups.astype(np.int64)
    rng = np.random.default_rng([seed, repeat])
    if groups is None:
        folds = np.empty(n_rows, dtype=np.int64)
        folds[rng.permutation(n_rows)] = np.arange(n_rows) % plan.n_folds
        return folds
    sizes = np.bincount(groups, minlength=plan.n_units)
    shuffled = rng.permutation(plan.n_units)
    order = shuffled[np.argsort(-sizes[shuffled], kind="stable")]
    filled = np.zeros(plan.n_folds, dtype=np.int64)
    fold_of_group = np.empty(plan.n_units, dtype=np.int64)
    for group in order:
        fold = int(np.argmin(filled))
        fold_of_group[group] = fold
        filled[fold] += sizes[group]
    return np.asarray(fold_of_group[groups])

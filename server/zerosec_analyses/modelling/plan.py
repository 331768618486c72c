"""How much is searched and how it is judged, by the size of the table; and roughly how long that takes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from zerosec_analyses.modelling.candidate import Method
from zerosec_analyses.modelling.catboost_fit import catboost_installed
from zerosec_analyses.modelling.keeping import ASKED_ROWS, USUAL, asked_of
from zerosec_analyses.modelling.splits import outer_splits
from zerosec_analyses.modelling.table import FloatArray, IntArray
from zerosec_analyses.modelling.task import NUMBER, Task
from zerosec_analyses.sdk import InputError, Said, say

FEWEST_ROWS = 10
START_S = 3.0
WRITE_S = 3.0
MOST_TRAINING_ROWS = 300_000
# Trials that end early, and inner folds with fewer rows, cost less than a whole one.
TRIAL_SHARE = 0.75
ASKED_SELECTIONS = 3
ASKING_SHARE = 0.2
"""Of a time budget: where it would take more, no training part looks whether more features should be kept."""


@dataclass(frozen=True)
class Plan:
    """Outer folds and repeats, inner folds, trials a candidate, candidates; ``by_time``: training parts always come earlier."""

    outer_folds: int
    repeats: int
    inner_folds: int
    trials: int
    methods: tuple[Method, ...]
    most_training_rows: int = MOST_TRAINING_ROWS
    by_time: bool = False
    grouped: bool = False
    budget_s: float = 0.0
    task: Task = NUMBER
    asks_wider: bool = True
    """Whether training parts look if more features than usual should be kept, where that is not fixed."""
    missing: tuple[Method, ...] = ()
    """Candidates that were not asked for by name and would be tried if their library were installed."""

    @property
    def searches(self) -> int:
        """Searches of one candidate for one target, that of the final model among them."""
        return self.outer_folds * self.repeats + 1

    def fits(self, n_targets: int) -> int:
        """Fits at most, all targets together."""
        each = sum(
            min(self.trials, self.task.candidates[method].useful_trials) * self.inner_folds + 1
            for method in self.methods
        )
        return each * self.searches * n_targets

    def seconds(self, n_rows: int, n_columns: int, n_targets: int) -> float:
        """Roughly how long everything takes without a budget."""
        outer = _training(n_rows, self.outer_folds, self.most_training_rows)
        inner = _training(outer, self.inner_folds, self.most_training_rows)
        total = 0.0
        for method in self.methods:
            candidate = self.task.candidates[method]
            trials = min(self.trials, candidate.useful_trials)
            one = 1.0 if trials == 1 else TRIAL_SHARE
            total += one * trials * self.inner_folds * candidate.seconds(inner, n_columns)
            total += candidate.seconds(outer, n_columns)
        asking = self.asking_seconds(n_rows, n_columns, n_targets)
        return START_S + asking + n_targets * (self.searches * total + WRITE_S)

    def asking_seconds(self, n_rows: int, n_columns: int, n_targets: int) -> float:
        """Roughly how long all training parts take to look whether more features should be kept; none do where there are few."""
        if not self.asks_wider or n_columns <= USUAL.most_features:
            return 0.0
        inner = min(ASKED_ROWS, _training(n_rows, self.outer_folds, self.most_training_rows))
        each = sum(
            self.task.candidates[method].seconds(inner, n_columns) for method in asked_of(self.methods)
        )
        return ASKED_SELECTIONS * each * self.inner_folds * self.searches * n_targets

    @property
    def description(self) -> Said:
        """How the model is judged, in words."""
        if self.by_time and self.outer_folds == 1:
            return say(
                "the latest rows held out, predicted from earlier ones alone; settings are chosen inside the rest"
            )
        if self.by_time:
            return say(
                "{folds} outer parts in order of time, each predicted from earlier rows alone; settings are chosen inside each "
                "training part",
                folds=self.outer_folds,
            )
        if self.outer_folds == 1:
            return say("a fifth of the rows held out; settings are chosen inside the rest")
        plain = say(
            "{folds} outer folds, settings chosen by {inner} inner folds",
            folds=self.outer_folds,
            inner=self.inner_folds,
        )
        if self.inner_folds == 1:
            plain = say(
                "{folds} outer folds, settings chosen on a held-out fifth of each training part",
                folds=self.outer_folds,
            )
        if self.repeats > 1:
            return say("{plan}, repeated {times} times", plan=plain, times=self.repeats)
        return plain


def _training(n: int, folds: int, most: int) -> int:
    return int(min(most, n * (0.8 if folds == 1 else 1 - 1 / folds)))


@dataclass(frozen=True)
class Wishes:
    """What the user fixed; zeros and nothing mean that the size of the table decides."""

    outer_folds: int = 0
    repeats: int = 0
    inner_folds: int = 0
    trials: int = 0
    methods: tuple[Method, ...] = ()
    budget_s: float = 0.0
    by_time: bool = False
    asks_wider: bool = True
    """Whether how many features stay is left to the training parts."""


def plan_for(
    n_rows: int,
    n_units: int,
    n_columns: int,
    n_targets: int,
    wishes: Wishes,
    *,
    grouped: bool = False,
    task: Task = NUMBER,
) -> Plan:
    """A sensible plan. Raises InputError where there are too few rows, or too few units that can be parted."""
    if n_rows < FEWEST_ROWS:
        raise InputError(
            say(
                "{rows:,} rows have a value of the target, and {fewest} are the fewest a model can be built and judged on.",
                one="1 row has a value of the target, and {fewest} are the fewest a model can be built and judged on.",
                rows=n_rows,
                fewest=FEWEST_ROWS,
            ),
            hint="Add rows." if task.classes else "Add rows, or use the linear analysis with few terms.",
        )
    if n_units < 3:
        raise InputError(
            say(
                "The rows make only {count} groups that may be parted between training and test, and three are needed.",
                one="The rows make only 1 group that may be parted between training and test, and three are needed.",
                count=n_units,
            ),
            "Rows of one group, and rows with the same features, stay together.",
            "Choose another group column, add experiments, or let repeated rows be parted.",
        )
    if Method.CATBOOST in wishes.methods and not catboost_installed():
        raise InputError(
            "CatBoost is not installed on this server.",
            "It is one of the models that were chosen.",
            'Choose other models, or ask whoever keeps the server to add it: pip install "zerosec-server[catboost]"',
            field="models",
        )
    outer, repeats, inner, trials = _by_size(n_rows)
    methods = wishes.methods or task.default_methods(n_rows)
    plan = Plan(
        min(wishes.outer_folds or outer, n_units),
        1 if wishes.by_time else wishes.repeats or repeats,
        min(wishes.inner_folds or inner, max(2, n_units // 2)),
        wishes.trials or trials,
        tuple(dict.fromkeys(methods)),
        by_time=wishes.by_time,
        grouped=grouped,
        budget_s=wishes.budget_s,
        task=task,
        asks_wider=wishes.asks_wider,
        missing=() if wishes.methods else task.missing_methods(n_rows),
    )
    return _within(plan, n_rows, n_columns, n_targets, wishes)


def in_order_of_time(plan: Plan, units: IntArray | None, order: FloatArray, column: str) -> Plan:
    """The plan with as many outer parts as the moments of the rows, and their units, allow. Raises InputError where that is none."""
    parts = _parts_in_time(plan.outer_folds, units, order)
    if not parts:
        raise InputError(
            say("By “{column}” no rows come after others that a model could be built on.", column=column),
            "It is the same in all rows."
            if np.ptp(order) == 0
            else "Rows of one group, and rows with the same features, stay together.",
            "Choose another time column, or none: then parts are drawn by chance.",
            field="time_column",
        )
    while parts < plan.outer_folds and _parts_in_time(parts, units, order):
        plan = replace(plan, outer_folds=parts)
        parts = _parts_in_time(parts, units, order)
    return plan


def _parts_in_time(n_folds: int, units: IntArray | None, order: FloatArray) -> int:
    return len(outer_splits(n_folds, order.size, units, order, 0))


def _by_size(n_rows: int) -> tuple[int, int, int, int]:
    """Outer folds, repeats, inner folds and trials a candidate."""
    for most, plan in (
        (60, (5, 3, 4, 6)),
        (200, (5, 2, 4, 8)),
        (1_000, (5, 1, 4, 8)),
        (5_000, (5, 1, 3, 8)),
        (50_000, (3, 1, 1, 6)),
    ):
        if n_rows < most:
            return plan
    return (1, 1, 1, 4)


def _within(plan: Plan, n_rows: int, n_columns: int, n_targets: int, wishes: Wishes) -> Plan:
    """Give up what was not asked for until one trial of each candidate fits into the budget: repeats, costly candidates, folds."""
    if not plan.budget_s:
        return plan
    if not wishes.trials:
        plan = replace(plan, trials=1000)
    if plan.asking_seconds(n_rows, n_columns, n_targets) > ASKING_SHARE * plan.budget_s:
        plan = replace(plan, asks_wider=False)

    task = plan.task

    def least(candidate: Plan) -> float:
        return replace(candidate, trials=1).seconds(n_rows, n_columns, n_targets)

    while least(plan) > plan.budget_s:
        if plan.repeats > 1 and not wishes.repeats:
            plan = replace(plan, repeats=plan.repeats - 1)
        elif len(plan.methods) > 2 and not wishes.methods:
            dearest = max(plan.methods, key=lambda m: task.candidates[m].seconds(n_rows, n_columns))
            # a dear one that is missing would have been given up as well, or before it
            plan = replace(plan, methods=tuple(m for m in plan.methods if m is not dearest), missing=())
        elif plan.inner_folds > 2 and not wishes.inner_folds:
            plan = replace(plan, inner_folds=2)
        elif plan.outer_folds > 3 and not wishes.outer_folds:
            plan = replace(plan, outer_folds=3)
        else:
            break
    return plan

"""Watches a search: live progress with counters, the time budget, and the user's wish to finish now."""

from __future__ import annotations

import time
from collections.abc import Callable

from zerosec_analyses.modelling.budget import SharedTime
from zerosec_analyses.modelling.candidate import Method
from zerosec_analyses.modelling.nested import Step
from zerosec_analyses.modelling.plan import WRITE_S, Plan
from zerosec_analyses.modelling.words import MEASURE_NAMES, METHOD_NAMES
from zerosec_analyses.sdk import Context, say
from zerosec_analyses.shown_numbers import shown_number


class Monitor:
    """One run's watch over all targets. ``score`` is what the counters call the best score so far; ``used_s`` are the seconds that an
    interrupted attempt has used before.
    """

    def __init__(
        self,
        ctx: Context,
        plan: Plan,
        n_targets: int,
        clock: Callable[[], float] = time.monotonic,
        score: str = "best_rmse",
        used_s: float = 0.0,
    ) -> None:
        self.ctx, self.plan, self.n_targets, self.score = ctx, plan, n_targets, score
        self.taken_up = used_s > 0
        self.searches = plan.searches * len(plan.methods) * n_targets
        self.time = SharedTime(plan.budget_s, self.searches, clock, used_s)
        self.weight = {method: plan.task.candidates[method].seconds(500, 10) for method in plan.methods}
        self.whole = sum(self.weight.values()) * plan.searches * n_targets
        self.past = 0.0
        self.n_trials = 0
        self.ended: set[tuple[int, int, int, Method]] = set()
        self.target = 0
        self.place: tuple[int, int, int, Method] | None = None
        self.current = ""

    @property
    def stopped(self) -> bool:
        """Whether the user asked to finish, or the budget is used up."""
        return self.ctx.finish_requested or self.time.over

    @property
    def ended_early(self) -> int:
        """Searches that ended before their last trial."""
        return len(self.ended)

    def begin(self, target: int, name: str) -> None:
        """The next target, counted from 1."""
        self.target, self.current = target, name

    def watch(self, step: Step) -> bool:
        """A trial is done; whether its search goes on."""
        place = (self.target, step.repeat, step.fold, step.method)
        if place != self.place:
            if self.place is not None:
                self.past += self.weight[self.place[3]]
            self.place = place
        self.time.enter(place[:3], step.method, WRITE_S * max(1, self.n_targets - self.target + 1))
        self.n_trials += 1
        trials = min(self.plan.trials, self.plan.task.candidates[step.method].useful_trials)
        if step.repeat > self.plan.repeats:  # the final search tries what the outer folds found besides
            trials += min(10, self.plan.outer_folds * self.plan.repeats)
        inside = min(1.0, step.trial / max(1, trials))
        total = self.past + self.weight[step.method] * inside
        fraction = min(0.99, total / self.whole)
        elapsed = self.time.used_s
        if self.plan.budget_s:
            fraction = max(fraction, min(0.99, elapsed / self.plan.budget_s))
        left = {}
        if fraction > 0.02:  # before that nothing is known
            seconds = elapsed * (1 - fraction) / fraction
            left = {"seconds_left_from": int(0.6 * seconds), "seconds_left_to": int(1.6 * seconds) + 1}
        folds = self.plan.outer_folds * self.plan.repeats
        final = step.repeat > self.plan.repeats
        self.ctx.progress(
            0.03 + 0.87 * fraction,
            say("final model") if final else say("outer fold"),
            say(
                "{target}: {model}, best {measure} so far {best}",
                target=self.current,
                model=METHOD_NAMES[step.method.value],
                measure=MEASURE_NAMES[self.score],
                best=shown_number(step.best_loss, 4),
            ),
            target=self.target,
            targets=self.n_targets,
            fold=0 if final else (step.repeat - 1) * step.folds + step.fold,
            folds=folds,
            model=step.method.value,
            trial=step.trial,
            trials=trials,
            seconds_a_trial=round(elapsed / self.n_trials, 3),
            **left,
            **{self.score: float(f"{step.best_loss:.6g}")},
        )
        goes_on = not (self.stopped or self.time.search_over)
        if step.ended_early or (not goes_on and step.trial < trials):
            self.ended.add(place)
        return goes_on

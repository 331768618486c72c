"""Judges settings: derived columns, predictions with intervals and flags, and how many limits, rules and bans each breaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from zerosec_analyses.formula_columns import computed, mask
from zerosec_analyses.modelling.model_file import ModelHead, SavedTarget
from zerosec_analyses.modelling.procedure import Model
from zerosec_analyses.pareto.analysis import FLAG
from zerosec_analyses.pareto.limits import judge_limits, written_limits
from zerosec_analyses.pareto.objectives import PREDICTED, FloatArray, Objective
from zerosec_analyses.pareto_search.space import Space
from zerosec_analyses.prediction.new_rows import Coded
from zerosec_analyses.prediction.scoring import Scorer, flag_texts
from zerosec_analyses.sdk import InputError, say
from zerosec_shared.formulas import Formula, FormulaError, parse
from zerosec_shared.profiles import Profile


@dataclass(frozen=True)
class Judge:
    """All that says what a setting is worth. ``rules`` must hold, ``bans`` must not."""

    space: Space
    head: ModelHead
    models: dict[str, Model]
    derived: tuple[tuple[str, Formula], ...]
    rules: tuple[tuple[str, Formula], ...]
    bans: tuple[tuple[str, Formula], ...]
    limits: str
    objectives: tuple[Objective, ...] = ()

    @property
    def targets(self) -> tuple[SavedTarget, ...]:
        """The numbers that the model predicts."""
        return tuple(saved for saved in self.head.targets if saved.classes is None)

    def predicted(self, unit: FloatArray) -> pl.DataFrame:
        """Settings with derived columns and predictions. Raises InputError where a derived column cannot be worked out."""
        frame = self.space.frame(unit)
        for name, formula in self.derived:
            frame = frame.with_columns(_worked_out(name, formula, frame))
        values, _ = self._coded(frame)
        made = [
            pl.Series(f"{PREDICTED}{saved.target}", self.models[saved.target].predict(values))
            for saved in self.targets
        ]
        return frame.with_columns(made)

    def objective_values(self, frame: pl.DataFrame) -> FloatArray:
        """Settings x objectives."""
        return np.column_stack([frame[one.column].cast(pl.Float64).to_numpy() for one in self.objectives])

    def broken(self, frame: pl.DataFrame) -> np.ndarray:
        """How many limits, rules and bans each setting breaks."""
        count = np.zeros(frame.height, dtype=np.int64)
        for limit in judge_limits(self.limits, frame):
            count += ~limit.holds
        for text, formula in self.rules:
            count += ~_holds(text, formula, frame, open_counts=True)
        for text, formula in self.bans:
            count += _holds(text, formula, frame, open_counts=False)
        return count

    def completed(self, frame: pl.DataFrame, level: float) -> pl.DataFrame:
        """With the interval of every prediction and the flags of every setting, as a prediction of these rows has them."""
        head = self.head.model_copy(update={"targets": self.targets})
        values, unseen = self._coded(frame)
        made, flags = Scorer(head, self.models, level).score(Coded(frame, values, unseen))
        return frame.with_columns([column.alias(name) for name, column in made.items()]).with_columns(
            flag_texts(flags).alias(FLAG)
        )

    def _coded(self, frame: pl.DataFrame) -> tuple[FloatArray, np.ndarray]:
        """Settings x features as the model was built on, and where a level is one it has never seen."""
        values = np.empty((frame.height, len(self.head.features)))
        unseen = np.zeros(values.shape, dtype=bool)
        for place, feature in enumerate(self.head.features):
            column = frame[feature.name]
            if feature.levels:
                met = set(feature.met)
                codes = {level: float(code) for code, level in enumerate(feature.levels) if level in met}
                strange = float(len(feature.levels))
                found = [codes.get(str(one), strange) for one in column.to_list()]
                values[:, place] = found
                unseen[:, place] = values[:, place] == strange
            else:
                values[:, place] = column.cast(pl.Float64).to_numpy()
        return values, unseen


def _worked_out(name: str, formula: Formula, frame: pl.DataFrame) -> pl.Series:
    try:
        return computed(formula, frame).alias(name)
    except FormulaError as error:
        raise InputError(say("“{column}” cannot be worked out.", column=name), error.text) from error


def _holds(text: str, formula: Formula, frame: pl.DataFrame, *, open_counts: bool) -> np.ndarray:
    try:
        found = mask(formula, frame)
    except FormulaError as error:
        raise InputError(
            say("The condition “{limit}” cannot be used.", limit=text[:200]), error.text
        ) from error
    return found.fill_null(value=open_counts).to_numpy().astype(bool)


def written_bans(text: str) -> tuple[tuple[str, Formula], ...]:
    """The forbidden combinations of the form. Raises InputError."""
    made = []
    for one in written_limits(text):
        try:
            made.append((one, parse(one)))
        except FormulaError as error:
            raise InputError(
                say("The condition “{limit}” cannot be used.", limit=one[:200]), error.text
            ) from error
    return tuple(made)


def of_profile(
    profile: Profile | None, columns: set[str], note: Callable[[str], None]
) -> tuple[tuple[tuple[str, Formula], ...], tuple[tuple[str, Formula], ...]]:
    """Derived columns and rules of a profile that count for these columns; `note` gets the rules that do not."""
    if profile is None:
        return (), ()
    derived = tuple(
        (name, formula)
        for name, formula in profile.derived.items()
        if set(formula.columns) <= columns and name not in columns
    )
    known = columns | {name for name, _ in derived}
    rules = []
    for rule, formula in profile.conditions:
        if set(formula.columns) <= known:
            rules.append((rule.formula, formula))
        else:
            note(rule.formula)
    return derived, tuple(rules)

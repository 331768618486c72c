"""What a model says of rows: a prediction with its interval for each target, and what speaks against trusting it."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock

import numpy as np
import polars as pl

from zerosec_analyses.modelling.class_scoring import BETWEEN, UNDECIDED, ClassScorer
from zerosec_analyses.modelling.domain import Domain
from zerosec_analyses.modelling.model_file import ModelHead, SavedSpread, SavedTarget
from zerosec_analyses.modelling.procedure import Model
from zerosec_analyses.modelling.spread import Spread
from zerosec_analyses.modelling.table import FloatArray
from zerosec_analyses.modelling.ties import Tie, Ties
from zerosec_analyses.nonlinear.analysis import conformal_quantile
from zerosec_analyses.prediction.never_varied import departures, never_varied
from zerosec_analyses.prediction.new_rows import Coded
from zerosec_analyses.sdk import Said, say

REASONS = {
    "out_of_range": say("out of range"),
    "unseen_level": say("level never seen"),
    "missing_value": say("value missing"),
    "out_of_domain": say("far from all data"),
    "never_varied": say("never varied in the data"),
    "columns_part": say("columns do not go together"),
    BETWEEN: say("between the thresholds"),
}
"""What the words of the columns of flags and of undecided rows mean."""
CANNOT_SAY = say("cannot say")
"""Instead of a class, for the eye: in the files it is `UNDECIDED`, which programs can look for."""
FLAGS = ("out_of_range", "unseen_level", "missing_value", "out_of_domain", "never_varied", "columns_part")
Flags = dict[str, np.ndarray]
Scored = tuple[dict[str, pl.Series], Flags]
"""The columns that are added to a batch, and where each flag is up."""


class TargetScorer:
    """One target: which columns it adds to the table, and their values."""

    def __init__(self, saved: SavedTarget, model: Model, level: float) -> None:
        self.saved, self._model = saved, model
        self.classes = None if saved.classes is None else ClassScorer(saved.target, saved.classes)
        self.undecided = 0
        """Rows so far whose class could not be said."""
        self._counting = Lock()  # batches are scored side by side
        self._spread = None if saved.spread is None else _learnt(saved.spread)
        errors = saved.errors if saved.spread is None else saved.spread.errors
        self._ties = Ties(tuple(Tie(**one.model_dump()) for one in saved.ties), saved.ties_limit)
        self._times = conformal_quantile(np.array(errors), level)
        self._domain = (
            Domain(np.array(saved.domain), saved.domain_limit)
            if saved.domain and saved.domain_limit is not None
            else None
        )

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """The columns it adds: the prediction, and the ends of its interval where there is one, or what is said of classes."""
        if self.classes is not None:
            return self.classes.schema
        name = self.saved.target
        ends = (f"{name} from", f"{name} to") if self.has_interval else ()
        return dict.fromkeys((f"predicted {name}", *ends), pl.Float64())

    @property
    def labels(self) -> dict[str, Said]:
        """What the heads of its columns read."""
        target = self.saved.target
        if self.classes is not None:
            first, *shown, decision, why = self.classes.names
            every = len(shown) == len(self.classes.labels)
            chances = [
                say("probability of {label}", label=label)
                if every
                else say("probability of the most probable class")
                for label in self.classes.shown
            ]
            return {
                first: say("{target}, predicted", target=target),
                **dict(zip(shown, chances, strict=True)),
                decision: say("{target}, decision", target=target),
                why: say("{target}, why undecided", target=target),
            }
        texts = (
            say("{target}, predicted", target=target),
            say("{target} from", target=target),
            say("{target} to", target=target),
        )
        return dict(zip(self.schema, texts, strict=False))

    @property
    def has_interval(self) -> bool:
        """Whether the model was judged on enough rows for an interval."""
        return bool(np.isfinite(self._times))

    @property
    def varies(self) -> bool:
        """Whether intervals are wider where the model errs more."""
        return self._spread is not None

    @property
    def half(self) -> float:
        """Half the width of the interval, or of one in the middle where it varies."""
        return self._times * (1.0 if self.saved.spread is None else self.saved.spread.typical)

    def parted(self, values: FloatArray) -> np.ndarray:
        """In which rows (rows x features) a column that was left out does not go with the one it nearly repeated."""
        return self._ties.parted(values)

    def score(self, values: FloatArray, unseen_level: np.ndarray) -> tuple[dict[str, pl.Series], np.ndarray]:
        """The columns for rows x features, and which rows are farther from all training rows than those are from each other.

        ``unseen_level``: which rows have a level the model has never seen.
        """
        prepared = self._model.preparation.apply(values)
        found = self._model.of_prepared(prepared)
        far = (
            self._domain.outside(prepared)
            if self._domain is not None
            else np.zeros(values.shape[0], dtype=bool)
        )
        if self.classes is not None:
            said = self.classes.columns(found, far, unseen_level)
            with self._counting:
                self.undecided += int((said[self.classes.decision] == UNDECIDED).sum())
            return said, far
        half = self._times * (1.0 if self._spread is None else self._spread.scale(prepared, found))
        columns = (found, found - half, found + half) if self.has_interval else (found,)
        made = zip(self.schema, columns, strict=True)
        return {name: pl.Series(name, column) for name, column in made}, far


def _learnt(saved: SavedSpread) -> Spread:
    return Spread(saved.intercept, np.array(saved.weights), saved.centre, saved.unit, saved.low, saved.high)


class Scorer:
    """All targets of a model file over batches of rows."""

    def __init__(self, head: ModelHead, models: Mapping[str, Model], level: float) -> None:
        self.head = head
        self.targets = tuple(TargetScorer(saved, models[saved.target], level) for saved in head.targets)
        self._constant = never_varied(head)
        self.varying: set[str] = set()
        """Columns that had another value than the one they had in the training, in the rows so far."""
        self._used = sorted({column.feature for saved in head.targets for column in saved.columns})

    @property
    def tied(self) -> list[str]:
        """The columns that were left out as nearly repeating another."""
        places = {tie.feature for target in self.targets for tie in target.saved.ties}
        return [self.head.features[place].name for place in sorted(places)]

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """The columns that are added to the table and what they hold, without the flags."""
        return {name: dtype for target in self.targets for name, dtype in target.schema.items()}

    def score(self, coded: Coded) -> Scored:
        """The columns that are added, and where each flag is up."""
        flags = self._flags(coded)
        made: dict[str, pl.Series] = {}
        for target in self.targets:
            columns, far = target.score(coded.values, flags["unseen_level"])
            made |= columns
            flags["out_of_domain"] |= far
            flags["columns_part"] |= target.parted(coded.values)
        return made, flags

    def _flags(self, coded: Coded) -> Flags:
        values, used = coded.values, self._used
        outside, varied = np.zeros((2, values.shape[0]), dtype=bool)
        for name, other in departures(coded.frame, self._constant):
            varied |= other
            if other.any():
                self.varying.add(name)
        for place in used:
            feature = self.head.features[place]
            if feature.minimum is not None and feature.maximum is not None:
                outside |= (values[:, place] < feature.minimum) | (values[:, place] > feature.maximum)
        return {
            "out_of_range": outside,
            "unseen_level": np.asarray(coded.unseen[:, used].any(axis=1)),
            "missing_value": np.asarray(np.isnan(values[:, used]).any(axis=1)),
            "out_of_domain": np.zeros(values.shape[0], dtype=bool),
            "never_varied": varied,
            "columns_part": np.zeros(values.shape[0], dtype=bool),
        }


def flag_texts(flags: Flags) -> pl.Series:
    """The names of the flags that are up, a row; empty where none is."""
    words = [
        pl.when(pl.Series(name, flags[name])).then(pl.lit(name)).otherwise(None).alias(f"_{place}")
        for place, name in enumerate(FLAGS)
    ]
    text = pl.select(words).select(pl.concat_str(pl.all(), separator=" ", ignore_nulls=True)).to_series()
    return text.fill_null("")

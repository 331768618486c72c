"""What a model is asked for: a number here, the probabilities of classes in `class_task`. The search is the same for both."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from zerosec_analyses.linear.spec import TargetTransform
from zerosec_analyses.modelling.candidate import Candidate, Method, Predictor, Settings
from zerosec_analyses.modelling.candidates import CANDIDATES, default_methods, missing_methods
from zerosec_analyses.modelling.stacking import Learn, Mix, number_weights
from zerosec_analyses.modelling.table import FloatArray, IntArray
from zerosec_analyses.modelling.target_transform import ScaledTransform, learn_transform, transforms_to_try


class Calibration(Protocol):
    """What is done to the predictions of the chosen model last."""

    def apply(self, predictions: FloatArray) -> FloatArray:
        """Predictions to predictions of the same shape."""


class Task(Protocol):
    """How a target is predicted, scored and stacked. A prediction of n rows has the shape (n, *``shape``)."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one row's prediction: () for a number, (k,) for the probabilities of k classes."""

    @property
    def classes(self) -> bool:
        """Whether the target is a class."""

    @property
    def candidates(self) -> Mapping[Method, Candidate]:
        """The methods there are."""

    def default_methods(self, n_rows: int) -> tuple[Method, ...]:
        """The methods that are tried by themselves."""

    def missing_methods(self, n_rows: int) -> tuple[Method, ...]:
        """Those that would be tried by themselves if their library were installed."""

    def transforms(self, y: FloatArray) -> tuple[TargetTransform, ...]:
        """The transforms of the target that are worth a try."""

    def transform(self, kind: TargetTransform, y: FloatArray) -> ScaledTransform:
        """A transform learnt from training targets."""

    def fit(
        self, candidate: Candidate, x: FloatArray, z: FloatArray, settings: Settings, seed: int
    ) -> Predictor:
        """Fit to prepared rows and transformed targets; x may have no column."""

    def centre(self, y: FloatArray) -> FloatArray:
        """The prediction that needs no features, of ``shape``."""

    def losses(self, y: FloatArray, predictions: FloatArray) -> FloatArray:
        """The loss of each row."""

    def score(self, mean_loss: float) -> float:
        """A mean loss as it is shown; smaller is better."""

    @property
    def mixes(self) -> tuple[Learn, ...]:
        """The ways to put models together, the first unless another is clearly better."""

    def calibrate(self, unseen: FloatArray, y: FloatArray, folds: IntArray) -> Calibration | None:
        """What is done to predictions last, learnt from predictions of rows the models had not seen."""


class _Zeros:
    """For a part in which no column is left: the mean, which is 0 on the scale of the fit."""

    def predict(self, x: FloatArray) -> FloatArray:
        """Zeros."""
        return np.zeros(x.shape[0])


@dataclass(frozen=True)
class NumberTask:
    """A number, by squared errors; shown as their root, in the target's units."""

    shape: tuple[int, ...] = ()
    classes: bool = False

    @property
    def candidates(self) -> Mapping[Method, Candidate]:
        """Regressors."""
        return CANDIDATES

    def default_methods(self, n_rows: int) -> tuple[Method, ...]:
        """Diverse rather than many."""
        return default_methods(n_rows)

    def missing_methods(self, n_rows: int) -> tuple[Method, ...]:
        """CatBoost, where it is not installed."""
        return missing_methods(n_rows)

    def transforms(self, y: FloatArray) -> tuple[TargetTransform, ...]:
        """None, and one more where the target is skewed."""
        return transforms_to_try(y)

    def transform(self, kind: TargetTransform, y: FloatArray) -> ScaledTransform:
        """Transform, centre and scale."""
        return learn_transform(kind, y)

    def fit(
        self, candidate: Candidate, x: FloatArray, z: FloatArray, settings: Settings, seed: int
    ) -> Predictor:
        """The candidate's own fit."""
        return _Zeros() if x.shape[1] == 0 else candidate.fit(x, z, settings, seed)

    def centre(self, y: FloatArray) -> FloatArray:
        """The mean."""
        return np.asarray(y.mean())

    def losses(self, y: FloatArray, predictions: FloatArray) -> FloatArray:
        """Squared errors."""
        return np.asarray((y - predictions) ** 2)

    def score(self, mean_loss: float) -> float:
        """Their root."""
        return math.sqrt(mean_loss) if math.isfinite(mean_loss) else math.inf

    @property
    def mixes(self) -> tuple[Learn, ...]:
        """A sum."""
        return (self._sum,)

    def _sum(self, unseen: FloatArray, y: FloatArray) -> Mix:
        """By non-negative least squares."""
        return Mix(number_weights(unseen, y), self.centre(y))

    def calibrate(self, unseen: FloatArray, y: FloatArray, folds: IntArray) -> Calibration | None:
        """Nothing is done to numbers."""
        return None


NUMBER = NumberTask()


def mean_score(task: Task, y: FloatArray, predictions: FloatArray) -> float:
    """The mean loss of predictions as it is shown; infinite where one is not finite."""
    value = task.score(float(task.losses(y, predictions).mean()))
    return value if math.isfinite(value) else math.inf


def about_centre(task: Task, y: FloatArray, centre: FloatArray) -> FloatArray:
    """The losses of the prediction that needs no features."""
    return task.losses(y, np.broadcast_to(centre, (y.size, *task.shape)))


def skill(task: Task, y: FloatArray, predictions: FloatArray, centre: FloatArray) -> float:
    """The share of the loss without features that is saved: R² for a number, the explained share of the deviance for classes."""
    whole = float(about_centre(task, y, centre).sum())
    return 1.0 - float(task.losses(y, predictions).sum()) / whole if whole > 0 else math.nan


def side_by_side(predictions: Sequence[FloatArray]) -> FloatArray:
    """Predictions of m models as one array (n, *shape, m)."""
    return np.stack(list(predictions), axis=-1)

"""Classes as a task of the search: probabilities, judged by log loss, mixed in the stack and calibrated inside each training part."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from zerosec_analyses.linear.spec import TargetTransform
from zerosec_analyses.linear.transforms import Transform
from zerosec_analyses.modelling.calibration import (
    ALL_KINDS,
    CalibrationKind,
    ClassCalibration,
    choose_calibration,
    class_losses,
)
from zerosec_analyses.modelling.candidate import Candidate, Method, Predictor, Settings
from zerosec_analyses.modelling.class_candidates import (
    ClassPredictor,
    Shares,
    class_candidates,
    default_class_methods,
    missing_class_methods,
)
from zerosec_analyses.modelling.stacking import Learn, Mix, class_weights, powers
from zerosec_analyses.modelling.table import FloatArray, IntArray
from zerosec_analyses.modelling.target_transform import ScaledTransform

PLAIN = ScaledTransform(Transform(TargetTransform.NONE, 0.0), 0.0, 1.0, 0.0, 1.0)


@dataclass(frozen=True)
class ClassTask:
    """``n_classes`` classes, targets being their codes; calibrations are chosen from ``calibrations``."""

    n_classes: int
    calibrations: tuple[CalibrationKind, ...] = ALL_KINDS
    classes: bool = True

    @property
    def shape(self) -> tuple[int, ...]:
        """A probability a class."""
        return (self.n_classes,)

    @property
    def candidates(self) -> Mapping[Method, Candidate]:
        """Classifiers."""
        return class_candidates(self.n_classes)

    def default_methods(self, n_rows: int) -> tuple[Method, ...]:
        """Diverse rather than many."""
        return default_class_methods(n_rows, self.n_classes)

    def missing_methods(self, n_rows: int) -> tuple[Method, ...]:
        """CatBoost, where it is not installed."""
        return missing_class_methods(n_rows, self.n_classes)

    def transforms(self, y: FloatArray) -> tuple[TargetTransform, ...]:
        """Classes are not transformed."""
        return (TargetTransform.NONE,)

    def transform(self, kind: TargetTransform, y: FloatArray) -> ScaledTransform:
        """What leaves everything as it is."""
        return PLAIN

    def fit(
        self, candidate: Candidate, x: FloatArray, z: FloatArray, settings: Settings, seed: int
    ) -> Predictor:
        """The candidate fitted to the classes these rows have."""
        present, codes = np.unique(z.astype(np.int64), return_inverse=True)
        raw: object
        if present.size < 2 or x.shape[1] == 0:
            raw = Shares(np.bincount(codes) / codes.size)
        else:
            with warnings.catch_warnings():
                # few rows a class are said to the user in words of their own
                warnings.filterwarnings(
                    "ignore", message="The number of unique classes", category=UserWarning
                )
                raw = candidate.fit(x, codes.astype(np.float64), settings, seed)
        return ClassPredictor(raw, tuple(present.tolist()), self.n_classes, z.size)

    def centre(self, y: FloatArray) -> FloatArray:
        """The shares of the classes, each with a part of one row added, so that none is 0."""
        counts = np.bincount(y.astype(np.int64), minlength=self.n_classes)
        return np.asarray((counts + 1 / self.n_classes) / (y.size + 1))

    def losses(self, y: FloatArray, predictions: FloatArray) -> FloatArray:
        """Minus the log probability of each row's class."""
        return class_losses(y.astype(np.int64), predictions)

    def score(self, mean_loss: float) -> float:
        """The log loss itself."""
        return mean_loss if math.isfinite(mean_loss) else math.inf

    @property
    def mixes(self) -> tuple[Learn, ...]:
        """A sum, or a product."""
        return (self._sum, self._product)

    def _sum(self, unseen: FloatArray, y: FloatArray) -> Mix:
        """The mixture with the smallest log loss."""
        codes, centre = y.astype(np.int64), self.centre(y)
        return Mix(class_weights(unseen[np.arange(y.size), codes], centre[codes]), centre)

    def _product(self, unseen: FloatArray, y: FloatArray) -> Mix:
        """The product with the smallest log loss."""
        return Mix(powers(unseen, y.astype(np.int64)), self.centre(y), y.size)

    def calibrate(self, unseen: FloatArray, y: FloatArray, folds: IntArray) -> ClassCalibration | None:
        """Chosen and learnt on the inner folds."""
        if y.size == 0:
            return None
        return choose_calibration(unseen, y.astype(np.int64), folds, self.calibrations)

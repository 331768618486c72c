"""Makes the numbers a model is fitted to from the features: filled in, coded, selected and scaled by the training rows alone."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor

from zerosec_analyses.modelling.table import Feature, FloatArray

MAX_LEVEL_COLUMNS = 20
MIN_GAPS = 3
MIN_GAP_SHARE = 0.01
CORRELATED = "correlated"
RANKING_ROWS = 5000
RANKING_TREES = 60


@dataclass(frozen=True)
class Selection:
    """How many features may stay, and how strongly two numbers may be correlated before one of them goes."""

    most_features: int = 20
    correlation: float = 0.95


@dataclass(frozen=True)
class CodedColumn:
    """One number made of a feature: its value (``level`` None), 1 at a level, or 1 where it is missing (``level`` -1)."""

    feature: int
    level: int | None
    fill: float
    mean: float
    scale: float


@dataclass(frozen=True)
class Preparation:
    """What was learnt of the training rows; ``apply`` does the same to any rows with the same features."""

    columns: tuple[CodedColumn, ...]
    dropped: dict[int, str] = field(default_factory=dict)
    """Features left out, by place: "constant", "correlated" or "unimportant"."""

    @property
    def used(self) -> tuple[int, ...]:
        """The features that are left, by place."""
        return tuple(dict.fromkeys(column.feature for column in self.columns))

    def apply(self, values: FloatArray) -> FloatArray:
        """Rows x columns, about 0 and of spread 1 over the training rows. A level never seen counts as none of them."""
        made = np.empty((values.shape[0], len(self.columns)))
        for place, column in enumerate(self.columns):
            made[:, place] = (_raw(values[:, column.feature], column) - column.mean) / column.scale
        return made


def _raw(values: FloatArray, column: CodedColumn) -> FloatArray:
    if column.level is None:
        return np.where(np.isnan(values), column.fill, values)
    if column.level < 0:
        return np.isnan(values).astype(np.float64)
    return np.asarray(values == column.level, dtype=np.float64)


def prepare_rows(
    values: FloatArray,
    target: FloatArray,
    features: Sequence[Feature],
    selection: Selection,
    seed: int,
    *,
    classes: bool = False,
) -> Preparation:
    """Learn from training rows (n x features; ``target`` has n finite numbers or class codes) how rows are prepared."""
    dropped: dict[int, str] = {}
    coded: list[CodedColumn] = []
    for place, feature in enumerate(features):
        made = _coded(values[:, place], place, feature)
        if made:
            coded += made
        else:
            dropped[place] = "constant"
    whole = Preparation(tuple(coded))
    matrix = whole.apply(values)
    numbers = [i for i, column in enumerate(coded) if column.level is None]
    for place in _correlated(matrix[:, numbers], target, selection.correlation):
        dropped[coded[numbers[place]].feature] = CORRELATED
    left = [i for i, column in enumerate(coded) if column.feature not in dropped]
    remaining = list(dict.fromkeys(coded[i].feature for i in left))
    if len(remaining) > selection.most_features:
        weight = _importance(matrix[:, left], target, seed, classes=classes)
        by_feature = dict.fromkeys(remaining, 0.0)
        for i, value in zip(left, weight, strict=True):
            by_feature[coded[i].feature] += float(value)
        ranked = sorted(remaining, key=lambda f: (-by_feature[f], f))
        dropped |= dict.fromkeys(ranked[selection.most_features :], "unimportant")
    kept = tuple(column for column in coded if column.feature not in dropped)
    return Preparation(kept, dropped)


def _coded(values: FloatArray, place: int, feature: Feature) -> list[CodedColumn]:
    missing = np.isnan(values)
    known = values[~missing]
    made: list[CodedColumn] = []
    if known.size == 0:
        return made
    if feature.is_category:
        counts = np.bincount(known.astype(np.int64), minlength=len(feature.levels))
        frequent = np.argsort(-counts, kind="stable")[:MAX_LEVEL_COLUMNS]
        present = sorted(int(level) for level in frequent if 0 < counts[level] < values.size)
        made = [_scaled(CodedColumn(place, level, 0.0, 0.0, 1.0), values) for level in present]
    elif known.min() < known.max():
        made.append(_scaled(CodedColumn(place, None, float(np.median(known)), 0.0, 1.0), values))
    if made and missing.sum() >= max(MIN_GAPS, MIN_GAP_SHARE * values.size) and not missing.all():
        made.append(_scaled(CodedColumn(place, -1, 0.0, 0.0, 1.0), values))
    return made


def _scaled(column: CodedColumn, values: FloatArray) -> CodedColumn:
    raw = _raw(values, column)
    spread = float(raw.std())
    return CodedColumn(
        column.feature, column.level, column.fill, float(raw.mean()), spread if spread > 0 else 1.0
    )


def _correlated(matrix: FloatArray, target: FloatArray, limit: float) -> list[int]:
    """The columns to leave out: of each pair beyond the limit the one that says less of the target."""
    if limit >= 1 or matrix.shape[1] < 2 or matrix.shape[0] < 3:
        return []
    together = np.abs(matrix.T @ matrix) / matrix.shape[0]
    about = target - target.mean()
    strength = np.abs(matrix.T @ about)
    kept: list[int] = []
    for column in np.argsort(-strength, kind="stable").tolist():
        if not (together[column, kept] > limit).any():
            kept.append(column)
    return sorted(set(range(matrix.shape[1])) - set(kept))


def _importance(matrix: FloatArray, target: FloatArray, seed: int, *, classes: bool) -> FloatArray:
    """Importance of each column by extremely randomised trees (Geurts et al. 2006) on at most RANKING_ROWS rows."""
    if matrix.shape[0] > RANKING_ROWS:
        rows = np.random.default_rng(seed).choice(matrix.shape[0], RANKING_ROWS, replace=False)
        matrix, target = matrix[rows], target[rows]
    kind = ExtraTreesClassifier if classes else ExtraTreesRegressor
    trees = kind(n_estimators=RANKING_TREES, min_samples_leaf=3, random_state=seed, n_jobs=1)
    with warnings.catch_warnings():
        # few rows a class are said to the user in words of their own
        warnings.filterwarnings("ignore", message="The number of unique classes", category=UserWarning)
        return np.asarray(trees.fit(matrix, target).feature_importances_, dtype=np.float64)

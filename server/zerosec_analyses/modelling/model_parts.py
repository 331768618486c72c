"""The parts of a model file: a fitted predictor each, as native files, plain arrays or allow-listed scikit-learn objects, checked when read."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from zerosec_analyses.modelling.boosted_file import WRONG, checked_lightgbm, checked_xgboost
from zerosec_analyses.modelling.candidate import Method, Predictor
from zerosec_analyses.modelling.candidates import XgboostModel
from zerosec_analyses.modelling.catboost_fit import CatboostModel
from zerosec_analyses.modelling.discriminant import Discriminant, discriminant_from_bytes
from zerosec_analyses.modelling.gaussian_process import GaussianProcess
from zerosec_analyses.modelling.oblivious_trees import ObliviousTrees
from zerosec_analyses.modelling.process_file import is_process, process_from_bytes, process_to_bytes
from zerosec_analyses.modelling.table import FloatArray
from zerosec_shared.texts import say

ENDINGS = {
    Method.LIGHTGBM: "txt",
    Method.XGBOOST: "json",
    Method.CATBOOST: "npz",
    Method.GAUSSIAN_PROCESS: "npz",
    Method.DISCRIMINANT: "npz",
}
TRUSTED = (
    "sklearn._loss.link.IdentityLink",
    "sklearn._loss.link.Interval",
    "sklearn._loss.link.LogitLink",
    "sklearn._loss.link.MultinomialLogit",
    "sklearn._loss.loss.HalfBinomialLoss",
    "sklearn._loss.loss.HalfMultinomialLoss",
    "sklearn._loss.loss.HalfSquaredError",
    "sklearn._loss._loss.CyHalfBinomialLoss",
    "sklearn._loss._loss.CyHalfMultinomialLoss",
    "sklearn._loss._loss.CyHalfSquaredError",
    "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.tree._tree.Tree",
    "numpy.dtype",
)
"""Types beyond skops' own defaults that a model of ours holds; all are plain data, and the places trees point to are checked."""


KINDS: dict[Method, tuple[str, ...]] = {
    Method.LINEAR: ("Ridge",),
    Method.ELASTIC_NET: ("Ridge", "ElasticNet"),
    Method.RANDOM_FOREST: ("RandomForestRegressor",),
    Method.EXTRA_TREES: ("ExtraTreesRegressor",),
    Method.GRADIENT_BOOSTING: ("HistGradientBoostingRegressor",),
    Method.SUPPORT_VECTORS: ("SVR",),
}
CLASS_KINDS: dict[Method, tuple[str, ...]] = {
    Method.LOGISTIC: ("LogisticRegression",),
    Method.RANDOM_FOREST: ("RandomForestClassifier",),
    Method.EXTRA_TREES: ("ExtraTreesClassifier",),
    Method.GRADIENT_BOOSTING: ("HistGradientBoostingClassifier",),
}


NOT_AS_DESCRIBED = say("A part of the model file is not the model that its description says.")


class ModelFileError(ValueError):
    """A file that is no model of this kind; the message is a sentence for the user."""


def damaged_tree() -> ModelFileError:
    """Of trees that point outside themselves, or are none."""
    return ModelFileError(say("A tree in the model file is damaged."))


def ending(method: Method) -> str:
    """How the part of a method is called."""
    return ENDINGS.get(method, "skops")


def part_bytes(method: Method, predictor: object) -> bytes:
    """A fitted predictor as the bytes of its part."""
    if isinstance(predictor, GaussianProcess):
        return process_to_bytes(predictor)
    if isinstance(predictor, Discriminant):
        return predictor.to_bytes()
    if isinstance(predictor, CatboostModel):
        return predictor.trees.to_bytes()
    if isinstance(predictor, XgboostModel):
        return bytes(predictor.booster.save_raw("json"))  # type: ignore[attr-defined]
    if method is Method.LIGHTGBM:
        return str(predictor.model_to_string()).encode()  # type: ignore[attr-defined]
    from skops.io import dumps

    return bytes(dumps(predictor))


def part_predictor(
    method: Method, content: bytes, n_columns: int, kinds: dict[Method, tuple[str, ...]] | None = None
) -> Predictor:
    """What a part holds. Raises ModelFileError where it is not what its description says, or not known to be safe."""
    if method is Method.GAUSSIAN_PROCESS and is_process(content):
        try:
            return process_from_bytes(content, n_columns)
        except ValueError as error:
            raise ModelFileError(say("The Gaussian process in the model file is damaged.")) from error
    if method is Method.DISCRIMINANT and kinds is CLASS_KINDS:
        try:
            return discriminant_from_bytes(content, n_columns)
        except ValueError as error:
            raise ModelFileError(say("The discriminant analysis in the model file is damaged.")) from error
    if method is Method.CATBOOST:
        try:
            trees = ObliviousTrees.from_bytes(content, n_columns, classes=kinds is CLASS_KINDS)
        except ValueError as error:
            raise damaged_tree() from error
        return CatboostModel(trees)
    if method is Method.LIGHTGBM:
        import lightgbm

        try:
            text = checked_lightgbm(content, n_columns)
        except WRONG as error:
            raise damaged_tree() from error
        return lightgbm.Booster(model_str=text)  # type: ignore[return-value]
    if method is Method.XGBOOST:
        import xgboost

        try:
            checked = checked_xgboost(content, n_columns)
        except WRONG as error:
            raise damaged_tree() from error
        booster = xgboost.Booster({"nthread": 1})
        booster.load_model(bytearray(checked))
        return XgboostModel(booster)
    from skops.io import get_untrusted_types, loads
    from skops.io.exceptions import UntrustedTypesFoundException

    if strange := sorted(set(get_untrusted_types(data=content)) - set(TRUSTED)):
        raise ModelFileError(
            say("The model file holds {what}, which no model of ZeroSec has.", what=strange[0])
        )
    try:
        loaded = loads(content, trusted=list(TRUSTED))
    except UntrustedTypesFoundException as error:
        raise ModelFileError(say("The model file holds something no model of ZeroSec has.")) from error
    if (
        type(loaded).__name__ not in (KINDS if kinds is None else kinds).get(method, ())
        or loaded.n_features_in_ != n_columns
    ):
        raise ModelFileError(NOT_AS_DESCRIBED)
    _check_trees(method, loaded, n_columns)
    if method is Method.SUPPORT_VECTORS:
        return _sum_of_kernels(loaded)
    return loaded  # type: ignore[no-any-return]


@dataclass(frozen=True)
class SupportVectors:
    """What support vector regression with a radial kernel predicts: the mean of a process with its vectors and weights, and a constant.

    Blocks of rows by matrix products, in a seventh of the time of the library's loop over rows and vectors.
    """

    vectors: GaussianProcess
    constant: float

    def predict(self, x: FloatArray) -> FloatArray:
        """Rows x columns to rows."""
        return self.vectors.predict(x) + self.constant


def _sum_of_kernels(fitted: Any) -> SupportVectors:
    rows = np.asarray(fitted.support_vectors_, dtype=np.float64)
    weights, gamma = np.asarray(fitted.dual_coef_, dtype=np.float64).ravel(), float(fitted._gamma)
    constant = np.asarray(fitted.intercept_, dtype=np.float64).ravel()
    fits = rows.ndim == 2 and rows.shape == (weights.size, fitted.n_features_in_) and constant.size == 1
    if not fits or fitted.kernel != "rbf" or not 0 < gamma < math.inf:
        raise ModelFileError(NOT_AS_DESCRIBED)
    lengths = np.full(rows.shape[1], math.sqrt(0.5 / gamma))
    process = GaussianProcess("squared_exponential", lengths, 1.0, 0.0, 0.0, rows, weights)
    return SupportVectors(process, float(constant[0]))


def _check_trees(method: Method, loaded: object, n_columns: int) -> None:
    """A tree whose nodes point elsewhere would read memory that is not its own, one that points back would never end."""
    links: list[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, int]] = []
    if method in {Method.RANDOM_FOREST, Method.EXTRA_TREES}:
        for one in loaded.estimators_:  # type: ignore[attr-defined]
            tree = one.tree_
            inner = np.flatnonzero(tree.children_left != -1)
            links.append(
                (
                    inner,
                    tree.children_left[inner],
                    tree.children_right[inner],
                    tree.feature[inner],
                    tree.node_count,
                )
            )
    elif method is Method.GRADIENT_BOOSTING:
        for stage in loaded._predictors:  # type: ignore[attr-defined]
            for one in stage:
                inner = np.flatnonzero(one.nodes["is_leaf"] == 0)
                nodes = one.nodes[inner]
                if nodes["is_categorical"].any():
                    raise damaged_tree()
                links.append((inner, nodes["left"], nodes["right"], nodes["feature_idx"], len(one.nodes)))
    for inner, left, right, feature, count in links:
        for child in (left, right):
            if child.size and ((child <= inner).any() or int(child.max()) >= count):
                raise damaged_tree()
        if feature.size and (int(feature.min()) < 0 or int(feature.max()) >= n_columns):
            raise damaged_tree()

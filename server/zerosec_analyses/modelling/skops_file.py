"""scikit-learn models as skops keeps them, read from a file anybody may have made.

skops knows which types are harmless, and that is more than our models are made of: a file could put a support vector machine with
arrays of its own lengths into the place of a tree, or a function into that of `predict`. scikit-learn believes what it is given, and a
tree that points outside itself, or was given no nodes, reads memory that is not its own. So only the types our models hold are let
in, and trees are looked at before anything predicts.
"""

from __future__ import annotations

import io
import json
import math
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from zerosec_analyses.modelling.candidate import Predictor
from zerosec_analyses.modelling.forests import Forest, within_single
from zerosec_analyses.modelling.gaussian_process import GaussianProcess
from zerosec_analyses.modelling.table import FloatArray

__all__ = ["UNREADABLE", "DamagedTreeError", "StrangeTypeError", "fitted_predictor", "read_skops"]

MAX_SCHEMA_BYTES = 500_000_000
UNREADABLE = (
    ArithmeticError, AttributeError, EOFError, ImportError, LookupError, MemoryError, OSError, RuntimeError, TypeError, ValueError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""What a file that is not one may raise while it is unpacked, put together or asked for a prediction."""
TREES_OF = {
    f"{forest}{kind}": f"{tree}{kind}"
    for forest, tree in (("ExtraTrees", "ExtraTree"), ("RandomForest", "DecisionTree"))
    for kind in ("Classifier", "Regressor")
}
"""The forests, and the trees each is made of."""
LOSSES = ("HalfBinomialLoss", "HalfMultinomialLoss", "HalfSquaredError")
BOOSTING = "sklearn.ensemble._hist_gradient_boosting"
NEEDS_TRUST = frozenset(
    {
        *(f"sklearn._loss.link.{name}" for name in ("IdentityLink", "Interval", "LogitLink", "MultinomialLogit")),
        *(f"sklearn._loss.loss.{name}" for name in LOSSES), *(f"sklearn._loss._loss.Cy{name}" for name in LOSSES),
        f"{BOOSTING}.binning._BinMapper", f"{BOOSTING}.predictor.TreePredictor", "sklearn.tree._tree.Tree", "numpy.dtype",
    }
)  # fmt: skip
"""Types beyond those skops takes by itself; all are plain data."""
TRUSTED = NEEDS_TRUST | {
    *(f"sklearn.ensemble._forest.{forest}" for forest in TREES_OF),
    *(f"sklearn.tree._classes.{tree}" for tree in TREES_OF.values()),
    *(f"{BOOSTING}.gradient_boosting.HistGradientBoosting{kind}" for kind in ("Classifier", "Regressor")),
    "sklearn.linear_model._coordinate_descent.ElasticNet", "sklearn.linear_model._logistic.LogisticRegression",
    "sklearn.linear_model._ridge.Ridge", "sklearn.preprocessing._label.LabelEncoder", "sklearn.svm._classes.SVR",
    "builtins.dict", "builtins.list", "builtins.str", "builtins.tuple", "numpy.ndarray", "numpy.random._generator.Generator",
    *(f"numpy.{kind}" for kind in ("bool", "float32", "float64", "int32", "int64", "uint32", "uint64")),
}  # fmt: skip
"""All types that a model of ours holds."""

HEADERS = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}


class DamagedTreeError(ValueError):
    """A tree that points outside itself or back, or is none."""


class StrangeTypeError(ValueError):
    """A type that no model of ours holds; ``name`` is its own."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def read_skops(content: bytes) -> Any:
    """The object in the file. Raises StrangeTypeError, or one of UNREADABLE where it is damaged."""
    from skops.io import loads

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if archive.getinfo("schema.json").file_size > MAX_SCHEMA_BYTES:
            raise ValueError("a description that is longer than that of a model")
        for node in _nodes(json.loads(archive.read("schema.json"))):
            name = f"{node.get('__module__')}.{node.get('__class__')}"
            if name not in TRUSTED:
                raise StrangeTypeError(name)
            if name == "numpy.ndarray" and "file" in node and not _shape(archive, node["file"]):
                # a tree that is given one asks for its length all the same, and the process ends
                raise ValueError("an array without a length")
    return loads(content, trusted=sorted(NEEDS_TRUST))


def _nodes(schema: Any) -> Iterator[dict[str, Any]]:
    """What the description says of everything in the file, however deep it lies."""
    waiting = [schema]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if "__class__" in one or "__loader__" in one:
                yield one
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)


def _shape(archive: zipfile.ZipFile, name: str) -> tuple[int, ...]:
    """Of an array in the archive, which is not read."""
    with archive.open(name) as file:
        version = np.lib.format.read_magic(file)
        if version not in HEADERS:
            raise ValueError("an array as NumPy does not write ours")
        return HEADERS[version](file)[0]


def fitted_predictor(loaded: Any, n_columns: int) -> Predictor:
    """What predicts. Raises DamagedTreeError, or one of UNREADABLE where the parts do not fit together or it is of other columns."""
    kind = type(loaded).__name__
    if loaded.n_features_in_ != n_columns:
        raise ValueError("a model of other columns")
    if kind == "SVR":
        return _sum_of_kernels(loaded)
    if kind in TREES_OF:
        for one in loaded.estimators_:
            if type(one).__name__ != TREES_OF[kind]:
                raise DamagedTreeError("something else than a tree")
            _check_tree(one.tree_, n_columns)
        return Forest(loaded)
    if kind.startswith("HistGradientBoosting"):
        if loaded._preprocessor is not None or np.any(loaded._bin_mapper.is_categorical_):
            raise DamagedTreeError("categories, which ours do not have")
        for stage in loaded._predictors:
            for one in stage:
                if type(one).__name__ != "TreePredictor":
                    raise DamagedTreeError("something else than a tree")
                _check_boosted_tree(one.nodes, n_columns)
    return loaded  # type: ignore[no-any-return]


def _check_tree(tree: Any, n_columns: int) -> None:
    # without nodes there is no memory that could be looked at
    if type(tree).__name__ != "Tree" or tree.node_count < 1:
        raise DamagedTreeError("a tree without nodes")
    inner = np.flatnonzero(tree.children_left != -1)
    children = (tree.children_left[inner], tree.children_right[inner])
    _check_links(inner, children, tree.feature[inner], tree.node_count, n_columns)
    _check_values(tree.value)


def _check_boosted_tree(nodes: np.ndarray, n_columns: int) -> None:
    if nodes.ndim != 1 or nodes.size < 1 or nodes["is_categorical"].any():
        raise DamagedTreeError("a tree without nodes, or of categories, which ours do not have")
    inner = np.flatnonzero(nodes["is_leaf"] == 0)
    children = (nodes["left"][inner].astype(np.int64), nodes["right"][inner].astype(np.int64))
    _check_links(inner, children, nodes["feature_idx"][inner], nodes.size, n_columns)
    _check_values(nodes["value"])


def _check_links(
    inner: np.ndarray, children: tuple[np.ndarray, ...], features: np.ndarray, n_nodes: int, n_columns: int
) -> None:
    """A tree whose nodes point elsewhere would read memory that is not its own, one that points back would never end."""
    if any(((child <= inner) | (child >= n_nodes)).any() for child in children):
        raise DamagedTreeError("a node that is not there")
    if ((features < 0) | (features >= n_columns)).any():
        raise DamagedTreeError("a column that is not there")


def _check_values(values: np.ndarray) -> None:
    if not np.isfinite(values).all():
        raise DamagedTreeError("values that are no numbers")


@dataclass(frozen=True)
class SupportVectors:
    """What support vector regression with a radial kernel predicts: the mean of a process with its vectors and weights, and a constant.

    Blocks of rows by matrix products, in a seventh of the time of the library's loop over rows and vectors.
    """

    vectors: GaussianProcess
    constant: float

    def predict(self, x: FloatArray) -> FloatArray:
        """Rows x columns to rows."""
        return self.vectors.predict(within_single(x)) + self.constant


def _sum_of_kernels(fitted: Any) -> SupportVectors:
    rows = np.asarray(fitted.support_vectors_, dtype=np.float64)
    weights = np.asarray(fitted.dual_coef_, dtype=np.float64).ravel()
    constant, gamma = np.asarray(fitted.intercept_, dtype=np.float64).ravel(), float(fitted._gamma)
    if (
        fitted.kernel != "rbf"
        or not 0 < gamma < math.inf
        or rows.shape != (weights.size, fitted.n_features_in_)
        or constant.size != 1
        or not all(np.isfinite(part).all() for part in (rows, weights, constant))
    ):
        raise ValueError("the parts of the support vectors do not fit together")
    lengths = np.full(rows.shape[1], math.sqrt(0.5 / gamma))
    process = GaussianProcess("squared_exponential", lengths, 1.0, 0.0, 0.0, rows, weights)
    return SupportVectors(process, float(constant[0]))

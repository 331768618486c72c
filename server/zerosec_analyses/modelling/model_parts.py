"""The parts of a model file: a fitted predictor each, as native files, plain arrays or allow-listed scikit-learn objects, checked when read."""

from __future__ import annotations

import io
import zipfile

import numpy as np

from zerosec_analyses.modelling.boosted_file import WRONG, checked_lightgbm, checked_xgboost
from zerosec_analyses.modelling.candidate import Method, Predictor
from zerosec_analyses.modelling.candidates import XgboostModel
from zerosec_analyses.modelling.catboost_fit import CatboostModel
from zerosec_analyses.modelling.discriminant import Discriminant, discriminant_from_bytes
from zerosec_analyses.modelling.forests import Forest
from zerosec_analyses.modelling.gaussian_process import GaussianProcess
from zerosec_analyses.modelling.oblivious_trees import ObliviousTrees
from zerosec_analyses.modelling.process_file import process_from_bytes, process_to_bytes
from zerosec_analyses.modelling.skops_file import (
    UNREADABLE,
    DamagedTreeError,
    StrangeTypeError,
    fitted_predictor,
    read_skops,
)
from zerosec_shared.texts import say

MAX_PART_BYTES = 2 * 10**9

ENDINGS = {
    Method.LIGHTGBM: "txt",
    Method.XGBOOST: "json",
    Method.CATBOOST: "npz",
    Method.GAUSSIAN_PROCESS: "npz",
    Method.DISCRIMINANT: "npz",
}
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

    return bytes(dumps(predictor.trees if isinstance(predictor, Forest) else predictor))


def part_predictor(
    method: Method, content: bytes, n_columns: int, kinds: dict[Method, tuple[str, ...]] | None = None
) -> Predictor:
    """What a part holds, once it has predicted. Raises ModelFileError where it is not what its description says, or not known to be safe."""
    kinds = KINDS if kinds is None else kinds
    try:
        if _unpacked_bytes(content) > MAX_PART_BYTES:
            raise ValueError("larger than a model can be")
        read = _read(method, content, n_columns, kinds)
        _prove(read, n_columns, classes=kinds is CLASS_KINDS)
    except ModelFileError:
        raise
    except DamagedTreeError as error:
        raise ModelFileError(say("A tree in the model file is damaged.")) from error
    except StrangeTypeError as error:
        strange = say("The model file holds {what}, which no model of ZeroSec has.", what=error.name)
        raise ModelFileError(strange) from error
    except UNREADABLE as error:
        raise ModelFileError(NOT_AS_DESCRIBED) from error
    return read


def _unpacked_bytes(content: bytes) -> int:
    """Of an archive, which may say much in few bytes; 0 of anything else."""
    if content[:2] != b"PK":
        return 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return sum(part.file_size for part in archive.infolist())


def _read(method: Method, content: bytes, n_columns: int, kinds: dict[Method, tuple[str, ...]]) -> Predictor:
    if method is Method.GAUSSIAN_PROCESS and kinds is KINDS:
        try:
            return process_from_bytes(content, n_columns)
        except UNREADABLE as error:
            raise ModelFileError(say("The Gaussian process in the model file is damaged.")) from error
    if method is Method.DISCRIMINANT and kinds is CLASS_KINDS:
        try:
            return discriminant_from_bytes(content, n_columns)
        except UNREADABLE as error:
            raise ModelFileError(say("The discriminant analysis in the model file is damaged.")) from error
    if method is Method.CATBOOST:
        try:
            return CatboostModel(ObliviousTrees.from_bytes(content, n_columns, classes=kinds is CLASS_KINDS))
        except UNREADABLE as error:
            raise DamagedTreeError from error
    if method is Method.LIGHTGBM:
        import lightgbm

        try:
            text = checked_lightgbm(content, n_columns)
        except WRONG as error:
            raise DamagedTreeError from error
        return lightgbm.Booster(model_str=text)  # type: ignore[return-value]
    if method is Method.XGBOOST:
        import xgboost

        try:
            checked = checked_xgboost(content, n_columns)
        except WRONG as error:
            raise DamagedTreeError from error
        booster = xgboost.Booster({"nthread": 1})
        booster.load_model(bytearray(checked))
        return XgboostModel(booster)
    loaded = read_skops(content)
    if type(loaded).__name__ not in kinds.get(method, ()):
        raise ModelFileError(NOT_AS_DESCRIBED)
    return fitted_predictor(loaded, n_columns)


def _prove(predictor: object, n_columns: int, *, classes: bool) -> None:
    """It predicts a row. Raises one of UNREADABLE where it cannot, or gives no numbers or probabilities of theirs."""
    rows = np.zeros((1, n_columns))
    given = predictor.predict_proba(rows) if hasattr(predictor, "predict_proba") else predictor.predict(rows)  # type: ignore[attr-defined]
    found = np.asarray(given, dtype=np.float64)
    shaped = found.shape == (1,) or (classes and found.ndim == 2 and found.shape[0] == 1)
    if not shaped or not np.isfinite(found).all():
        raise ValueError("predictions that are none")

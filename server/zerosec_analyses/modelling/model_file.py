"""A fitted model as a file that is safe to open: a zip of plain JSON, native model files and allow-listed scikit-learn parts.

Nothing in it is ever executed: no pickle is written or read. scikit-learn models are kept by skops and read back only if
every type in them is one our models hold (skops_file.py).
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, ValidationError, model_validator

from zerosec_analyses.linear.spec import TargetTransform
from zerosec_analyses.linear.transforms import Transform
from zerosec_analyses.modelling.bending import Bent, unbent
from zerosec_analyses.modelling.candidate import Method, Predictor
from zerosec_analyses.modelling.class_candidates import ClassPredictor
from zerosec_analyses.modelling.model_parts import (
    CLASS_KINDS,
    KINDS,
    MAX_PART_BYTES,
    NOT_AS_DESCRIBED,
    ModelFileError,
    part_bytes,
    part_predictor,
)
from zerosec_analyses.modelling.preparation import CodedColumn, Preparation
from zerosec_analyses.modelling.procedure import Model
from zerosec_analyses.modelling.saved_classes import SavedClasses, SavedPart, Text
from zerosec_analyses.modelling.search import Pipeline
from zerosec_analyses.modelling.table import Feature, LeftOut
from zerosec_analyses.modelling.target_transform import ScaledTransform
from zerosec_analyses.modelling.ties import LEAST_LIMIT, Ties
from zerosec_shared.texts import say

MAX_HEAD_BYTES = 50_000_000
HEAD = "model.json"
FIXED_DATE = (2000, 1, 1, 0, 0, 0)


class SavedFeature(SavedPart):
    """A column: its levels, or its range in the rows the model was built on."""

    name: Text
    levels: tuple[Text, ...] = ()
    unmet: tuple[Text, ...] = ()
    """Levels that none of these rows has: those of rows without a value of the target, or of rows held out."""
    minimum: float | None = None
    maximum: float | None = None

    @property
    def met(self) -> tuple[str, ...]:
        """The levels that these rows have."""
        unmet = set(self.unmet)
        return tuple(level for level in self.levels if level not in unmet)

    @property
    def is_constant(self) -> bool:
        """Whether these rows have one value."""
        return (
            len(self.met) == 1 if self.levels else self.minimum is not None and self.minimum == self.maximum
        )


class SavedColumn(SavedPart):
    """One prepared number: see CodedColumn."""

    feature: int = Field(ge=0)
    level: int | None
    fill: float
    mean: float
    scale: float = Field(gt=0)


class SavedTransform(SavedPart):
    """The target's transform: see ScaledTransform."""

    kind: TargetTransform
    parameter: float
    mean: float
    scale: float = Field(gt=0)
    low: float
    high: float


class SavedPipeline(SavedPart):
    """One model; ``part`` is the file in the zip that holds it, ``bent`` the prepared columns that it is given bent."""

    method: Method
    settings: dict[str, float | int | str]
    transform: SavedTransform
    part: Text
    bent: tuple[Annotated[int, Field(ge=0)], ...] = Field(default=(), max_length=20_000)


class SavedTie(SavedPart):
    """A column that was left out, and the one it nearly repeats: see Tie."""

    feature: int = Field(ge=0)
    by: int = Field(ge=0)
    intercept: float
    slope: float
    scale: float = Field(gt=0)


class SavedSpread(SavedPart):
    """How wide intervals are where: see Spread. ``errors``: absolute, divided by their scale, sorted; ``typical``: the middle scale."""

    intercept: float
    weights: tuple[float, ...] = Field(max_length=20_000)
    centre: float
    unit: float = Field(gt=0)
    low: float = Field(le=700)
    high: float = Field(le=700)
    typical: float = Field(gt=0)
    errors: tuple[float, ...] = Field(max_length=20_000)


class SavedTarget(SavedPart):
    """The model of one target, with its out-of-fold figures and the absolute out-of-fold errors for intervals, sorted."""

    target: Text
    unit: Text = ""
    chosen: Text
    centre: float
    weights: dict[str, float] = Field(default_factory=dict)
    product_of: int = Field(default=0, ge=0)
    """Of how many rows the weights of a product of probabilities were learnt: see Mix; 0: a sum."""
    columns: tuple[SavedColumn, ...]
    pipelines: dict[str, SavedPipeline]
    errors: tuple[float, ...] = Field(default=(), max_length=20_000)
    spread: SavedSpread | None = None
    """None: one width for all."""
    domain: tuple[tuple[float, ...], ...] = Field(default=(), max_length=2000)
    domain_limit: float | None = None
    ties: tuple[SavedTie, ...] = Field(default=(), max_length=5000)
    ties_limit: float = LEAST_LIMIT
    metrics: dict[str, float | int | str | None] = Field(default_factory=dict)
    classes: SavedClasses | None = None
    """Of a target that is a class; then ``centre`` is 0 and the shares stand there."""

    @model_validator(mode="after")
    def _multiplies_probabilities(self) -> SavedTarget:
        if self.product_of and self.classes is None:
            raise ValueError("only probabilities can be multiplied")
        return self


class ModelHead(SavedPart):
    """What the file says of itself."""

    format: Literal["zerosec-model"] = "zerosec-model"
    format_version: Literal[1] = 1
    features: tuple[SavedFeature, ...]
    """The columns a prediction needs."""
    constants: tuple[SavedFeature, ...] = ()
    """Columns that were left out since all rows had one value; a prediction says where it is another."""
    targets: tuple[SavedTarget, ...]
    input_name: Text
    input_sha256: Text
    n_rows: int
    seed: int
    versions: dict[str, str] = Field(default_factory=dict)
    parameters: dict[str, object] = Field(default_factory=dict)


def saved_pipeline(pipeline: Pipeline, part: str) -> SavedPipeline:
    """What of a pipeline goes into the head."""
    t = pipeline.transform
    return SavedPipeline(
        method=pipeline.method,
        settings=dict(pipeline.settings),
        transform=SavedTransform(
            kind=t.transform.kind, parameter=t.transform.parameter, mean=t.mean, scale=t.scale, low=t.low, high=t.high
        ),
        part=part,
        bent=raw.columns if isinstance(raw := _raw(pipeline.predictor), Bent) else (),
    )  # fmt: skip


def _raw(predictor: Predictor) -> object:
    return predictor.raw if isinstance(predictor, ClassPredictor) else predictor


def saved_columns(preparation: Preparation) -> tuple[SavedColumn, ...]:
    """The preparation as data."""
    return tuple(
        SavedColumn(feature=c.feature, level=c.level, fill=c.fill, mean=c.mean, scale=c.scale)
        for c in preparation.columns
    )


def save_models(head: ModelHead, models: dict[str, Model], path: Path) -> None:
    """Write the file; the same models give the same bytes of every part."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, HEAD, json.dumps(head.model_dump(mode="json"), ensure_ascii=False, indent=1).encode())
        for saved in head.targets:
            for name, pipe in saved.pipelines.items():
                member = models[saved.target].pipelines[name]
                _add(archive, pipe.part, part_bytes(member.method, unbent(_raw(member.predictor))))


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    info = zipfile.ZipInfo(name, FIXED_DATE)
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, content)


def load_models(path: Path) -> tuple[ModelHead, dict[str, Model]]:
    """Read a file back. Raises ModelFileError for anything that is no such file or holds what is not known to be safe."""
    try:
        with zipfile.ZipFile(path) as archive:
            head = ModelHead.model_validate_json(_read(archive, HEAD, MAX_HEAD_BYTES))
            models = {saved.target: _model(archive, saved, head) for saved in head.targets}
    except zipfile.BadZipFile as error:
        raise ModelFileError(say("It is not a model file of ZeroSec, or it is damaged.")) from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        wrong = say(
            "It is not a model file of ZeroSec: {place}: {problem}.", place=place, problem=first["msg"]
        )
        raise ModelFileError(wrong) from error
    return head, models


def _read(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    try:
        info = archive.getinfo(name)
    except KeyError as error:
        raise ModelFileError(say("The part {name} is missing in the model file.", name=name)) from error
    if info.file_size > most:
        raise ModelFileError(say("The part {name} is larger than a model can be.", name=name))
    return archive.read(info)


def _model(archive: zipfile.ZipFile, saved: SavedTarget, head: ModelHead) -> Model:
    columns = tuple(CodedColumn(c.feature, c.level, c.fill, c.mean, c.scale) for c in saved.columns)
    places = [column.feature for column in columns] + [
        at for tie in saved.ties for at in (tie.feature, tie.by)
    ]
    if any(place >= len(head.features) for place in places):
        raise ModelFileError(say("The model needs a column that the file does not describe."))
    if saved.spread is not None and len(saved.spread.weights) != 2 * len(columns) + 2:
        raise ModelFileError(say("The widths of intervals in the model file are damaged."))
    if any(len(row) != len(columns) for row in saved.domain):
        raise ModelFileError(say("The rows in the model file that say where it has experience are damaged."))
    preparation = Preparation(columns)
    pipelines = {
        name: Pipeline(
            pipe.method,
            pipe.settings,
            preparation,
            ScaledTransform(
                Transform(pipe.transform.kind, pipe.transform.parameter),
                pipe.transform.mean,
                pipe.transform.scale,
                pipe.transform.low,
                pipe.transform.high,
            ),
            _over_classes(
                saved.classes,
                name,
                _given_bent(
                    pipe.bent,
                    part_predictor(
                        pipe.method,
                        _read(archive, pipe.part, MAX_PART_BYTES),
                        len(columns),
                        CLASS_KINDS if saved.classes else KINDS,
                    ),
                    len(columns),
                ),
                len(columns),
            ),
        )
        for name, pipe in saved.pipelines.items()
    }
    needed = {name for name, weight in saved.weights.items() if weight > 0}
    if not saved.weights:
        needed = {saved.chosen}
    if not pipelines or needed - pipelines.keys():
        raise ModelFileError(say("A part of the model is missing in the file."))
    if saved.classes is None:
        return Model(saved.chosen, pipelines, dict(saved.weights), np.asarray(saved.centre))
    calibration = saved.classes.learnt_calibration()
    return Model(
        saved.chosen,
        pipelines,
        dict(saved.weights),
        np.array(saved.classes.prior),
        calibration,
        saved.product_of,
    )


def _given_bent(bent: tuple[int, ...], raw: Predictor, n_columns: int) -> Predictor:
    if any(place >= n_columns for place in bent):
        raise ModelFileError(say("The model needs a column that the file does not describe."))
    return Bent(bent, raw) if bent else raw


def _over_classes(classes: SavedClasses | None, name: str, raw: Predictor, n_columns: int) -> Predictor:
    """The predictor itself, or over all classes, once it has shown that it tells as many apart as its description says."""
    if classes is None:
        return raw
    if name not in classes.members:
        raise ModelFileError(say("A part of the model is missing in the file."))
    made = classes.predictor(name, raw)
    try:
        made.predict(np.zeros((1, n_columns)))
    except (ValueError, IndexError) as error:
        raise ModelFileError(NOT_AS_DESCRIBED) from error
    return made


def saved_ties(ties: Ties) -> tuple[SavedTie, ...]:
    """The ties as data."""
    return tuple(
        SavedTie(feature=one.feature, by=one.by, intercept=one.intercept, slope=one.slope, scale=one.scale)
        for one in ties.ties
    )


def saved_constants(left_out: Iterable[LeftOut]) -> tuple[SavedFeature, ...]:
    """The columns that were left out since they never change."""
    return tuple(
        SavedFeature(name=one.column, levels=(one.constant,))
        if isinstance(one.constant, str)
        else SavedFeature(name=one.column, minimum=one.constant, maximum=one.constant)
        for one in left_out
        if one.constant is not None
    )


def saved_features(features: tuple[Feature, ...], values: np.ndarray) -> tuple[SavedFeature, ...]:
    """The columns a prediction needs, with the ranges of the rows the model was built on."""
    made = []
    for place, feature in enumerate(features):
        known = values[~np.isnan(values[:, place]), place]
        if feature.is_category:
            met = set(known.astype(np.int64).tolist())
            unmet = tuple(level for code, level in enumerate(feature.levels) if code not in met)
            made.append(SavedFeature(name=feature.name, levels=feature.levels, unmet=unmet))
        elif known.size == 0:
            made.append(SavedFeature(name=feature.name))
        else:
            made.append(
                SavedFeature(name=feature.name, minimum=float(known.min()), maximum=float(known.max()))
            )
    return tuple(made)

"""The model file of a classification: the model, its classes, calibration and decision, and where it has experience."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from zerosec_analyses.classification.analysis import ClassResult
from zerosec_analyses.classification.spec import ClassificationParameters
from zerosec_analyses.modelling.calibration import ClassCalibration
from zerosec_analyses.modelling.class_candidates import ClassPredictor
from zerosec_analyses.modelling.domain import domain_of
from zerosec_analyses.modelling.model_file import (
    ModelHead,
    SavedTarget,
    save_models,
    saved_columns,
    saved_constants,
    saved_features,
    saved_pipeline,
    saved_ties,
)
from zerosec_analyses.modelling.model_parts import ending
from zerosec_analyses.modelling.saved_classes import (
    SavedClasses,
    SavedMember,
    saved_calibration,
    saved_decision,
)
from zerosec_analyses.modelling.table import ModelTable
from zerosec_analyses.modelling.ties import ties_of


def write_model(
    path: Path,
    table: ModelTable,
    result: ClassResult,
    params: ClassificationParameters,
    metrics: Mapping[str, float | int | str | None],
    source: tuple[str, str],
    versions: dict[str, str],
) -> None:
    """Write the file; ``source`` is the name and SHA-256 of the data. Ranges and domain are of the rows the model was built on."""
    name, sha256 = source
    model = result.built.model
    built_on = result.built_on
    points, limit = domain_of(result.built.preparation.apply(built_on))
    ties = ties_of(result.built.preparation, built_on)
    members = {}
    for key, pipe in model.members.items():
        assert isinstance(pipe.predictor, ClassPredictor)
        members[key] = SavedMember(present=pipe.predictor.present, n_rows=pipe.predictor.n_rows)
    assert isinstance(model.calibration, ClassCalibration)
    target = SavedTarget(
        target=result.target,
        chosen=model.chosen,
        centre=0.0,
        weights=model.weights if model.chosen == "stack" else {},
        product_of=model.product_of if model.chosen == "stack" else 0,
        columns=saved_columns(result.built.preparation),
        pipelines={
            key: saved_pipeline(pipe, f"target_1/{key}.{ending(pipe.method)}")
            for key, pipe in model.members.items()
        },
        domain=tuple(tuple(point) for point in points.tolist()),
        domain_limit=limit,
        ties=saved_ties(ties),
        ties_limit=ties.limit,
        metrics=dict(metrics),
        classes=SavedClasses(
            labels=result.labels,
            prior=tuple(model.centre.tolist()),
            members=members,
            calibration=saved_calibration(model.calibration),
            decision=saved_decision(result.decision),
        ),
    )
    head = ModelHead(
        features=saved_features(table.features, built_on),
        constants=saved_constants(table.left_out),
        targets=(target,),
        input_name=name,
        input_sha256=sha256,
        n_rows=table.n_rows,
        seed=params.seed,
        versions=versions,
        parameters=params.model_dump(mode="json"),
    )
    save_models(head, {result.target: model}, path)

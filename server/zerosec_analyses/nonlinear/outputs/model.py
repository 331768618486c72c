"""The model file of a nonlinear analysis: what each target's model needs, with its errors on unseen rows and its domain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from zerosec_analyses.modelling.domain import domain_of
from zerosec_analyses.modelling.model_file import (
    ModelHead,
    SavedSpread,
    SavedTarget,
    save_models,
    saved_columns,
    saved_constants,
    saved_features,
    saved_pipeline,
    saved_ties,
)
from zerosec_analyses.modelling.model_parts import ending
from zerosec_analyses.modelling.spread import learn_spread
from zerosec_analyses.modelling.table import FloatArray, ModelTable
from zerosec_analyses.modelling.ties import ties_of
from zerosec_analyses.nonlinear.analysis import TargetResult
from zerosec_analyses.nonlinear.spec import NonlinearParameters

MAX_ERRORS = 10_000
SPREAD_ROWS = 20_000


def write_model(
    path: Path,
    table: ModelTable,
    results: Sequence[TargetResult],
    params: NonlinearParameters,
    metrics: Mapping[str, float | int | str | None],
    source: tuple[str, str],
    versions: dict[str, str],
) -> None:
    """Write the file; ``source`` is the name and SHA-256 of the data."""
    name, sha256 = source
    targets = []
    for number, result in enumerate(results, start=1):
        model = result.built.model
        points, limit = domain_of(result.built.preparation.apply(result.rows.values))
        ties = ties_of(result.built.preparation, result.rows.values)
        errors = np.abs(result.rows.y - result.out_of_fold)
        errors = np.sort(errors[np.isfinite(errors)])
        own = "" if number == 1 else f"_{number}"
        others = tuple(f"_{n}" for n in range(2, len(results) + 1))
        targets.append(
            SavedTarget(
                target=result.target,
                unit=result.unit,
                chosen=model.chosen,
                centre=float(model.centre),
                weights=model.weights if model.chosen == "stack" else {},
                columns=saved_columns(result.built.preparation),
                pipelines={
                    key: saved_pipeline(pipe, f"target_{number}/{key}.{ending(pipe.method)}")
                    for key, pipe in model.members.items()
                },
                errors=_thinned(errors),
                spread=_spread(result, params.seed),
                domain=tuple(tuple(point) for point in points.tolist()),
                domain_limit=limit,
                ties=saved_ties(ties),
                ties_limit=ties.limit,
                metrics={
                    key.removesuffix(own): value
                    for key, value in metrics.items()
                    if (key.endswith(own) if own else not key.endswith(others))
                },
            )
        )
    built_on = np.unique(np.concatenate([result.places for result in results]))
    head = ModelHead(
        features=saved_features(table.features, table.values[built_on]),
        constants=saved_constants(table.left_out),
        targets=tuple(targets),
        input_name=name,
        input_sha256=sha256,
        n_rows=table.n_rows,
        seed=params.seed,
        versions=versions,
        parameters=params.model_dump(mode="json"),
    )
    save_models(head, {result.target: result.built.model for result in results}, path)


def _thinned(errors: FloatArray) -> tuple[float, ...]:
    """Sorted errors, so many of them as tell every quantile that is asked for."""
    if errors.size > MAX_ERRORS:
        errors = errors[np.linspace(0, errors.size - 1, MAX_ERRORS).astype(np.int64)]
    return tuple(errors.tolist())


def _spread(result: TargetResult, seed: int) -> SavedSpread | None:
    """How the errors on unseen rows vary with the row, where that makes better intervals."""
    rows, predicted = result.rows, result.out_of_fold
    known = np.flatnonzero(np.isfinite(predicted))
    if known.size > SPREAD_ROWS:
        known = np.sort(np.random.default_rng(seed).choice(known, SPREAD_ROWS, replace=False))
    prepared = result.built.preparation.apply(rows.values[known])
    errors = np.abs(rows.y[known] - predicted[known])
    units = None if rows.units is None else rows.units[known]
    found = learn_spread(prepared, predicted[known], errors, units, seed)
    if found is None:
        return None
    spread, scaled = found
    return SavedSpread(
        intercept=spread.intercept,
        weights=tuple(spread.weights.tolist()),
        centre=spread.centre,
        unit=spread.unit,
        low=spread.low,
        high=spread.high,
        typical=float(np.median(spread.scale(prepared, predicted[known]))),
        errors=_thinned(scaled),
    )

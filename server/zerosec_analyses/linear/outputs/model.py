"""The model file of a result."""

from __future__ import annotations

import platform
import sys

from zerosec_analyses.linear.analysis import LinearResult
from zerosec_analyses.linear.model_file import (
    LinearModelFile,
    ModelColumn,
    ModelLevel,
    ModelOrigin,
    ModelPower,
    ModelTerm,
    ModelTransform,
    ModelUncertainty,
)
from zerosec_analyses.linear.spec import ANALYSIS

MAX_INTERVAL_TERMS = 200


def model_of(
    result: LinearResult, input_name: str, input_sha256: str, metrics: dict[str, float | int | None]
) -> LinearModelFile:
    """Everything a prediction needs, and where the model comes from."""
    labels = result.labels
    terms = []
    for position in result.kept:
        column = None if position == 0 else result.design.columns[position - 1]
        terms.append(
            ModelTerm(
                label=labels[position],
                coefficient=float(result.coefficients[position]),
                powers=tuple(ModelPower(column=f.column, exponent=f.exponent) for f in column.numeric)
                if column
                else (),
                levels=tuple(
                    ModelLevel(column=name, level=result.design.kinds[name].levels[code])
                    for name, code in column.indicators
                )
                if column
                else (),
            )
        )
    columns = []
    imputation = result.fit.imputation or {}
    for summary in result.table.summaries:
        kind = result.table.kinds[summary.name]
        fill = imputation.get(summary.name)
        columns.append(
            ModelColumn(
                name=summary.name,
                kind="categorical" if kind.is_categorical else "numeric",
                levels=kind.present,
                reference=kind.reference,
                minimum=summary.minimum,
                maximum=summary.maximum,
                mean=summary.mean,
                imputed=None
                if fill is None
                else (kind.levels[int(fill)] if kind.is_categorical else float(fill)),
            )
        )
    inference = result.inference
    uncertainty = None
    if inference is not None and inference.residual_std_error is not None:
        inverse = result.inverse_triangle if len(terms) <= MAX_INTERVAL_TERMS else None
        uncertainty = ModelUncertainty(
            residual_std_error=inference.residual_std_error,
            degrees_of_freedom=inference.residual_degrees_of_freedom,
            inverse_triangle=() if inverse is None else tuple(tuple(row) for row in inverse.tolist()),
        )
    penalty = result.fit.penalised.penalty if result.fit.penalised else None
    parameters = result.parameters
    return LinearModelFile(
        target=parameters.target,
        target_unit=parameters.target_unit,
        columns=tuple(columns),
        terms=tuple(terms),
        transform=ModelTransform(
            kind=parameters.target_transform,
            parameter=result.fit.back.transform.parameter,
            scale=parameters.back_transform,
            nodes=result.fit.back.nodes,
        ),
        uncertainty=uncertainty,
        origin=ModelOrigin(
            method=parameters.method,
            formula=" + ".join(term.label for term in result.design.terms),
            n_rows=result.table.n_rows,
            input_name=input_name,
            input_sha256=input_sha256,
            seed=result.seed,
            strength=penalty.strength if penalty else None,
            l1_share=penalty.l1_share if penalty else None,
            metrics=metrics,
            versions=_versions(),
        ),
    )


def _versions() -> dict[str, str]:
    found = {"linear": ANALYSIS.version, "python": platform.python_version()}
    for name in ("numpy", "scipy", "polars", "sklearn"):
        version = getattr(sys.modules.get(name), "__version__", None)
        if isinstance(version, str):
            found[name] = version
    return found

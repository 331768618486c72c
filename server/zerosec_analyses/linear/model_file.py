"""The model as a file: plain JSON with everything a prediction needs and where it comes from. Reading it runs no code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from zerosec_analyses.linear.spec import BackTransform, Method, TargetTransform

MAX_MODEL_BYTES = 200_000_000

Text = Annotated[str, Field(max_length=10_000)]


class ModelFileError(ValueError):
    """A file that is no model of this kind; the message is for the user."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class ModelColumn(_Part):
    """A column the model needs. Ranges are those of the rows it was fitted to; ``imputed`` fills gaps, where that was chosen."""

    name: Text
    kind: Literal["numeric", "categorical"]
    levels: tuple[Text, ...] = ()
    reference: Text = ""
    minimum: float | None = None
    maximum: float | None = None
    mean: float | None = None
    imputed: float | str | None = None


class ModelPower(_Part):
    """A numeric column to a whole power."""

    column: Text
    exponent: int = Field(ge=1, le=1000)


class ModelLevel(_Part):
    """1 in rows of that level, 0 in all others."""

    column: Text
    level: Text


class ModelTerm(_Part):
    """A coefficient and the product it multiplies; the intercept has no factors."""

    label: Text
    coefficient: float
    powers: tuple[ModelPower, ...] = ()
    levels: tuple[ModelLevel, ...] = ()


class ModelTransform(_Part):
    """The transform of the target. The prediction is the inverse of the sum of the terms, averaged over it plus each node (if any)."""

    kind: TargetTransform = TargetTransform.NONE
    parameter: float = 0.0
    scale: BackTransform = BackTransform.MEDIAN
    nodes: tuple[float, ...] = Field(default=(), max_length=1000)


class ModelUncertainty(_Part):
    """For intervals: s and its degrees of freedom, and inv(R) of X = QR, row by row in the order of the terms (empty: not kept)."""

    residual_std_error: float
    degrees_of_freedom: int
    inverse_triangle: tuple[tuple[float, ...], ...] = ()


class ModelOrigin(_Part):
    """Where the model comes from."""

    method: Method
    formula: str
    n_rows: int
    input_name: str
    input_sha256: str
    seed: int
    strength: float | None = None
    l1_share: float | None = None
    metrics: dict[str, float | int | None] = Field(default_factory=dict)
    versions: dict[str, str] = Field(default_factory=dict)


class LinearModelFile(_Part):
    """A fitted linear model."""

    format: Literal["zerosec-linear-model"] = "zerosec-linear-model"
    format_version: Literal[1] = 1
    target: Text
    target_unit: str = ""
    columns: tuple[ModelColumn, ...]
    terms: tuple[ModelTerm, ...]
    transform: ModelTransform = ModelTransform()
    uncertainty: ModelUncertainty | None = None
    origin: ModelOrigin

    @model_validator(mode="after")
    def _refers_to_its_own_columns(self) -> LinearModelFile:
        kinds = {column.name: column for column in self.columns}
        for term in self.terms:
            for power in term.powers:
                if power.column not in kinds or kinds[power.column].kind != "numeric":
                    raise ValueError(
                        f"term {term.label} needs the numeric column {power.column}, which is not declared"
                    )
            for level in term.levels:
                if level.column not in kinds or level.level not in kinds[level.column].levels:
                    raise ValueError(
                        f"term {term.label} needs the level {level.level} of {level.column}, which is not declared"
                    )
        return self


def save_model(model: LinearModelFile, path: Path) -> None:
    """Write the model; floats come back bit by bit."""
    path.write_text(
        json.dumps(model.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )


def load_model(path: Path) -> LinearModelFile:
    """Read a model; ModelFileError says what is wrong with it."""
    if path.stat().st_size > MAX_MODEL_BYTES:
        raise ModelFileError(f"{path.name} is larger than a model file can be.")
    try:
        return LinearModelFile.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ModelFileError(f"{path.name} is not a linear model file: {place}: {first['msg']}") from error

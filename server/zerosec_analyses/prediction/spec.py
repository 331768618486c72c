"""The declaration of the prediction: its parameters, its inputs and where its method is. Cheap to import."""

from enum import StrEnum

from pydantic import Field

from zerosec_analyses.declaration import Analysis, Citation, InputSlot, Parameters, SlotKind, Step

__all__ = ["ANALYSIS", "FlaggedRows", "PredictionParameters"]


class FlaggedRows(StrEnum):
    """What is done with rows the model has no experience of."""

    KEEP = "keep"
    LEAVE_OUT = "leave_out"


class PredictionParameters(Parameters):
    """The form of the prediction."""

    flagged: FlaggedRows = Field(
        default=FlaggedRows.KEEP,
        title="Rows unlike the data of the model",
        description="Rows out of range, far from all data, or with a level never seen are flagged; they can be left out too.",
        json_schema_extra={"labels": {"keep": "Keep, flagged", "leave_out": "Leave out"}, "widget": "choice"},
    )
    level: float = Field(
        default=0.9,
        ge=0.5,
        le=0.99,
        title="Coverage of the interval",
        description="How often the interval is meant to hold the true value, for rows like the data of the model.",
    )


ANALYSIS = Analysis(
    id="prediction",
    version="1.0.0",
    title="Prediction",
    summary="Predicts new rows by a model file of the nonlinear analysis: with intervals, and flags where the model has no experience.",
    group="Models",
    steps=(
        Step(
            id="predict",
            title="Predict",
            method="zerosec_analyses.prediction.method:run",
            warm=("numpy", "scipy.spatial", "sklearn.ensemble", "sklearn.linear_model", "sklearn.svm", "xlsxwriter"),
            parameters=PredictionParameters,
            inputs=(
                InputSlot(
                    name="data",
                    title="Rows to predict",
                    kind=SlotKind.TABLE,
                    help="A table with the columns the model was built on; others are carried along.",
                    extensions=(".csv", ".tsv", ".txt", ".xlsx", ".xls", ".xlsb", ".ods", ".parquet"),
                    primary=True,
                ),
                InputSlot(
                    name="model",
                    title="Model file",
                    kind=SlotKind.FILE,
                    help="The model.zip of a nonlinear analysis.",
                    extensions=(".zip",),
                ),
            ),
        ),
    ),
    citations=(
        Citation(
            text="Vovk, V., Gammerman, A., Shafer, G. (2005). Algorithmic Learning in a Random World. Springer."
        ),
    ),
)  # fmt: skip

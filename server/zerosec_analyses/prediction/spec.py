"""The declaration of the prediction: its parameters, its inputs and where its method is. Cheap to import."""

from enum import StrEnum

from pydantic import Field

from zerosec_analyses.declaration import Analysis, Citation, FromStep, InputSlot, Parameters, SlotKind, Step
from zerosec_shared.texts import ours

__all__ = ["ANALYSIS", "FlaggedRows", "PredictionParameters", "prediction_step"]


class FlaggedRows(StrEnum):
    """What is done with rows the model has no experience of."""

    KEEP = "keep"
    LEAVE_OUT = "leave_out"


class ProfileChoice(StrEnum):
    """The profiles that come along."""

    NONE = "none"
    DEBURRING = "deburring"


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
    profile: ProfileChoice = Field(
        default=ProfileChoice.NONE,
        title="Profile",
        description="Adds the profile's columns that are worked out from others, such as 加工時間, where the table lacks them.",
        json_schema_extra={
            "labels": {"none": "None", "deburring": "Deburring"},
            "widget": "choice",
            "advanced": True,
        },
    )


PREDICT = Step(
    id="predict",
    title="Predict",
    help="Predicts the rows of a table by the model, each with its interval and with what speaks against trusting it.",
    method="zerosec_analyses.prediction.method:run",
    preview="zerosec_analyses.prediction.preview:preview",
    warm=("numpy", "scipy.spatial", "sklearn.ensemble", "sklearn.linear_model", "sklearn.svm", "xlsxwriter"),
    parameters=PredictionParameters,
    inputs=(
        InputSlot(
            name="rows",
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
            help="The model.zip of a nonlinear analysis or a classification.",
            extensions=(".zip",),
        ),
        InputSlot(
            name="own_profile",
            title="Profile file",
            kind=SlotKind.FILE,
            help="A profile of your own (.toml), in place of those that come along.",
            extensions=(".toml",),
            required=False,
        ),
    ),
)


def prediction_step(model: FromStep) -> Step:
    """Prediction as a later step of an analysis that leaves a model file: its id is `prediction`, its table `predictions.parquet`."""
    return PREDICT.offered(ours("Predict with this model"), {"model": model}, step_id="prediction")


ANALYSIS = Analysis(
    id="prediction",
    version="1.1.0",
    title="Prediction",
    summary="Predicts new rows by a model file: numbers with intervals, classes with probabilities and a decision, and flags where the model has no experience.",
    group="Models",
    steps=(PREDICT,),
    citations=(
        Citation(
            text="Vovk, V., Gammerman, A., Shafer, G. (2005). Algorithmic Learning in a Random World. Springer."
        ),
    ),
)  # fmt: skip

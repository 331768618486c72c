"""The declaration of the export of the prediction database. Cheap to import."""

from enum import StrEnum

from pydantic import Field

from zerosec_analyses.declaration import Analysis, InputSlot, Parameters, SlotKind, Step

__all__ = ["ANALYSIS", "DatabaseParameters", "Entry", "TableFormat"]


class TableFormat(StrEnum):
    """What is written beside Parquet, which always is."""

    PARQUET = "parquet"
    CSV = "csv"
    EXCEL = "xlsx"


class Entry(Parameters):
    """Where the rows of one file come from."""

    prediction_id: str = Field(max_length=36, title="Prediction")
    run_id: str = Field(max_length=36, title="Run")
    run: str = Field(max_length=200, title="Name of the run")
    predicted_at: str = Field(max_length=40, title="Time", description="ISO 8601, UTC.")
    model: str = Field(default="", max_length=200, title="Model")
    model_run_id: str = Field(default="", max_length=36, title="Run of the model")
    rows_file: str = Field(default="", max_length=200, title="Table")


class DatabaseParameters(Parameters):
    """Where the rows come from, and which file is wanted."""

    entries: tuple[Entry, ...] = Field(
        min_length=1, max_length=2000, title="Predictions", description="One a file, in their order."
    )
    table: TableFormat = Field(
        default=TableFormat.PARQUET,
        title="File",
        description="What is written beside Parquet.",
        json_schema_extra={
            "labels": {"parquet": "Parquet", "csv": "CSV", "xlsx": "Excel workbook"},
            "widget": "choice",
        },
    )


ANALYSIS = Analysis(
    id="prediction-database",
    version="1.0.0",
    title="Prediction database",
    summary="Writes the predictions of many runs as one table that says of each row where it comes from.",
    group="Models",
    steps=(
        Step(
            id="write",
            title="Write table",
            method="zerosec_analyses.prediction_database.method:run",
            parameters=DatabaseParameters,
            inputs=(
                InputSlot(
                    name="predictions",
                    title="Predictions",
                    kind=SlotKind.TABLE,
                    help="Tables of predictions, as Parquet.",
                    extensions=(".parquet",),
                    multiple=True,
                ),
            ),
        ),
    ),
    hidden=True,
)

"""The prediction database: every prediction of a server, whose rows lie in the files of its runs, and their export as one table."""

from enum import StrEnum

from pydantic import Field

from zerosec_shared.analyses import AnalysisId, StepId
from zerosec_shared.contract import Contract, Instant, Name
from zerosec_shared.ids import Id

__all__ = [
    "EXPORT_NAME",
    "MOST_PREDICTIONS",
    "SHEET_ROWS",
    "PredictionExport",
    "PredictionFormat",
    "PredictionRecord",
]

EXPORT_NAME = "prediction_database"
"""What the exported file is called, before its ending."""
MOST_PREDICTIONS = 2000
"""In one export."""
SHEET_ROWS = 1_048_575
"""Below the heading of an Excel sheet."""


class PredictionRecord(Contract):
    """One prediction: a job that predicted the rows of a table by a model."""

    job_id: Id = Field(description="The prediction's own id: predicting again makes another.")
    run_id: Id
    run_name: Name
    analysis: AnalysisId
    step: StepId
    predicted_at: Instant
    model: str = Field(
        description="The run the model was built by; its file's name where no run here built it."
    )
    model_run_id: Id | None = None
    rows_file: str = Field(description="The name of the table whose rows were predicted.")
    rows: int = Field(ge=0, description="Rows predicted and kept.")
    targets: tuple[str, ...] = ()
    size_bytes: int = Field(default=0, ge=0)
    cleaned: bool = Field(default=False, description="The run's files were cleaned: its rows are gone.")


class PredictionFormat(StrEnum):
    """What is exported; also the file's ending."""

    PARQUET = "parquet"
    CSV = "csv"
    EXCEL = "xlsx"


class PredictionExport(Contract):
    """Ask for predictions as one table, made by a job whose artifact `prediction_database.FORMAT` it is."""

    id: Id = Field(description="The job's id.")
    run_id: Id
    name: Name = "Prediction database"
    format: PredictionFormat = PredictionFormat.PARQUET
    predictions: tuple[Id, ...] = Field(
        default=(), max_length=MOST_PREDICTIONS, description="Their job ids; none: all that have their files."
    )
    project: Id | None = Field(
        default=None, description="Of all, those by models built from chosen experiments of this project."
    )

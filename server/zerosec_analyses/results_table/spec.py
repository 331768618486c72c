"""The declaration of the reading of results. Cheap to import."""

from pydantic import Field

from zerosec_analyses.declaration import Analysis, InputSlot, Parameters, SlotKind, Step

__all__ = ["ANALYSIS", "ResultsTableParameters"]


class ResultsTableParameters(Parameters):
    """How the file's columns are understood."""

    profile: str = Field(
        min_length=1,
        max_length=200_000,
        title="Profile",
        description="What the columns are called, hold and are for, as TOML.",
        json_schema_extra={"widget": "text"},
    )
    given: dict[str, str] = Field(
        default_factory=dict,
        max_length=200,
        title="Values of the whole series",
        description="For columns the file lacks, such as the material: the value that holds for every row.",
    )


ANALYSIS = Analysis(
    id="results-table",
    version="1.0.0",
    title="Read results",
    summary=(
        "Reads a filled lab sheet, any table of results, or an older results.db by a profile, and says of every row "
        "whether it can be taken into the results database."
    ),
    group="Experiments",
    steps=(
        Step(
            id="read",
            title="Read results",
            method="zerosec_analyses.results_table.method:run",
            parameters=ResultsTableParameters,
            inputs=(
                InputSlot(
                    name="data",
                    title="Results",
                    kind=SlotKind.TABLE,
                    required=False,
                    help="One row an experiment, in any order of columns.",
                    extensions=(".xlsx", ".csv", ".tsv", ".txt", ".xls", ".xlsb", ".ods", ".parquet"),
                ),
                InputSlot(
                    name="database",
                    title="Older results.db",
                    kind=SlotKind.FILE,
                    required=False,
                    help="An SQLite file with the table main_results.",
                    extensions=(".db", ".sqlite", ".sqlite3"),
                    max_size_bytes=2 * 2**30,
                ),
            ),
        ),
    ),
    hidden=True,
)

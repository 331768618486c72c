"""The declaration of the lab sheet. Cheap to import."""

from pydantic import Field

from zerosec_analyses.declaration import Analysis, InputSlot, Parameters, SlotKind, Step

__all__ = ["ANALYSIS", "LabSheetParameters"]


class LabSheetParameters(Parameters):
    """What the sheet says beside the runs."""

    profile: str = Field(
        min_length=1,
        max_length=200_000,
        title="Profile",
        description="What the columns are called, hold and are for, as TOML.",
        json_schema_extra={"widget": "text"},
    )
    title: str = Field(
        default="",
        max_length=120,
        title="Title",
        description="Printed at the head of each page, such as the project's name.",
    )
    criterion: str = Field(
        default="",
        max_length=40,
        title="Criterion",
        description="By which the runs were chosen, such as D. It stands in a column of its own; empty: no such column.",
    )
    given: dict[str, str] = Field(
        default_factory=dict,
        max_length=200,
        title="Values of the whole series",
        description="Conditions that hold for every run. They are printed at the head of each page and stand in their columns.",
    )


ANALYSIS = Analysis(
    id="lab-sheet",
    version="1.0.0",
    title="Lab sheet",
    summary=(
        "The runs of a design as an Excel workbook to print and fill in: a row a run, empty columns for what is measured. Its headings "
        "are the profile's, so that the filled sheet is read back as results."
    ),
    group="Experiments",
    steps=(
        Step(
            id="sheet",
            title="Make the lab sheet",
            method="zerosec_analyses.lab_sheet.method:run",
            parameters=LabSheetParameters,
            inputs=(
                InputSlot(
                    name="design",
                    title="Runs",
                    kind=SlotKind.TABLE,
                    help="One row a run, in the order of the work, such as the design.csv of an optimal design.",
                    extensions=(".csv", ".tsv", ".txt", ".xlsx", ".xls", ".xlsb", ".ods", ".parquet"),
                ),
            ),
        ),
    ),
    hidden=True,
)

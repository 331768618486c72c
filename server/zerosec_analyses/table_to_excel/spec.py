"""The declaration of the export to Excel. Cheap to import."""

from pydantic import Field

from zerosec_analyses.declaration import Analysis, InputSlot, Parameters, SlotKind, Step

__all__ = ["ANALYSIS", "TableToExcelParameters"]


class TableToExcelParameters(Parameters):
    """What the workbook is called and holds."""

    sheet: str = Field(
        "Data",
        min_length=1,
        max_length=31,
        pattern=r"^[^\[\]:*?/\\']+$",
        title="Sheet",
        description="Name of the sheet; a table longer than a sheet goes on in further ones.",
    )
    date_columns: tuple[str, ...] = Field(
        default=(),
        max_length=200,
        title="Dates",
        description="Columns of texts such as 2025-10-29 that are written as dates.",
        json_schema_extra={"widget": "columns", "slot": "data"},
    )


ANALYSIS = Analysis(
    id="table-to-excel",
    version="1.0.0",
    title="Table as Excel workbook",
    summary="Writes a table as an Excel workbook with real numbers and dates.",
    group="Experiments",
    steps=(
        Step(
            id="write",
            title="Write workbook",
            method="zerosec_analyses.table_to_excel.method:run",
            parameters=TableToExcelParameters,
            inputs=(InputSlot(name="data", title="Table", kind=SlotKind.TABLE),),
        ),
    ),
    hidden=True,
)

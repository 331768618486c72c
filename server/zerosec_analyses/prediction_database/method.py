"""Writes predictions of many runs as one table, in batches: a column that a prediction lacks is empty there."""

from __future__ import annotations

import polars as pl

from zerosec_analyses.excel_files import ROWS_A_SHEET
from zerosec_analyses.large_files import write_tables
from zerosec_analyses.prediction_database.spec import DatabaseParameters, TableFormat
from zerosec_analyses.prediction_database.uniting import Table, unite
from zerosec_analyses.sdk import Column, Context, InputError, say
from zerosec_shared.predictions import EXPORT_NAME
from zerosec_shared.runs import ArtifactRole
from zerosec_shared.views import CardView, FileView

__all__ = ["run"]

SHOWN_ROWS = 200


def run(ctx: Context, params: DatabaseParameters) -> None:
    """Write `prediction_database.parquet`, and as CSV or Excel workbook if asked for. Raises InputError."""
    files = ctx.inputs["predictions"]
    if len(files) != len(params.entries):
        raise InputError(
            say(
                "{files} files were given, and {entries} entries that say where they come from.",
                files=len(files),
                entries=len(params.entries),
            )
        )
    try:
        united = unite(
            [Table.of(file.path, entry) for file, entry in zip(files, params.entries, strict=True)]
        )
    except pl.exceptions.ComputeError as error:
        raise InputError(
            "A file of predictions cannot be read.", hint="Predict again with the same model and table."
        ) from error
    rows = united.rows
    if params.table is TableFormat.EXCEL and rows > ROWS_A_SHEET:
        raise InputError(
            say(
                "These {rows:,} rows do not fit into an Excel sheet, which holds {most:,}.",
                rows=rows,
                most=ROWS_A_SHEET,
            ),
            hint="Export them as CSV or Parquet, or name fewer predictions.",
        )
    if united.as_text:
        ctx.warn(
            "columns_as_text",
            say(
                "These columns hold numbers in one prediction and something else in another, and are texts here: {names}.",
                names=", ".join(united.as_text),
            ),
        )
    if united.renamed:
        told = ", ".join(f"{before} → {after}" for before, after in united.renamed.items())
        ctx.warn(
            "columns_renamed",
            say(
                "Tables have columns named like those that say where a row comes from; they have other names here: {names}.",
                names=told,
            ),
        )

    def progress(done: int, a_second: float) -> None:
        left = (rows - done) / a_second if a_second > 0 else 0.0
        ctx.progress(
            0.98 * done / max(1, rows),
            "write",
            say("{done:,} of {rows:,} rows", done=done, rows=rows),
            rows=done,
            rows_per_second=round(a_second),
            seconds_left=round(left),
        )

    written = write_tables(
        united.frames(),
        united.schema,
        ctx.output,
        rows,
        progress,
        name=EXPORT_NAME,
        csv=params.table is TableFormat.CSV,
        excel=params.table is TableFormat.EXCEL,
        guard=True,
    )
    text = say(
        "{rows:,} rows of {predictions:,} predictions.",
        one="1 row of {predictions} predictions.",
        rows=rows,
        predictions=len(files),
    )
    ctx.show(CardView(id="answer", title="Prediction database", text=text))
    ctx.metric("rows", rows, label="Rows", headline=True)
    ctx.metric("predictions", len(files), label="Predictions", headline=True)
    for path in (written.parquet, *([] if written.csv is None else [written.csv]), *written.excel):
        source = ctx.artifact(path, ArtifactRole.TABLE)
        ctx.show(FileView(id=path.suffix[1:], title=path.name, source=source))
    if written.csv is not None:
        ctx.table(
            "rows",
            "Rows",
            [Column(name=name) for name in united.schema],
            [[_cell(value) for value in row] for row in written.first.head(SHOWN_ROWS).iter_rows()],
            source=ctx.artifact(written.csv, ArtifactRole.TABLE),
            total_rows=rows,
        )


def _cell(value: object) -> float | int | str | None:
    if value is None or value != value:
        return None
    return value if isinstance(value, int | float | str) else str(value)

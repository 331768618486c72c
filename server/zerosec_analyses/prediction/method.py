"""Predicts the rows of a table by a model file: refuses missing columns by name, flags what the model has not seen."""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy.spatial import cKDTree
from threadpoolctl import threadpool_limits

from zerosec_analyses.modelling.model_file import ModelFileError, ModelHead, SavedTarget, load_models
from zerosec_analyses.modelling.procedure import Model
from zerosec_analyses.modelling.table import FloatArray
from zerosec_analyses.nonlinear.analysis import conformal_quantile
from zerosec_analyses.prediction.spec import FlaggedRows, PredictionParameters
from zerosec_analyses.sdk import Column, Context, InputError, say
from zerosec_analyses.workbooks import open_workbook
from zerosec_shared.runs import ArtifactRole
from zerosec_shared.tables import ColumnKind, Table, TableError, read_table
from zerosec_shared.views import CardView, FileView

BLOCK = 50_000
MAX_SHEET_ROWS = 1_000_000
SHOWN_ROWS = 1000
FLAG = "flags"


def run(ctx: Context, params: PredictionParameters) -> None:
    """Predict every row. Raises InputError for a file that is no model and for a column that is missing or of another kind."""
    with threadpool_limits(limits=1):
        _run(ctx, params)


def _run(ctx: Context, params: PredictionParameters) -> None:
    ctx.progress(0.02, "read", "Reading model and table")
    try:
        head, models = load_models(ctx.input("model").path)
    except ModelFileError as error:
        raise InputError(
            say("“{file}” cannot be used as a model.", file=ctx.input("model").name),
            str(error),
            "Choose the model.zip that a nonlinear analysis has written.",
        ) from error
    source = ctx.input("rows")
    try:
        table = read_table(source.path, source.dialect)
    except TableError as error:
        raise InputError(say("{title}.", title=error.title), error.detail, error.hint) from error
    ctx.read_as("rows", table.dialect)
    values, unseen = _coded(table, head)
    flags = _flags(values, unseen, head)
    made: dict[str, FloatArray] = {}
    for number, saved in enumerate(head.targets):
        found, far = _predicted(models[saved.target], saved, values)
        ctx.progress(
            0.1 + 0.7 * (number + 1) / len(head.targets), "predict", say("{target}", target=saved.target)
        )
        flags["out_of_domain"] |= far
        half = conformal_quantile(np.array(saved.errors), params.level)
        made[f"predicted {saved.target}"] = found
        if np.isfinite(half):
            made[f"{saved.target} from"], made[f"{saved.target} to"] = found - half, found + half
    _warn_of_replaced(ctx, [name for name in (*made, FLAG) if name in table.frame.columns])
    frame = _result(table, head, made, flags)
    flagged = int((frame[FLAG] != "").sum())
    if params.flagged is FlaggedRows.LEAVE_OUT:
        frame = frame.filter(pl.col(FLAG) == "")
    _warn(ctx, head, flags, params, frame.height, table.frame.height)
    _write(ctx, head, frame, flagged, table.frame.height)


def _coded(table: Table, head: ModelHead) -> tuple[FloatArray, np.ndarray]:
    """Rows x features as the model was built on, and where a level is one it has never seen."""
    kinds = {state.name: state.kind for state in table.columns}
    missing = [feature.name for feature in head.features if feature.name not in kinds]
    if missing:
        raise InputError(
            say("The table has no column “{column}”, which the model needs.", column=missing[0]),
            say("Missing in all: {names}.", names=", ".join(missing)) if len(missing) > 1 else "",
            "Nothing is predicted without it. Add the column, with values in the units the model was built on.",
        )
    numbers = [f.name for f in head.features if not f.levels and kinds[f.name] is not ColumnKind.BOOLEAN]
    try:
        table.require_numbers(numbers)
    except TableError as error:
        raise InputError(say("{title}.", title=error.title), error.detail, error.hint) from error
    values = np.full((table.frame.height, len(head.features)), np.nan)
    unseen = np.zeros(values.shape, dtype=bool)
    for place, feature in enumerate(head.features):
        column = table.frame[feature.name]
        if feature.levels:
            texts = column.cast(pl.String)
            codes = texts.replace_strict(
                list(feature.levels), list(range(len(feature.levels))), default=None, return_dtype=pl.Float64
            )
            unseen[:, place] = (texts.is_not_null() & codes.is_null()).to_numpy()
            values[:, place] = codes.fill_null(float("nan")).to_numpy()
            values[unseen[:, place], place] = len(feature.levels)  # a level that is none of those known
        else:
            values[:, place] = column.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    infinite = np.isinf(values)
    if infinite.any():
        row, place = np.argwhere(infinite)[0].tolist()
        raise InputError(
            say(
                "Row {row:,}, column “{column}”: the number is infinite.",
                row=table.row_number(row),
                column=head.features[place].name,
            ),
            hint="Correct the value, or leave the cell empty.",
        )
    return values, unseen


def _flags(values: FloatArray, unseen: np.ndarray, head: ModelHead) -> dict[str, np.ndarray]:
    used = sorted({column.feature for saved in head.targets for column in saved.columns})
    outside = np.zeros(values.shape[0], dtype=bool)
    for place in used:
        feature = head.features[place]
        if feature.minimum is not None and feature.maximum is not None:
            outside |= (values[:, place] < feature.minimum) | (values[:, place] > feature.maximum)
    return {
        "out_of_range": outside,
        "unseen_level": np.asarray(unseen[:, used].any(axis=1)),
        "missing_value": np.asarray(np.isnan(values[:, used]).any(axis=1)),
        "out_of_domain": np.zeros(values.shape[0], dtype=bool),
    }


def _predicted(model: Model, saved: SavedTarget, values: FloatArray) -> tuple[FloatArray, np.ndarray]:
    """Predictions, and which rows are farther from all training rows than those are from each other."""
    found, far = np.empty(values.shape[0]), np.zeros(values.shape[0], dtype=bool)
    tree = cKDTree(np.array(saved.domain)) if saved.domain and saved.domain_limit is not None else None
    preparation = next(iter(model.pipelines.values())).preparation
    for start in range(0, values.shape[0], BLOCK):
        part = values[start : start + BLOCK]
        found[start : start + BLOCK] = model.predict(part)
        if tree is not None and saved.domain_limit is not None:
            distance = tree.query(preparation.apply(part))[0]
            far[start : start + BLOCK] = distance > saved.domain_limit * (1 + 1e-9)
    return found, far


def _result(
    table: Table, head: ModelHead, made: dict[str, FloatArray], flags: dict[str, np.ndarray]
) -> pl.DataFrame:
    """The table with what was predicted beside it; columns of the same names are replaced."""
    frame = table.frame
    words = [
        pl.when(pl.Series(name, hit)).then(pl.lit(name)).otherwise(None).alias(f"_{place}")
        for place, (name, hit) in enumerate(flags.items())
    ]
    text = frame.select(words).select(pl.concat_str(pl.all(), separator=" ", ignore_nulls=True)).to_series()
    columns = [pl.Series(name, values) for name, values in made.items()]
    kept = frame.drop([name for name in (*made, FLAG) if name in frame.columns])
    return kept.with_columns(*columns, text.fill_null("").alias(FLAG))


def _warn_of_replaced(ctx: Context, names: list[str]) -> None:
    if names:
        ctx.warn(
            "columns_replaced",
            say(
                "The file has columns that are named like the results: {names}. In the results they hold the new values.",
                names=", ".join(names),
            ),
            "Your file is as it was. Give those columns other names to have both.",
        )


def _warn(
    ctx: Context,
    head: ModelHead,
    flags: dict[str, np.ndarray],
    params: PredictionParameters,
    kept: int,
    rows: int,
) -> None:
    for name, hit in flags.items():
        count = int(hit.sum())
        if count:
            ctx.warn(name, _sentence(name, count))
    if kept < rows:
        ctx.warn(
            "rows_left_out",
            say("{dropped:,} of {rows:,} rows were left out.", dropped=rows - kept, rows=rows),
        )
    for saved in head.targets:
        if not np.isfinite(conformal_quantile(np.array(saved.errors), params.level)):
            ctx.warn(
                "no_interval",
                say("{target}: the model was judged on too few rows for this interval.", target=saved.target),
            )


def _sentence(name: str, count: int) -> str:
    if name == "out_of_range":
        return say("{rows:,} rows lie outside the range of the data the model was built on.", rows=count)
    if name == "unseen_level":
        return say("{rows:,} rows have a category the model has never seen.", rows=count)
    if name == "missing_value":
        return say(
            "{rows:,} rows miss a value: numbers were filled in with the median of the training data, categories belong to none.",
            rows=count,
        )
    return say("{rows:,} rows lie farther from all training data than those lie from each other.", rows=count)


def _write(ctx: Context, head: ModelHead, frame: pl.DataFrame, flagged: int, rows: int) -> None:
    ctx.progress(0.85, "write", "Writing the predictions")
    csv, parquet = ctx.output / "predictions.csv", ctx.output / "predictions.parquet"
    frame.write_csv(csv)
    frame.write_parquet(parquet)
    files = [("csv", say("Predictions as CSV"), csv), ("parquet", say("Predictions as Parquet"), parquet)]
    if frame.height <= MAX_SHEET_ROWS:
        sheet = ctx.output / "predictions.xlsx"
        with open_workbook(sheet, constant_memory=True, nan_inf_to_errors=True) as workbook:
            page = workbook.add_worksheet("predictions")
            page.write_row(0, 0, frame.columns)
            for at, row in enumerate(frame.iter_rows(), start=1):
                page.write_row(
                    at, 0, [str(c) if not isinstance(c, int | float | str | None) else c for c in row]
                )
        files.append(("sheet", say("Predictions as Excel sheet"), sheet))
    names = ", ".join(saved.target for saved in head.targets)
    text = say(
        "{rows:,} rows were predicted ({targets}); {flagged:,} of them are unlike the data of the model in some way.",
        rows=rows, targets=names, flagged=flagged,
    )  # fmt: skip
    ctx.show(CardView(id="answer", title="Predictions", text=text))
    ctx.metric("n_rows", rows, label="Rows predicted", headline=True)
    ctx.metric("n_flagged", flagged, label="Rows flagged", headline=True)
    for number, saved in enumerate(head.targets, start=1):
        r2 = saved.metrics.get("r2_out_of_fold")
        ending = "" if number == 1 else f"_{number}"
        ctx.metric(
            f"model_r2_out_of_fold{ending}", r2, label=say("R² of the model of {target} on unseen rows", target=saved.target)
        )  # fmt: skip
    source = ctx.artifact(csv, ArtifactRole.TABLE)
    shown = frame.head(SHOWN_ROWS)
    ctx.table(
        "predictions",
        "Predictions",
        [Column(name=name) for name in shown.columns],
        [
            [c if isinstance(c, int | float | str | None) and c == c else None for c in row]
            for row in shown.iter_rows()
        ],
        source=source,
        total_rows=frame.height,
    )
    for view_id, title, path in files:
        ctx.show(FileView(id=view_id, title=title, source=ctx.artifact(path, ArtifactRole.TABLE)))
    ctx.progress(1.0, "done", text)

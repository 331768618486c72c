"""Predicts the rows of a table by a model file, in batches: refuses missing columns by name, flags what the model has not seen."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import polars as pl
from threadpoolctl import threadpool_limits

from zerosec_analyses.excel_files import ROWS_A_SHEET
from zerosec_analyses.large_files import Written, write_tables
from zerosec_analyses.modelling.model_file import ModelHead, load_models
from zerosec_analyses.modelling.model_parts import ModelFileError
from zerosec_analyses.modelling.procedure import Model
from zerosec_analyses.prediction.new_rows import Coded, NewRows
from zerosec_analyses.prediction.results import show_results
from zerosec_analyses.prediction.scoring import FLAGS, Scored, Scorer, flag_texts
from zerosec_analyses.prediction.spec import FlaggedRows, PredictionParameters, ProfileChoice
from zerosec_analyses.sdk import Context, InputError, say
from zerosec_shared.profiles import Profile, ProfileError, read_profile, shipped_profile
from zerosec_shared.profiles.toml_file import MAX_PROFILE_BYTES

FLAG = "flags"
SHOWN_ROWS = 1000


def run(ctx: Context, params: PredictionParameters) -> None:
    """Predict every row. Raises InputError for a file that is no model and for a column that is missing or of another kind."""
    with threadpool_limits(limits=1):
        _run(ctx, params)


def _run(ctx: Context, params: PredictionParameters) -> None:
    ctx.progress(0.02, "read", "Reading model and table")
    head, models = model_of(ctx)
    source = ctx.input("rows")
    scratch = ctx.scratch / "rows"
    scratch.mkdir(parents=True, exist_ok=True)
    rows = NewRows(source.path, source.dialect, head, scratch=scratch, profile=profile_of(ctx, params))
    ctx.read_as("rows", rows.scan.dialect)
    prediction = Prediction(
        rows, Scorer(head, models, params.level), params.flagged is FlaggedRows.LEAVE_OUT, ctx.threads
    )

    def progress(done: int, a_second: float) -> None:
        share = prediction.rows_done / max(1, rows.rows)
        left = (rows.rows - prediction.rows_done) / a_second if a_second > 0 else 0.0
        ctx.progress(
            0.05 + 0.9 * share,
            "predict",
            say("{done:,} of {rows:,} rows", done=prediction.rows_done, rows=rows.rows),
            rows=prediction.rows_done,
            seconds_left=round(left),
        )

    written = write_tables(
        prediction.frames(),
        prediction.schema,
        ctx.output,
        rows.rows,
        progress,
        name="predictions",
        csv=True,
        excel=rows.rows <= ROWS_A_SHEET,
    )
    rows.scan.discard()
    _finish(ctx, prediction, written)


def model_of(ctx: Context) -> tuple[ModelHead, dict[str, Model]]:
    """The model of the input. Raises InputError."""
    try:
        return load_models(ctx.input("model").path)
    except ModelFileError as error:
        raise InputError(
            say("“{file}” cannot be used as a model.", file=ctx.input("model").name),
            error.args[0],
            "Choose the model.zip that a nonlinear analysis or a classification has written.",
        ) from error


def profile_of(ctx: Context, params: PredictionParameters) -> Profile | None:
    """The profile whose derived columns are added. Raises InputError for a file that is none."""
    if not ctx.inputs.get("own_profile"):
        return None if params.profile is ProfileChoice.NONE else shipped_profile(params.profile.value)
    source = ctx.input("own_profile")
    with source.path.open("rb") as file:
        data = file.read(MAX_PROFILE_BYTES + 1)
    try:
        return read_profile(data)
    except ProfileError as error:
        problems = " ".join(error.problems[:10])
        raise InputError(say("{file} is no profile.", file=source.name), problems) from error


@dataclass
class Prediction:
    """The predicted table as it is made, batch by batch, and what was counted on the way."""

    rows: NewRows
    scorer: Scorer
    leave_out: bool
    threads: int
    rows_done: int = 0
    flagged: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    shown: pl.DataFrame | None = None

    @property
    def replaced(self) -> list[str]:
        """Columns of the table that are named like results, and give way to them."""
        return [name for name in (*self.scorer.schema, FLAG) if name in self.rows.schema]

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """The columns of the result: those of the table, then what was predicted, then the flags."""
        kept = {name: dtype for name, dtype in self.rows.schema.items() if name not in self.replaced}
        return {**kept, **self.scorer.schema, FLAG: pl.String()}

    def frames(self) -> Iterator[pl.DataFrame]:
        """All batches, in order; so many are scored side by side as there are threads."""
        waiting: deque[tuple[Coded, Future[Scored]]] = deque()
        # each thread has limits of its own
        with ThreadPoolExecutor(self.threads, "score", initializer=threadpool_limits, initargs=(1,)) as pool:
            for coded in self.rows.batches():
                waiting.append((coded, pool.submit(self.scorer.score, coded)))
                if len(waiting) > self.threads:
                    yield self._frame(*waiting.popleft())
            while waiting:
                yield self._frame(*waiting.popleft())

    def _frame(self, coded: Coded, scored: Future[Scored]) -> pl.DataFrame:
        made, flags = scored.result()
        text = flag_texts(flags)
        for name in FLAGS:
            self.counts[name] += int(flags[name].sum())
        self.flagged += int((text != "").sum())
        self.rows_done += coded.frame.height
        frame = coded.frame.drop(self.replaced).with_columns(*made.values(), text.alias(FLAG))
        if self.leave_out:
            frame = frame.filter(pl.col(FLAG) == "")
        missing = SHOWN_ROWS - (0 if self.shown is None else self.shown.height)
        if missing > 0:
            head = frame.head(missing)
            self.shown = head if self.shown is None else pl.concat([self.shown, head])
        return frame


def _finish(ctx: Context, prediction: Prediction, written: Written) -> None:
    shown = prediction.shown if prediction.shown is not None else pl.DataFrame(schema=prediction.schema)
    show_results(
        ctx,
        prediction.scorer,
        written,
        shown,
        rows=prediction.rows_done,
        flagged=prediction.flagged,
        counts=prediction.counts,
        replaced=prediction.replaced,
        notes=prediction.rows.notes,
        spelt=prediction.rows.spelt,
    )

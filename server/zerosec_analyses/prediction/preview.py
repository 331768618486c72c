"""What a prediction would do with the form as it stands: rows, columns that are missing, and roughly how long."""

from __future__ import annotations

import time

from threadpoolctl import threadpool_limits

from zerosec_analyses.prediction.method import model_of, profile_of
from zerosec_analyses.prediction.new_rows import NewRows
from zerosec_analyses.prediction.scoring import Scorer, flag_texts
from zerosec_analyses.prediction.spec import PredictionParameters
from zerosec_analyses.prediction.spelling import about_spelling
from zerosec_analyses.sdk import Context, joined, say

__all__ = ["preview"]

SAMPLE = 2000
WRITING_S = 1.5e-6
"""A cell of the result in three kinds of file; measured: 1,000,000 rows of 16 columns take 24 s on a quiet machine."""
STARTING_S = 3


def preview(ctx: Context, params: PredictionParameters) -> None:
    """Read the model and the table as the prediction would, and predict the first rows. Raises InputError as the prediction would."""
    with threadpool_limits(limits=1):
        _preview(ctx, params)


def _preview(ctx: Context, params: PredictionParameters) -> None:
    head, models = model_of(ctx)
    ctx.metric(
        "targets",
        ", ".join(saved.target for saved in head.targets),
        label="The model predicts",
        headline=True,
    )
    needed = [say("{name}", name=feature.name) for feature in head.features]
    ctx.metric("features", len(needed), label="Columns it needs", note=joined(needed[:30], ", "))
    source = ctx.input("rows")
    rows = NewRows(source.path, source.dialect, head, profile=profile_of(ctx, params))
    ctx.metric("rows", rows.rows, label="Rows to predict", headline=True)
    for finding in about_spelling(rows.spelt):
        finding.tell(ctx)
    scorer = Scorer(head, models, params.level)
    first = next(iter(rows.batches())).head(SAMPLE)
    begun = time.perf_counter()
    _, flags = scorer.score(first)
    a_row = (time.perf_counter() - begun) / first.frame.height
    cells = len(rows.schema) + len(scorer.schema) + 1
    ctx.metric(
        "seconds",
        _rounded(STARTING_S + rows.rows * (a_row + cells * WRITING_S)),
        label="Roughly",
        unit="s",
        note=say("By the first {rows:,} rows.", one="By the first row.", rows=first.frame.height),
        headline=True,
    )
    flagged = int((flag_texts(flags) != "").sum())
    if flagged:
        ctx.warn(
            "flagged_rows",
            say(
                "Of the first {rows:,} rows {flagged:,} are unlike the data of the model.",
                one="Of the first {rows} rows 1 is unlike the data of the model.",
                rows=first.frame.height,
                flagged=flagged,
            ),
            "They are flagged in the result, or left out if you say so.",
        )


def _rounded(seconds: float) -> int:
    """To one digit: more would be a promise."""
    return max(1, int(float(f"{seconds:.1g}")))

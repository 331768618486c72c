"""What a prediction shows: how many rows, what must be seen beside them, the first of them with what was predicted first, the files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import polars as pl

from zerosec_analyses.large_files import Written
from zerosec_analyses.modelling.class_scoring import UNDECIDED
from zerosec_analyses.prediction.scoring import CANNOT_SAY, FLAGS, REASONS, Scorer
from zerosec_analyses.prediction.spelling import about_spelling
from zerosec_analyses.reporting.reading import about_reading
from zerosec_analyses.sdk import Column, Context, Said, joined, say
from zerosec_shared.runs import ArtifactRole
from zerosec_shared.tables import Note
from zerosec_shared.views import CardView, FileView


def show_results(
    ctx: Context,
    scorer: Scorer,
    written: Written,
    shown: pl.DataFrame,
    *,
    rows: int,
    flagged: int,
    counts: Counter[str],
    replaced: Sequence[str],
    notes: Sequence[Note],
    spelt: Mapping[str, str],
) -> None:
    """Show it. ``shown`` are the first rows of what was written, ``rows`` all that were predicted."""
    read = about_reading(notes, {note.column for note in notes if note.column is not None})
    for finding in (*read, *about_spelling(spelt)):
        finding.tell(ctx)
    _warn(ctx, scorer, written, rows, counts, replaced)
    names = ", ".join(target.saved.target for target in scorer.targets)
    predicted = say(
        "{rows:,} rows were predicted ({targets}).",
        one="1 row was predicted ({targets}).",
        rows=rows,
        targets=names,
    )
    unlike = say(
        "{flagged:,} of them are unlike the data of the model in some way.",
        one="1 of them is unlike the data of the model in some way.",
        flagged=flagged,
    )
    text = joined((predicted, unlike), " ")
    ctx.show(CardView(id="answer", title="Predictions", text=text))
    ctx.metric("n_rows", rows, label="Rows predicted", headline=True)
    ctx.metric("n_flagged", flagged, label="Rows flagged", headline=True)
    for number, target in enumerate(scorer.targets, start=1):
        saved = target.saved
        ending = "" if number == 1 else f"_{number}"
        if saved.classes is not None:
            ctx.metric(
                f"n_undecided{ending}",
                target.undecided,
                label=say("Rows on which {target} cannot be said", target=saved.target),
                headline=True,
            )
            ctx.metric(
                f"model_roc_auc_out_of_fold{ending}",
                saved.metrics.get("roc_auc_out_of_fold"),
                label=say("ROC AUC of the model of {target} on unseen rows", target=saved.target),
            )
            continue
        ctx.metric(
            f"model_r2_out_of_fold{ending}",
            saved.metrics.get("r2_out_of_fold"),
            label=say("R² of the model of {target} on unseen rows", target=saved.target),
        )
        if target.has_interval:
            ctx.metric(
                f"half_width{ending}",
                target.half,
                label=say("Half the width of the interval of {target}", target=saved.target),
                unit=saved.unit,
                note=say("It is wider where the model errs more; this is one in the middle.")
                if target.varies
                else "",
            )
    assert written.csv is not None
    source = ctx.artifact(written.csv, ArtifactRole.TABLE)
    units = {name: target.saved.unit for target in scorer.targets for name in target.schema}
    labels = {name: label for target in scorer.targets for name, label in target.labels.items()}
    labels["flags"] = say("unlike the data of the model")
    reasons = {
        "flags",
        *(target.classes.names[-1] for target in scorer.targets if target.classes is not None),
    }
    first = [*scorer.schema, "flags"]
    decisions = {target.classes.decision for target in scorer.targets if target.classes is not None}
    shown = shown.select(*first, pl.exclude(first))
    ctx.table(
        "predictions",
        "Predictions",
        [Column(name=name, label=labels.get(name, ""), unit=units.get(name, "")) for name in shown.columns],
        [
            [
                CANNOT_SAY if name in decisions and value == UNDECIDED else _cell(value, name in reasons)
                for name, value in zip(shown.columns, row, strict=True)
            ]
            for row in shown.iter_rows()
        ],
        source=source,
        total_rows=written.rows,
    )
    files = [
        ("csv", say("Predictions as CSV"), written.csv),
        ("parquet", say("Predictions as Parquet"), written.parquet),
    ]
    files += [("sheet", say("Predictions as Excel sheet"), path) for path in written.excel]
    for view_id, title, path in files:
        ctx.show(FileView(id=view_id, title=title, source=ctx.artifact(path, ArtifactRole.TABLE)))
    ctx.progress(1.0, "done", text)


def _cell(value: object, is_reason: bool) -> float | int | str | None:
    """A cell for the eye: in the files a reason is a word that programs can look for, here it is one that people read."""
    if value is None or value != value:
        return None
    if is_reason and value:
        return joined(REASONS.get(name, name) for name in str(value).split())
    return value if isinstance(value, int | float | str) else str(value)


def _warn(
    ctx: Context, scorer: Scorer, written: Written, rows: int, counts: Counter[str], replaced: Sequence[str]
) -> None:
    if replaced:
        ctx.warn(
            "columns_replaced",
            say(
                "The file has columns that are named like the results: {names}. In the results they hold the new values.",
                names=", ".join(replaced),
            ),
            "Your file is as it was. Give those columns other names to have both.",
        )
    for name in FLAGS:
        if counts[name]:
            ctx.warn(name, _sentence(name, counts[name], scorer))
    if written.rows < rows:
        ctx.warn(
            "rows_left_out",
            say(
                "{dropped:,} of {rows:,} rows were left out.",
                one="1 of {rows} rows was left out.",
                dropped=rows - written.rows,
                rows=rows,
            ),
        )
    for target in scorer.targets:
        if target.classes is None and not target.has_interval:
            ctx.warn(
                "no_interval",
                say(
                    "{target}: the model was judged on too few rows for this interval.",
                    target=target.saved.target,
                ),
            )


def _sentence(name: str, count: int, scorer: Scorer) -> Said:
    if name == "never_varied":
        return say(
            "{rows:,} rows have another value in a column that had one value in all the data of the model ({columns}): what it does is not known.",
            one="1 row has another value in a column that had one value in all the data of the model ({columns}): what it does is not known.",
            rows=count,
            columns=", ".join(sorted(scorer.varying)[:8]),
        )
    if name == "columns_part":
        return say(
            "In {rows:,} rows columns do not go together as they did in all the data of the model: it was built without {columns}, which nearly repeated others.",
            one="In 1 row columns do not go together as they did in all the data of the model: it was built without {columns}, which nearly repeated others.",
            rows=count,
            columns=", ".join(scorer.tied[:8]),
        )
    if name == "out_of_range":
        return say(
            "{rows:,} rows lie outside the range of the data the model was built on.",
            one="1 row lies outside the range of the data the model was built on.",
            rows=count,
        )
    if name == "unseen_level":
        return say(
            "{rows:,} rows have a category the model has never seen.",
            one="1 row has a category the model has never seen.",
            rows=count,
        )
    if name == "missing_value":
        return say(
            "{rows:,} rows miss a value: numbers were filled in with the median of the training data, categories belong to none.",
            one="1 row misses a value: numbers were filled in with the median of the training data, categories belong to none.",
            rows=count,
        )
    return say(
        "{rows:,} rows lie farther from all training data than those lie from each other.",
        one="1 row lies farther from all training data than those lie from each other.",
        rows=count,
    )

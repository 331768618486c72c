"""The tables of a classification, each once: CSV, workbook, report and views are made from these."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zerosec_analyses.classification.analysis import ClassResult
from zerosec_analyses.classification.outputs.words import CANNOT_SAY, SCORE_NAMES, decided_as
from zerosec_analyses.classification.promises import Judged
from zerosec_analyses.classification.scores import all_scores, calibration_curve, class_lines
from zerosec_analyses.modelling.decisions import GREY
from zerosec_analyses.modelling.explained_tables import HEADINGS as EXPLAINED_HEADINGS
from zerosec_analyses.modelling.explained_tables import (
    UNSEEN_NOTE,
    dropped,
    importance,
    profiles,
    shap_table,
    trials,
)
from zerosec_analyses.modelling.nested import CHOSEN
from zerosec_analyses.modelling.table import ModelTable
from zerosec_analyses.modelling.words import METHOD_NAMES
from zerosec_analyses.reporting.finding import Finding
from zerosec_analyses.result_tables import Cell, ResultTable
from zerosec_analyses.sdk import Said, ours, say

MAX_ROWS = 50_000
SHOWN_CLASSES = 12
"""Of more classes the row-by-row table has the probability of the true and of the most probable one only."""
PROBABILITY, TAKEN_FOR = "p_", "taken_for_"
"""Before the name of a class: its probability, and how many rows were taken for it."""

HEADINGS: dict[str, Said] = (
    EXPLAINED_HEADINGS
    | SCORE_NAMES
    | {
        "log_loss_spread": say("spread of log loss over folds"),
        "deviance_training": say("share of deviance explained on training rows"),
        "class": say("class"),
        "rows": say("rows"),
        "recall": say("share recognised"),
        "precision": say("share right when named"),
        "actual": say("actual class"),
        "decided": say("decided"),
        "cannot_say": CANNOT_SAY,
        "said": say("probability said"),
        "share": say("share observed"),
        "why": say("why no decision"),
        "strange": say("far from all training rows"),
        "inner_log_loss": say("log loss in inner folds"),
        "log_loss_fold": say("log loss"),
        "p_actual": say("probability of the actual class"),
        "p_best": say("probability of the most probable class"),
    }
)
IMPORTANCE = say(
    "How much the log loss on unseen rows grows when the feature is shuffled, as a share of the log loss without any feature."
)
NOTES = {
    "leaderboard": say(
        "Every score is of rows that the whole search had not seen. Scores on training rows are shown only to warn of over-fitting."
    ),
    "importance": IMPORTANCE,
    "predictions": UNSEEN_NOTE,
    "decisions": say("Rows never seen by the model or by the thresholds they are decided with."),
    "held_out": say("Rows the final model was not built on, decided on by that model."),
    "calibration": say("Rows never seen, in parts of like probability: a class that is said to be 70% probable should be there in 70% of them."),
}  # fmt: skip
LABELS = frozenset({"file_row", "fold", "repeat", "trial"})


def heading(name: str) -> Said:
    """The heading of a column, by its name in the files."""
    if known := HEADINGS.get(name):
        return known
    if name.startswith(PROBABILITY):
        return say("probability of {label}", label=name.removeprefix(PROBABILITY))
    if name.startswith(TAKEN_FOR):
        return say("taken for {label}", label=name.removeprefix(TAKEN_FOR))
    return ours(name)


def result_tables(table: ModelTable, result: ClassResult, found: list[Finding]) -> list[ResultTable]:
    """All tables that have something to say."""
    tables = [
        leaderboard(result),
        classes(result),
        decisions("decisions", say("What unseen rows were taken for"), result, result.unseen),
        *(
            [decisions("held_out", say("What held-out rows were taken for"), result, result.kept)]
            if result.kept
            else []
        ),
        calibration(result),
        importance(table, [result]),
        folds(result),
        predictions(table, result),
        shap_table(table, [result]),
        profiles(table, [result]),
        dropped(table, [result]),
        trials([result], "inner_log_loss"),
        ResultTable(
            "warnings",
            say("Remarks"),
            ("code", "message", "hint"),
            [(f.code, f.message, f.hint) for f in found],
        ),
    ]
    return [one for one in tables if one.rows]


def leaderboard(result: ClassResult) -> ResultTable:
    """Every model's out-of-fold scores, the smallest log loss first."""
    judged, y = result.nested, result.y
    scored: list[tuple[float, tuple[Cell, ...]]] = []
    for name in judged.names:
        made = []
        for repeat in range(judged.repeats):
            p = judged.predictions(name, repeat)
            tested = np.flatnonzero(np.isfinite(p).all(axis=1))
            made.append(all_scores(p[tested], y[tested], np.ones(tested.size))(None))
        area, pr, balanced, _, loss, brier, _ = np.mean(made, axis=0).tolist()
        own = judged.own_skill(name)
        line = (
            METHOD_NAMES[name], loss, area, pr, balanced, brier, float(judged.fold_losses(name).std()), own,
            result.weights.get(name), say("yes") if name == result.chosen else "",
        )  # fmt: skip
        scored.append((loss, line))
    header = (
        "model", "log_loss", "roc_auc", "pr_auc", "balanced_accuracy", "brier", "log_loss_spread", "deviance_training",
        "weight", "final",
    )  # fmt: skip
    lines = [line for _, line in sorted(scored, key=lambda one: one[0])]
    return ResultTable("leaderboard", say("Models compared on unseen rows"), header, lines)


def classes(result: ClassResult) -> ResultTable:
    """How well each class is recognised."""
    tested = result.tested
    lines = class_lines(result.out_of_fold[tested], result.y[tested])
    header = ("class", "rows", "recall", "precision", "roc_auc", "pr_auc")
    rows = [
        (label, one.rows, one.recall, one.precision, one.roc_auc, one.pr_auc)
        for label, one in zip(result.labels, lines, strict=True)
    ]
    return ResultTable("classes", say("Class by class, on unseen rows"), header, rows)


def decision_counts(result: ClassResult, judged: Judged) -> np.ndarray:
    """Actual class x (classes, cannot say) to rows."""
    k = len(result.labels)
    counts = np.zeros((k, k + 1), dtype=np.int64)
    np.add.at(counts, (result.y[judged.tested], np.where(judged.decided == GREY, k, judged.decided)), 1)
    return counts


def decisions(name: str, title: Said, result: ClassResult, judged: Judged) -> ResultTable:
    """The confusion matrix, with what was not decided."""
    counts = decision_counts(result, judged)
    lines = [(label, *counts[code].tolist()) for code, label in enumerate(result.labels)]
    header = ("actual", *(f"{TAKEN_FOR}{label}" for label in result.labels), "cannot_say")
    return ResultTable(name, title, header, lines)


def calibration(result: ClassResult) -> ResultTable:
    """Said against observed shares, of the class that is explained, or of each of a few."""
    tested = result.tested
    p, y = result.out_of_fold[tested], result.y[tested]
    lines = [
        (result.labels[code], one.said, one.share, one.low, one.high, one.rows)
        for code in curves_of(result)
        for one in calibration_curve(p[:, code], y == code)
    ]
    header = ("class", "said", "share", "low", "high", "rows")
    return ResultTable("calibration", say("Do the probabilities say what they mean?"), header, lines)


def curves_of(result: ClassResult) -> list[int]:
    """The classes that curves are drawn of: of two one says all; of more the six most frequent."""
    if len(result.labels) == 2:
        return [result.explained]
    counts = np.bincount(result.y, minlength=len(result.labels))
    return sorted(np.argsort(-counts, kind="stable")[:6].tolist())


def folds(result: ClassResult) -> ResultTable:
    """What each outer fold chose and how it did."""
    losses = result.nested.fold_losses(CHOSEN)
    lines = [
        (
            fold.repeat + 1,
            fold.fold + 1,
            int(fold.train.size),
            int(fold.test.size),
            METHOD_NAMES[fold.chosen],
            float(loss),
        )
        for fold, loss in zip(result.nested.folds, losses, strict=True)
    ]
    header = ("repeat", "fold", "rows_trained", "rows_tested", "chosen", "log_loss_fold")
    return ResultTable("folds", say("Scores of the outer folds"), header, lines)


def predictions(table: ModelTable, result: ClassResult) -> ResultTable:
    """Each row, predicted by a model that has not seen it."""
    p, y = result.out_of_fold, result.y
    every = len(result.labels) <= SHOWN_CLASSES
    lines: list[Sequence[Cell]] = []
    for at, row in enumerate(result.unseen.tested.tolist()[:MAX_ROWS]):
        code = int(result.unseen.decided[at])
        shown = p[row].tolist() if every else [float(p[row, y[row]]), float(p[row].max())]
        why = ""
        if code == GREY:
            why = (
                say("far from all training rows")
                if result.unseen.strange[at]
                else say("between the thresholds")
            )
        lines.append(
            (
                table.row_number(int(result.places[row])),
                result.labels[y[row]],
                *shown,
                decided_as(result, code),
                why,
            )
        )
    names = [f"{PROBABILITY}{label}" for label in result.labels] if every else ["p_actual", "p_best"]
    return ResultTable(
        "predictions", say("Row by row"), ("file_row", "actual", *names, "decided", "why"), lines
    )

"""The tables of a nonlinear analysis, each once: CSV, workbook, report and views are made from these."""

from __future__ import annotations

from collections.abc import Sequence

from zerosec_analyses.modelling.explained_tables import HEADINGS as EXPLAINED_HEADINGS
from zerosec_analyses.modelling.explained_tables import (
    UNSEEN_NOTE,
    dropped,
    importance,
    profiles,
    shap_table,
    trials,
)
from zerosec_analyses.modelling.explained_views import IMPORTANCE_NOTE
from zerosec_analyses.modelling.nested import CHOSEN
from zerosec_analyses.modelling.table import ModelTable
from zerosec_analyses.modelling.words import METHOD_NAMES
from zerosec_analyses.nonlinear.analysis import TargetResult
from zerosec_analyses.reporting.finding import Finding
from zerosec_analyses.result_tables import Cell, ResultTable
from zerosec_analyses.sdk import Said, ours, say

MAX_ROWS = 50_000

HEADINGS: dict[str, Said] = EXPLAINED_HEADINGS | {
    "r2": say("R² on unseen rows"),
    "rmse": say("RMSE on unseen rows"),
    "mae": say("MAE on unseen rows"),
    "rmse_spread": say("spread of RMSE over folds"),
    "r2_training": say("R² on training rows"),
    "with_feature": say("together with"),
    "interaction": say("mean size of the interaction"),
    "interaction_error": say("sampling error of a row's"),
    "observed": say("observed"),
    "predicted": say("predicted unseen"),
    "residual": say("residual"),
    "inner_rmse": say("RMSE in inner folds"),
}
NOTES = {
    "leaderboard": say(
        "Every score is of rows that the whole search had not seen. Scores on training rows are shown only to warn of over-fitting."
    ),
    "importance": IMPORTANCE_NOTE,
    "predictions": UNSEEN_NOTE,
}
LABELS = frozenset({"file_row", "fold", "repeat", "trial"})
IN_ONE_UNIT = (frozenset({"observed", "predicted", "residual"}), frozenset({"rmse", "mae", "rmse_spread"}))


def heading(name: str) -> Said:
    """The heading of a column, by its name in the files."""
    return HEADINGS.get(name) or ours(name)


def result_tables(
    table: ModelTable, results: Sequence[TargetResult], found: list[Finding]
) -> list[ResultTable]:
    """All tables that have something to say."""
    tables = [
        leaderboard(results),
        importance(table, results),
        folds(results),
        predictions(table, results),
        shap_table(table, results),
        interactions(table, results),
        profiles(table, results),
        dropped(table, results),
        trials(results, "inner_rmse"),
        ResultTable(
            "warnings",
            say("Remarks"),
            ("code", "message", "hint"),
            [(f.code, f.message, f.hint) for f in found],
        ),
    ]
    return [one for one in tables if one.rows]


def leaderboard(results: Sequence[TargetResult]) -> ResultTable:
    """Every model's out-of-fold scores, the best first within a target."""
    lines: list[tuple[Cell, ...]] = []
    for result in results:
        judged = result.nested
        names = sorted(judged.names, key=lambda name: judged.mean_score(name).rmse)
        for name in names:
            score = judged.mean_score(name)
            own = judged.own_skill(name)
            lines.append(
                (
                    result.target,
                    METHOD_NAMES[name],
                    score.r2,
                    score.rmse,
                    score.mae,
                    float(judged.fold_losses(name).std()),
                    own,
                    result.weights.get(name),
                    say("yes") if name == result.chosen else "",
                )
            )
    header = ("target", "model", "r2", "rmse", "mae", "rmse_spread", "r2_training", "weight", "final")
    return ResultTable("leaderboard", say("Models compared on unseen rows"), header, lines)


def folds(results: Sequence[TargetResult]) -> ResultTable:
    """What each outer fold chose and how it did."""
    lines: list[tuple[Cell, ...]] = []
    for result in results:
        for fold, rmse in zip(result.nested.folds, result.nested.fold_losses(CHOSEN), strict=True):
            lines.append(
                (
                    result.target,
                    fold.repeat + 1,
                    fold.fold + 1,
                    int(fold.train.size),
                    int(fold.test.size),
                    METHOD_NAMES[fold.chosen],
                    float(rmse),
                )
            )
    header = ("target", "repeat", "fold", "rows_trained", "rows_tested", "chosen", "rmse")
    return ResultTable("folds", say("Outer folds"), header, lines)


def predictions(table: ModelTable, results: Sequence[TargetResult]) -> ResultTable:
    """Each row, predicted by a model that has not seen it, and the outer fold in which it was tested."""
    lines: list[tuple[Cell, ...]] = []
    for result in results:
        found = result.out_of_fold
        fold_of = {
            row: one.fold + 1 for one in result.nested.folds if one.repeat == 0 for row in one.test.tolist()
        }
        for row in range(min(found.size, MAX_ROWS)):
            observed, value = float(result.rows.y[row]), float(found[row])
            lines.append(
                (
                    result.target,
                    table.row_number(int(result.places[row])),
                    fold_of.get(row),
                    observed,
                    value,
                    observed - value,
                )
            )
    header = ("target", "file_row", "fold", "observed", "predicted", "residual")
    return ResultTable("predictions", say("Row by row"), header, lines)


def interactions(table: ModelTable, results: Sequence[TargetResult]) -> ResultTable:
    """What pairs of the most important features do together."""
    lines: list[tuple[Cell, ...]] = [
        (result.target, table.features[one.first].name, table.features[one.second].name, one.size, one.error)
        for result in results
        for one in result.interactions
    ]
    header = ("target", "feature", "with_feature", "interaction", "interaction_error")
    return ResultTable(
        "shap_interactions", say("What features do together (SHAP interactions)"), header, lines
    )

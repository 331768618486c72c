"""The tables of a nonlinear analysis, each once: CSV, workbook, report and views are made from these."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from zerosec_analyses.modelling.candidates import Settings
from zerosec_analyses.modelling.nested import CHOSEN
from zerosec_analyses.modelling.table import ModelTable
from zerosec_analyses.modelling.words import METHOD_NAMES, TRANSFORM_NAMES, WHY_DROPPED
from zerosec_analyses.nonlinear.analysis import TargetResult
from zerosec_analyses.reporting.finding import Finding
from zerosec_analyses.result_tables import Cell, ResultTable
from zerosec_analyses.sdk import Said, ours, say

MAX_ROWS = 50_000

HEADINGS: dict[str, Said] = {
    "target": say("target"),
    "model": say("model"),
    "r2": say("R² on unseen rows"),
    "rmse": say("RMSE on unseen rows"),
    "mae": say("MAE on unseen rows"),
    "rmse_spread": say("spread of RMSE over folds"),
    "r2_training": say("R² on training rows"),
    "weight": say("weight in the stack"),
    "final": say("final model"),
    "feature": say("feature"),
    "importance": say("importance on unseen rows"),
    "importance_spread": say("spread over folds"),
    "mean_shap": say("mean size of SHAP value"),
    "file_row": say("row of the file"),
    "observed": say("observed"),
    "predicted": say("predicted unseen"),
    "residual": say("residual"),
    "fold": say("fold"),
    "repeat": say("repeat"),
    "rows_trained": say("training rows"),
    "rows_tested": say("test rows"),
    "chosen": say("chosen"),
    "column": say("column"),
    "reason": say("reason"),
    "trial": say("trial"),
    "transform": say("transform"),
    "settings": say("settings"),
    "inner_rmse": say("RMSE in inner folds"),
    "pruned": say("ended early"),
    "value": say("value"),
    "value_text": say("level"),
    "prediction": say("prediction"),
    "low": say("from"),
    "high": say("to"),
    "baseline": say("baseline"),
    "folds_dropped": say("training parts without it"),
    "code": say("code"),
    "message": say("message"),
    "hint": say("hint"),
}
NOTES = {
    "leaderboard": say(
        "Every score is of rows that the whole search had not seen. Scores on training rows are shown only to warn of over-fitting."
    ),
    "importance": say(
        "How much the squared error on unseen rows grows when the feature is shuffled, as a share of their variance."
    ),
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
        profiles(table, results),
        dropped(table, results),
        trials(results),
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
            own = float(np.mean([fold.training_skill[name] for fold in judged.folds]))
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


def importance(table: ModelTable, results: Sequence[TargetResult]) -> ResultTable:
    """Permutation importance on unseen rows, with the mean size of the SHAP values."""
    lines: list[tuple[Cell, ...]] = []
    for result in results:
        mean, spread = result.nested.importance()
        shap = np.abs(result.shapley.values).mean(axis=0) if result.shapley is not None else None
        for place in np.argsort(-mean, kind="stable").tolist():
            name = table.features[place].name
            size = None if shap is None else float(shap[place])
            lines.append((result.target, name, float(mean[place]), float(spread[place]), size))
    header = ("target", "feature", "importance", "importance_spread", "mean_shap")
    return ResultTable("importance", say("Importance of the features"), header, lines)


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
    """Each row, predicted by a model that has not seen it."""
    lines: list[tuple[Cell, ...]] = []
    for result in results:
        found = result.out_of_fold
        for row in range(min(found.size, MAX_ROWS)):
            observed, value = float(result.rows.y[row]), float(found[row])
            lines.append(
                (
                    result.target,
                    table.row_number(int(result.places[row])),
                    observed,
                    value,
                    observed - value,
                )
            )
    header = ("target", "file_row", "observed", "predicted", "residual")
    return ResultTable("predictions", say("Row by row"), header, lines)


def shap_table(table: ModelTable, results: Sequence[TargetResult]) -> ResultTable:
    """SHAP values: a line a row; baseline and the features' parts add up to the prediction."""
    lines: list[tuple[Cell, ...]] = []
    for result in results:
        if result.shapley is None:
            continue
        for at, row in enumerate(result.shapley_places.tolist()):
            parts = [float(value) for value in result.shapley.values[at]]
            lines.append(
                (
                    result.target,
                    table.row_number(int(result.places[row])),
                    result.shapley.baseline,
                    *parts,
                    float(result.shapley.predictions[at]),
                )
            )
    header = ("target", "file_row", "baseline", *(f.name for f in table.features), "prediction")
    return ResultTable("shap", say("Predictions split up by feature (SHAP)"), header, lines)


def profiles(table: ModelTable, results: Sequence[TargetResult]) -> ResultTable:
    """Partial dependence of the most important features."""
    lines: list[tuple[Cell, ...]] = []
    for result in results:
        for one in result.profiles:
            feature = table.features[one.feature]
            for at, point in enumerate(one.points.tolist()):
                lines.append(
                    (
                        result.target,
                        feature.name,
                        None if feature.is_category else point,
                        feature.levels[int(point)] if feature.is_category else "",
                        float(one.mean[at]),
                        float(one.low[at]),
                        float(one.high[at]),
                    )
                )
    header = ("target", "feature", "value", "value_text", "prediction", "low", "high")
    return ResultTable("partial_dependence", say("Partial dependence"), header, lines)


def dropped(table: ModelTable, results: Sequence[TargetResult]) -> ResultTable:
    """Features that were not used, why, and in how many outer training parts."""
    lines: list[tuple[Cell, ...]] = [("", one.column, one.reason, None) for one in table.left_out]
    for result in results:
        counts = Counter(place for fold in result.nested.folds for place in fold.built.preparation.dropped)
        final = result.built.preparation.dropped
        for place in sorted({*counts, *final}):
            why = WHY_DROPPED[final[place]] if place in final else say("used in the final model")
            lines.append((result.target, table.features[place].name, why, counts.get(place, 0)))
    header = ("target", "column", "reason", "folds_dropped")
    return ResultTable("dropped", say("What was left out, and why"), header, lines)


def trials(results: Sequence[TargetResult]) -> ResultTable:
    """Every trial of the final search."""
    lines: list[tuple[Cell, ...]] = []
    for result in results:
        for name, one in result.built.found.items():
            lines += [
                (
                    result.target,
                    METHOD_NAMES[name],
                    trial.number + 1,
                    TRANSFORM_NAMES[trial.transform],
                    _settings(trial.settings),
                    None if trial.pruned else trial.loss,
                    say("yes") if trial.pruned else "",
                )
                for trial in one.trials
            ]
    header = ("target", "model", "trial", "transform", "settings", "inner_rmse", "pruned")
    return ResultTable("trials", say("Trials of the final search"), header, lines)


def _settings(settings: Settings) -> str:
    return ", ".join(
        f"{key}={value:.4g}" if isinstance(value, float) else f"{key}={value}"
        for key, value in settings.items()
    )

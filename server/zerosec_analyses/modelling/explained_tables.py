"""The tables that explain a model of any kind: importance, SHAP values, partial dependence, what was dropped, the trials."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from zerosec_analyses.modelling.candidate import Settings
from zerosec_analyses.modelling.explained import Explained
from zerosec_analyses.modelling.table import ModelTable
from zerosec_analyses.modelling.words import (
    METHOD_NAMES,
    SETTING_NAMES,
    SETTING_VALUES,
    TRANSFORM_NAMES,
    WHY_DROPPED,
)
from zerosec_analyses.result_tables import Cell, ResultTable
from zerosec_analyses.sdk import Said, joined, say

UNSEEN_NOTE = say(
    "Each row by a model that has not seen it. Where the outer folds are repeated this is the first repeat, and scores are means over all of them."
)
HEADINGS: dict[str, Said] = {
    "target": say("target"),
    "model": say("model"),
    "weight": say("weight in the stack"),
    "final": say("final model"),
    "feature": say("feature"),
    "importance": say("importance on unseen rows"),
    "importance_spread": say("spread over folds"),
    "mean_shap": say("mean size of SHAP value"),
    "file_row": say("row of the file"),
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
"""The headings of their columns."""


def importance(table: ModelTable, results: Sequence[Explained]) -> ResultTable:
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


def shap_table(table: ModelTable, results: Sequence[Explained]) -> ResultTable:
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
    ahead = ("target", "file_row", "baseline")
    header = (*ahead, *(f.name for f in table.features), "prediction")
    return ResultTable(
        "shap",
        say("Predictions split up by feature (SHAP)"),
        header,
        lines,
        names_of_data=range(len(ahead), len(header) - 1),
    )


def profiles(table: ModelTable, results: Sequence[Explained]) -> ResultTable:
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


def dropped(table: ModelTable, results: Sequence[Explained]) -> ResultTable:
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


def trials(results: Sequence[Explained], loss: str) -> ResultTable:
    """Every trial of the final search; ``loss`` is the name of the column of scores."""
    lines: list[tuple[Cell, ...]] = []
    for result in results:
        for name, one in result.built.found.items():
            lines += [
                (
                    result.target,
                    METHOD_NAMES[name],
                    trial.number + 1,
                    TRANSFORM_NAMES[trial.transform],
                    settings_in_words(trial.settings),
                    None if trial.pruned else trial.loss,
                    say("yes") if trial.pruned else "",
                )
                for trial in one.trials
            ]
    header = ("target", "model", "trial", "transform", "settings", loss, "pruned")
    return ResultTable("trials", say("Trials of the final search"), header, lines)


def settings_in_words(settings: Settings) -> str:
    """In words, such as “learning rate 0.05, trees 120”."""
    return joined(
        say("{name} {value}", name=SETTING_NAMES.get(name, name), value=_setting(value))
        for name, value in settings.items()
    )


def _setting(value: float | str) -> str:
    if isinstance(value, str):
        return SETTING_VALUES.get(value, value)
    return str(value) if isinstance(value, int) else format(value, ".4g")

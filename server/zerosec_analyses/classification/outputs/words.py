"""What decisions, calibrations and scores are called in sentences and tables."""

from __future__ import annotations

from zerosec_analyses.classification.analysis import ClassResult
from zerosec_analyses.modelling.calibration import CalibrationKind
from zerosec_analyses.modelling.decisions import GREY, Rule
from zerosec_analyses.sdk import Said, say

CALIBRATION_NAMES: dict[CalibrationKind, Said] = {
    CalibrationKind.NONE: say("as the model gives them"),
    CalibrationKind.TEMPERATURE: say("temperature"),
    CalibrationKind.SIGMOID: say("sigmoid (Platt)"),
    CalibrationKind.ISOTONIC: say("isotonic"),
}
RULE_NAMES: dict[Rule, Said] = {
    Rule.MOST_PROBABLE: say("the most probable class"),
    Rule.COSTS: say("the smallest expected cost"),
    Rule.BOUND_OK: say("a bound on false OK"),
    Rule.BOUND_BOTH: say("a bound on both errors, with a grey zone"),
}
SCORE_NAMES: dict[str, Said] = {
    "roc_auc": say("ROC AUC on unseen rows"),
    "pr_auc": say("PR AUC on unseen rows"),
    "balanced_accuracy": say("balanced accuracy on unseen rows"),
    "accuracy": say("accuracy on unseen rows"),
    "log_loss": say("log loss on unseen rows"),
    "brier": say("Brier score on unseen rows"),
}
CANNOT_SAY = say("cannot say")


def decided_as(result: ClassResult, code: int) -> str:
    """What a row was taken for: a class is called as in the data."""
    return CANNOT_SAY if code == GREY else result.labels[code]

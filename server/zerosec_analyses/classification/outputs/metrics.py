"""The numbers of a classification by name, and the sentences that say what they mean."""

from __future__ import annotations

import math

import numpy as np

from zerosec_analyses.classification.analysis import ClassResult
from zerosec_analyses.classification.outputs.words import CALIBRATION_NAMES, RULE_NAMES
from zerosec_analyses.classification.promises import Judged
from zerosec_analyses.classification.scores import LEVEL, Interval, exact_share
from zerosec_analyses.modelling.calibration import ClassCalibration
from zerosec_analyses.modelling.decisions import GREY
from zerosec_analyses.modelling.procedure import STACK
from zerosec_analyses.modelling.words import METHOD_NAMES, shares_of
from zerosec_analyses.reporting.metric_line import MetricLine
from zerosec_analyses.sdk import Said, joined, say

POOR, ROUGH, GOOD = 0.6, 0.8, 0.95


def metric_lines(result: ClassResult) -> list[MetricLine]:
    """All metrics."""
    s = result.scores
    several = len(result.labels) > 2
    plan = result.plan.description
    return [
        _line(
            "roc_auc", s["roc_auc"], say("ROC AUC on unseen rows"), headline=True,
            note=say("By {plan}. The mean over the classes, each against the rest; 0.5 is chance.", plan=plan)
            if several
            else say("By {plan}. How often a row of one class scores above one of the other; 0.5 is chance.", plan=plan),
        ),
        _line(
            "balanced_accuracy", s["balanced_accuracy"], say("Balanced accuracy on unseen rows"), headline=True,
            note=say("The mean over the classes of the share recognised, taking the most probable class; {chance:.0%} is chance.",
                     chance=1 / len(result.labels)),
        ),
        _line(
            "log_loss", s["log_loss"], say("Log loss on unseen rows"), headline=True,
            note=say("Mean of minus the log probability of the true class; {base:.3g} without any feature.", base=_base(s)),
        ),
        _line("pr_auc", s["pr_auc"], say("PR AUC on unseen rows"),
              note=say("Average precision, the mean over the classes; the share of a class is chance.")),
        _line("brier", s["brier"], say("Brier score on unseen rows"), note=say("Mean squared error of the probabilities.")),
        _line("accuracy", s["accuracy"], say("Accuracy on unseen rows"),
              note=say("Share recognised; {share:.0%} by always naming the commonest class.", share=_commonest(result))),
        _line("deviance_explained", s["skill"], say("Share of the deviance explained on unseen rows"),
              note=say("1 - log loss / log loss without features.")),
        MetricLine("model", result.chosen, say("Final model"), "", _made_of(result)),
        MetricLine("calibration", _kind(result).kind.value, say("Calibration"), "", CALIBRATION_NAMES[_kind(result).kind]),
        *_decision_lines(result),
        MetricLine(
            "deviance_explained_training",
            result.nested.own_skill("chosen"),
            say("Share of the deviance explained on training rows"), "", say("Only a hint of over-fitting, never the accuracy."),
        ),
        MetricLine("n_rows", int(result.rows.y.size), say("Rows used")),
        MetricLine("n_classes", len(result.labels), say("Classes")),
        MetricLine("n_features", len(result.built.preparation.used), say("Features used")),
        MetricLine(
            "trials_done",
            sum(len(one.trials) for f in result.nested.folds for one in f.built.found.values())
            + sum(len(one.trials) for one in result.built.found.values()),
            say("Trials done"),
        ),
    ]  # fmt: skip


def _line(name: str, found: Interval, label: Said, note: Said, *, headline: bool = False) -> MetricLine:
    value = found.value if math.isfinite(found.value) else None
    text, low, high = note, None, None
    if math.isfinite(found.low) and math.isfinite(found.high):
        low, high = found.low, found.high
        text = say(
            "{note} {level:.0%} interval {low:.3g} to {high:.3g}.",
            note=note,
            level=LEVEL,
            low=found.low,
            high=found.high,
        )
    return MetricLine(
        f"{name}_out_of_fold" if not name.startswith("deviance") else name,
        value,
        label,
        "",
        text,
        headline,
        low,
        high,
    )


def _base(scores: dict[str, Interval]) -> float:
    skill = scores["skill"].value
    return scores["log_loss"].value / (1 - skill) if skill < 1 else math.nan


def _commonest(result: ClassResult) -> float:
    return float(np.bincount(result.y).max() / result.y.size)


def _kind(result: ClassResult) -> ClassCalibration:
    found = result.built.model.calibration
    assert isinstance(found, ClassCalibration)
    return found


def _decision_lines(result: ClassResult) -> list[MetricLine]:
    lines = [
        MetricLine(
            "decision", result.decision.rule.value, say("Decided by"), "", RULE_NAMES[result.decision.rule]
        ),
    ]
    if result.kept is not None:
        lines += _of_decisions(
            result,
            result.kept,
            "",
            say("Of the held-out rows, by the final model whose thresholds they set."),
        )
        lines += _of_decisions(
            result,
            result.unseen,
            "_out_of_fold",
            say("Of all unseen rows, fold by fold, by thresholds from the other folds."),
        )
    else:
        lines += _of_decisions(
            result, result.unseen, "", say("Of unseen rows, by thresholds from other rows.")
        )
    if result.bounds is not None:
        bound = result.bounds.false_ok
        lines.append(
            MetricLine("ok_above", bound.threshold, say("OK above a probability of"), "",
                       say("From {n:,} NG rows; {needed:,} are needed.", n=bound.n, needed=bound.needed))
        )  # fmt: skip
        if result.bounds.false_ng is not None:
            bound = result.bounds.false_ng
            lines.append(
                MetricLine("ng_at_most", bound.threshold, say("NG up to a probability of OK of"), "",
                           say("From {n:,} OK rows; {needed:,} are needed.", n=bound.n, needed=bound.needed))
            )  # fmt: skip
    return lines


def _of_decisions(result: ClassResult, judged: Judged, ending: str, note: Said) -> list[MetricLine]:
    def label(text: Said) -> Said:
        return say("{what}, fold by fold", what=text) if ending else text

    lines = [MetricLine(f"coverage{ending}", judged.coverage, label(say("Rows with a decision")), "",
                        say("{note} The rest lies in the grey zone or far from all training rows.", note=note))]  # fmt: skip
    if result.ok is not None:
        false_ok, false_ng = error_shares(result, judged)
        lines += [
            _share(f"false_ok_rate{ending}", false_ok, label(say("NG rows called OK")), note),
            _share(f"false_ng_rate{ending}", false_ng, label(say("OK rows called NG")), note),
        ]
    return lines


def error_shares(result: ClassResult, judged: Judged) -> tuple[Interval, Interval]:
    """Of the rows that are not OK the share called OK, and of the OK rows the share called NG, with exact intervals."""
    is_ok = result.y[judged.tested] == result.ok
    said_ok = judged.decided == result.ok
    said_ng = ~said_ok & (judged.decided != GREY)
    return (
        exact_share(int((said_ok & ~is_ok).sum()), int((~is_ok).sum())),
        exact_share(int((said_ng & is_ok).sum()), int(is_ok.sum())),
    )


def _share(name: str, found: Interval, label: Said, note: Said) -> MetricLine:
    if not math.isfinite(found.value):
        return MetricLine(name, None, label, "", say("No such rows were tested."))
    text = say(
        "{note} Exact {level:.0%} interval {low:.2%} to {high:.2%}.",
        note=note,
        level=LEVEL,
        low=found.low,
        high=found.high,
    )
    return MetricLine(name, found.value, label, "", text, low=found.low, high=found.high)


def _made_of(result: ClassResult) -> Said:
    if result.chosen != STACK:
        return METHOD_NAMES[result.chosen]
    if not result.built.model.product_of:
        return shares_of(result.weights, say("the shares of the classes in the training rows"))
    multiplied = [
        say("{model} to the power {power:.2f}", model=METHOD_NAMES[one], power=weight)
        for one, weight in sorted(result.weights.items(), key=lambda item: -item[1])
        if weight > 0
    ]
    return say("{model}, a product: {parts}", model=METHOD_NAMES[STACK], parts=joined(multiplied, ", "))


def sentence(result: ClassResult) -> Said:
    """The answer: how well the classes are told apart, what was promised, and what would help."""
    parts = [_answer(result), _promise(result), _help(result)]
    return joined([part for part in parts if part], " ")


def _answer(result: ClassResult) -> Said:
    s = result.scores
    model = METHOD_NAMES[result.chosen]
    if (math.isfinite(s["roc_auc"].low) and s["roc_auc"].low <= 0.5) or s["skill"].value <= 0:
        return say(
            "{target}: no usable model. On rows never seen the best one ({model}) tells the classes apart hardly better than by chance.",
            target=result.target,
            model=model,
        )
    verdict = say("It shows a tendency only; do not rely on single decisions.")
    value = s["roc_auc"].value
    if value >= GOOD:
        verdict = say("For rows like the data it is good enough to predict with.")
    elif value >= ROUGH:
        verdict = say("It tells most rows apart; single decisions are often wrong.")
    return say(
        "{target}: the model ({model}) recognises {share:.0%} of each class on average in rows never seen (ROC AUC {area:.3f}). {verdict}",
        target=result.target,
        model=model,
        share=s["balanced_accuracy"].value,
        area=value,
        verdict=verdict,
    )


def _promise(result: ClassResult) -> Said:
    if result.bounds is None or result.ok is None:
        return say("")
    false_ok, false_ng = result.bounds.false_ok, result.bounds.false_ng
    parts = []
    if false_ok.is_kept:
        parts.append(
            say(
                "With {confidence:.3g}% confidence at most {alpha:.3g}% of NG rows like these are called OK.",
                confidence=100 * (1 - false_ok.delta),
                alpha=100 * false_ok.alpha,
            )
        )
    else:
        parts.append(
            say(
                "A bound on false OK cannot be promised: {needed:,} NG rows are needed.",
                needed=false_ok.needed,
            )
        )
    if false_ng is not None:
        if false_ng.is_kept:
            parts.append(
                say(
                    "With {confidence:.3g}% confidence at most {alpha:.3g}% of OK rows like these are called NG.",
                    confidence=100 * (1 - false_ng.delta),
                    alpha=100 * false_ng.alpha,
                )
            )
        else:
            parts.append(
                say(
                    "A bound on false NG cannot be promised: {needed:,} OK rows are needed.",
                    needed=false_ng.needed,
                )
            )
    if result.kept is not None:
        parts.append(
            say("{coverage:.0%} of the held-out rows get a decision.", coverage=result.kept.coverage)
        )
    else:
        parts.append(say("{coverage:.0%} of unseen rows get a decision.", coverage=result.unseen.coverage))
    return joined(parts, " ")


def _help(result: ClassResult) -> Said:
    if len(result.learning) > 1:
        half, full = result.learning[-2][1], result.learning[-1][1]
        if full < 0.95 * half:
            return say("More rows would still help.")
        if result.scores["roc_auc"].value < GOOD:
            return say("More rows of the same kind would help little: other measurements would.")
    return say("")

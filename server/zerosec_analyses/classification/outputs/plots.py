"""The plots of a classification for its report and for publication."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import numpy as np

from zerosec_analyses.classification.analysis import ClassResult
from zerosec_analyses.classification.outputs.tables import curves_of, decision_counts
from zerosec_analyses.classification.outputs.words import CANNOT_SAY
from zerosec_analyses.classification.scores import calibration_curve, cost_curve, pr_points, roc_points
from zerosec_analyses.modelling.explained_plots import explaining_plots
from zerosec_analyses.modelling.table import ModelTable
from zerosec_analyses.picture_style import ACCENT, QUIET, picture_style
from zerosec_analyses.reporting.pictures import Pictures
from zerosec_analyses.sdk import Said, say

COLOURS = (ACCENT, "#b3402a", "#2e8b57", "#8a5fb0", "#c98a1b", "#4a4f57")
MOST_CELLS = 15


def draw(pictures: Pictures, table: ModelTable, result: ClassResult) -> list[tuple[Said, Path]]:
    """Draw everything; captions with the SVG files, in the order of the report."""
    with mpl.rc_context(picture_style()):
        drawn = [
            *_curves(pictures, result),
            *_confusion(pictures, result),
            *explaining_plots(
                pictures, table, result, "", say("Growth of the log loss (share of that without features)")
            ),
        ]
    return [(caption, pictures.folder / f"{name}.svg") for caption, name in drawn]


def _curves(pictures: Pictures, result: ClassResult) -> list[tuple[Said, str]]:
    tested = result.tested
    p, y = result.out_of_fold[tested], result.y[tested]
    codes = [code for code in curves_of(result) if 0 < int((y == code).sum()) < y.size]
    target = result.target
    roc, roc_axes = pictures.figure(
        say("ROC curve of rows never seen"), say("Share of the rest above"), say("Share of the class above")
    )
    pr, pr_axes = pictures.figure(
        say("Precision and recall of rows never seen"),
        say("Share of the class above"),
        say("Share of the class among them"),
    )
    cal, cal_axes = pictures.figure(
        say("Calibration on rows never seen"), say("Probability said"), say("Share observed")
    )
    cost, cost_axes = pictures.figure(
        say("Cost curve of rows never seen"),
        say("Probability cost of the class"),
        say("Expected cost (normalised)"),
    )
    for place, code in enumerate(codes):
        colour, label = COLOURS[place % len(COLOURS)], result.labels[code]
        roc_axes.plot(*roc_points(p[:, code], y == code), color=colour, label=label)
        pr_axes.plot(*pr_points(p[:, code], y == code), color=colour, label=label)
        bins = calibration_curve(p[:, code], y == code)
        at, to = np.array([one.said for one in bins]), np.array([one.share for one in bins])
        bars = np.array([[one.share - one.low for one in bins], [one.high - one.share for one in bins]])
        cal_axes.errorbar(
            at, to, np.maximum(bars, 0.0), fmt="o-", color=colour, ecolor=QUIET, markersize=4, label=label
        )
        x, own, trivial = cost_curve(p[:, code], y == code)
        cost_axes.plot(x, own, color=colour, label=label)
        if not place:
            cost_axes.plot(x, trivial, color=QUIET, linewidth=1)
    for axes in (roc_axes, cal_axes):
        axes.plot([0, 1], [0, 1], color=QUIET, linewidth=1)
    for axes in (roc_axes, pr_axes, cal_axes, cost_axes):
        if codes:
            axes.legend(frameon=False, fontsize=8)
    for figure, name in (
        (roc, "roc_curve"),
        (pr, "precision_recall"),
        (cal, "calibration_curve"),
        (cost, "cost_curve"),
    ):
        pictures.save(figure, name)
    return [
        (say("{target}: ROC curve", target=target), "roc_curve"),
        (say("{target}: precision and recall", target=target), "precision_recall"),
        (say("{target}: probabilities said against shares observed, with 95% intervals", target=target), "calibration_curve"),
        (say("{target}: what decisions by the probabilities cost; the grey line is always naming one class", target=target), "cost_curve"),
    ]  # fmt: skip


def _confusion(pictures: Pictures, result: ClassResult) -> list[tuple[Said, str]]:
    if len(result.labels) > MOST_CELLS:
        return []
    counts = decision_counts(result, result.unseen)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure, axes = pictures.figure(say("Decisions on rows never seen"), say("Decided"), say("Actual class"))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    axes.grid(visible=False)
    axes.set_xticks(
        range(counts.shape[1]), [*result.labels, pictures.words(CANNOT_SAY)], rotation=30, ha="right"
    )
    axes.set_yticks(range(counts.shape[0]), result.labels)
    for (row, column), count in np.ndenumerate(counts):
        dark = shares[row, column] > 0.55
        axes.text(column, row, f"{count:,}", ha="center", va="center", color="white" if dark else "black")
    pictures.save(figure, "decisions")
    return [(say("{target}: rows by actual class and decision", target=result.target), "decisions")]

"""The printed plots: every pair of objectives, and parallel coordinates."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from zerosec_analyses.pareto.analysis import Choice
from zerosec_analyses.picture_style import ACCENT, ALARM, QUIET, picture_style
from zerosec_analyses.reporting.pictures import Pictures, alpha_for
from zerosec_analyses.sdk import Said, say

MOST_POINTS = 4000
MOST_LINES = 400


def sampled(rows: np.ndarray, most: int, seed: int) -> np.ndarray:
    """At most so many of some rows, chosen at random and in their order."""
    if len(rows) <= most:
        return rows
    return np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))


def draw(pictures: Pictures, choice: Choice, seed: int) -> list[tuple[Said, str]]:
    """Draw both; captions with the names of the pictures."""
    with mpl.rc_context(picture_style()):
        _pairs(pictures, choice, seed)
        _parallel(pictures, choice, seed)
    return [
        (say("Pairs of objectives: the Pareto set in front of the other eligible rows; the knee is ringed"), "pairs"),
        (say("Parallel coordinates of the Pareto set; up is better on every axis"), "parallel"),
    ]  # fmt: skip


def _pairs(pictures: Pictures, choice: Choice, seed: int) -> None:
    found = choice.candidates
    k = len(found.objectives)
    others = np.setdiff1d(choice.eligible_rows, choice.front)
    behind = found.values[sampled(others, MOST_POINTS, seed)]
    front = found.values[sampled(choice.front, MOST_POINTS, seed)]
    side = k - 1
    size = max(2.0, min(4.4, 11 / side))
    figure = Figure(figsize=(size * side + 0.8, size * side * 0.85 + 0.4), dpi=110, layout="constrained")
    grid = figure.subplots(side, side, squeeze=False)
    for row in range(side):
        for column in range(side):
            axes = grid[row][column]
            if column > row:
                axes.set_axis_off()
                continue
            x, y = column, row + 1
            axes.plot(
                behind[:, x],
                behind[:, y],
                ".",
                color=QUIET,
                alpha=0.8 * alpha_for(len(behind)),
                markersize=4,
                mew=0,
                rasterized=True,
            )
            axes.plot(
                front[:, x], front[:, y], ".", color=ACCENT, alpha=alpha_for(len(front)), markersize=6, mew=0
            )
            if choice.knee is not None:
                knee = found.values[choice.front[choice.knee]]
                axes.plot(knee[x], knee[y], "o", mfc="none", mec=ALARM, markersize=10)
            if row == side - 1:
                axes.set_xlabel(found.objectives[x].column)
            if column == 0:
                axes.set_ylabel(found.objectives[y].column)
    pictures.save(figure, "pairs")


def _parallel(pictures: Pictures, choice: Choice, seed: int) -> None:
    found = choice.candidates
    k = len(found.objectives)
    order = sampled(np.arange(len(choice.front)), MOST_LINES, seed)
    loss = np.column_stack(
        [one.loss(found.values[choice.front, at]) for at, one in enumerate(found.objectives)]
    )
    low, high = loss.min(axis=0), loss.max(axis=0)
    height = 1 - (loss - low) / np.where(high > low, high - low, 1.0)
    figure = Figure(figsize=(max(5.2, 1.3 * k), 3.8), dpi=130, layout="constrained")
    axes = figure.add_subplot()
    axes.plot(np.arange(k), height[order].T, color=ACCENT, alpha=0.5 * alpha_for(len(order)), linewidth=0.8)
    if choice.knee is not None:
        axes.plot(np.arange(k), height[choice.knee], color=ALARM, linewidth=1.8)
    axes.set_xticks(np.arange(k), [one.column for one in found.objectives], rotation=20 if k > 4 else 0)
    axes.set_yticks([0, 1], [pictures.words(say("worst")), pictures.words(say("best"))])
    pictures.save(figure, "parallel")

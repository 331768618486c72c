"""The plots of a nonlinear analysis for its report and for publication."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np

from zerosec_analyses.modelling.explained_plots import explaining_plots
from zerosec_analyses.modelling.table import ModelTable
from zerosec_analyses.nonlinear.analysis import TargetResult
from zerosec_analyses.picture_style import ACCENT, QUIET, picture_style
from zerosec_analyses.reporting.pictures import Pictures, alpha_for, with_unit
from zerosec_analyses.sdk import Said, say
from zerosec_shared.name_and_unit import name_and_unit

MAX_POINTS = 5000


def draw(pictures: Pictures, table: ModelTable, results: Sequence[TargetResult]) -> list[tuple[Said, Path]]:
    """Draw everything; captions with the SVG files, in the order of the report."""
    drawn: list[tuple[Said, Path]] = []
    with mpl.rc_context(picture_style()):
        for number, result in enumerate(results, start=1):
            ending = "" if number == 1 else f"_{number}"
            for caption, name in _of_target(pictures, table, result, ending):
                drawn.append((caption, pictures.folder / f"{name}.svg"))
    return drawn


def _of_target(
    pictures: Pictures, table: ModelTable, result: TargetResult, ending: str
) -> list[tuple[Said, str]]:
    drawn: list[tuple[Said, str]] = []
    label = name_and_unit(result.target, result.unit)
    chosen = plotted(result)
    found, y = result.out_of_fold[chosen], result.rows.y[chosen]

    figure, axes = pictures.figure(
        say("Predictions of rows never seen"),
        say("Predicted {target}", target=label),
        say("Observed {target}", target=label),
    )
    axes.plot(found, y, ".", color=ACCENT, alpha=alpha_for(y.size), markersize=5, mew=0)
    ends = [float(min(found.min(), y.min())), float(max(found.max(), y.max()))]
    axes.plot(ends, ends, color=QUIET, linewidth=1)
    pictures.save(figure, f"predicted_vs_observed{ending}")
    drawn.append(
        (
            say("{target}: each row predicted by a model that has not seen it", target=result.target),
            f"predicted_vs_observed{ending}",
        )
    )
    figure, axes = pictures.figure(
        say("Errors of rows never seen"),
        say("Predicted {target}", target=label),
        with_unit(say("Observed minus predicted"), result.unit),
    )
    axes.plot(found, y - found, ".", color=ACCENT, alpha=alpha_for(y.size), markersize=5, mew=0)
    axes.axhline(0, color=QUIET, linewidth=1)
    pictures.save(figure, f"residuals{ending}")
    drawn.append((say("{target}: errors over predictions", target=result.target), f"residuals{ending}"))
    drawn += explaining_plots(pictures, table, result, ending)
    return drawn


def plotted(result: TargetResult) -> np.ndarray:
    """The rows drawn: those that were tested, or a random sample of them."""
    tested = np.flatnonzero(np.isfinite(result.out_of_fold))
    if tested.size <= MAX_POINTS:
        return tested
    return np.sort(np.random.default_rng(333).choice(tested, MAX_POINTS, replace=False))

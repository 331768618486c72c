"""The pictures of a design, as PNG to show and SVG to publish, without a window system and without global state."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from zerosec_analyses.optimal_design.evaluate import Evaluation
from zerosec_analyses.optimal_design.factors import Factor, FloatArray
from zerosec_analyses.picture_style import ACCENT, ALARM, picture_style
from zerosec_analyses.sdk import ours, say

QUIET = "#c3c8cf"
MAX_NAMED_TERMS = 40
MAX_PAIRED = 7
MAX_CLOUD = 3000
MAX_NUMBERED = 300
# Of the axis: how wide runs at one place are set apart.
SPREAD = 0.26


class Pictures:
    """Draws into a folder, each picture as PNG and SVG, or as SVG alone; ``drawn`` are the captions and SVG files.

    ``words`` puts a sentence into the language of the pictures.
    """

    def __init__(self, folder: Path, words: Callable[[str], str] = str, *, png: bool = True) -> None:
        self.folder, self._words, self._png = folder, words, png
        self.drawn: list[tuple[str, Path]] = []
        folder.mkdir(parents=True, exist_ok=True)

    def prediction_variance(self, evaluation: Evaluation, caption: str) -> None:
        """The fraction-of-design-space plot."""
        with mpl.rc_context(picture_style()):
            figure, axes = self._figure(
                say("Fraction of the region"), say("Prediction variance / variance of the noise")
            )
            axes.plot(evaluation.fractions, evaluation.quantiles, color=ACCENT)
            axes.axhline(evaluation.average_variance, color=ALARM, linewidth=0.8, linestyle="--")
            axes.annotate(
                self._words(say("mean")),
                (0.01, evaluation.average_variance),
                va="bottom",
                fontsize=7,
                color=ALARM,
            )
            axes.set_ylim(bottom=0)
            self._save(figure, "prediction_variance", caption)

    def correlations(self, labels: Sequence[str], evaluation: Evaluation, caption: str) -> None:
        """The correlation map of the terms, as absolute values."""
        with mpl.rc_context({**picture_style(), "axes.grid": False}):
            size = min(9.0, 2.8 + 0.16 * len(labels))
            figure = Figure(figsize=(size + 0.8, size), dpi=130, layout="constrained")
            axes = figure.add_subplot()
            shown = axes.imshow(np.abs(evaluation.correlations), cmap="Blues", vmin=0, vmax=1)
            if len(labels) <= MAX_NAMED_TERMS:
                places = range(len(labels))
                axes.set_xticks(places, [_short(label) for label in labels], rotation=90, fontsize=6)
                axes.set_yticks(places, [_short(label) for label in labels], fontsize=6)
            figure.colorbar(shown, ax=axes, label="|r|", shrink=0.7)
            self._save(figure, "correlations", caption)

    def power(self, evaluation: Evaluation, caption: str) -> None:
        """The power for each coefficient."""
        chosen = [each for each in evaluation.coefficients if each.power is not None][:MAX_NAMED_TERMS]
        if not chosen:
            return
        with mpl.rc_context(picture_style()):
            figure = Figure(figsize=(6.0, max(2.0, 0.8 + 0.2 * len(chosen))), dpi=130, layout="constrained")
            axes = figure.add_subplot()
            places = np.arange(len(chosen))[::-1]
            axes.barh(places, [each.power or 0.0 for each in chosen], color=ACCENT, height=0.6)
            axes.set_yticks(places, [_short(each.label) for each in chosen], fontsize=7)
            axes.set_xlim(0, 1)
            axes.set_xlabel(self._words(say("Power")))
            self._save(figure, "power", caption)

    def projection(self, scores: FloatArray, explained: Sequence[float], caption: str) -> None:
        """The runs on their first two principal components, numbered."""
        with mpl.rc_context(picture_style()):
            figure, axes = self._figure(
                say("Component 1 ({share:.0%})", share=explained[0]),
                say("Component 2 ({share:.0%})", share=explained[1]),
            )
            axes.plot(scores[:, 0], scores[:, 1], "o", color=ACCENT, markersize=4)
            _number(axes, *_apart(scores[:, 0], scores[:, 1]))
            self._save(figure, "projection", caption)

    def pairs(self, factors: Sequence[Factor], points: FloatArray, region: FloatArray, caption: str) -> None:
        """The runs on every pair of factors, numbered, over the possible runs."""
        k = min(len(factors), MAX_PAIRED)
        if k < 2:
            return
        cloud = region[:: max(1, len(region) // MAX_CLOUD)]
        with mpl.rc_context({**picture_style(), "axes.grid": False, "font.size": 7}):
            side = max(4.5, 1.7 * (k - 1))
            figure = Figure(figsize=(side, side), dpi=120, layout="constrained")
            for row in range(1, k):
                for column in range(row):
                    axes = figure.add_subplot(k - 1, k - 1, (row - 1) * (k - 1) + column + 1)
                    x, y = _apart(points[:, column], points[:, row])
                    axes.plot(cloud[:, column], cloud[:, row], ".", color=QUIET, markersize=2, mew=0)
                    axes.plot(x, y, "o", color=ACCENT, markersize=2)
                    _number(axes, x, y)
                    _ticks(axes, factors[column], "x", named=row == k - 1)
                    _ticks(axes, factors[row], "y", named=column == 0)
            self._save(figure, "pairs", caption)

    def distributions(
        self, shares: Sequence[tuple[Factor, list[str], FloatArray, FloatArray]], caption: str
    ) -> None:
        """For each factor the share of runs and of possible runs at each level."""
        with mpl.rc_context({**picture_style(), "font.size": 7}):
            columns = min(3, len(shares))
            lines = -(-len(shares) // columns)
            figure = Figure(figsize=(2.6 * columns + 0.4, 1.9 * lines), dpi=120, layout="constrained")
            for at, (factor, labels, mine, theirs) in enumerate(shares):
                axes = figure.add_subplot(lines, columns, at + 1)
                places = np.arange(len(labels))
                axes.bar(places - 0.2, mine, 0.4, color=ACCENT, label=self._words(ours("Runs")))
                axes.bar(places + 0.2, theirs, 0.4, color=QUIET, label=self._words(ours("Possible runs")))
                axes.set_xticks(
                    places, [_short(label, 10) for label in labels], rotation=90 if len(labels) > 4 else 0
                )
                axes.set_title(_short(factor.name, 30), loc="left", fontsize=8)
            handles, names = figure.axes[0].get_legend_handles_labels()
            figure.legend(handles, names, frameon=False, fontsize=7, loc="outside upper right", ncols=2)
            self._save(figure, "distribution", caption)

    def _figure(self, x: str, y: str) -> tuple[Figure, Axes]:
        figure = Figure(figsize=(5.2, 4.0), dpi=130, layout="constrained")
        axes = figure.add_subplot()
        axes.set_xlabel(self._words(x))
        axes.set_ylabel(self._words(y))
        return figure, axes

    def _save(self, figure: Figure, name: str, caption: str) -> None:
        png, svg = self.folder / f"{name}.png", self.folder / f"{name}.svg"
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Glyph .* missing from font")
            engine = figure.get_layout_engine()
            if engine is not None:
                engine.execute(figure)
                figure.set_layout_engine("none")
            if self._png:
                figure.savefig(png, format="png", metadata={"Software": None})
            figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
        self.drawn.append((caption, svg))


def _number(axes: Any, x: FloatArray, y: FloatArray) -> None:
    """The number of each run beside its point, of so few that they can be read."""
    for at, place in enumerate(zip(x.tolist(), y.tolist(), strict=True) if len(x) <= MAX_NUMBERED else ()):
        axes.annotate(str(at + 1), place, xytext=(1.5, 1.5), textcoords="offset points", fontsize=4.5)


def _apart(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Runs at one place are set beside each other, in a small square around it, so that every number can be read."""
    x, y = x.copy(), y.copy()
    width, height = (max(float(np.ptp(values)), 1e-12) for values in (x, y))
    places: dict[tuple[float, float], list[int]] = {}
    for at, place in enumerate(zip(np.round(x, 9).tolist(), np.round(y, 9).tolist(), strict=True)):
        places.setdefault(place, []).append(at)
    for together in places.values():
        side = int(np.ceil(np.sqrt(len(together))))
        step = SPREAD / max(2, side)
        for number, at in enumerate(together if side > 1 else ()):
            x[at] += width * step * (number % side - (side - 1) / 2)
            y[at] -= height * step * (number // side - (-(-len(together) // side) - 1) / 2)
    return x, y


def _ticks(axes: Any, factor: Factor, which: str, *, named: bool) -> None:
    codes = factor.level_codes
    chosen = range(len(codes)) if len(codes) <= 6 else (0, len(codes) // 2, len(codes) - 1)
    labels = [
        _short(str(factor.levels[at]) if factor.is_categorical else f"{float(factor.levels[at]):.4g}", 10)
        for at in chosen
    ]
    places = [float(codes[at]) for at in chosen]
    if which == "x":
        axes.set_xticks(places, labels if named else [""] * len(labels))
        axes.set_xlabel(_short(factor.name, 20) if named else "")
    else:
        axes.set_yticks(places, labels if named else [""] * len(labels))
        axes.set_ylabel(_short(factor.name, 20) if named else "")


def _short(text: str, most: int = 24) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def principal_components(factors: Sequence[Factor], points: FloatArray) -> tuple[FloatArray, list[float]]:
    """Scores of the runs on two principal components (n x 2) and the share of variance of each; categories as 0 and 1 a level."""
    columns: list[FloatArray] = []
    for at, factor in enumerate(factors):
        if factor.is_categorical:
            columns.append(np.eye(len(factor.levels))[points[:, at].astype(np.int64)])
        else:
            columns.append(points[:, [at]])
    matrix = np.hstack(columns)
    U, s, _ = np.linalg.svd(matrix - matrix.mean(axis=0), full_matrices=False)
    total = max(float((s**2).sum()), 1e-300)
    scores = np.zeros((len(points), 2))
    kept = min(2, len(s))
    scores[:, :kept] = U[:, :kept] * s[:kept]
    # the sign of a component is arbitrary: its largest entry is made positive, so that a repeated analysis looks the same
    for at in range(kept):
        if scores[np.abs(scores[:, at]).argmax(), at] < 0:
            scores[:, at] *= -1
    return scores, [*(s[:kept] ** 2 / total).tolist(), 0.0, 0.0][:2]

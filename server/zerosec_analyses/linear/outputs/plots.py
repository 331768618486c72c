"""The plots of a linear analysis, as PNG to show and SVG to publish. No window system and no global state (pyplot) is used."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from zerosec_analyses.linear.design_matrix import FloatArray
from zerosec_analyses.picture_style import ACCENT, ALARM, QUIET, picture_style
from zerosec_analyses.reporting.pictures import Pictures, alpha_for, with_unit
from zerosec_analyses.sdk import Said, say

MAX_POINTS = 5000
MAX_SVG_POINTS = 5000


class PlotSet(Pictures):
    """The plots of a linear analysis."""

    def predicted_against_observed(self, observed: FloatArray, predicted: FloatArray, label: str) -> None:
        """Out-of-fold predictions against what was observed, with the line of equality."""
        with mpl.rc_context(picture_style()):
            figure, axes = self.figure(
                say("Out-of-fold predictions"),
                say("Predicted {target}", target=label),
                say("Observed {target}", target=label),
            )
            axes.plot(
                predicted, observed, ".", color=ACCENT, alpha=alpha_for(observed.size), markersize=5, mew=0
            )
            both = np.concatenate([observed, predicted])
            ends = [float(both.min()), float(both.max())]
            axes.plot(ends, ends, color=QUIET, linewidth=1)
            self.save(figure, "predicted_vs_observed")

    def residuals_against_fitted(
        self, fitted: FloatArray, residuals: FloatArray, unit: str, *, transformed: bool
    ) -> None:
        """Residuals against fitted values, on the scale of the fit; that of a transformed target has no unit."""
        with mpl.rc_context(picture_style()):
            figure, axes = self.figure(
                say("Residuals against fitted values"),
                say("Fitted (transformed scale)") if transformed else with_unit(say("Fitted"), unit),
                say("Residual (transformed scale)") if transformed else with_unit(say("Residual"), unit),
            )
            axes.plot(fitted, residuals, ".", color=ACCENT, alpha=alpha_for(fitted.size), markersize=5, mew=0)
            axes.axhline(0, color=QUIET, linewidth=1)
            self.save(figure, "residuals_vs_fitted")

    def normal_quantiles(self, theoretical: FloatArray, ordered: FloatArray) -> None:
        """Q-Q plot of studentised residuals."""
        with mpl.rc_context(picture_style()):
            figure, axes = self.figure(
                say("Normal Q-Q plot"), say("Normal quantile"), say("Studentised residual")
            )
            axes.plot(theoretical, ordered, ".", color=ACCENT, markersize=5, mew=0)
            ends = [float(theoretical.min()), float(theoretical.max())]
            axes.plot(ends, ends, color=QUIET, linewidth=1)
            self.save(figure, "normal_qq")

    def leverage(
        self, leverage: FloatArray, studentised: FloatArray, rank: int, marked: Sequence[tuple[int, Said]]
    ) -> None:
        """Studentised residuals against leverage, with the lines of equal Cook's distance 0.5 and 1."""
        with mpl.rc_context(picture_style()):
            figure, axes = self.figure(
                say("Influence of single rows"), say("Leverage"), say("Studentised residual")
            )
            axes.plot(
                leverage, studentised, ".", color=ACCENT, alpha=alpha_for(leverage.size), markersize=5, mew=0
            )
            low, high = axes.get_ylim()
            h = np.linspace(
                max(float(np.nanmin(leverage)), 1e-4), min(float(np.nanmax(leverage)) * 1.05, 0.999), 200
            )
            for distance, style in ((0.5, ":"), (1.0, "--")):
                curve = np.sqrt(distance * rank * (1 - h) / h)
                for side in (curve, -curve):
                    axes.plot(h, side, style, color=ALARM, linewidth=0.8)
            axes.set_ylim(low, high)
            for index, name in marked:
                axes.annotate(
                    self.words(name),
                    (leverage[index], studentised[index]),
                    xytext=(4, 2),
                    textcoords="offset points",
                    fontsize=7,
                )
            self.save(figure, "leverage")

    def coefficients(
        self, names: Sequence[str], values: FloatArray, low: FloatArray, high: FloatArray, note: Said
    ) -> None:
        """Standardised coefficients with their intervals."""
        with mpl.rc_context(picture_style()):
            figure = Figure(figsize=(6.0, max(2.2, 0.9 + 0.24 * len(names))), layout="constrained")
            axes = figure.add_subplot()
            axes.set_title(
                self.words(say("Coefficients per standard deviation of their term")), loc="left", fontsize=10
            )
            place = np.arange(len(names))[::-1]
            if np.isfinite(low).any():
                axes.hlines(place, low, high, color=ACCENT, linewidth=2)
            axes.plot(values, place, "o", color=ACCENT, markersize=4)
            axes.axvline(0, color=QUIET, linewidth=1)
            axes.set_yticks(place, list(names))
            axes.set_xlabel(self.words(note))
            self.save(figure, "coefficients")

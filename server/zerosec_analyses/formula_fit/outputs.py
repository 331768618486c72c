"""What a formula fit shows and leaves: numbers, findings, tables, plots and views."""

from __future__ import annotations

import math
from collections.abc import Iterator

import matplotlib as mpl
import numpy as np
from scipy import stats

from zerosec_analyses.formula_fit.analysis import Judged
from zerosec_analyses.formula_fit.spec import FormulaParameters
from zerosec_analyses.picture_style import ACCENT, QUIET, picture_style
from zerosec_analyses.reporting.finding import Finding
from zerosec_analyses.reporting.metric_line import MetricLine
from zerosec_analyses.reporting.pictures import Pictures, alpha_for, with_unit
from zerosec_analyses.reporting.reading import about_reading
from zerosec_analyses.result_tables import Cell, ResultTable
from zerosec_analyses.sdk import Column, Said, Series, ours, say
from zerosec_analyses.shown_numbers import shown_number
from zerosec_shared.name_and_unit import name_and_unit
from zerosec_shared.views import ScatterView

CURVE = 200
MAX_POINTS = 5000
MAX_ROWS = 50_000
HEADINGS = {
    "constant": say("constant"),
    "estimate": say("estimate"),
    "std_error": say("std. error"),
    "ci_low": say("from"),
    "ci_high": say("to"),
    "start": say("start value"),
    "file_row": say("row of the file"),
    "observed": say("observed"),
    "fitted": say("fitted"),
    "predicted": say("predicted unseen"),
    "residual": say("residual"),
}


def heading(name: str) -> Said:
    """The heading of a column, by its name in the files."""
    return HEADINGS.get(name) or ours(name)


def tables(judged: Judged, params: FormulaParameters) -> list[ResultTable]:
    """Constants, and row by row."""
    fit, problem = judged.fit, judged.problem
    quantile = (
        float(stats.t.ppf((1 + params.confidence_level) / 2, fit.degrees_of_freedom))
        if (fit.degrees_of_freedom)
        else math.nan
    )
    constants: list[tuple[Cell, ...]] = []
    for place, name in enumerate(problem.model.constants):
        value, error = float(fit.constants[place]), float(fit.std_errors[place])
        constants.append(
            (name, value, error, value - quantile * error, value + quantile * error, params.start.get(name))
        )
    rows: list[tuple[Cell, ...]] = [
        (
            problem.table.row_number(int(problem.places[row])),
            float(problem.y[row]),
            float(fit.fitted[row]),
            float(problem.y[row] - fit.fitted[row]),
            float(judged.unseen[row]),
        )
        for row in range(min(problem.y.size, MAX_ROWS))
    ]
    return [
        ResultTable(
            "constants", say("Constants"), ("constant", "estimate", "std_error", "ci_low", "ci_high", "start"), constants
        ),
        ResultTable("rows", say("Row by row"), ("file_row", "observed", "fitted", "residual", "predicted"), rows),
    ]  # fmt: skip


def metric_lines(judged: Judged, params: FormulaParameters) -> list[MetricLine]:
    """The numbers, those of unseen rows first."""
    fit = judged.fit
    unit = params.target_unit
    r2, rmse, mae = judged.score() if np.isfinite(judged.unseen).any() else (math.nan,) * 3
    how = say("Each row predicted by the formula fitted without it (10 parts).")
    spread = fit.residual_std

    def known(value: float) -> float | None:
        return value if math.isfinite(value) else None

    return [
        MetricLine("r2_out_of_fold", known(r2), say("R² on unseen rows"), "", how, headline=True),
        MetricLine("rmse_out_of_fold", known(rmse), say("RMSE on unseen rows"), unit, how, headline=True),
        MetricLine("mae_out_of_fold", known(mae), say("MAE on unseen rows"), unit, how, headline=True),
        MetricLine(
            "residual_std_error", known(spread), say("Residual standard error"), unit,
            say("With {df:,} degrees of freedom.", one="With 1 degree of freedom.", df=fit.degrees_of_freedom),
        ),
        MetricLine("residual_sum_of_squares", fit.residual_sum, say("Residual sum of squares")),
        MetricLine("n_rows", int(judged.problem.y.size), say("Rows used")),
        MetricLine("n_constants", len(judged.problem.model.constants), say("Constants")),
        MetricLine(
            "condition_number", known(fit.condition), say("Condition number"), "", say("Of the derivatives, scaled to unit length.")
        ),
        MetricLine(
            "starts_that_agree", judged.n_same, say("Starts that led to this solution"), "",
            say("Of {count:,} that were tried.", count=judged.n_starts),
        ),
    ]  # fmt: skip


def sentence(judged: Judged, params: FormulaParameters) -> Said:
    """The answer in a sentence."""
    r2, _, mae = judged.score() if np.isfinite(judged.unseen).any() else (math.nan,) * 3
    if not math.isfinite(r2):
        return say(
            "{target} = {formula} was fitted to {rows:,} rows. How well it predicts new rows cannot be said.",
            target=params.target, formula=params.formula, rows=judged.problem.y.size,
        )  # fmt: skip
    unit = f" {params.target_unit}" if params.target_unit else ""
    return say(
        "{target} = {formula} explains {share:.1%} of the variation in rows it was not fitted to and is off by {error} on average.",
        target=params.target, formula=params.formula, share=r2, error=f"{shown_number(mae, 3)}{unit}",
    )  # fmt: skip


def findings(judged: Judged, params: FormulaParameters) -> Iterator[Finding]:
    """What must be seen beside the numbers."""
    problem, fit = judged.problem, judged.fit
    yield from about_reading(problem.notes, {params.target, *problem.model.columns})
    if problem.n_left_out:
        yield Finding(
            "rows_dropped",
            say(
                "{dropped:,} of {rows:,} rows miss a value and were left out.",
                one="1 of {rows} rows misses a value and was left out.",
                dropped=problem.n_left_out,
                rows=problem.table.frame.height,
            ),
        )
    if not fit.converged:
        yield Finding(
            "not_converged",
            say(
                "The constants have not settled (last relative change {step:.1e}): do not rely on them.",
                step=fit.step,
            )
            if np.isfinite(fit.step)
            else say("The constants have not settled: do not rely on them."),
            say("Give start values nearer to the solution, or use a formula with fewer constants."),
        )
    if fit.condition >= 1e14 or not np.isfinite(fit.std_errors).all():
        yield Finding(
            "not_determined",
            say("The data do not determine every constant: other values describe them as well."),
            say("Leave a constant out, or fix it to a known number in the formula."),
        )
    if set(params.start) != set(problem.model.constants) and judged.n_same < 2:
        yield Finding(
            "one_start_only",
            say(
                "Only one of {count:,} random starts led to this solution; there may be a better one.",
                count=judged.n_starts,
            ),
            say("Give start values, or try more random starts."),
        )
    lost = int(np.isnan(judged.unseen).sum())
    if lost:
        yield Finding(
            "untested_rows",
            say(
                "{rows:,} rows could not be predicted by a fit without them and are in no score.",
                one="1 row could not be predicted by a fit without it and is in no score.",
                rows=lost,
            ),
        )


def draw(pictures: Pictures, judged: Judged, params: FormulaParameters) -> list[tuple[Said, str]]:
    """The fit over its column where it has one, and the residuals; captions with the names of the pictures."""
    made: list[tuple[Said, str]] = []
    y, fit = judged.problem.y, judged.fit
    label = name_and_unit(params.target, params.target_unit)
    with mpl.rc_context(picture_style()):
        curve = _curve(judged)
        if curve is not None:
            name, at, value = curve
            figure, axes = pictures.figure(
                say("Data and formula"), say("{column}", column=name), say("{column}", column=label)
            )
            axes.plot(
                judged.problem.model.columns[name],
                y,
                ".",
                color=ACCENT,
                alpha=alpha_for(y.size),
                markersize=5,
                mew=0,
            )
            axes.plot(at, value, color=QUIET, linewidth=1.5)
            pictures.save(figure, "fit")
            made.append((say("Data, and the fitted formula"), "fit"))
        figure, axes = pictures.figure(
            say("Residuals against fitted values"),
            with_unit(say("Fitted"), params.target_unit),
            with_unit(say("Residual"), params.target_unit),
        )
        axes.plot(fit.fitted, y - fit.fitted, ".", color=ACCENT, alpha=alpha_for(y.size), markersize=5, mew=0)
        axes.axhline(0, color=QUIET, linewidth=1)
        pictures.save(figure, "residuals")
        made.append((say("Residuals against fitted values"), "residuals"))
    return made


def _curve(judged: Judged) -> tuple[str, np.ndarray, np.ndarray] | None:
    model = judged.problem.model
    if len(model.columns) != 1 or "" in model.columns:
        return None
    name, values = next(iter(model.columns.items()))
    at = np.linspace(float(values.min()), float(values.max()), CURVE)
    return name, at, type(model)(model.formula, {name: at}, model.constants).value(judged.fit.constants)


def views(judged: Judged, params: FormulaParameters, source: str) -> Iterator[ScatterView]:
    """The plots of the result page."""
    problem, fit = judged.problem, judged.fit
    shown = np.arange(problem.y.size)
    if shown.size > MAX_POINTS:
        shown = np.sort(np.random.default_rng(params.seed).choice(shown, MAX_POINTS, replace=False))
    labels = tuple(str(problem.table.row_number(int(problem.places[row]))) for row in shown.tolist())
    row = ours("row {label}")
    target = Column(name="target", label=say("{name}", name=params.target), unit=params.target_unit)
    curve = _curve(judged)
    if curve is not None:
        name, at, value = curve
        measured = problem.model.columns[name]
        yield ScatterView(
            id="fit",
            title="Data and formula",
            source=source,
            x=Column(name="x", label=say("{name}", name=name)),
            y=target,
            series=(
                Series(
                    name=say("Data"),
                    x=_values(measured[shown]),
                    y=_values(problem.y[shown]),
                    labels=labels,
                    label_text=row,
                ),
                Series(name=say("Formula"), x=_values(at), y=_values(value), joined=True),
            ),
        )
    for id_, title, x, x_label, y, y_label, reference in (
        ("fitted_vs_observed", say("Observed against fitted"), fit.fitted, say("Fitted"), problem.y, say("Observed"), "identity"),
        ("residuals", say("Residuals against fitted values"), fit.fitted, say("Fitted"), problem.y - fit.fitted, say("Residual"), "zero"),
    ):  # fmt: skip
        yield ScatterView(
            id=id_,
            title=title,
            source=source,
            x=Column(name="fitted", label=x_label, unit=params.target_unit),
            y=Column(name=id_, label=y_label, unit=params.target_unit),
            series=(Series(x=_values(x[shown]), y=_values(y[shown]), labels=labels, label_text=row),),
            reference="identity" if reference == "identity" else "zero",
        )


def _values(values: np.ndarray) -> tuple[float | None, ...]:
    return tuple(value if math.isfinite(value) else None for value in values.tolist())

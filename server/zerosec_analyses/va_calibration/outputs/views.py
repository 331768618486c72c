"""What the window shows of a calibration: the sentence, the fractions, the table, the matrices, and how far to trust them."""

from collections.abc import Mapping

import numpy as np

from zerosec_analyses.sdk import Column, Context, Said, Series, ours, say
from zerosec_analyses.va_calibration.analysis import Calibration
from zerosec_analyses.va_calibration.arrays import Floats
from zerosec_analyses.va_calibration.calibration import ENSEMBLE, Fit, largest_remainder
from zerosec_analyses.va_calibration.findings import age_words
from zerosec_analyses.va_calibration.model import AlgorithmModel
from zerosec_analyses.va_calibration.outputs.ranks import RANK_BINS, chain_plot
from zerosec_analyses.va_calibration.spec import Country
from zerosec_shared.views import BarView, CardView, Cell, FileView, HeatMapView, LineView, MetricView

__all__ = ["percent_matrix", "sentence", "show"]


def place_words(country: Country) -> Said:
    """Where, in words."""
    if country is Country.OTHER:
        return say("a country not in CHAMPS")
    return ours(country.value)


def sentence(result: Calibration) -> Said:
    """The answer in a sentence."""
    fit = result.main
    top = int(fit.mean.argmax())
    deaths, whose, where = (
        int(fit.deaths_before.sum()),
        age_words(result.params.age_group),
        place_words(result.params.country),
    )
    cause = result.causes.names[top]
    share, before = 100 * float(fit.mean[top]), 100 * float(fit.uncalibrated[top])
    if fit.samples is None:
        return say(
            "Of {deaths:,} {whose} in {where}, {share:.0f}% are due to {cause} by {how}; nothing could be calibrated (uncalibrated {before:.0f}%).",
            deaths=deaths,
            whose=whose,
            where=where,
            share=share,
            cause=cause,
            how=how(result),
            before=before,
        )
    if np.isnan(fit.low[top]):
        return say(
            "Of {deaths:,} {whose} in {where}, {share:.0f}% are due to {cause} by {how} (uncalibrated {before:.0f}%): path correction "
            "stalled, so the matrices are practically not used and no interval can be given.",
            deaths=deaths,
            whose=whose,
            where=where,
            share=share,
            cause=cause,
            how=how(result),
            before=before,
        )
    return say(
        "Of {deaths:,} {whose} in {where}, {share:.0f}% are due to {cause} (95% interval {low:.0f}% to {high:.0f}%) by {how}, "
        "calibrated; uncalibrated it was {before:.0f}%.",
        deaths=deaths,
        whose=whose,
        where=where,
        share=share,
        cause=cause,
        low=100 * float(fit.low[top]),
        high=100 * float(fit.high[top]),
        how=how(result),
        before=before,
    )


def how(result: Calibration) -> Said:
    """By what, in words."""
    if result.main.name != ENSEMBLE:
        return result.main.title
    if [model.algorithm for model in result.models] == ["eava", "insilicova", "interva"]:
        return say("EAVA, InSilicoVA and InterVA together")
    return say("{count} algorithms together", count=len(result.models))


def percent_matrix(rates: Floats) -> list[list[float]]:
    """Rows in whole percent that sum to 100."""
    return [largest_remainder(row, 100).tolist() for row in rates]


def show(ctx: Context, result: Calibration, sources: Mapping[str, str]) -> None:
    """Show everything; `sources` are the artifacts by what they hold."""
    ctx.show(
        CardView(id="answer", title="Calibrated cause-specific mortality fractions", text=sentence(result))
    )
    _metrics(ctx, result)
    for fit in reversed(result.fits):
        _fractions(ctx, fit, result, sources["summary"])
    _table(ctx, result, sources["summary"])
    for model in result.models:
        _matrices(ctx, model, result, sources["matrices"])
    _left_out(ctx, result)
    _convergence(ctx, result)
    _chains(ctx, result)
    for key, title in (
        ("report", say("Report")),
        ("summary", say("Calibrated fractions (CSV)")),
        ("deaths", say("Calibrated numbers of deaths (CSV)")),
        ("matrices", say("Misclassification matrices (CSV)")),
        ("path", say("Path correction (CSV)")),
        ("mapping", say("Cause names and what they stood for (CSV)")),
        ("draws", say("Posterior draws (Parquet)")),
    ):
        if key in sources:
            ctx.show(FileView(id=f"file_{key}", title=title, source=sources[key]))


def _metrics(ctx: Context, result: Calibration) -> None:
    fit = result.main
    top = int(fit.mean.argmax())
    given = not np.isnan(fit.low[top]) and fit.samples is not None and not fit.left_out[top]
    ctx.metric(
        "largest_fraction",
        100 * float(fit.mean[top]),
        label=say("Share of {cause}", cause=result.causes.names[top]),
        unit="%",
        low=100 * float(fit.low[top]) if given else None,
        high=100 * float(fit.high[top]) if given else None,
        note=say("uncalibrated {before:.1f}%", before=100 * float(fit.uncalibrated[top])),
        headline=True,
    )
    ctx.metric("deaths", int(fit.deaths_before.sum()), label="Deaths", headline=True)
    shown = [f"shrinkage_{model.algorithm}" for model in result.models if model.path is not None]
    sampled = [each for each in result.fits if each.samples is not None]
    if sampled:
        worst = max(each.samples.convergence.worst_r_hat for each in sampled if each.samples)
        size = min(each.samples.convergence.smallest_size for each in sampled if each.samples)
        ctx.metric("largest_r_hat", worst, label="Largest R-hat", note="below 1.01 the chains agree")
        ctx.metric(
            "smallest_effective_size",
            round(size),
            label="Smallest effective sample size",
            note="1,000 or more, bulk and tail",
        )
        divergences = sum(each.samples.divergences for each in sampled if each.samples)
        ctx.metric("divergences", divergences, label="Divergent trajectories")
        shown += ["largest_r_hat", "smallest_effective_size", "divergences"]
    for model in result.models:
        if model.path is not None:
            ctx.metric(
                f"shrinkage_{model.algorithm}",
                model.path.shrinkage,
                label=say("λ of {algorithm}", algorithm=model.title),
                note="share of perfect classification in the matrix used",
                decimals=2,
            )
    if shown:
        ctx.show(MetricView(id="figures", title="Path correction and convergence", metrics=tuple(shown)))


def _fractions(ctx: Context, fit: Fit, result: Calibration, source: str) -> None:
    order = np.argsort(-fit.mean, kind="stable")
    causes = tuple(result.causes.names[c] for c in order)
    intervals = not fit.stalled and fit.samples is not None
    ctx.show(
        BarView(
            id=f"fractions_{fit.name}",
            title=say("{fit}: uncalibrated and calibrated fractions", fit=fit.title),
            caption=say("Bars of the calibrated fractions with their 95% intervals.")
            if intervals
            else say("No interval is given: path correction stalled, or nothing was calibrated."),
            source=source,
            x=Column(name="cause", label="Cause"),
            y=Column(name="fraction", label="Share of deaths", unit="%"),
            series=(
                Series(name=say("Uncalibrated"), x=causes, y=_percent(fit.uncalibrated[order])),
                Series(
                    name=say("Calibrated"),
                    x=causes,
                    y=_percent(fit.mean[order]),
                    low=_percent(fit.low[order]) if intervals else (),
                    high=_percent(fit.high[order]) if intervals else (),
                ),
            ),
        )
    )


def _percent(values: Floats) -> tuple[float | None, ...]:
    return tuple(100 * value if value == value else None for value in values.tolist())


def _table(ctx: Context, result: Calibration, source: str) -> None:
    rows: list[tuple[Cell, ...]] = []
    for fit in reversed(result.fits):
        for c in np.argsort(-fit.mean, kind="stable"):
            low, high = (None if v != v else 100 * float(v) for v in (fit.low[c], fit.high[c]))
            rows.append(
                (
                    fit.title,
                    result.causes.names[c],
                    100 * float(fit.uncalibrated[c]),
                    100 * float(fit.mean[c]),
                    low,
                    high,
                    int(fit.deaths_before[c]),
                    int(fit.deaths_after[c]),
                    say("no") if fit.left_out[c] else say("yes"),
                )
            )
    ctx.table(
        "summary",
        "Fractions and deaths by cause",
        [
            Column(name="algorithm", label="Algorithm"),
            Column(name="cause", label="Cause"),
            Column(name="uncalibrated", label="Uncalibrated", unit="%", digits=3),
            Column(name="calibrated_mean", label="Calibrated", unit="%", digits=3),
            Column(name="calibrated_lower", label="95% from", unit="%", digits=3),
            Column(name="calibrated_upper", label="to", unit="%", digits=3),
            Column(name="uncalibrated_deaths", label="Deaths before"),
            Column(name="calibrated_deaths", label="Deaths after"),
            Column(name="calibrated", label="Is calibrated"),
        ],
        rows,
        source=source,
        caption="Numbers of deaths are shared out by largest remainders. The ensemble has as many deaths as the algorithm with most.",
    )


def _matrices(ctx: Context, model: AlgorithmModel, result: Calibration, source: str) -> None:
    names = result.causes.names
    used = [
        [None if model.left_out[i] or model.left_out[j] else value for j, value in enumerate(row)]
        for i, row in enumerate(percent_matrix(model.used))
    ]
    for kind, title, values in (
        (
            "used",
            say("{algorithm}: misclassification used", algorithm=model.title),
            tuple(tuple(row) for row in used),
        ),
        (
            "study",
            say(
                "{algorithm}: misclassification by {origin}", algorithm=model.title, origin=model.study.origin
            ),
            tuple(tuple(row) for row in percent_matrix(model.study.means)),
        ),
    ):
        ctx.show(
            HeatMapView(
                id=f"matrix_{kind}_{model.algorithm}",
                title=title,
                caption="Each row is a true cause, each column the cause assigned; whole percent of the row.",
                source=source,
                x_labels=names,
                y_labels=names,
                values=values,
                unit="%",
                low=0,
                high=100,
                x=Column(name="va_cause", label="Cause assigned"),
                y=Column(name="true_cause", label="True cause"),
                outline_diagonal=True,
            )
        )


def _left_out(ctx: Context, result: Calibration) -> None:
    rows: list[tuple[Cell, ...]] = []
    for model in result.models:
        for place, reason in sorted(model.reasons.items()):
            rows.append(
                (
                    model.title,
                    result.causes.names[place],
                    say("asked for") if reason.asked else say("hardly varies with the true cause"),
                    reason.value_range,
                )
            )
    if rows:
        ctx.table(
            "left_out",
            "Causes left uncalibrated",
            [
                Column(name="algorithm", label="Algorithm"),
                Column(name="cause", label="Cause"),
                Column(name="why", label="Why"),
                Column(name="range", label="Range of its rates over true causes", digits=3),
            ],
            rows,
            caption="They keep their uncalibrated share; in the ensemble only what every algorithm leaves out does.",
        )


def _convergence(ctx: Context, result: Calibration) -> None:
    rows: list[tuple[Cell, ...]] = []
    for fit in result.fits:
        if fit.samples is None:
            continue
        found = fit.samples.convergence
        rows.extend(
            (
                fit.title,
                result.causes.names[c],
                float(found.r_hat[c]),
                round(float(found.bulk[c])),
                round(float(found.tail[c])),
                None if np.isnan(fit.end_error[c]) else 100 * float(fit.end_error[c]),
            )
            for c in np.flatnonzero(~fit.left_out)
        )
    if rows:
        ctx.table(
            "convergence",
            "Convergence by cause",
            [
                Column(name="algorithm", label="Algorithm"),
                Column(name="cause", label="Cause"),
                Column(name="r_hat", label="R-hat", digits=5),
                Column(name="bulk", label="Effective size, bulk"),
                Column(name="tail", label="Effective size, tail"),
                Column(name="end_error", label="Error of the interval's ends", unit="%", digits=2),
            ],
            rows,
            caption=(
                "The last column is the Monte Carlo error of the worse known end of the interval: by about this much it would change with "
                "another seed. More draws a chain make it smaller."
            ),
        )


def _chains(ctx: Context, result: Calibration) -> None:
    fit = result.main
    plot = chain_plot(fit)
    if plot is None:
        return
    cause = result.causes.names[plot.cause]
    draws = tuple(float(value) for value in plot.draw)
    ctx.show(
        LineView(
            id="trace",
            title=say("{fit}: trace of {cause}", fit=fit.title, cause=cause),
            caption="The cause whose chains agree least. Chains that lie on each other have converged.",
            x=Column(name="draw", label="Draw"),
            y=Column(name="fraction", label="Share of deaths", unit="%"),
            series=tuple(
                Series(name=say("chain {number}", number=number), x=draws, y=_percent(values))
                for number, values in enumerate(plot.traces, start=1)
            ),
        )
    )
    bins = tuple(f"{100 * (b + 0.5) / RANK_BINS:.1f}" for b in range(RANK_BINS))
    ctx.show(
        BarView(
            id="ranks",
            title=say("{fit}: ranks of {cause} by chain", fit=fit.title, cause=cause),
            caption=say(
                "Bars near {expected:,.0f} everywhere: every chain visits all values equally often.",
                expected=plot.expected,
            ),
            x=Column(name="rank", label="Rank among all draws", unit="%"),
            y=Column(name="draws", label="Draws"),
            series=tuple(
                Series(name=say("chain {number}", number=number), x=bins, y=tuple(counts.tolist()))
                for number, counts in enumerate(plot.ranks, start=1)
            ),
        )
    )

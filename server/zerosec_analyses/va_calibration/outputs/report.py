"""The report: one HTML file that needs nothing else, in English and in Japanese."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from zerosec_analyses.sdk import Said, say
from zerosec_analyses.va_calibration.analysis import Calibration
from zerosec_analyses.va_calibration.data_findings import Finding
from zerosec_analyses.va_calibration.outputs.pictures import (
    fractions_picture,
    matrix_picture,
    ranks_picture,
    trace_picture,
)
from zerosec_analyses.va_calibration.outputs.ranks import chain_plot
from zerosec_analyses.va_calibration.outputs.views import percent_matrix, place_words, sentence
from zerosec_analyses.va_calibration.sampling import LARGEST_R_HAT, SMALLEST_SIZE
from zerosec_analyses.va_calibration.spec import ANALYSIS
from zerosec_shared.texts import SOURCE, Texts, texts_of

__all__ = ["write_reports"]

LANGUAGES = (SOURCE, "ja")
Say = Callable[[str], str]


@dataclass(frozen=True)
class _Table:
    title: Said
    headings: tuple[Said, ...]
    rows: list[tuple[str, ...]]
    note: Said


def write_reports(
    folder: Path, result: Calibration, found: Sequence[Finding], facts: Sequence[tuple[str, str]]
) -> list[Path]:
    """report.html and report.ja.html. All that comes from the data is escaped."""
    texts = texts_of("zerosec_analyses.va_calibration")
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.get_template("report.html.j2")
    written = []
    for language in LANGUAGES:
        path = folder / ("report.html" if language == SOURCE else f"report.{language}.html")
        path.write_text(template.render(**_parts(result, found, facts, texts, language)), encoding="utf-8")
        written.append(path)
    return written


def _parts(
    result: Calibration,
    found: Sequence[Finding],
    facts: Sequence[tuple[str, str]],
    texts: Texts,
    language: str,
) -> dict[str, Any]:
    def told(text: str) -> str:
        return text if language == SOURCE else texts.find(text, language) or text

    def pictures(items: Sequence[str]) -> list[Markup]:
        return [Markup(item) for item in items]  # noqa: S704 - made by outputs.pictures, which escapes every name

    return {
        "language": language,
        "title": told(say("Verbal-autopsy calibration")),
        "sentence": told(sentence(result)),
        "headings": {
            "findings": told(say("What to know")),
            "fractions": told(say("Fractions")),
            "matrices": told(say("Misclassification")),
            "chains": told(say("Convergence of the chains")),
            "methods": told(say("Methods")),
            "facts": told(say("How it was made")),
        },
        "findings": [(told(f.message), told(f.hint), f.is_warning) for f in found],
        "fractions": pictures(_fraction_pictures(result, told)),
        "matrices": pictures(_matrix_pictures(result, told)),
        "chains": pictures(_chain_pictures(result, told)),
        "tables": [
            {
                "title": told(table.title),
                "headings": [told(heading) for heading in table.headings],
                "rows": [[told(cell) for cell in row] for row in table.rows],
                "note": told(table.note),
            }
            for table in (_summary(result), _mapping(result))
        ],
        "methods": [told(text) for text in _methods(result)],
        "citations": [f"{each.text} doi:{each.doi}" for each in ANALYSIS.citations],
        "facts": [(told(name), told(value)) for name, value in facts],
    }


def _fraction_pictures(result: Calibration, told: Say) -> list[str]:
    words = told(say("Uncalibrated")), told(say("Calibrated"))
    return [
        fractions_picture(fit, result.causes.names, told(fit.title), words) for fit in reversed(result.fits)
    ]


def _matrix_pictures(result: Calibration, told: Say) -> list[str]:
    axes = told(say("True cause")), told(say("Cause assigned"))
    found = []
    for model in result.models:
        used = [
            [None if model.left_out[i] or model.left_out[j] else v for j, v in enumerate(row)]
            for i, row in enumerate(percent_matrix(model.used))
        ]
        study = percent_matrix(model.study.means)
        name = told(
            say(
                "{algorithm}: misclassification by {origin}", algorithm=model.title, origin=model.study.origin
            )
        )
        found.append(matrix_picture([list(row) for row in study], result.causes.names, name, axes))
        name = told(say("{algorithm}: misclassification used", algorithm=model.title))
        found.append(matrix_picture(used, result.causes.names, name, axes))
    return found


def _chain_pictures(result: Calibration, told: Say) -> list[str]:
    found = []
    for fit in result.fits:
        plot = chain_plot(fit)
        if plot is not None:
            cause = result.causes.names[plot.cause]
            found.append(
                trace_picture(plot, told(say("{fit}: trace of {cause}", fit=fit.title, cause=cause)))
            )
            found.append(
                ranks_picture(plot, told(say("{fit}: ranks of {cause} by chain", fit=fit.title, cause=cause)))
            )
    return found


def _share(value: float) -> str:
    return "–" if np.isnan(value) else f"{100 * value:.1f}"


def _summary(result: Calibration) -> _Table:
    return _Table(
        say("Fractions and deaths by cause"),
        (
            say("Algorithm"),
            say("Cause"),
            say("Uncalibrated"),
            say("Calibrated"),
            say("95% from"),
            say("to"),
            say("Deaths before"),
            say("Deaths after"),
            say("Is calibrated"),
        ),
        [
            (
                fit.title,
                result.causes.names[c],
                _share(fit.uncalibrated[c]),
                _share(fit.mean[c]),
                _share(fit.low[c]),
                _share(fit.high[c]),
                f"{fit.deaths_before[c]:,.0f}",
                f"{fit.deaths_after[c]:,.0f}",
                say("no") if fit.left_out[c] else say("yes"),
            )
            for fit in reversed(result.fits)
            for c in np.argsort(-fit.mean, kind="stable")
        ],
        say(
            "Fractions in percent. Numbers of deaths are shared out by largest remainders; the ensemble has as many as the algorithm with most."
        ),
    )


def _mapping(result: Calibration) -> _Table:
    return _Table(
        say("Cause names and what they stood for"),
        (say("Algorithm"), say("Name in the file"), say("Stands for"), say("Deaths"), say("Decided by you")),
        [
            (
                mapping.assigned.title,
                each.name,
                each.shown,
                f"{each.deaths:,}",
                say("yes") if each.chosen else say("no"),
            )
            for mapping in result.mappings
            for each in sorted(mapping.names, key=lambda each: -each.deaths)
        ],
        say("Every name in the files."),
    )


def _methods(result: Calibration) -> list[Said]:
    params = result.params
    found = [
        say(
            "Modular Bayesian calibration (Pramanik et al. 2025; Datta et al. 2021; Fiksel et al. 2022): the deaths an algorithm assigns to its "
            "causes are multinomial with the probabilities M′p, where p are the true cause-specific mortality fractions and row i of M says "
            "how deaths of true cause i are assigned."
        )
    ]
    if params.fixed:
        found.append(say("The misclassification matrices were fixed at their means."))
    else:
        found.append(say("Each row of M has a Dirichlet prior that carries its uncertainty."))
    if params.path_correction:
        found.append(
            say(
                "Path correction: M was replaced by λI + (1 − λ)M with the smallest λ, coming down in steps of 0.01, for which the calibration "
                "equation has a solution between 0 and 1; the prior of p is uniform."
            )
        )
        if not params.fixed:
            found.append(
                say(
                    "λ was sought for the mean of the rows' Dirichlet distributions, and the concentration of each shrunk row is that of greatest "
                    "expected likelihood with its mean held: the R package estimates both from 1,000 random draws, and here nothing is random."
                )
            )
    else:
        found.append(
            say(
                "No path correction; the prior of p is Dirichlet(1 + C·{eta:g}·p0) around the uncalibrated fractions p0.",
                eta=params.eta,
            )
        )
    if len(result.models) > 1:
        found.append(
            say(
                "In the ensemble the algorithms share p, each with its own matrix and its own causes left out."
            )
        )
    samplers = {fit.samples.sampler.value for fit in result.fits if fit.samples is not None}
    if "hmc" in samplers:
        found.append(
            say(
                "Draws by Hamiltonian Monte Carlo in log-gamma coordinates, {chains} chains with step size and scales adapted.",
                one="Draws by Hamiltonian Monte Carlo in log-gamma coordinates, 1 chain with step size and scales adapted.",
                chains=params.chains,
            )
        )
    if "gibbs" in samplers:
        found.append(
            say(
                "Draws by the exact Gibbs sampler with data augmentation, {chains} chains.",
                one="Draws by the exact Gibbs sampler with data augmentation, 1 chain.",
                chains=params.chains,
            )
        )
    found.append(
        say(
            "Sampling went on until R-hat was below {limit} and the bulk and tail effective sample sizes {least:,} (Vehtari et al. 2021), or as said above.",
            limit=LARGEST_R_HAT,
            least=SMALLEST_SIZE,
        )
    )
    if any(model.study.origin.startswith("CHAMPS") for model in result.models):
        found.append(
            say(
                "The CHAMPS misclassification matrices ({where}) are those of the R package vacalibration 2.2 (MIT licence).",
                where=place_words(params.country),
            )
        )
    return found

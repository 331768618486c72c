"""What the user must see beside the numbers: what was left out and by whose decision, what was not calibrated, what failed."""

from collections.abc import Iterator

from zerosec_analyses.sdk import Said, say
from zerosec_analyses.va_calibration.analysis import Calibration
from zerosec_analyses.va_calibration.calibration import ENSEMBLE, Fit
from zerosec_analyses.va_calibration.causes import CauseList
from zerosec_analyses.va_calibration.data_findings import Finding, data_findings
from zerosec_analyses.va_calibration.model import AlgorithmModel
from zerosec_analyses.va_calibration.sampling import LARGEST_R_HAT, SMALLEST_SIZE
from zerosec_analyses.va_calibration.spec import AgeGroup, Country

__all__ = ["age_words", "findings"]


def findings(result: Calibration) -> list[Finding]:
    """All of them, those about the data first."""
    found = list(data_findings(result.mappings, result.causes))
    for model in result.models:
        found += _uncalibrated(model, result.causes)
        found += _path(model)
    if result.params.country is Country.OTHER and any(
        model.study.origin.startswith("CHAMPS") for model in result.models
    ):
        found.append(
            Finding(
                "other_country",
                say("The matrices are those predicted for a country not in CHAMPS, as you chose."),
                is_warning=False,
            )
        )
    for fit in result.fits:
        found += _fit(fit)
    return found


def _uncalibrated(model: AlgorithmModel, causes: CauseList) -> Iterator[Finding]:
    learned = [place for place, reason in model.reasons.items() if not reason.asked]
    if learned:
        yield Finding(
            f"uninformative_{model.algorithm}",
            say(
                "{algorithm} names these about equally often whatever the true cause, so they keep their uncalibrated share: {names}.",
                algorithm=model.title,
                names=", ".join(
                    f"{causes.names[place]} ({model.reasons[place].value_range:.2f})" for place in learned
                ),
            ),
            say("In brackets: the range of its rates over the true causes."),
            is_warning=False,
        )
    if not model.is_calibrated:
        yield Finding(
            f"not_calibrated_{model.algorithm}",
            say(
                "Nothing of {algorithm} could be calibrated: fewer than two of its causes with deaths are left to tell apart.",
                algorithm=model.title,
            ),
            say("Its fractions are given as they are, without intervals of their own."),
        )


def _path(model: AlgorithmModel) -> Iterator[Finding]:
    if model.path is None:
        return
    if model.path.stalled:
        yield Finding(
            f"stalled_{model.algorithm}",
            say(
                "Path correction stalled for {algorithm}: its fractions are not possible under its matrix, however little of it is used "
                "(λ = {shrinkage:.2f}). The matrix is practically not used, and no interval is given.",
                algorithm=model.title,
                shrinkage=model.path.shrinkage,
            ),
            say(
                "Usually a cause has no deaths or very few, while the matrix expects some by error. Leave such causes uncalibrated, or "
                "calibrate without path correction."
            ),
        )
    else:
        yield Finding(
            f"path_{model.algorithm}",
            say(
                "Path correction uses {share:.0f}% of the matrix of {algorithm} and {identity:.0f}% of perfect classification (λ = {shrinkage:.2f}).",
                share=100 * (1 - model.path.shrinkage),
                identity=100 * model.path.shrinkage,
                algorithm=model.title,
                shrinkage=model.path.shrinkage,
            ),
            is_warning=False,
        )


def _fit(fit: Fit) -> Iterator[Finding]:
    samples = fit.samples
    if samples is None:
        return
    if not samples.converged:
        yield Finding(
            f"not_converged_{fit.name}",
            say(
                "The chains of {fit} have not converged: R-hat is {r_hat:.3f} (below {limit} is needed) and the smallest effective sample size "
                "{size:,.0f} (at least {least:,} is needed). The numbers may be wrong.",
                fit=fit.title,
                r_hat=samples.convergence.worst_r_hat,
                limit=LARGEST_R_HAT,
                size=samples.convergence.smallest_size,
                least=SMALLEST_SIZE,
            ),
            say("Allow more draws a chain."),
        )
    if samples.divergences:
        yield Finding(
            f"divergences_{fit.name}",
            say(
                "{count} of {draws:,} trajectories of {fit} diverged; a region of the posterior may be visited too seldom.",
                one="1 of {draws} trajectories of {fit} diverged; a region of the posterior may be visited too seldom.",
                count=samples.divergences,
                draws=samples.log_densities.size,
                fit=fit.title,
            ),
            say("Compare with the Gibbs sampler if there are more than a few."),
            is_warning=samples.divergences > samples.log_densities.size / 1000,
        )
    if fit.name == ENSEMBLE:
        yield from _members(fit)


def _members(fit: Fit) -> Iterator[Finding]:
    """Algorithms that add less to the ensemble than they seem to."""
    speaks = {model.title: bool(model.deaths[~fit.left_out].any()) for model in fit.models}
    if not all(speaks.values()):
        names = ", ".join(title for title, says_something in speaks.items() if not says_something)
        yield Finding(
            "silent_in_ensemble",
            say(
                "{algorithms} has no deaths of the causes that are calibrated: the ensemble is that of the other algorithms, but its "
                "uncalibrated fractions count the deaths of all.",
                algorithms=names,
            ),
            say("Check the file of {algorithms}, or calibrate the others without it.", algorithms=names),
        )
    untouched = [model.title for model in fit.models if speaks[model.title] and not model.is_calibrated]
    if untouched:
        yield Finding(
            "uncalibrated_in_ensemble",
            say(
                "In the ensemble {algorithms} counts as perfect, because nothing of it could be calibrated: the ensemble's intervals may be too "
                "narrow.",
                algorithms=", ".join(untouched),
            ),
            say("Calibrate the other algorithms without it and compare."),
        )
    stalled = [model.title for model in fit.models if model.stalled]
    if stalled and not fit.stalled:
        yield Finding(
            "stalled_in_ensemble",
            say(
                "In the ensemble {algorithms} counts as almost perfect, because its path correction stalled: the ensemble's intervals may be "
                "too narrow.",
                algorithms=", ".join(stalled),
            ),
            say("Calibrate the other algorithms without it and compare."),
        )


def age_words(age_group: AgeGroup) -> Said:
    """Whose deaths, in words."""
    return say("neonatal deaths") if age_group is AgeGroup.NEONATE else say("deaths of children")

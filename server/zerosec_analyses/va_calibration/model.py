"""What is calibrated for each algorithm, with which matrix; and the posterior of one algorithm or of several together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zerosec_analyses.sdk import InputError, Said, say
from zerosec_analyses.va_calibration.arrays import Floats
from zerosec_analyses.va_calibration.causes import CauseList, plain
from zerosec_analyses.va_calibration.matrices import StudyMatrix
from zerosec_analyses.va_calibration.path_correction import (
    START_FIXED,
    START_UNCERTAIN,
    PathCorrection,
    path_correction,
    shrunk,
    shrunk_concentrations,
)
from zerosec_analyses.va_calibration.posterior import Posterior
from zerosec_analyses.va_calibration.spec import ALGORITHMS, VaParameters

__all__ = ["AlgorithmModel", "Reason", "algorithm_model", "joint_posterior"]

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Reason:
    """Why a cause is left uncalibrated: asked for, or its rates range over too little."""

    asked: bool
    value_range: float


@dataclass(frozen=True, kw_only=True)
class AlgorithmModel:
    """One algorithm: (C,) deaths, its study matrix, what is left out and why, and the matrix that is used.

    `used` (C, C) mean rates with identity rows and columns where a cause is left out; `concentrations` (C, C) the Dirichlet
    parameters of its calibrated rows, None where the matrix is fixed.
    """

    algorithm: str
    deaths: Floats
    study: StudyMatrix
    left_out: Mask
    reasons: Mapping[int, Reason]
    path: PathCorrection | None
    used: Floats
    concentrations: Floats | None

    @property
    def title(self) -> Said:
        """The algorithm as people write it."""
        return ALGORITHMS[self.algorithm]

    @property
    def fractions(self) -> Floats:
        """(C,) uncalibrated."""
        return np.asarray(self.deaths / self.deaths.sum(), dtype=np.float64)

    @property
    def stalled(self) -> bool:
        """Whether path correction left the matrix at (almost) the identity."""
        return self.path is not None and self.path.stalled

    @property
    def is_calibrated(self) -> bool:
        """Whether there are deaths, and two causes at least to tell apart."""
        return int((~self.left_out).sum()) > 1 and bool(self.deaths[~self.left_out].any())


def algorithm_model(
    algorithm: str, deaths: Floats, study: StudyMatrix, causes: CauseList, params: VaParameters
) -> AlgorithmModel:
    """What is to be calibrated, and by which matrix. Raises InputError where the matrix cannot be used for these deaths."""
    left_out, reasons = _left_out(study.means, causes, params)
    kept = np.flatnonzero(~left_out)
    used = np.eye(len(deaths))
    alpha: Floats | None = None
    path: PathCorrection | None = None
    if not params.fixed and study.sums is None:
        raise InputError(
            say(
                "The matrix of {algorithm} in {file} has no uncertainty.",
                algorithm=ALGORITHMS[algorithm],
                file=study.origin,
            ),
            hint=say(
                "Add a column concentration, give posterior draws, or say that the misclassification is known exactly."
            ),
        )
    if len(kept) > 1:
        inner = study.means[np.ix_(kept, kept)]
        _refuse_impossible(algorithm, inner, deaths, kept, causes)
        mean = inner / inner.sum(axis=1, keepdims=True)
        parameters = study.concentrations[np.ix_(kept, kept)] if not params.fixed else None
        fractions = deaths[kept] / deaths[kept].sum() if deaths[kept].sum() else None
        if params.path_correction and fractions is not None:
            path = path_correction(mean, fractions, START_FIXED if params.fixed else START_UNCERTAIN)
            mean = shrunk(mean, path.shrinkage)
            if parameters is not None:
                parameters = shrunk_concentrations(parameters, path.shrinkage)
        used[np.ix_(kept, kept)] = mean
        if parameters is not None:
            alpha = np.zeros_like(used)
            alpha[np.ix_(kept, kept)] = parameters
    return AlgorithmModel(
        algorithm=algorithm,
        deaths=deaths,
        study=study,
        left_out=left_out,
        reasons=reasons,
        path=path,
        used=used,
        concentrations=alpha,
    )


def _left_out(means: Floats, causes: CauseList, params: VaParameters) -> tuple[Mask, dict[int, Reason]]:
    left_out = np.zeros(len(means), dtype=np.bool_)
    reasons: dict[int, Reason] = {}
    ranges = np.ptp(means, axis=0)
    for name in params.not_calibrated:
        places = [
            i
            for i, cause in enumerate(causes.names)
            if plain(name) in (plain(cause), plain(causes.broad[i]) if causes.broad else "")
        ]
        if not places and plain(name) != "other":
            raise InputError(
                say("“{name}” is to be left uncalibrated and is no cause of this run.", name=name),
                hint=say("The causes: {causes}.", causes=", ".join(causes.names)),
            )
        for place in places:
            left_out[place] = True
            reasons[place] = Reason(True, float(ranges[place]))
    if params.learn:
        for learned in np.flatnonzero(~left_out & (ranges <= params.threshold)):
            left_out[learned] = True
            reasons[int(learned)] = Reason(False, float(ranges[learned]))
    return left_out, reasons


def _refuse_impossible(
    algorithm: str, inner: Floats, deaths: Floats, kept: NDArray[np.intp], causes: CauseList
) -> None:
    for place, row in zip(kept, inner, strict=True):
        if row.sum() == 0:
            raise InputError(
                say(
                    "By its matrix {algorithm} never assigns deaths of {cause} to a cause that is calibrated.",
                    algorithm=ALGORITHMS[algorithm],
                    cause=causes.names[place],
                ),
                hint=say("Leave this cause uncalibrated too, or calibrate the causes it is taken for."),
            )
    for place, column in zip(kept, inner.T, strict=True):
        if column.sum() == 0 and deaths[place] > 0:
            raise InputError(
                say(
                    "By its matrix {algorithm} never assigns a death to {cause}, and {count} deaths were.",
                    one="By its matrix {algorithm} never assigns a death to {cause}, and 1 death was.",
                    algorithm=ALGORITHMS[algorithm],
                    cause=causes.names[place],
                    count=f"{deaths[place]:,.0f}",
                ),
                hint=say("Check the matrix, or leave this cause uncalibrated."),
            )


def joint_posterior(models: Sequence[AlgorithmModel], params: VaParameters) -> Posterior:
    """The posterior of the fractions given all these algorithms; each has a matrix and causes left out of its own.

    The fractions' prior is Dirichlet(1 + C eta p0) with p0 the pooled uncalibrated fractions; eta is 0 with path correction.
    """
    deaths = np.array([model.deaths for model in models])
    causes = deaths.shape[1]
    eta = 0.0 if params.path_correction else params.eta
    alpha = np.array(
        [np.zeros((causes, causes)) if m.concentrations is None else m.concentrations for m in models]
    )
    return Posterior(
        counts=deaths,
        prior=1 + causes * eta * deaths.sum(axis=0) / deaths.sum(),
        matrices=np.array([model.used for model in models]),
        concentrations=alpha,
        uncertain=(alpha.sum(axis=2) > 0).astype(np.int64),
    )

"""A whole calibration, from tables to fits, without anything that writes: what a job, a preview and a test share."""

from collections.abc import Sequence
from dataclasses import dataclass

from zerosec_analyses.sdk import Context, InputError, say
from zerosec_analyses.va_calibration.calibration import Fit, Progress, calibrate
from zerosec_analyses.va_calibration.causes import CauseList
from zerosec_analyses.va_calibration.mapping import Mapping, counts, refuse_unusable
from zerosec_analyses.va_calibration.matrices import StudyMatrix, champs_matrix
from zerosec_analyses.va_calibration.model import AlgorithmModel, algorithm_model
from zerosec_analyses.va_calibration.reading import Prepared, mapped
from zerosec_analyses.va_calibration.spec import VaParameters

__all__ = ["Calibration", "fitted", "prepared"]


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """Everything a result is made of."""

    params: VaParameters
    causes: CauseList
    mappings: tuple[Mapping, ...]
    models: tuple[AlgorithmModel, ...]
    fits: tuple[Fit, ...]

    @property
    def main(self) -> Fit:
        """The ensemble, or the one algorithm there is."""
        return self.fits[-1]


def prepared(ctx: Context, params: VaParameters) -> tuple[Prepared, tuple[AlgorithmModel, ...]]:
    """Read, check, and choose each algorithm's matrix. Raises InputError with what is wrong and where."""
    found = mapped(ctx, params)
    for mapping in found.mappings:
        refuse_unusable(mapping, found.causes, params.age_group)
    deaths = counts(found.mappings, found.causes)
    models = tuple(
        algorithm_model(
            mapping.assigned.algorithm,
            row,
            _matrix(mapping.assigned.algorithm, found, params),
            found.causes,
            params,
        )
        for mapping, row in zip(found.mappings, deaths, strict=True)
    )
    return found, models


def _matrix(algorithm: str, found: Prepared, params: VaParameters) -> StudyMatrix:
    own = found.matrix_file.matrix(algorithm, found.causes) if found.matrix_file else None
    if own is not None:
        return own
    if found.causes.broad is None:
        assert found.matrix_file is not None
        raise InputError(
            say("{file} has no matrix of {algorithm}.", file=found.matrix_file.file, algorithm=algorithm),
            hint=say("Its causes are not the broad causes, so each algorithm needs a matrix there."),
        )
    return champs_matrix(algorithm, params.age_group, params.country, found.causes)


def fitted(
    found: Prepared, models: Sequence[AlgorithmModel], params: VaParameters, progress: Progress
) -> Calibration:
    """Sample, for each algorithm and all together."""
    return Calibration(
        params=params,
        causes=found.causes,
        mappings=found.mappings,
        models=tuple(models),
        fits=tuple(calibrate(models, params, progress)),
    )

"""Reads every file of a run and finds the cause of every name: what a run and its preview share. Loads no sampler."""

from collections.abc import Sequence
from dataclasses import dataclass

from zerosec_analyses.sdk import Context
from zerosec_analyses.va_calibration.causes import CauseList, cause_list, refuse_other_age
from zerosec_analyses.va_calibration.inputs import Assigned, read_algorithms, read_input
from zerosec_analyses.va_calibration.mapping import Mapping, map_names
from zerosec_analyses.va_calibration.matrices import MatrixFile, read_matrices
from zerosec_analyses.va_calibration.spec import VaParameters

__all__ = ["Prepared", "mapped"]


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """What was read: the causes of the run, each algorithm's names and their causes, and the user's matrices if any."""

    causes: CauseList
    mappings: tuple[Mapping, ...]
    matrix_file: MatrixFile | None


def mapped(ctx: Context, params: VaParameters) -> Prepared:
    """Read every file and find the cause of every name; nothing is refused for a name that is not known.

    Raises InputError where a file cannot be used.
    """
    assigned = read_algorithms(ctx)
    matrix_file = _matrix_file(ctx, assigned)
    if matrix_file is not None:
        refuse_other_age(matrix_file.causes, matrix_file.file, params.age_group)
    causes = cause_list(params, matrix_file.causes if matrix_file else None)
    return Prepared(
        causes=causes,
        mappings=tuple(map_names(each, causes) for each in assigned),
        matrix_file=matrix_file,
    )


def _matrix_file(ctx: Context, assigned: Sequence[Assigned]) -> MatrixFile | None:
    if not ctx.inputs.get("matrices"):
        return None
    algorithms = [each.algorithm for each in assigned]
    return read_matrices(read_input(ctx, "matrices"), ctx.input("matrices").name, algorithms)

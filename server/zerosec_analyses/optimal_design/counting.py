"""How many runs there are to choose, once those that are settled are taken off, and how much is searched for them at most."""

from __future__ import annotations

from zerosec_analyses.optimal_design.problem import Problem
from zerosec_analyses.optimal_design.spec import Effort
from zerosec_analyses.sdk import InputError, say

WORK = {Effort.QUICK: 1.5e9, Effort.NORMAL: 1e10, Effort.THOROUGH: 1e11}
"""Counted operations of a search, so that its end does not depend on the machine."""


def runs_to_choose(problem: Problem) -> int:
    """The runs besides centre points and replicates. Raises InputError where they cannot do what is asked."""
    parameters = problem.parameters
    n_centre, n_replicates = parameters.centre_points, parameters.replicates
    n_search = parameters.runs - n_centre - n_replicates
    if n_search < 1:
        raise InputError(
            say("Of {runs} runs, {centre} are centre points and {replicates} are replicates: none is left to choose.", runs=parameters.runs, centre=n_centre, replicates=n_replicates),
            hint="Ask for more runs, or for fewer centre points and replicates.",
        )  # fmt: skip
    if parameters.uses_model and n_search + n_centre + problem.n_done < problem.primary.n_columns:
        raise InputError(
            say("{runs} runs besides the replicates cannot estimate the {terms} coefficients of the model.", one="1 run besides the replicates cannot estimate the {terms} coefficients of the model.", runs=n_search + n_centre + problem.n_done, terms=problem.primary.n_columns),
            hint="Ask for more runs, for fewer replicates, or for a smaller model.",
        )  # fmt: skip
    if all_different(problem) and problem.listed is not None and n_search > len(problem.listed):
        raise InputError(
            say("The list has {count} different runs, and {runs} are to be chosen without repeating one.", count=len(problem.listed), runs=n_search),
            hint="Allow repeated runs, or ask for fewer.",
        )  # fmt: skip
    return n_search


def all_different(problem: Problem) -> bool:
    """Whether the search may choose no run twice."""
    return not problem.parameters.repeats or problem.parameters.replicates > 0

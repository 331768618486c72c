"""What must be seen beside a design: what was left out, assumed or not reached."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zerosec_analyses.optimal_design.evaluate import Evaluation
from zerosec_analyses.optimal_design.problem import Problem
from zerosec_analyses.optimal_design.search.climb import Ending
from zerosec_analyses.optimal_design.solve import EngineName, Solution
from zerosec_analyses.optimal_design.spec import Criterion
from zerosec_analyses.sdk import Said, ours, say

HIGH_INFLATION = 5.0
LOW_POWER = 0.5
NAMED = 8
INFORMATIVE = {
    "conditions",
    "repeated_candidates",
    "row_numbers",
    "one_category",
    "sheet",
    "mixture_points",
    "sampled",
    "no_aliases",
}


@dataclass(frozen=True)
class Finding:
    """A notice, with its code."""

    code: str
    message: Said
    hint: str = ""
    is_warning: bool = True


def findings(problem: Problem, solution: Solution, evaluation: Evaluation | None) -> list[Finding]:
    """Everything that must be seen, the gravest first."""
    found: list[Finding] = []
    parameters = problem.parameters
    if evaluation is None:
        found.append(
            Finding("not_estimable", say("These runs cannot estimate the model “{model}”, so no efficiency is given.", model=parameters.model),
                    ours("Space-filling runs are for exploring, or for models without a fixed form."))
        )  # fmt: skip
    else:
        if evaluation.residual_df == 0:
            found.append(
                Finding("no_error_estimate", say("There are as many runs as coefficients: nothing is left to measure the error with."),
                        ours("Add a few runs or replicates, or no test and no interval will be possible."))
            )  # fmt: skip
        inflated = [each for each in evaluation.coefficients if each.inflation is not None and each.inflation > HIGH_INFLATION]  # fmt: skip
        if inflated and not parameters.is_mixture:
            names = ", ".join(f"{each.label} ({each.inflation:.3g})" for each in inflated[:NAMED])
            found.append(
                Finding("inflation", say("{count} coefficients are much less certain for others' sake (variance inflation above 5): {names}.", one="1 coefficient is much less certain for others' sake (variance inflation above 5): {names}.", count=len(inflated), names=names),
                        ours("Add runs, or leave out terms that are not needed."))
            )  # fmt: skip
        weak = [each.label for each in evaluation.coefficients if each.power is not None and each.power < LOW_POWER]  # fmt: skip
        if weak:
            found.append(
                Finding("low_power", say("An effect of {effect:.4g} with noise {noise:.4g} would more likely be missed than found for {count} of {all} coefficients: {names}.",
                        effect=parameters.effect, noise=parameters.noise, count=len(weak), all=len(evaluation.coefficients), names=", ".join(weak[:NAMED]) + (" …" if len(weak) > NAMED else "")),
                        ours("Set the effect and the noise to those of your experiment; if it stays so, more runs are needed."), is_warning=False)
            )  # fmt: skip
    if solution.found.ending is Ending.STOPPED:
        found.append(
            Finding("stopped_early", say("The search was stopped at its time limit after {searches:,} local searches; a longer one may find a better design.", one="The search was stopped at its time limit after 1 local search; a longer one may find a better design.", searches=solution.found.searches),
                    ours("The same seed gives this same design only if it is stopped at the same place."))
        )  # fmt: skip
    elif solution.found.ending is Ending.FINISHED:
        found.append(
            Finding("finished_early", say("You stopped the search after {searches:,} local searches; a longer one may find a better design.", one="You stopped the search after 1 local search; a longer one may find a better design.", searches=solution.found.searches),
                    ours("The same seed gives this same design only if it is stopped at the same place."))
        )  # fmt: skip
    elif solution.found.ending is Ending.SPENT and solution.found.agreeing < 2:
        found.append(
            Finding("not_repeated", say("The best design was found by one chain of the search only: a better one may exist."),
                    ours("Choose a larger effort to look longer."), is_warning=False)
        )  # fmt: skip
    if solution.engine in {EngineName.COORDINATES_IN_LIST, EngineName.ROWS} and not solution.proven:
        found.append(
            Finding("list_not_finished", say("Exchanges with the whole list were still improving the design a little when the search ended."),
                    ours("Choose a larger effort."))
        )  # fmt: skip
    repeated = len(solution.points) - len(
        np.unique(np.column_stack([solution.points, solution.slots]), axis=0)
    )
    planned = parameters.replicates + max(0, parameters.centre_points - 1)
    if repeated > planned and parameters.criterion is not Criterion.MAXIMIN:
        found.append(
            Finding("repeated_runs", say("{count} runs repeat another run.", one="1 run repeats another run.", count=repeated), ours("They measure the error of the experiment itself. Forbid repeated runs if each must be different."), is_warning=False)
        )  # fmt: skip
    found += [Finding(code, text, is_warning=code not in INFORMATIVE) for code, text in problem.remarks]
    return found

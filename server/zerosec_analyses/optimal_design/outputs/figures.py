"""The numbers that sum a design up, and the sentence that leads them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zerosec_analyses.optimal_design.evaluate import Evaluation
from zerosec_analyses.optimal_design.problem import Problem
from zerosec_analyses.optimal_design.search.climb import Ending
from zerosec_analyses.optimal_design.solve import EngineName, Solution, distance_points
from zerosec_analyses.optimal_design.spec import Criterion
from zerosec_analyses.sdk import Said, say

CRITERIA = {
    Criterion.D: say("D-optimal"),
    Criterion.I: say("I-optimal"),
    Criterion.A: say("A-optimal"),
    Criterion.BAYESIAN_D: say("Bayesian D-optimal"),
    Criterion.MAXIMIN: say("space-filling (maximin)"),
}
ENGINES = {
    EngineName.COORDINATES_IN_LIST: say(
        "coordinate exchange within the list, then row exchange over all of it"
    ),
    EngineName.ROWS: say("row exchange over the list (Fedorov)"),
    EngineName.COORDINATES: say("coordinate exchange over the factors' ranges"),
    EngineName.DISTANCES: say("maximin exchange over the list"),
}
ENDINGS = {
    Ending.AGREED: say("independent starts came to the same best design again and again"),
    Ending.BOUND: say("the design reached a bound that none can pass"),
    Ending.SPENT: say("the chosen effort was spent"),
    Ending.STOPPED: say("its time limit was reached, and the best design so far was kept"),
    Ending.FINISHED: say("you stopped it, and the best design so far was kept"),
    Ending.SINGULAR: say("no start could estimate the model"),
}


@dataclass(frozen=True)
class Figure:
    """One number of the result."""

    name: str
    value: float | int | str | None
    label: str
    note: str = ""
    headline: bool = False


def sentence(problem: Problem, solution: Solution, evaluation: Evaluation | None) -> Said:
    """The answer in a sentence."""
    parameters = problem.parameters
    how = CRITERIA[parameters.criterion]
    if evaluation is None:
        return say("A {criterion} design of {runs} runs.", criterion=how, runs=parameters.runs)
    if problem.n_done:
        return say(
            "A {criterion} design of {runs} new runs that completes {done} runs already done; together they estimate {terms} coefficients with a D-efficiency of {d:.1%}.", one="A {criterion} design of {runs} new runs that completes 1 run already done; together they estimate {terms} coefficients with a D-efficiency of {d}.",
            criterion=how, runs=parameters.runs, done=problem.n_done, terms=evaluation.p, d=evaluation.d_efficiency,
        )  # fmt: skip
    return say(
        "A {criterion} design of {runs} runs, which estimates {terms} coefficients with a D-efficiency of {d:.1%}.",
        criterion=how, runs=parameters.runs, terms=evaluation.p, d=evaluation.d_efficiency,
    )  # fmt: skip


def figures(problem: Problem, solution: Solution, evaluation: Evaluation | None) -> list[Figure]:
    """All numbers, those that lead first."""
    criterion = problem.parameters.criterion
    found: list[Figure] = []
    if criterion is Criterion.MAXIMIN:
        found.append(
            Figure("smallest_distance", smallest_distance(problem, solution), say("Smallest distance"),
                   say("Between two runs, where each numeric factor has the range 1 and two categories are 1 apart."), headline=True)
        )  # fmt: skip
    if criterion is Criterion.BAYESIAN_D:
        n = len(solution.points) + problem.n_done - problem.parameters.replicates
        found.append(Figure("bayesian_d", float(np.exp(solution.found.score)) / n, say("Bayesian criterion"), say("det(X'X + K/τ²)^(1/p) / n over the model and the possible further terms, before replicates."), headline=True))  # fmt: skip
    if evaluation is not None:
        each = evaluation
        found += [
            Figure("d_efficiency", each.d_efficiency, say("D-efficiency"), say("det(X'X/n)^(1/p); 1 is an orthogonal design at the ends of all ranges."), headline=True),
            Figure("i_value", each.i_value, say("I-value"), say("n times the average prediction variance; smaller is better."), headline=criterion is Criterion.I),
            Figure("average_prediction_variance", each.average_variance, say("Average prediction variance"), say("Over the possible runs, in units of the variance of the noise."), headline=True),
            Figure("a_efficiency", each.a_efficiency, say("A-efficiency"), say("p / tr((X'X/n)⁻¹)."), headline=criterion is Criterion.A),
            Figure("g_efficiency", each.g_efficiency, say("G-efficiency"), say("p / (n times the largest prediction variance); 1 is the most there can be.") if problem.region.is_list else say("p / (n times the largest prediction variance found at {points:,} points of the ranges).", points=problem.region.n_points)),
            Figure("largest_prediction_variance", each.largest_variance, say("Largest prediction variance")),
            Figure("condition_number", each.condition, say("Condition number"), say("Of the model matrix with columns of length one.")),
            Figure("runs_in_all", each.n, say("Runs in all"), say("With those already done.") if problem.n_done else ""),
            Figure("coefficients", each.p, say("Coefficients")),
            Figure("residual_degrees_of_freedom", each.residual_df, say("Degrees of freedom for the error")),
            Figure("pure_error_degrees_of_freedom", each.pure_error_df, say("Of these from repeated runs")),
        ]  # fmt: skip
    searched = solution.found
    found += [
        Figure("candidates", problem.region.n_points if problem.region.is_list else None, say("Possible runs"), "" if problem.region.is_list else say("The factors were given by their ranges.")),
        Figure("engine", ENGINES[solution.engine], say("Search")),
        Figure("searches", searched.searches, say("Local searches"), say("In {chains:,} chains from random starts, of which {agreeing:,} ended at the best design; {ending}.", one="In 1 chain from a random start, of which {agreeing} ended at the best design; {ending}.", chains=searched.chains, agreeing=searched.agreeing, ending=ENDINGS[searched.ending])),
        Figure("seed", problem.parameters.seed, say("Seed")),
    ]  # fmt: skip
    return found


def smallest_distance(problem: Problem, solution: Solution) -> float | None:
    """The smallest distance between two runs, those already done included; None for a single run."""
    points = distance_points(problem, np.vstack([solution.points, problem.done]))
    if len(points) < 2:
        return None
    squares = ((points[:, None, :] - points[None, :, :]) ** 2).sum(axis=2)
    return float(np.sqrt(squares[np.triu_indices(len(points), 1)].min()))

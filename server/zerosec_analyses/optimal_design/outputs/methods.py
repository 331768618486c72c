"""What was done, as the methods paragraph of a paper, and the works it rests on."""

from __future__ import annotations

from zerosec_analyses.optimal_design.outputs.figures import CRITERIA, ENDINGS, ENGINES
from zerosec_analyses.optimal_design.problem import Problem
from zerosec_analyses.optimal_design.solve import EngineName, Solution
from zerosec_analyses.optimal_design.spec import ANALYSIS, Criterion
from zerosec_analyses.sdk import Said, say

MAX_MODEL = 600


def methods_text(problem: Problem, solution: Solution) -> list[Said]:
    """Sentences of the methods paragraph."""
    parameters = problem.parameters
    model = parameters.model if len(parameters.model) <= MAX_MODEL else parameters.model[:MAX_MODEL] + " …"
    sentences = [
        say("A {criterion} design of {runs} runs was searched for the model “{model}”.", criterion=CRITERIA[parameters.criterion], runs=parameters.runs, model=model)
        if parameters.uses_model
        else say("A {criterion} design of {runs} runs was searched.", criterion=CRITERIA[parameters.criterion], runs=parameters.runs)
    ]  # fmt: skip
    if problem.region.is_list:
        sentences.append(
            say("Runs were chosen from {count:,} different possible runs.", count=problem.region.n_points)
        )
    else:
        sentences.append(say("Runs were chosen over the factors' whole ranges."))
    if problem.n_done:
        sentences.append(
            say(
                "{count} runs already done were kept as they are.",
                one="1 run already done was kept as it is.",
                count=problem.n_done,
            )
        )
    sentences.append(
        say("Numeric factors are coded from −1 to 1 over their range, categories by sum-to-zero effects.")
    )
    if parameters.is_mixture:
        sentences.append(say("Components are proportions of the total."))
    searched = solution.found
    sentences.append(
        say(
            "The search was by {engine}, in {searches:,} local searches from {chains:,} random starts and from perturbed copies of the best (iterated local search); it ended because {ending}.",
            engine=ENGINES[solution.engine], searches=searched.searches, chains=searched.chains, ending=ENDINGS[searched.ending],
        )
    )  # fmt: skip
    if solution.proven and parameters.uses_model:
        sentences.append(
            say(
                "No exchange of one run for any of the possible runs improves the criterion of the chosen runs."
            )
        )
    if parameters.criterion is Criterion.BAYESIAN_D:
        sentences.append(say("Further terms ({potential}) had a normal prior of standard deviation {sd:.4g}, after they were freed of the model's terms and divided by their range.", potential=parameters.potential, sd=parameters.prior_sd))  # fmt: skip
    if parameters.centre_points or parameters.replicates:
        sentences.append(say("{centre} centre points and {replicates} replicates were added to the chosen runs.", centre=parameters.centre_points, replicates=parameters.replicates))  # fmt: skip
    if problem.blocks is not None:
        sentences.append(say("Blocks of {sizes} runs enter the model as a fixed effect.", sizes=", ".join(map(str, parameters.block_sizes))))  # fmt: skip
    sentences.append(
        say(
            "All figures were computed from the returned runs. The order of the runs is random. The seed was {seed}.",
            seed=parameters.seed,
        )
    )
    return sentences


def citations(problem: Problem, solution: Solution) -> list[str]:
    """The works the paragraph rests on."""
    wanted = ["Lourenço", "Zahran"]
    if solution.engine is EngineName.DISTANCES:
        wanted.append("Morris")
    else:
        wanted += ["Cook", "Fedorov"] if problem.region.is_list else ["Meyer"]
    if solution.engine is EngineName.COORDINATES_IN_LIST:
        wanted.append("Meyer")
    if problem.parameters.criterion is Criterion.BAYESIAN_D:
        wanted.append("DuMouchel")
    return [each.text for each in ANALYSIS.citations if each.text.startswith(tuple(wanted))]

"""Runs the search in a job: reads model, factors and profile, searches, and writes what was found as a choice of compromises."""

from __future__ import annotations

from dataclasses import replace

from threadpoolctl import threadpool_limits

from zerosec_analyses.levels import Variable
from zerosec_analyses.modelling.model_file import load_models
from zerosec_analyses.modelling.model_parts import ModelFileError
from zerosec_analyses.parameter_sheet import read_parameter_sheet
from zerosec_analyses.pareto.analysis import candidates_of, choose
from zerosec_analyses.pareto.method import METHODS, write
from zerosec_analyses.pareto.objectives import read_objectives
from zerosec_analyses.pareto.outputs.numbers import goals
from zerosec_analyses.pareto_search.judging import Judge, of_profile, written_bans
from zerosec_analyses.pareto_search.searching import Searched, search
from zerosec_analyses.pareto_search.space import Space, space_of
from zerosec_analyses.pareto_search.spec import ALL_CITATIONS, SearchParameters
from zerosec_analyses.reporting.finding import Finding
from zerosec_analyses.reporting.metric_line import MetricLine
from zerosec_analyses.sdk import Context, InputError, Said, say
from zerosec_shared.profiles import Profile, ProfileError, read_profile
from zerosec_shared.runs import ArtifactRole
from zerosec_shared.tables import read_table

FOUND = "settings_found.csv"
HOW = {
    "all": say("all settings, one by one"),
    "NSGA-II": say("NSGA-II"),
    "NSGA-III": say("NSGA-III"),
}


def run(ctx: Context, params: SearchParameters) -> None:
    """The whole search. Raises InputError where the model, a factor, an objective or a condition cannot be used."""
    with threadpool_limits(limits=1):
        _run(ctx, params)


def _run(ctx: Context, params: SearchParameters) -> None:
    ctx.seed = params.seed
    ctx.progress(0.01, "read", "Reading the model")
    source = ctx.input("model")
    try:
        head, models = load_models(source.path)
    except ModelFileError as error:
        raise InputError(
            say("“{file}” cannot be used as a model.", file=source.name),
            error.args[0],
            "Choose the model.zip that a nonlinear analysis has written.",
        ) from error
    profile = _profile(ctx)
    space = space_of(head, params.factors, _sheet(ctx), profile)
    columns = {column for axis in space.axes for column in axis.columns}
    idle: list[str] = []
    derived, rules = of_profile(profile, columns, idle.append)
    judge = Judge(space, head, models, derived, rules, written_bans(params.forbidden), params.limits)
    trial = judge.predicted(space.snapped(ctx.rng.random((2, len(space.axes)))))
    judge = replace(judge, objectives=read_objectives(params, trial.columns))
    judge.broken(trial)

    def listen(share: float, counters: dict[str, float | int | str]) -> None:
        ctx.progress(0.03 + 0.67 * share, "search", say("Searching among the settings"), **counters)

    found = search(judge, params, listen, lambda: ctx.finish_requested)
    ctx.progress(0.72, "choose", "Ranking what was found")
    path = ctx.output / "tables" / FOUND
    path.parent.mkdir(exist_ok=True)
    judge.completed(judge.predicted(found.points), params.level).write_csv(path)
    ctx.artifact(path, ArtifactRole.TABLE)
    candidates = candidates_of(read_table(path), params, FOUND)
    choice = choose(
        candidates,
        params,
        ctx.rng,
        lambda share, message: ctx.progress(0.72 + 0.1 * share, "choose", message),
    )
    facts: list[tuple[Said, str]] = [
        (say("Model"), say("{file}, SHA-256 {sha256}", file=source.name, sha256=source.sha256)),
        (say("Objectives"), goals(choice)),
        (say("Hard limits"), "; ".join(limit.text for limit in candidates.limits) or "–"),
        (say("Forbidden combinations"), "; ".join(text for text, _ in judge.bans) or "–"),
        (say("Rules of the profile"), "; ".join(text for text, _ in judge.rules) or "–"),
        *((say("Factor {name}", name=", ".join(axis.columns)), _told(space, at)) for at, axis in enumerate(space.axes)),
        (say("Search"), HOW[found.how]),
        (say("Seed"), str(params.seed)),
        (say("Versions"), ", ".join(f"{k} {v}" for k, v in ctx.outcome().environment.items())),
    ]  # fmt: skip
    write(
        ctx, choice, params, say("Best settings"), facts, (_method(found, params), *METHODS),
        citations=[one.text for one in ALL_CITATIONS], further=_findings(found, idle),
        metrics=[
            MetricLine("n_settings_judged", found.judged, say("Settings predicted")),
            MetricLine("generations", found.generations, say("Generations")),
        ],
        pointless={"most_are_in_the_set"},  # what others beat is not kept
    )  # fmt: skip


def _profile(ctx: Context) -> Profile | None:
    if not ctx.inputs.get("profile"):
        return None
    try:
        return read_profile(ctx.input("profile").path.read_bytes())
    except (ProfileError, UnicodeDecodeError) as bad:
        raise InputError("The profile cannot be used.", str(bad)) from bad


def _sheet(ctx: Context) -> tuple[Variable, ...]:
    if not ctx.inputs.get("sheet"):
        return ()
    given = ctx.input("sheet")
    sheet = read_parameter_sheet(given.path, given.dialect, open_ranges=True)
    ctx.read_as("sheet", sheet.dialect)
    return sheet.variables


def _told(space: Space, at: int) -> str:
    axis = space.axes[at]
    if axis.is_range:
        return f"{axis.low:.6g} – {axis.high:.6g}"
    texts = [
        next((name for name, value in zip(axis.columns, level, strict=True) if value == 1.0), "") if len(axis.columns) > 1
        else level[0] if isinstance(level[0], str) else f"{level[0]:.6g}"
        for level in axis.levels
    ]  # fmt: skip
    return ", ".join(texts if len(texts) <= 12 else [*texts[:10], "…", texts[-1]])


def _method(found: Searched, params: SearchParameters) -> Said:
    if found.how == "all":
        return say(
            "Every one of the {rows:,} settings was predicted: of the model's predictions the set is exact.",
            rows=found.judged,
        )
    return say(
        "{judged:,} settings were predicted: a Sobol' sample, then {generations:,} generations of {population:,} by {algorithm} (simulated "
        "binary crossover, polynomial mutation; levels are snapped to). The set is the non-dominated one of all of them that break no limit and "
        "no rule.",
        judged=found.judged, generations=found.generations, population=params.population, algorithm=HOW[found.how],
    )  # fmt: skip


def _findings(found: Searched, idle: list[str]) -> list[Finding]:
    made = [
        Finding(
            "rule_not_counted",
            say("The profile's rule “{rule}” names columns that the settings do not have: it was not looked at.", rule=rule[:200]),
        )
        for rule in idle
    ]  # fmt: skip
    if found.stopped:
        made.append(
            Finding(
                "finished_early",
                say(
                    "The search was ended early, after {count:,} generations.",
                    one="The search was ended early, after 1 generation.",
                    count=found.generations,
                ),
            )
        )
    if not found.settled and found.how != "all":
        made.append(
            Finding(
                "not_settled",
                say(
                    "The set still grew in the last generations: a longer search would find better settings."
                ),
                say("Give more generations."),
            )
        )
    made.append(
        Finding(
            "predictions_only",
            say(
                "The settings were chosen where the model predicts best: measured values tend to be worse than the predicted ones."
            ),
            say("Measure some of them before you rely on them."),
            is_warning=False,
        )
    )
    return made

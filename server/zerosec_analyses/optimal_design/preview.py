"""What the design would be made of, with the form as it stands: factors, possible runs, coefficients against runs, and roughly how long."""

from __future__ import annotations

from threadpoolctl import threadpool_limits

from zerosec_analyses.optimal_design.counting import WORK, runs_to_choose
from zerosec_analyses.optimal_design.factors import Factor, FactorKind
from zerosec_analyses.optimal_design.findings import INFORMATIVE
from zerosec_analyses.optimal_design.problem import Problem, checked, laid_out
from zerosec_analyses.optimal_design.spec import DesignParameters
from zerosec_analyses.sdk import Column, Context, MissingInputError, Said, say
from zerosec_shared.views import Cell, Severity

__all__ = ["preview"]

# Measured on one core of 2026: 3e8 to 2e9 operations a second, by the kind of search. A guide, not a promise.
OPERATIONS_A_SECOND = 8e8
SHOWN_FACTORS = 20
SHOWN_LEVELS = 8
KINDS = {
    FactorKind.CONTINUOUS: say("range"),
    FactorKind.DISCRETE: say("levels"),
    FactorKind.CATEGORICAL: say("categories"),
    FactorKind.COMPONENT: say("part of a mixture"),
}


def preview(ctx: Context, params: DesignParameters) -> None:
    """Read what there is as the run would, and show it. Raises InputError as the run would."""
    if not (ctx.inputs.get("candidates") or ctx.inputs.get("parameters") or getattr(params, "factors", {})):
        raise MissingInputError("candidates")
    with threadpool_limits(limits=1, user_api="blas"):
        problem = laid_out(ctx, params)
        _possible(ctx, problem)
        _sizes(ctx, problem)
        checked(problem)
    runs_to_choose(problem)
    ctx.metric(
        "seconds",
        max(1, int(float(f"{WORK[params.effort] / OPERATIONS_A_SECOND:.1g}"))),
        label="At most roughly",
        unit="s",
        note="It ends earlier when the best design is found again and again. The first design on a server takes some ten seconds more.",
        headline=True,
    )


def _possible(ctx: Context, problem: Problem) -> None:
    if problem.region.is_list:
        ctx.metric("candidates", problem.region.n_points, label="Possible runs", headline=True)
    else:
        ctx.metric(
            "candidates", None, label="Possible runs", note="The factors were given by their ranges.", headline=True
        )  # fmt: skip
    for code, remark in problem.remarks:
        ctx.warn(code, remark, severity=Severity.INFO if code in INFORMATIVE else Severity.WARNING)
    ctx.table(
        "factors",
        "Factors",
        [
            Column(name="factor", label="Factor"),
            Column(name="kind", label="Kind"),
            Column(name="count", label="Levels"),
            Column(name="values", label="Values"),
        ],
        [_told(factor) for factor in problem.factors[:SHOWN_FACTORS]],
        total_rows=len(problem.factors),
    )


def _told(factor: Factor) -> tuple[Cell, ...]:
    if factor.kind in {FactorKind.CONTINUOUS, FactorKind.COMPONENT}:
        return factor.name, KINDS[factor.kind], None, f"{factor.low:.6g} – {factor.high:.6g}"
    levels = [level if isinstance(level, str) else f"{level:.6g}" for level in factor.levels]
    shown = levels if len(levels) <= SHOWN_LEVELS else [*levels[: SHOWN_LEVELS - 2], "…", levels[-1]]
    return factor.name, KINDS[factor.kind], len(levels), ", ".join(shown)


def _sizes(ctx: Context, problem: Problem) -> None:
    runs = problem.parameters.runs
    ctx.metric("runs", runs, label="Runs", note=_beside(problem.n_done), headline=True)
    if not problem.parameters.uses_model:
        return
    spare = runs + problem.n_done - problem.primary.n_columns
    ctx.metric("coefficients", problem.primary.n_columns, label="Coefficients", headline=True)
    ctx.metric("residual_degrees_of_freedom", spare, label="Degrees of freedom for the error", headline=True)
    if spare == 0:
        ctx.warn(
            "no_error_estimate",
            say("There are as many runs as coefficients: nothing is left to measure the error with."),
            "Add a few runs or replicates, or no test and no interval will be possible.",
        )


def _beside(n_done: int) -> Said | str:
    return (
        say("Beside {done:,} runs already done.", one="Beside 1 run already done.", done=n_done)
        if n_done
        else ""
    )

"""What a choice would compare, with the form as it stands: eligible rows, what each limit excludes, and the objectives."""

from __future__ import annotations

from zerosec_analyses.pareto.analysis import candidates_of, read, require_eligible
from zerosec_analyses.pareto.objectives import GOALS
from zerosec_analyses.pareto.spec import ParetoParameters
from zerosec_analyses.sdk import Column, Context, say

__all__ = ["preview"]


def preview(ctx: Context, params: ParetoParameters) -> None:
    """Read what there is as the run would, and show it. Raises InputError as the run would."""
    table = read(ctx)
    ctx.metric("rows", table.frame.height, label="Rows", headline=True)
    found = candidates_of(table, params, ctx.input("choices").name)
    ctx.metric("eligible", int(found.eligible.sum()), label="Eligible rows", headline=True)
    ctx.table(
        "objectives",
        "Objectives",
        [Column(name="objective", label="Objective"), Column(name="goal", label="Goal"), Column(name="missing", label="Rows without it")],
        [(one.column, GOALS[one.goal], found.missing[one.column]) for one in found.objectives],
    )  # fmt: skip
    if found.limits:
        ctx.table(
            "limits",
            "Hard limits",
            [Column(name="limit", label="Limit"), Column(name="excluded", label="Rows it excludes")],
            [(one.text, one.broken + one.unknown) for one in found.limits],
        )
    for column, count in found.missing.items():
        if count:
            ctx.warn(
                "objective_missing",
                say("{rows:,} rows have no finite value of {column} and cannot be compared.", one="1 row has no finite value of {column} and cannot be compared.", rows=count, column=column),
            )  # fmt: skip
    require_eligible(found)

"""What the formula fit would do with the form as it stands: which names are columns, which constants, and how many rows."""

from __future__ import annotations

from zerosec_analyses.formula_fit.analysis import problem_of, read
from zerosec_analyses.formula_fit.spec import FormulaParameters
from zerosec_analyses.sdk import Column, Context, say

__all__ = ["preview"]


def preview(ctx: Context, params: FormulaParameters) -> None:
    """Read formula and table as the fit would. Raises InputError as the fit would."""
    source = ctx.input("data")
    full = FormulaParameters(
        target=params.target, formula=params.formula, start=getattr(params, "start", {}) or {}
    )
    problem = problem_of(read(source.path, source.dialect), full)
    ctx.metric("rows", int(problem.y.size), label="Rows used", headline=True)
    ctx.metric("constants", len(problem.model.constants), label="Constants to be found", headline=True)
    if problem.n_left_out:
        ctx.warn(
            "rows_left_out",
            say(
                "{rows:,} rows miss a value and will be left out.",
                one="1 row misses a value and will be left out.",
                rows=problem.n_left_out,
            ),
        )
    missing = [name for name in problem.model.constants if name not in full.start]
    if missing:
        ctx.warn(
            "random_starts",
            say("Start values are searched for: {names}.", names=", ".join(missing)),
            "Names that are no columns of the table are constants.",
        )
    ctx.table(
        "names",
        "Names in the formula",
        [Column(name="name", label="Name"), Column(name="meaning", label="Meaning")],
        [
            *((name, say("column")) for name in problem.model.columns if name),
            *((name, say("constant")) for name in problem.model.constants),
        ],
    )

"""Makes the combination table in a job, and says beforehand what it will be."""

import time

from zerosec_analyses.combinations.plan import Plan, level_words, make_plan
from zerosec_analyses.combinations.space import TooManyToCountError
from zerosec_analyses.combinations.space_on_disk import check_space_on_disk
from zerosec_analyses.combinations.spec import CombinationParameters
from zerosec_analyses.large_files import Written, write_tables
from zerosec_analyses.sdk import Column, Context, InputError, say
from zerosec_shared.runs import ArtifactRole
from zerosec_shared.texts import Said
from zerosec_shared.views import CardView, Cell, FileView, Severity

__all__ = ["preview", "run"]

COUNTING_WORK = 100_000_000
PREVIEW_WORK = 5_000_000
"""Combinations looked at while counting: some seconds in a job, a fraction of one in a preview."""
PROGRESS_S = 0.25
EXACT_INTEGER = 2**53
"""Up to this every program that reads JSON keeps a whole number exactly."""


def run(ctx: Context, params: CombinationParameters) -> None:
    """Count, refuse what is too much, write the files and show the beginning. Raises InputError."""
    ctx.progress(None, "count", "Counting the combinations")
    plan = make_plan(ctx, params)
    total = _counted(plan, params, COUNTING_WORK)
    _remark(ctx, plan)
    derived = [(name, plan.space.lookup(formula)) for name, formula in plan.derived]
    sample = next(iter(plan.space.frames(derived)))
    check_space_on_disk(ctx.output, sample, total, csv=params.csv, excel=params.excel)
    last = 0.0

    def progress(rows: int, rate: float) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < PROGRESS_S and rows < total:
            return
        last = now
        left_s = (total - rows) / rate if rate > 0 else 0.0
        ctx.progress(
            rows / total,
            "write",
            say("{rows:,} of {total:,} combinations", rows=rows, total=total),
            rows=rows,
            rows_per_second=round(rate),
            seconds_left=round(left_s, 1),
        )

    written = write_tables(
        plan.space.frames(derived),
        plan.space.schema(derived),
        ctx.output / "tables",
        total,
        progress,
        name="combinations",
        csv=params.csv,
        excel=params.excel,
    )
    assert written.rows == total, "the combinations written are not those counted"
    _describe(ctx, plan, total)
    _show_files(ctx, plan, written)
    ctx.progress(1.0, "done", _sentence(plan, total))


def preview(ctx: Context, params: CombinationParameters) -> None:
    """Say how many combinations there will be, of which levels; make none."""
    plan = make_plan(ctx, params)
    try:
        total = plan.space.count(PREVIEW_WORK)
    except TooManyToCountError:
        ctx.metric(
            "combinations",
            None,
            label="Combinations",
            note=say(
                "At most {most:,}; how many the conditions leave is counted when it runs.",
                most=plan.space.unrestricted,
            ),
            headline=True,
        )
        _levels_table(ctx, plan)
        _remark(ctx, plan)
        return
    _describe(ctx, plan, total)
    _remark(ctx, plan)
    if total == 0 or total > params.max_combinations:
        _counted(plan, params, PREVIEW_WORK)


def _counted(plan: Plan, params: CombinationParameters, work: int) -> int:
    """The number of combinations. Raises InputError where there is none, or too many."""
    try:
        total = plan.space.count(work)
    except TooManyToCountError as error:
        raise InputError(
            say(
                "{count:,} combinations are too many to be searched for those that fulfil the conditions.",
                count=plan.space.unrestricted,
            ),
            hint=_NO_LIST,
        ) from error
    if total == 0:
        raise InputError(
            "No combination fulfils the conditions.",
            say("Without conditions there are {count:,}.", count=plan.space.unrestricted),
            "Take conditions out one by one to find the one that leaves nothing.",
        )
    if total > params.max_combinations:
        raise InputError(
            say(
                "That makes {count:,} combinations; at most {most:,} are made.",
                count=total,
                most=params.max_combinations,
            ),
            hint=_NO_LIST,
        )
    return total


_NO_LIST = say(
    "Use wider steps or fewer variables, or plan without a list of candidates: the optimal design by coordinate exchange takes "
    "the variables themselves."
)


def _remark(ctx: Context, plan: Plan) -> None:
    for remark in plan.remarks:
        ctx.warn("variables", remark, severity=Severity.INFO)


def _sentence(plan: Plan, total: int) -> Said:
    left_out = plan.space.unrestricted - total
    if left_out:
        return say(
            "{total:,} combinations of {columns} columns; conditions leave out {left_out:,} of {all:,}.",
            one="1 combination of {columns} columns; conditions leave out {left_out} of {all}.",
            total=total,
            columns=len(plan.space.columns) + len(plan.derived),
            left_out=left_out,
            all=plan.space.unrestricted,
        )
    return say(
        "{total:,} combinations of {columns} columns.",
        one="1 combination of {columns} columns.",
        total=total,
        columns=len(plan.space.columns) + len(plan.derived),
    )


def _describe(ctx: Context, plan: Plan, total: int) -> None:
    ctx.show(CardView(id="answer", title="Combinations", text=_sentence(plan, total)))
    if total > EXACT_INTEGER:
        note = say("More than nine thousand million millions.")
        ctx.metric("combinations", None, label="Combinations", headline=True, note=note)
    else:
        ctx.metric("combinations", total, label="Combinations", headline=True)
    ctx.metric("columns", len(plan.space.columns) + len(plan.derived), label="Columns", headline=True)
    if total < plan.space.unrestricted <= EXACT_INTEGER:
        ctx.metric("left_out", plan.space.unrestricted - total, label="Left out by conditions", headline=True)
    _levels_table(ctx, plan)


def _levels_table(ctx: Context, plan: Plan) -> None:
    rows = []
    for factor in plan.factors:
        if len(factor.columns) > 1:  # one-hot: which of the columns is 1
            chosen = [
                column
                for choice in factor.choices
                for column, level in zip(factor.columns, choice, strict=True)
                if level == 1
            ]
            rows.append((", ".join(factor.columns), "", len(factor), level_words(chosen)))
            continue
        (column,) = factor.columns
        levels = [choice[0] for choice in factor.choices]
        rows.append((column, plan.units.get(column, ""), len(levels), level_words(levels)))
    ctx.table(
        "variables",
        "Variables",
        [
            Column(name="variable", label="Variable"),
            Column(name="unit", label="Unit"),
            Column(name="count", label="Levels"),
            Column(name="levels", label="Values"),
        ],
        rows,
    )


def _show_files(ctx: Context, plan: Plan, written: Written) -> None:
    source = ctx.artifact(written.parquet, ArtifactRole.TABLE)
    columns = [
        Column(name=name, unit=plan.units.get(name, ""), digits=plan.digits_of(name))
        for name in written.first.columns
    ]
    rows: list[tuple[Cell, ...]] = list(written.first.iter_rows())
    ctx.table("combinations", "The first combinations", columns, rows, source=source, total_rows=written.rows)
    ctx.show(FileView(id="parquet", title="All combinations (Parquet)", source=source))
    if written.csv is not None:
        file = ctx.artifact(written.csv, ArtifactRole.TABLE)
        ctx.show(FileView(id="csv", title="All combinations (CSV)", source=file))
    for number, path in enumerate(written.excel, start=1):
        file = ctx.artifact(path, ArtifactRole.TABLE)
        title = (
            say("All combinations (Excel)")
            if len(written.excel) == 1
            else say(
                "Combinations, part {number} of {count} (Excel)", number=number, count=len(written.excel)
            )
        )
        ctx.show(FileView(id=f"excel_{number}", title=title, source=file))
    ctx.log(say("Written in {seconds:.1f} s.", seconds=written.seconds))

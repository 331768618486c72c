"""Hard limits: conditions over the columns of a table, and how many rows each of them excludes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from zerosec_analyses.formula_columns import mask
from zerosec_analyses.pareto.objectives import PREDICTED, BoolArray
from zerosec_analyses.sdk import InputError, say
from zerosec_shared.formulas import FormulaError, parse

MOST_LIMITS = 100


@dataclass(frozen=True)
class Limit:
    """A limit and what it did: rows that break it, rows it cannot be judged for, and rows that break no other."""

    text: str
    broken: int
    unknown: int
    alone: int
    holds: BoolArray


def written_limits(text: str) -> list[str]:
    """The limits one by one."""
    return [part.strip() for part in re.split(r"[;；\n]", text) if part.strip()]


def judge_limits(
    text: str, frame: pl.DataFrame, row_number: Callable[[int], int] | None = None
) -> tuple[Limit, ...]:
    """Each limit over all rows; a row for which it cannot be judged does not fulfil it. Raises InputError that names the limit."""
    written = written_limits(text)
    if len(written) > MOST_LIMITS:
        raise InputError(
            say("There are {count:,} limits; at most {most} are possible.", count=len(written), most=MOST_LIMITS)
        )  # fmt: skip
    frame = _with_targets(frame)
    judged: list[tuple[str, BoolArray, int]] = []
    for one in written:
        try:
            found = mask(parse(one), frame, row_number)
        except FormulaError as error:
            raise InputError(
                say("The limit “{limit}” cannot be used.", limit=one[:200]), error.text,
                "A limit is a condition over columns of the table, such as Ra <= 0.8. Put names with spaces or brackets between backticks.",
            ) from error  # fmt: skip
        unknown = int(found.null_count())
        judged.append((one, found.fill_null(value=False).to_numpy().astype(bool), unknown))
    made = []
    for at, (one, holds, unknown) in enumerate(judged):
        others = np.ones(frame.height, dtype=bool)
        for other, (_, held, _) in enumerate(judged):
            if other != at:
                others &= held
        made.append(Limit(one, int((~holds).sum()) - unknown, unknown, int((others & ~holds).sum()), holds))
    return tuple(made)


def _with_targets(frame: pl.DataFrame) -> pl.DataFrame:
    """With the name of a target for its prediction, where no column has that name."""
    names = {name: name.removeprefix(PREDICTED) for name in frame.columns if name.startswith(PREDICTED)}
    return frame.with_columns(
        pl.col(name).alias(base) for name, base in names.items() if base not in frame.columns
    )

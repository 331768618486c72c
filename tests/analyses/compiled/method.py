"""A sum in compiled code; tells how often it was compiled and how often it was found compiled."""

import signal
from typing import Any

import numba
import numpy as np

from tests.analyses.compiled.spec import CompiledParameters
from zerosec_analyses.sdk import Context


@numba.njit(cache=True)  # type: ignore[untyped-decorator, unused-ignore]
def total(numbers: Any) -> Any:
    """The sum."""
    added = numbers[0] * 0
    for number in numbers:
        added += number
    return added


def run(ctx: Context, params: CompiledParameters) -> None:
    kind = np.int64 if params.whole else np.float64
    ctx.metric("total", float(total(np.array(params.numbers, kind))), headline=True)
    ctx.metric("compiled", sum(total.stats.cache_misses.values()))
    ctx.metric("found", sum(total.stats.cache_hits.values()))
    ctx.metric("chance", float(np.random.random()))
    if params.started is not None:
        params.started.touch()
        signal.pause()

"""Counts what it is given; its preview ends as asked."""

import os
import signal
import time
from pathlib import Path

from tests.analyses.foreseen.spec import Ending, ForeseenParameters
from zerosec_analyses.sdk import Context, InputError


def run(ctx: Context, params: ForeseenParameters) -> None:
    ctx.metric("count", params.count, headline=True)


def preview(ctx: Context, params: ForeseenParameters) -> None:
    barrier = getattr(params, "barrier", None)
    if barrier is not None:
        (Path(barrier) / "started").touch()
    ending = getattr(params, "ending", Ending.WELL)
    if ending is Ending.REFUSED:
        raise InputError("There is nothing to count.", "The file is of another kind.", "Choose another.")
    if ending is Ending.CRASH:
        os.kill(os.getpid(), signal.SIGSEGV)
    while ending is Ending.WAIT and not (Path(params.barrier or "") / "go").exists():
        time.sleep(0.005)
    ctx.metric("bytes", ctx.input("data").path.stat().st_size, headline=True)
    ctx.metric("count", params.count, headline=True)
    ctx.metric("share", params.share)

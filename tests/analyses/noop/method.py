"""Leaves as many files, progress reports and log lines as asked, and the sizes of its inputs as metrics."""

import time

from tests.analyses.noop.spec import NoopParameters
from zerosec_analyses.sdk import Context


def run(ctx: Context, params: NoopParameters) -> None:
    for number in range(params.progress):
        ctx.progress((number + 1) / params.progress, "counting", f"{number + 1} of {params.progress}")
    for _ in range(params.stamps):
        time.sleep(0.34)
        ctx.progress(None, "stamp", repr(time.time()))
    for number in range(params.log_lines):
        ctx.log(f"line {number + 1}")
    while params.until_finished and not ctx.finish_requested:
        ctx.progress(None, "waiting", "until it is asked to finish")
        time.sleep(0.01)
    for number in range(params.files):
        folder = ctx.output / f"group{number % 10}"
        folder.mkdir(exist_ok=True)
        (folder / f"file{number}.txt").write_bytes(b"x" * params.file_bytes)
    for number, given in enumerate(ctx.inputs.get("data", ())):
        ctx.metric(f"input_{number}_bytes", given.path.stat().st_size)
    if params.until_finished:
        ctx.metric("finished_early", int(ctx.finish_requested))
    ctx.metric("files", params.files, headline=True)

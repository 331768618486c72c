"""Each step is a real program, or a pipe of them."""

from collections import Counter

from tests.analyses.stepped.spec import ABSENT, SORT, TR, WAIT, Count, Drop, Upper
from zerosec_analyses.sdk import Context, InputError, Parameters
from zerosec_shared.runs import ArtifactRole

WAITING = """
import os, pathlib, sys, time
folder = pathlib.Path(sys.argv[1])
(folder / f"started.{os.getpid()}").touch()
print("it holds", file=sys.stderr, flush=True)
while not (folder / "go").exists():
    time.sleep(0.02)
print("it goes on", file=sys.stderr, flush=True)
"""


def _behave(ctx: Context, params: Upper | Drop | Count) -> None:
    if params.fail:
        raise InputError("It was asked to fail.")
    if params.hold:
        ctx.pipe([(WAIT, ["-c", WAITING, params.hold]), (SORT, [])], stdout=ctx.scratch / "nothing")


def upper(ctx: Context, params: Upper) -> None:
    _behave(ctx, params)
    for number, text in enumerate(ctx.inputs["text"]):
        ctx.run_program(
            TR,
            [params.letters, "A-Z"],
            stdin=text.path,
            stdout=ctx.output / f"text{number}.txt",
        )


def drop(ctx: Context, params: Drop) -> None:
    _behave(ctx, params)
    (ctx.output / "dropped").mkdir()
    for number, text in enumerate(ctx.inputs["text"]):
        ctx.run_program(
            TR,
            ["-d", params.letters],
            stdin=text.path,
            stdout=ctx.output / "dropped" / f"text{number}.txt",
        )


def count(ctx: Context, params: Count) -> None:
    _behave(ctx, params)
    lines: Counter[str] = Counter()
    for text in ctx.inputs["text"]:
        ordered = ctx.scratch / "ordered"
        ctx.pipe([(ctx.program(ABSENT, SORT), [text.path]), (SORT, ["-r"])], stdout=ordered)
        lines.update(ordered.read_text(encoding="utf-8").split())
    table = ctx.output / "counts.tsv"
    table.write_text("".join(f"{line}\t{n}\n" for line, n in lines.items()), encoding="utf-8")
    ctx.artifact(table, ArtifactRole.TABLE)
    ctx.metric("lines", sum(lines.values()), headline=True)


def report(ctx: Context, params: Parameters) -> None:
    lines = ctx.input("counts").path.read_text(encoding="utf-8").splitlines()
    (ctx.output / "報告 #1 of 100%.txt").touch()
    (ctx.output / "report.txt").write_text(f"{len(lines)} different lines\n", encoding="utf-8")
    ctx.metric("different", len(lines), headline=True)

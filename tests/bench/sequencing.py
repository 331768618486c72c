"""What the sequencing pipeline adds to its programs: CPU seconds of trimming, filtering and mapping as steps, and of the same command lines run
bare.

What a step adds is counted in the same execution as what it adds to: the CPU of the step's own process and of the programs that are asked for
their versions, by the CPU of the programs that do the work. The command lines of the step's record are then run bare, one after the
other: that they cost the same shows that nothing of the step is hidden in them. Beside other work two executions of one program differ by more
than what is looked for. A step is timed from its first line to its written tables; starting a job and importing are costs of any job (see `jobs`).
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from tests.bench.figures import Figure, figure
from tests.simulated_reads import Recipe, simulate

__all__ = ["measure"]

REPEATS = 3
PAIRS_TARGET = 400_000
RECIPE = Recipe(seed=8, sites=20, largest_clone=200, smallest_clone=20, contigs=(("chr1", 60_000),))
STEPS = ("cutadapt", "fastp", "read_mapping")
STEP = """
import importlib, json, os, sys
from pathlib import Path
from tests.pipeline_steps import run_step
from zerosec_analyses import programs_of_step
from zerosec_analyses.integration_sites.spec import ANALYSIS
folder, step, inputs = Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])
importlib.import_module(ANALYSIS.step(step).method.partition(":")[0])
own, programs, asked = (lambda: sum(os.times()[:2])), (lambda: sum(os.times()[2:4])), []
ask = programs_of_step.version_of
def version_of(found):
    before = programs()
    told = ask(found)
    asked.append(programs() - before)
    return told
programs_of_step.version_of = version_of
before = own(), programs()
done = run_step(folder, step, **{slot: Path(path) for slot, path in inputs.items()})
work = programs() - before[1] - sum(asked)
calls = [list(ran.arguments) for ran in done.outcome.ran]
print(json.dumps({"own_s": own() - before[0] + sum(asked), "programs_s": work, "calls": calls}), file=sys.stderr)
"""


def measure() -> list[Figure]:
    """Each step beside its bare programs."""
    found = []
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        made = simulate(folder / "data", RECIPE)
        copies = -(-PAIRS_TARGET // made.pairs)
        reads = {}
        for mate, path in ((1, made.read1), (2, made.read2)):
            many = folder / f"many_R{mate}.fastq.gz"
            many.write_bytes(path.read_bytes() * copies)
            reads[f"reads{mate}"] = str(many)
        for step in STEPS:
            inputs = {**reads, **({"reference": str(made.reference)} if step == "read_mapping" else {})}
            shares, work_s, beside = [], [], []
            for number in range(REPEATS):
                place = folder / f"{step}{number}"
                own, work, calls = _step(place, step, inputs)
                shares.append(100 * own / work)
                work_s.append(work)
                beside.append(100 * (work / _bare(place / "output", calls) - 1))
                shutil.rmtree(place)
            over = figure(
                f"{step}: what the step adds to its programs",
                "%",
                shares,
                target="< 5",
                note=f"of {median(work_s):.1f} CPU seconds on {copies * made.pairs:,} pairs",
            )
            found.append(replace(over, met=over.median < 5))
            found.append(figure(f"{step}: its programs, beside the same run bare", "%", beside))
    return found


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _step(place: Path, step: str, inputs: dict[str, str]) -> tuple[float, float, list[list[str]]]:
    done = subprocess.run(
        [sys.executable, "-c", STEP, str(place), step, json.dumps(inputs)],
        capture_output=True,
        check=True,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    told = json.loads(done.stderr.decode().splitlines()[-1])
    return told["own_s"], told["programs_s"], told["calls"]


def _bare(output: Path, calls: Sequence[list[str]]) -> float:
    """The same programs on the same files, whose places still are as they were; what was moved away is made anew."""
    before, at = _cpu_s(), 0
    while at < len(calls):
        for part in calls[at]:
            if ".making/" in part:  # of an index, which was renamed when it was whole
                (output.parent / part).parent.mkdir(parents=True, exist_ok=True)
        piped = at + 1 < len(calls) and calls[at + 1][-1] == "-"
        first = subprocess.Popen(
            calls[at],
            cwd=output.parent,
            stdout=subprocess.PIPE if piped else subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if piped:
            subprocess.run(
                calls[at + 1], cwd=output.parent, stdin=first.stdout, stderr=subprocess.DEVNULL, check=True
            )
            assert first.stdout is not None
            first.stdout.close()
        assert first.wait() == 0, calls[at]
        at += 2 if piped else 1
    return _cpu_s() - before

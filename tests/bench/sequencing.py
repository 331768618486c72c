"""What the sequencing pipeline adds to its programs: CPU seconds of trimming, filtering and mapping as steps, beside the same command lines run
bare, one after the other.

The command lines are those of the step's own record, so that both do the same work on the same reads. A step is timed from its first line to
its written tables, with what it asks its programs for their versions; starting a job and importing are costs of any job (see `jobs`).
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.bench.figures import Figure, figure
from tests.simulated_reads import Recipe, simulate

__all__ = ["measure"]

REPEATS = 3
PAIRS_TARGET = 100_000
RECIPE = Recipe(seed=8, sites=20, largest_clone=200, smallest_clone=20, contigs=(("chr1", 60_000),))
STEPS = ("cutadapt", "fastp", "read_mapping")
STEP = """
import importlib, json, os, sys
from pathlib import Path
from tests.pipeline_steps import run_step
from zerosec_analyses.integration_sites.spec import ANALYSIS
folder, step, inputs = Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])
importlib.import_module(ANALYSIS.step(step).method.partition(":")[0])
before = sum(os.times()[:4])
done = run_step(folder, step, **{slot: Path(path) for slot, path in inputs.items()})
told = {"cpu_s": sum(os.times()[:4]) - before, "calls": [list(ran.arguments) for ran in done.outcome.ran]}
print(json.dumps(told), file=sys.stderr)
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
            shares, bare_s = [], []
            for number in range(REPEATS):
                place = folder / f"{step}{number}"
                whole, calls = _step(place, step, inputs)
                alone = _bare(place / "output", calls)
                shares.append(100 * (whole - alone) / alone)
                bare_s.append(alone)
            over = figure(
                f"{step}: what the step adds to its programs",
                "%",
                shares,
                target="< 5",
                note=f"of {sorted(bare_s)[len(bare_s) // 2]:.1f} CPU seconds on {copies * made.pairs:,} pairs",
            )
            found.append(
                figure(over.name, over.unit, shares, target="< 5", met=over.median < 5, note=over.note)
            )
    return found


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _step(place: Path, step: str, inputs: dict[str, str]) -> tuple[float, list[list[str]]]:
    done = subprocess.run(
        [sys.executable, "-c", STEP, str(place), step, json.dumps(inputs)],
        capture_output=True,
        check=True,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    told = json.loads(done.stderr.decode().splitlines()[-1])
    return told["cpu_s"], told["calls"]


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

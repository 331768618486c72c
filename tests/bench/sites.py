"""The site analysis on a million and on ten million read pairs: CPU and wall seconds, and the memory of all its processes together, which must
not grow with them.

The alignments are made as a mapper would leave them, with bases, qualities, UMIs and copies by PCR, and sorted by samtools; mapping so many
reads is the mapper's own time.
"""

import json
import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import psutil

from tests.bench.figures import Figure, figure

__all__ = ["measure"]

SIZES = (1_000_000, 10_000_000)
CONTIGS, CONTIG_LENGTH = 24, 50_000_000
SITES = 20_000
READ_LENGTH = 100
BATCH = 200_000
TARGET_S, TARGET_MB = 600.0, 400.0
LOOK_EVERY_S = 0.2
STEP = """
import json, os, re, sys, time
from pathlib import Path
from tests.pipeline_steps import run_step
begun = time.perf_counter()
done = run_step(Path(sys.argv[1]), "site_analysis", {}, alignments=Path(sys.argv[2]))
print(json.dumps({
    "wall_s": time.perf_counter() - begun,
    "cpu_s": sum(os.times()[:4]),
    "own_peak_mb": int(re.search(r"VmHWM:\\s*(\\d+) kB", Path("/proc/self/status").read_text())[1]) / 1024,
    "sites": len(done.table("sites")),
}), file=sys.stderr)
"""


def alignments(path: Path, pairs: int, seed: int = 4) -> None:
    """A sorted BAM file of so many pairs: clones of very different sizes, each fragment with some copies of one UMI."""
    rng = np.random.default_rng(seed)
    contig = rng.integers(CONTIGS, size=SITES)
    place = rng.integers(10_000, CONTIG_LENGTH - 10_000, size=SITES)
    shares = np.geomspace(1000, 1, SITES)
    pool = ["".join(rng.choice(list("ACGT"), READ_LENGTH)) for _ in range(1000)]
    qualities = ["".join(rng.choice(list("FFFFFF:,#"), READ_LENGTH)) for _ in range(100)]
    umis = ["".join(rng.choice(list("ACGT"), 10)) for _ in range(20_000)]
    sort = ["samtools", "sort", "-l", "1", "-m", "512M", "-T", str(path), "-o", str(path), "-"]
    made = 0
    with subprocess.Popen(sort, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as to:
        assert to.stdin is not None
        for number in range(CONTIGS):
            to.stdin.write(f"@SQ\tSN:chr{number + 1}\tLN:{CONTIG_LENGTH}\n")
        while made < pairs:
            fragments = min(BATCH, pairs - made)
            site = rng.choice(SITES, fragments, p=shares / shares.sum())
            length = rng.integers(READ_LENGTH, 600, fragments)
            copies = np.minimum(rng.geometric(0.4, fragments), 20)
            umi = rng.integers(len(umis), size=fragments)
            lines = []
            for one in range(fragments):
                name, at = f"chr{contig[site[one]] + 1}", int(place[site[one]])
                back, long = bool(site[one] % 2), int(length[one])
                start = at - long + 1 if back else at  # of the fragment, from 0
                far = start + long - READ_LENGTH
                for copy in range(min(int(copies[one]), pairs - made)):
                    key = (made * 7 + copy) % 1000
                    query = f"r{made:08d}_{umis[umi[one]]}"
                    made += 1
                    first, second = (far, start) if back else (start, far)
                    for flags, own, mate, sign in (
                        (0x43 | (0x10 if back else 0x20), first, second, -1 if back else 1),
                        (0x83 | (0x20 if back else 0x10), second, first, 1 if back else -1),
                    ):
                        lines.append(
                            f"{query}\t{flags}\t{name}\t{own + 1}\t60\t{READ_LENGTH}M\t=\t{mate + 1}\t{sign * long}\t"
                            f"{pool[key]}\t{qualities[key % 100]}\tMC:Z:{READ_LENGTH}M\n"
                        )
            to.stdin.write("".join(lines))
    if to.returncode != 0:
        raise RuntimeError("the alignments could not be sorted")


def measure() -> list[Figure]:
    """Time and memory by the number of pairs."""
    found = []
    with tempfile.TemporaryDirectory() as held:
        for pairs in SIZES:
            path = Path(held) / f"p{pairs}.bam"
            alignments(path, pairs)
            told, tree_mb = _analysed(Path(held) / f"out{pairs}", path)
            path.unlink()
            note = f"{told['wall_s']:.0f} s by the clock"
            name = f"site analysis of {pairs:,} pairs"
            cpu, memory = told["cpu_s"], max(tree_mb, told["own_peak_mb"])
            found.append(figure(name, "CPU s", [cpu], target="minutes", met=cpu < TARGET_S, note=note))
            found.append(
                figure(
                    f"{name}: peak memory of all processes",
                    "MB",
                    [memory],
                    target=f"< {TARGET_MB:.0f}",
                    met=memory < TARGET_MB,
                    note=f"{told['own_peak_mb']:.0f} MB of it the step's own process",
                )
            )
    return found


def _analysed(output: Path, alignments: Path) -> tuple[dict[str, float], float]:
    """What a run of the step tells, and the peak of what it and its programs held together: PSS, so that shared pages count once."""
    peak = 0.0
    with (
        tempfile.TemporaryFile() as said,
        psutil.Popen(
            [sys.executable, "-c", STEP, str(output), str(alignments)],
            stdout=subprocess.DEVNULL,
            stderr=said,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        ) as step,
    ):
        while step.poll() is None:
            peak = max(peak, _held_mb(step))
            with suppress(psutil.TimeoutExpired):
                step.wait(LOOK_EVERY_S)
        said.seek(0)
        lines = said.read().decode().splitlines()
        if step.returncode != 0:
            raise RuntimeError("\n".join(lines[-20:]))
    return json.loads(lines[-1]), peak


def _held_mb(step: psutil.Popen) -> float:
    held = 0
    with suppress(psutil.Error):
        for process in (step, *step.children(recursive=True)):
            with suppress(psutil.Error):
                held += process.memory_full_info().pss
    return held / 2**20

"""The linear analysis: a small table through the server with its libraries in memory and without, and a million rows by itself.

CPU seconds tell what a job costs on a machine that has other work too. Of the server they are those of all its processes.
"""

import tempfile
import time
from pathlib import Path

import polars as pl

from tests.api_calls import connect, job_request, store_file
from tests.bench.figures import Figure, figure
from tests.conftest import ROOT, RunningServer, start_server
from tests.large_tables import analysed, million_rows

__all__ = ["measure"]

JOBS = 8
LARGE_RUNS = 2
TERMS = "bill_length_mm + bill_depth_mm + flipper_length_mm + sex + species"


def measure() -> list[Figure]:
    """All figures; needs 4 GB of disk."""
    with tempfile.TemporaryDirectory() as name:
        return [*_small(Path(name), warm=True), *_small(Path(name), warm=False), *_large(Path(name))]


def _cpu_s(server: RunningServer) -> float:
    return sum(sum(process.cpu_times()[:4]) for process in server.tree())


def _small(folder: Path, *, warm: bool) -> list[Figure]:
    """Jobs one after the other; the first, which may bring the libraries into memory, is not counted."""
    server = start_server(folder / f"server-{warm}", warm_idle_s="300" if warm else "0")
    wall_s, cpu_s = [], []
    try:
        with connect(server) as api:
            file = store_file(api, (ROOT / "examples" / "penguins.csv").read_bytes())
            for number in range(1 + JOBS):
                request = job_request("linear", target="body_mass_g", terms=TERMS)
                request["run"]["inputs"] = {"data": [file]}
                cpu, started = _cpu_s(server), time.perf_counter()
                job = api.post("jobs", json=request, headers={"Prefer": "wait=60"}).json()
                assert job["status"] == "succeeded", job
                wall = time.perf_counter() - started
                while warm and number == 0 and not _warm(server):
                    time.sleep(0.1)
                if number:
                    wall_s.append(wall)
                    cpu_s.append(_cpu_s(server) - cpu)
    finally:
        server.stop()
    name = f"linear on 344 penguins, libraries {'in memory' if warm else 'imported by each job'}"
    return [figure(name, "s", wall_s), figure(f"{name}: CPU", "s", cpu_s)]


def _warm(server: RunningServer) -> bool:
    return any(
        child.name() == "zerosec-shim"
        for process in server.tree()
        if process.name() == "zerosec-science"
        for child in process.children()
    )


def _large(folder: Path) -> list[Figure]:
    parquet, _ = million_rows(folder)
    csv = parquet.with_suffix(".csv")
    pl.scan_parquet(parquet).sink_csv(csv, float_precision=4)
    found: list[Figure] = []
    for data in (parquet, csv):
        runs = [analysed(data, folder / f"out-{data.suffix}-{n}", target="y") for n in range(LARGE_RUNS)]
        name = f"linear on 1e6 × 200, {data.suffix[1:]}"
        note = f"{data.stat().st_size / 1e9:.1f} GB"
        found += [
            figure(f"{name}: CPU", "s", [run["cpu_s"] for run in runs], note=note),
            figure(f"{name}: peak memory", "MiB", [run["peak_mb"] for run in runs]),
        ]
    return found

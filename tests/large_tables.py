"""Large tables, and the linear analysis of one in a process of its own whose CPU time and peak memory are measured."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

__all__ = ["analysed", "million_rows"]

RUN = """
import json, resource, sys
from pathlib import Path
from zerosec_analyses.linear.method import run
from zerosec_analyses.linear.spec import LinearParameters
from zerosec_analyses.sdk import Context, InputError

data, output, parameters = Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3])
ctx = Context.for_notebook(output, data=data)
refused = ""
try:
    run(ctx, LinearParameters(**parameters))
except InputError as error:
    refused = str(error)
usage = resource.getrusage(resource.RUSAGE_SELF)
# of this program alone: ru_maxrss would begin with that of the process it was forked from
high_water = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(json.dumps({
    "refused": refused,
    "metrics": {metric.name: metric.value for metric in ctx.outcome().result.metrics},
    "peak_mb": int(high_water.split()[1]) / 1024,
    "cpu_s": usage.ru_utime + usage.ru_stime,
}))
"""


def analysed(data: Path, output: Path, **parameters: Any) -> dict[str, Any]:
    """The metrics of a linear analysis, what it was refused for, its CPU seconds and its peak memory in MiB."""
    ended = subprocess.run(
        [sys.executable, "-c", RUN, str(data), str(output), json.dumps(parameters)],
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    result: dict[str, Any] = json.loads(ended.stdout)
    print(f"{data.name}: {result['cpu_s']:.1f} CPU s, {result['peak_mb']:.0f} MB", file=sys.stderr)
    return result


def million_rows(folder: Path) -> tuple[Path, NDArray[np.float64]]:
    """A Parquet file of 1e6 rows with a target `y` and 199 columns `x0 …`, and the slopes that made the target."""
    rng = np.random.default_rng(20)
    slopes = rng.normal(size=199).round(2)
    parts = folder / "parts"
    parts.mkdir()
    for part in range(10):
        x = rng.standard_normal((100_000, 199), dtype=np.float32)
        y = (x @ slopes + 3.0 + rng.standard_normal(100_000)).astype(np.float32)
        frame = pl.DataFrame({"y": y} | {f"x{j}": x[:, j] for j in range(199)})
        frame.write_ipc(parts / f"{part}.arrow")
    data = folder / "million.parquet"
    pl.scan_ipc(parts / "*.arrow").sink_parquet(data, compression="uncompressed")
    return data, slopes

"""Ten million combinations of eleven columns to Parquet and to CSV: seconds, CPU seconds and peak memory, each in a fresh process.

The figures are of the whole step as a job runs it (reading the sheet, counting, writing), without the transfer of the files.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.bench.figures import Figure, figure

__all__ = ["VARIABLES", "made_in_a_process", "measure"]

REPEATS = 3
VARIABLES = {
    "回転速度": "1000 to 5000 by 1000",
    "送り速度": "100 to 1000 by 100",
    "UPカット": "0, 1",
    "切込量": "0.1 to 2.5 by 0.1",
    "突出量": "5 to 14 by 1",
    "載せ率": "0.1 to 1 by 0.1",
    "パス数": "1 to 10 by 1",
}
"""With the four brushes: 4 × 5 × 10 × 2 × 25 × 10 × 10 × 10 = 10,000,000 combinations of 11 columns."""

MAKE = """
import json, resource, sys, time
from pathlib import Path
from zerosec_analyses.combinations.method import run
from zerosec_analyses.combinations.spec import CombinationParameters
from zerosec_analyses.sdk import Context

output, parameters = Path(sys.argv[1]), json.loads(sys.argv[2])
ctx = Context.for_notebook(output)
started = time.monotonic()
run(ctx, CombinationParameters(**parameters))
seconds = time.monotonic() - started
usage = resource.getrusage(resource.RUSAGE_SELF)
# of this program alone: ru_maxrss would begin with that of the process it was forked from
high_water = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(json.dumps({
    "seconds": seconds,
    "cpu_s": usage.ru_utime + usage.ru_stime,
    "peak_mb": int(high_water.split()[1]) / 1024,
    "metrics": {metric.name: metric.value for metric in ctx.outcome().result.metrics},
}))
"""


def made_in_a_process(output: Path, **parameters: Any) -> dict[str, Any]:
    """Make a table in a process of its own and tell what it took."""
    ended = subprocess.run(
        [sys.executable, "-c", MAKE, str(output), json.dumps(parameters)],
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    result: dict[str, Any] = json.loads(ended.stdout)
    return result


def measure() -> list[Figure]:
    """Wall time is what the user waits for; CPU seconds and the load tell how far another job disturbed it."""
    figures = []
    for name, limit_s, extra in (
        ("Parquet", 15.0, {}),
        ("Parquet and CSV", 60.0, {"csv": True}),
        ("… and Excel (10 workbooks)", None, {"csv": True, "excel": True}),
    ):
        found = []
        for _ in range(REPEATS if limit_s else 1):
            with tempfile.TemporaryDirectory() as folder:
                found.append(
                    made_in_a_process(
                        Path(folder), variables=VARIABLES, profile="deburring", **({"csv": False} | extra)
                    )
                )
            assert found[-1]["metrics"]["combinations"] == 10_000_000
        seconds = sorted(each["seconds"] for each in found)
        memory = [each["peak_mb"] for each in found]
        note = f"{max(each['cpu_s'] for each in found):.1f} CPU s at most; load {os.getloadavg()[0]:.1f}"
        figures.append(
            figure(
                f"10 million combinations × 11 columns: {name}",
                "s",
                seconds,
                target=f"< {limit_s:.0f}" if limit_s else "",
                met=seconds[len(seconds) // 2] < limit_s if limit_s else None,
                note=note,
            )
        )
        figures.append(figure(f"peak memory: {name}", "MB", memory, target="< 500", met=max(memory) < 500))
    return figures

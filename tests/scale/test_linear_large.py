"""Large tables through the whole linear analysis, each in a process of its own whose peak memory is measured."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

pytestmark = [
    pytest.mark.scale,
    pytest.mark.timeout(300),
    pytest.mark.skipif(sys.platform != "linux", reason="the peak memory is read as Linux tells it"),
]

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
    ended = subprocess.run(
        [sys.executable, "-c", RUN, str(data), str(output), json.dumps(parameters)],
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    result: dict[str, Any] = json.loads(ended.stdout)
    print(f"{data.name}: {result['cpu_s']:.1f} CPU s, {result['peak_mb']:.0f} MB")
    return result


def coefficients(output: Path) -> dict[str, float]:
    table = pl.read_csv(output / "tables" / "coefficients.csv")
    return dict(zip(table["term"], table["estimate"], strict=True))


def test_a_million_rows_of_two_hundred_columns_at_bounded_memory(tmp_path: Path) -> None:
    rng = np.random.default_rng(20)
    slopes = rng.normal(size=199).round(2)
    parts = tmp_path / "parts"
    parts.mkdir()
    for part in range(10):
        x = rng.standard_normal((100_000, 199), dtype=np.float32)
        y = (x @ slopes + 3.0 + rng.standard_normal(100_000)).astype(np.float32)
        frame = pl.DataFrame({"y": y} | {f"x{j}": x[:, j] for j in range(199)})
        frame.write_ipc(parts / f"{part}.arrow")
    data = tmp_path / "million.parquet"
    pl.scan_ipc(parts / "*.arrow").sink_parquet(data, compression="uncompressed")

    done = analysed(data, tmp_path / "out", target="y")

    assert done["metrics"]["n_rows"] == 1_000_000
    assert done["metrics"]["rmse_cross_validated"] == pytest.approx(1.0, abs=0.01)
    found = coefficients(tmp_path / "out")
    assert [found[f"x{j}"] for j in range(199)] == pytest.approx(slopes.tolist(), abs=0.006)
    assert done["peak_mb"] < 700


def test_five_million_lines_and_the_line_of_a_mistake(tmp_path: Path) -> None:
    count = 5_000_000
    data = tmp_path / "long.csv"
    i = pl.int_range(count)
    pl.select(x=(i % 1009) / 8, g=pl.lit("a") + (i % 3).cast(pl.String)).with_columns(
        y=2 * pl.col("x") + 1 + (pl.int_range(count) * 7919 % 2003 - 1001) / 100
    ).write_csv(data)

    done = analysed(data, tmp_path / "out", target="y", terms="x + g")

    assert done["metrics"]["n_rows"] == count
    assert coefficients(tmp_path / "out")["x"] == pytest.approx(2.0, abs=1e-4)
    assert done["peak_mb"] < 1000

    with data.open("a", encoding="utf-8") as file:
        file.write("7,a1,many\n")
    refused = analysed(data, tmp_path / "again", target="y", terms="x + g")["refused"]
    assert "5,000,002" in refused
    assert "many" in refused


def test_ten_thousand_columns(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(200, 10_000)).round(3)
    frame = pl.DataFrame({f"x{j}": x[:, j] for j in range(10_000)})
    data = tmp_path / "wide.csv"
    frame.with_columns(y=2 * frame["x7"] - frame["x9999"] + 1).write_csv(data)

    done = analysed(data, tmp_path / "out", target="y", terms="x7 + x9999")
    assert coefficients(tmp_path / "out")["x9999"] == pytest.approx(-1.0, abs=1e-12)
    assert done["peak_mb"] < 700

    refused = analysed(data, tmp_path / "all", target="y")["refused"]
    assert "200" in refused
    assert "10,001" in refused

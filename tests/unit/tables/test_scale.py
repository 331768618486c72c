"""Wide, long and large files; how long they take is printed, not judged, for it depends on the machine."""

import random
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
import psutil
import pytest

from zerosec_shared.tables import preview, read_table, scan_table


def timed(what: str, work: Callable[[], object]) -> None:
    start = time.perf_counter()
    work()
    print(f"{what}: {(time.perf_counter() - start) * 1000:,.0f} ms")


def test_ten_thousand_columns(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    header = ",".join(f"x{n}" for n in range(10_000))
    row = ",".join(str(n / 8) for n in range(10_000))
    path.write_text(header + "\n" + (row + "\n") * 50)

    start = time.perf_counter()
    table = read_table(path)
    print(f"10,000 columns: {time.perf_counter() - start:.2f} s")

    assert table.frame.shape == (50, 10_000)
    assert table.frame["x9999"].sum() == 50 * 9999 / 8
    assert preview(path, rows=5).frame.equals(table.frame.head(5))


@pytest.mark.scale
def test_five_million_rows(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    count = 5_000_000
    pl.select(n=pl.int_range(count), x=pl.int_range(count) / 8, g=pl.int_range(count) % 3).write_csv(path)
    process = psutil.Process()
    before = process.memory_info().rss

    timed("preview", lambda: preview(path))
    scan = scan_table(path)
    total = peak = 0
    for batch in scan.batches():
        total += batch["n"].sum()
        peak = max(peak, process.memory_info().rss - before)

    print(f"peak over idle {peak / 2**20:.0f} MB for {path.stat().st_size / 2**20:.0f} MB of file")
    assert scan.row_count == count
    assert total == count * (count - 1) // 2
    assert read_table(path, columns=["x"]).frame["x"][-1] == (count - 1) / 8


@pytest.mark.scale
def test_speed_beside_polars_alone(tmp_path: Path) -> None:
    path = tmp_path / "speed.csv"
    generator = random.Random(1)
    columns = {f"x{n}": [generator.gauss(0, 1) for _ in range(100_000)] * 5 for n in range(10)}
    pl.DataFrame({**columns, "g": [generator.choice("abc") for _ in range(500_000)]}).write_csv(path)
    print(f"{path.stat().st_size / 1e6:.0f} MB")

    timed("polars alone", lambda: pl.read_csv(path))
    timed("read_table", lambda: read_table(path))
    timed("preview", lambda: preview(path))

    assert read_table(path).frame.equals(pl.read_csv(path))

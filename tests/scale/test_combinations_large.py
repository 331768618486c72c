"""Ten million combinations at flat memory, and a search through many conditions that is not a walk through the product."""

import sys
from pathlib import Path

import polars as pl
import pytest
from tests.bench.combinations import VARIABLES, made_in_a_process

pytestmark = [
    pytest.mark.scale,
    pytest.mark.timeout(300),
    pytest.mark.skipif(sys.platform != "linux", reason="the peak memory is read as Linux tells it"),
]


def test_ten_million_combinations_at_flat_memory(tmp_path: Path) -> None:
    done = made_in_a_process(tmp_path, variables=VARIABLES, profile="deburring")

    assert done["metrics"] == {"combinations": 10_000_000, "columns": 11}
    assert done["peak_mb"] < 500
    assert done["cpu_s"] < 60
    table = pl.scan_parquet(tmp_path / "tables" / "combinations.parquet")
    seen = table.select(
        pl.len().alias("rows"),
        pl.struct(pl.all()).hash().approx_n_unique().alias("different"),
        pl.col("切込量").unique().sort().implode().alias("depths"),
        pl.sum_horizontal("A13", "A11", "A21", "A32").n_unique().alias("brushes at once"),
    ).collect()
    assert seen["rows"].item() == 10_000_000
    assert seen["different"].item() > 9_500_000
    assert seen["depths"].item().to_list() == [round(0.1 * step, 1) for step in range(1, 26)]
    assert seen["brushes at once"].item() == 1
    with (tmp_path / "tables" / "combinations.csv").open("rb") as file:
        lines = sum(piece.count(b"\n") for piece in iter(lambda: file.read(2**20), b""))
    assert lines == 10_000_001


def test_a_few_rows_out_of_a_million_millions_are_found(tmp_path: Path) -> None:
    hundred = {f"x{i}": "1 to 100 by 1" for i in range(6)}
    chain = "\n".join(f"x{i + 1} == x{i} + 1" for i in range(5))

    done = made_in_a_process(tmp_path, variables=hundred, keep=chain)

    assert done["metrics"]["combinations"] == 95
    assert done["metrics"]["left_out"] == 100**6 - 95
    assert done["cpu_s"] < 20

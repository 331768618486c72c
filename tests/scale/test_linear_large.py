"""Large tables through the whole linear analysis, each in a process of its own whose peak memory is measured."""

import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.large_tables import analysed, million_rows

pytestmark = [
    pytest.mark.scale,
    pytest.mark.timeout(300),
    pytest.mark.skipif(sys.platform != "linux", reason="the peak memory is read as Linux tells it"),
]


def coefficients(output: Path) -> dict[str, float]:
    table = pl.read_csv(output / "tables" / "coefficients.csv")
    return dict(zip(table["term"], table["estimate"], strict=True))


def test_a_million_rows_of_two_hundred_columns_at_bounded_memory(tmp_path: Path) -> None:
    data, slopes = million_rows(tmp_path)

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

"""The optimal design from a terminal, through a real server: the table it leaves, and how it refuses."""

import csv
import itertools
from pathlib import Path

import numpy as np
import pytest
from tests.command import Command
from tests.conftest import RunningServer


@pytest.fixture
def zerosec(tmp_path: Path, shared_server: RunningServer) -> Command:
    return Command(tmp_path / "client", data_dir=shared_server.data_dir)


def test_a_design_is_found_and_a_model_that_cannot_be_estimated_is_refused(
    tmp_path: Path, zerosec: Command
) -> None:
    data = tmp_path / "候補.csv"
    points = list(itertools.product((-1, 1), repeat=6))
    data.write_text(
        "\n".join(["回転速度,b,c,d,e,f", *(",".join(map(str, point)) for point in points)]), "utf-8"
    )

    done = zerosec(
        "run", "optimal-design", str(data), "--runs", "24", "--criterion", "D", "--model", "2fi", "--seed", "1",
        "--out", "out", "--json",
    )  # fmt: skip
    assert done.code == 0, done.err
    with (Path(done.json["out"]) / "tables" / "design.csv").open(encoding="utf-8") as file:
        head, *rows = csv.reader(file)
    x = np.array(rows, dtype=float)
    X = np.column_stack(
        [np.ones(24), x, *(x[:, i] * x[:, j] for i, j in itertools.combinations(range(6), 2))]
    )
    efficiency = np.exp(np.linalg.slogdet(X.T @ X / 24)[1] / 22)
    assert head == ["回転速度", "b", "c", "d", "e", "f"]
    assert efficiency >= 0.917088
    assert done.json["metrics"]["d_efficiency"] == pytest.approx(efficiency, rel=1e-10)

    refused = zerosec(
        "run", "optimal-design", str(data), "--runs", "40", "--model", "quadratic", "--out", "no", "--json"
    )
    assert refused.code == 1
    assert refused.json["failure"]["code"] == "input_invalid"
    assert "回転速度^2 is the same in all of them" in refused.json["failure"]["title"]

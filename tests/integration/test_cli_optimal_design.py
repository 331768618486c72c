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


def test_a_search_is_stopped_with_the_best_design_so_far(tmp_path: Path, zerosec: Command) -> None:
    data = tmp_path / "candidates.csv"
    points = list(itertools.product((-1, 0, 1), repeat=6))
    data.write_text("\n".join(["a,b,c,d,e,f", *(",".join(map(str, point)) for point in points)]), "utf-8")
    job = zerosec(
        "run", "optimal-design", str(data), "--runs", "34", "--model", "quadratic", "--effort", "thorough",
        "--out", "stopped", "--detach", "--json",
    ).json["job_id"]  # fmt: skip

    asked = zerosec("finish", job, "--json")
    done = zerosec("watch", job, "--out", "stopped", "--json")

    assert asked.code == 0, asked.err
    assert done.json["status"] == "succeeded", done.out
    assert "finished_early" in {warning["code"] for warning in done.json["warnings"]}
    with (Path(done.json["out"]) / "tables" / "design.csv").open(encoding="utf-8") as file:
        _, *rows = csv.reader(file)
    x = np.array(rows, dtype=float)
    pairs = [x[:, i] * x[:, j] for i, j in itertools.combinations(range(6), 2)]
    X = np.column_stack([np.ones(34), x, *pairs, x**2])
    assert {tuple(row) for row in x.tolist()} <= set(points)
    assert done.json["metrics"]["d_efficiency"] == pytest.approx(
        np.exp(np.linalg.slogdet(X.T @ X / 34)[1] / 28), rel=1e-9
    )

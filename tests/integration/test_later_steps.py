"""A model is built, looked at, and then used: prediction as a later step of the same run, from the command line and over HTTP."""

import csv
import math
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from tests.api_calls import connect
from tests.command import Command
from tests.conftest import RunningServer
from tests.step_calls import plan, status_of


@pytest.fixture(scope="module")
def api(shared_server: RunningServer) -> Iterator[httpx2.Client]:
    with connect(shared_server) as client:
        yield client


@pytest.fixture(scope="module")
def zerosec(shared_server: RunningServer, tmp_path_factory: pytest.TempPathFactory) -> Command:
    folder = tmp_path_factory.mktemp("client")
    return Command(folder, url=shared_server.url, token=shared_server.token)


def table(path: Path, rows: range, *, target: bool) -> Path:
    """One number that follows from another, and what is only carried along."""
    head = ["name", "x", *(["y"] if target else [])]
    lines = [[f"r{at}", at / 10, *([2 + math.sin(at) / 5 + at / 10] if target else [])] for at in rows]
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([head, *lines])
    return path


@pytest.fixture(scope="module")
def run(zerosec: Command, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A run whose model is there: what `zerosec run` begins with is the building alone."""
    folder = tmp_path_factory.mktemp("model")
    data = table(folder / "measured.csv", range(60), target=True)
    settings = ("--target", "y", "--features", "x", "--models", "linear", "--shap-rows", "0")
    built = zerosec("run", "nonlinear", str(data), *settings, "--out", str(folder / "out"), "--json")
    assert built.code == 0, built.err
    return str(built.json["run_id"])


def test_a_model_is_used_in_its_own_run_and_the_rows_become_the_runs(
    zerosec: Command, api: httpx2.Client, run: str, tmp_path: Path
) -> None:
    rows = table(tmp_path / "wanted.csv", range(70), target=False)

    done = zerosec("steps", run, "run", "prediction", str(rows), "--out", str(tmp_path / "out"), "--json")
    again = zerosec("steps", run, "run", "prediction", "--set", "flagged=leave_out", "--json")

    assert (done.code, done.json["metrics"]["n_rows"]) == (0, 70)
    with (tmp_path / "out" / "predictions.csv").open(encoding="utf-8-sig") as file:
        found = list(csv.DictReader(file))
    assert len(found) == 70
    assert float(found[10]["predicted y"]) == pytest.approx(3, abs=0.3)
    assert "out_of_range" in found[-1]["flags"]
    assert (again.code, again.json["metrics"]["n_rows"]) == (0, 70)
    known = {slot.slot: slot.choices[0] for slot in plan(api, run, "prediction").inputs if slot.choices}
    assert [file.name for file in known["rows"].files] == ["wanted.csv"]
    assert known["model"].step == "build"
    assert [step.step for step in status_of(api, run).steps if step.included] == ["build"]


def test_without_rows_it_is_said_what_is_missing(
    zerosec: Command, api: httpx2.Client, tmp_path: Path
) -> None:
    data = table(tmp_path / "measured.csv", range(30), target=True)
    settings = ("--target", "y", "--features", "x", "--models", "linear", "--shap-rows", "0")
    built = zerosec("run", "nonlinear", str(data), *settings, "--out", str(tmp_path / "o"), "--json")

    refused = zerosec("steps", built.json["run_id"], "run", "prediction")
    unknown = zerosec("steps", built.json["run_id"], "run", "prediction", "--input", f"row={data}")
    none = zerosec("steps", built.json["run_id"], "run", "prediction", str(tmp_path / "no.csv"))

    assert refused.code != 0
    assert "“Rows to predict” needs a file" in refused.err
    assert "has no input “row”" in unknown.err
    assert "It has: rows, model, own_profile." in unknown.err
    assert "There is no file" in none.err


def test_a_repeated_model_makes_its_predictions_stale(
    zerosec: Command, api: httpx2.Client, run: str, tmp_path: Path
) -> None:
    rows = table(tmp_path / "wanted.csv", range(5), target=False)
    assert zerosec("steps", run, "run", "prediction", str(rows)).code == 0

    assert zerosec("steps", run, "run", "build", "--set", "seed=2").code == 0

    stale = {step.step: step.stale for step in status_of(api, run).steps}
    assert stale["prediction"] == ("source_repeated",)
    assert stale["build"] == ()

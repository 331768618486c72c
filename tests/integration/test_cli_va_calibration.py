"""Verbal-autopsy calibration by its users' own ways: the command, a synchronous request, and a watched job."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import polars as pl
import pytest
from tests.api_calls import connect, job_request, store_file
from tests.command import Command
from tests.conftest import ROOT, RunningServer

from zerosec_shared.runs import JobState

EXAMPLE = str(ROOT / "examples" / "comsa_mozambique_neonate.csv")
FILES = ("--eava", EXAMPLE, "--insilicova", EXAMPLE, "--interva", EXAMPLE)
WHO = ("--age-group", "neonate", "--country", "Mozambique")


@pytest.fixture
def zerosec(tmp_path: Path, shared_server: RunningServer) -> Command:
    return Command(tmp_path / "client", data_dir=shared_server.data_dir)


def test_the_command_brings_summary_matrices_draws_and_report(tmp_path: Path, zerosec: Command) -> None:
    done = zerosec("run", "va-calibration", *WHO, *FILES, "--seed", "1", "--out", "out", "--json")

    assert done.code == 0, done.err
    assert done.json["status"] == "succeeded"
    out = Path(done.json["out"])
    with (out / "calibration_summary.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == [
        "algorithm",
        "cause",
        "uncalibrated",
        "calibrated_mean",
        "calibrated_lower",
        "calibrated_upper",
        "calibrated",
    ]
    assert [row["algorithm"] for row in rows[::6]] == ["eava", "insilicova", "interva", "ensemble"]
    by_cause = {row["cause"]: row for row in rows if row["algorithm"] == "ensemble"}
    assert float(by_cause["sepsis_meningitis_inf"]["calibrated_mean"]) == pytest.approx(0.5906, abs=0.012)
    assert by_cause["other"]["calibrated"] == "no"
    assert by_cause["other"]["calibrated_mean"] == by_cause["other"]["uncalibrated"]
    draws = pl.read_parquet(out / "posterior_draws.parquet")
    assert draws.columns[:4] == ["algorithm", "chain", "draw", "congenital_malformation"]
    assert draws.height == 4 * 4 * 3000
    for name in ("misclassification_matrix.csv", "report.html", "report.ja.html", "cause_mapping.csv"):
        assert (out / name).stat().st_size > 500
    assert "unspecified_eava" in {warning["code"] for warning in done.json["warnings"]}


def test_fixed_and_no_path_correction_are_plain_options(zerosec: Command) -> None:
    done = zerosec(
        "run", "va-calibration", *WHO, "--eava", EXAMPLE, "--fixed", "--no-path-correction", "--out", "out", "--json"
    )  # fmt: skip

    assert done.code == 0, done.err
    assert "shrinkage_eava" not in done.json["metrics"]


@pytest.mark.parametrize("missing", ["--age-group", "--country"])
def test_age_group_and_country_are_asked_for(zerosec: Command, missing: str) -> None:
    words = list(WHO)
    place = words.index(missing)
    del words[place : place + 2]

    done = zerosec("run", "va-calibration", *words, "--eava", EXAMPLE, "--out", "out")

    assert done.code == 2
    assert missing in done.err


def test_without_an_algorithm_the_job_says_what_is_needed(zerosec: Command) -> None:
    done = zerosec("run", "va-calibration", *WHO, "--out", "out", "--json")

    assert done.code == 1
    assert done.json["failure"]["title"] == "No algorithm's causes were given."


@pytest.fixture
def api(shared_server: RunningServer) -> Iterator[httpx2.Client]:
    with connect(shared_server) as client:
        yield client


def order(api: httpx2.Client, **parameters: object) -> dict[str, Any]:
    stored = store_file(api, Path(EXAMPLE).read_bytes(), "comsa.csv")
    given = {"age_group": "neonate", "country": "Mozambique", **parameters}
    request = job_request("va-calibration", "neonates", **given)
    request["run"]["inputs"] = {slot: [stored] for slot in ("eava", "insilicova", "interva")}
    return request


def test_a_request_that_waits_is_answered_with_the_end(api: httpx2.Client) -> None:
    request = order(api)

    answer = api.post("jobs", json=request, headers={"Prefer": "wait=60"})

    assert answer.status_code == 201, answer.text
    assert answer.headers["preference-applied"] == "wait=60"
    assert answer.json()["status"] == "succeeded"
    result = api.get(f"runs/{request['run']['id']}/results").text
    assert "sepsis_meningitis_inf" in result
    assert "モザンビーク" in result


def test_a_queued_job_tells_stages_and_log_while_it_goes_on(api: httpx2.Client) -> None:
    request = order(api, draws=1000, seed=7)

    seen = api.post("jobs", json=request)
    while not JobState.model_validate_json(seen.content).status.terminal:
        known = {"If-None-Match": seen.headers["etag"], "Prefer": "wait=60"}
        seen = api.get(f"jobs/{request['id']}/status", headers=known)

    assert seen.json()["status"] == "succeeded"
    said = api.get(f"jobs/{request['id']}/events").text
    for each in ("Sampling", "EAVA: 940 of 1,190 deaths in comsa.csv are used.", "Ensemble: largest R-hat"):
        assert each in said


def test_names_that_must_be_decided_are_shown_before_a_run(tmp_path: Path, zerosec: Command) -> None:
    data = tmp_path / "a.csv"
    data.write_text("cause,deaths\nSepsis,30\nPneumonia,20\nEvil eye,4\n", encoding="utf-8")

    done = zerosec("preview", "va-calibration", "--age-group", "neonate", "--eava", str(data))

    assert done.code == 1, done.err
    assert "Evil eye" in done.out
    assert "sepsis_meningitis_inf" in done.out
    assert "leave out" in done.out + done.err

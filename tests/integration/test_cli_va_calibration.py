"""Verbal-autopsy calibration by its users' own ways: the command, a synchronous request, and a watched job."""

import csv
from pathlib import Path

import polars as pl
import pytest
from tests.command import Command
from tests.conftest import ROOT, RunningServer

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

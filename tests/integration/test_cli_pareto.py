"""The Pareto choice by the command: objectives, limits and nested settings as plain options, everything in the folder."""

from pathlib import Path

import polars as pl
import pytest
from tests.command import Command
from tests.conftest import ROOT, RunningServer

PENGUINS = str(ROOT / "examples" / "penguins.csv")


@pytest.fixture
def zerosec(tmp_path: Path, shared_server: RunningServer) -> Command:
    return Command(tmp_path / "client", data_dir=shared_server.data_dir)


def test_the_command_brings_the_set_and_what_became_of_every_row(zerosec: Command) -> None:
    done = zerosec(
        "run", "pareto", PENGUINS, "--minimise", "body_mass_g", "--maximise", "bill_length_mm",
        "--wanted", "flipper_length_mm=200", "--limits", "body_mass_g < 5000; year >= 2008",
        "--weights", "body_mass_g=2", "--spread", "body_mass_g=50", "--draws", "100", "--seed", "1", "--out", "out", "--json",
    )  # fmt: skip

    assert done.code == 0, done.err
    out = Path(done.json["out"])
    front = pl.read_csv(out / "tables" / "pareto_only.csv")
    rows = pl.read_parquet(out / "tables" / "all_rows.parquet")
    assert done.json["metrics"]["n_front"] == front.height == (rows["pareto_status"] == "pareto").sum()
    assert rows.height == pl.read_csv(PENGUINS).height
    assert front["body_mass_g"].max() < 5000
    assert {"objective_missing", "membership_assumption"} <= {one["code"] for one in done.json["warnings"]}
    for name in ("pareto.xlsx", "pareto.ja.xlsx", "report.html", "report.ja.html"):
        assert (out / name).stat().st_size > 3000


def test_where_no_row_is_left_the_limits_are_told(zerosec: Command) -> None:
    done = zerosec(
        "run", "pareto", PENGUINS, "--minimise", "body_mass_g,bill_length_mm", "--limits", "body_mass_g < 10",
        "--out", "out", "--json",
    )  # fmt: skip

    assert done.code != 0
    assert "“body_mass_g < 10” excludes" in done.out + done.err


def test_the_choice_goes_on_in_the_run_of_the_model_from_its_predictions(
    zerosec: Command, tmp_path: Path
) -> None:
    x = [at / 10 for at in range(60)]
    measured, new = tmp_path / "measured.csv", tmp_path / "new.csv"
    pl.DataFrame({"x": x, "cost": [2 + one + (one * 7 % 1) / 5 for one in x], "gain": [3 * one - (one * 11 % 1) / 5 for one in x]}).write_csv(measured)  # fmt: skip
    pl.DataFrame({"x": [0.5, 1.5, 2.5]}).write_csv(new)
    settings = ("--target", "cost,gain", "--features", "x", "--models", "linear", "--shap-rows", "0")
    built = zerosec("run", "nonlinear", str(measured), *settings, "--out", "model", "--json")
    assert built.code == 0, built.err
    predicted = zerosec("steps", built.json["run_id"], "run", "prediction", str(new), "--json")
    assert predicted.code == 0, predicted.err

    done = zerosec(
        "steps", built.json["run_id"], "run", "pareto", "--set", 'minimise=["cost"]', "--set", 'maximise=["gain"]',
        "--out", "chosen", "--json",
    )  # fmt: skip

    assert done.code == 0, done.err
    assert done.json["metrics"]["n_front"] == 3
    assert {"predicted_column", "membership_assumption"} <= {one["code"] for one in done.json["warnings"]}
    front = pl.read_csv(zerosec.client_dir.parent / "chosen" / "tables" / "pareto_only.csv")
    assert {"x", "predicted cost", "predicted gain", "pareto_probability"} <= set(front.columns)

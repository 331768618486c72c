"""The combination table as its users make it: by the command, against a real server."""

from pathlib import Path

import polars as pl
import pytest
from tests.command import Command
from tests.conftest import ROOT, RunningServer

SHEET = str(ROOT / "examples" / "deburring_parameters.xlsx")


@pytest.fixture
def zerosec(tmp_path: Path, shared_server: RunningServer) -> Command:
    return Command(tmp_path / "client", data_dir=shared_server.data_dir)


def test_a_parameter_sheet_becomes_a_table(tmp_path: Path, zerosec: Command) -> None:
    done = zerosec(
        "run",
        "combinations",
        SHEET,
        "--profile",
        "deburring",
        "--forbidden",
        "切込量 × パス数 ＞ 1.2",
        "--out",
        "out",
        "--json",
    )

    assert done.code == 0, done.err
    assert done.json["metrics"] == {"combinations": 25_200, "columns": 11, "left_out": 1_800}
    table = pl.read_parquet(tmp_path / "out" / "tables" / "combinations.parquet")
    assert table.height == 25_200
    assert table.equals(pl.read_csv(tmp_path / "out" / "tables" / "combinations.csv"))


def test_the_number_is_told_before_anything_is_made(zerosec: Command) -> None:
    done = zerosec("preview", "combinations", SHEET, "--profile", "deburring")

    assert done.code == 0, done.err
    assert done.out.startswith("27,000 combinations of 11 columns.")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--variables", "x=3 to 1 by 1"), "The variable “x”: the smallest value 3 is above the largest 1."),
        (("--variables", "x=1 to 3 by 0"), "The variable “x”: the step is 0; it must be above zero."),
        (
            tuple(word for i in range(6) for word in ("--variables", f"x{i}=1 to 100 by 1")),
            "That makes 1,000,000,000,000 combinations; at most 50,000,000 are made.",
        ),
        (("--variables", "x=1;2", "--keep", "y > 1"), "There is no column “y”; there is: x."),
        ((), "There is no variable yet."),
    ],
)
def test_what_cannot_be_made_is_said_in_a_sentence(
    tmp_path: Path, zerosec: Command, words: tuple[str, ...], sentence: str
) -> None:
    done = zerosec("run", "combinations", *words, "--out", "out", "--json")

    assert done.code != 0
    failure = done.json["failure"]
    assert sentence in f"{failure['title']} {failure['detail']}"
    assert not list((tmp_path / "out").rglob("*.parquet"))


def test_a_large_table_is_cancelled_while_it_is_written(tmp_path: Path, zerosec: Command) -> None:
    variables = [word for i in range(7) for word in ("--variables", f"x{i}=1 to 10 by 1")]
    started = zerosec(
        "run", "combinations", *variables, "--excel", "--detach", "--out", "out", "--json"
    ).json["job_id"]
    watching = zerosec.start("watch", started)
    assert watching.stderr is not None
    while "combinations" not in watching.stderr.readline():
        assert watching.poll() is None

    cancelled = zerosec("cancel", started)

    out, err = watching.communicate(timeout=60)
    assert cancelled.code == 0, cancelled.err
    assert "ancelled" in out + err
    jobs = {job["id"]: job["status"] for job in zerosec("jobs", "--json").json["jobs"]}
    assert jobs[started] == "cancelled"
    assert not list((tmp_path / "out").rglob("combinations*"))

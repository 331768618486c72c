"""The prediction database: what was predicted in any run is listed, and exported as one table that says where each row is from."""

import csv
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from tests.command import Command
from tests.conftest import RunningServer

from zerosec_shared.ids import new_id

TABLES = {
    "plain.csv": "x,name\n1,=first\n2,-second\n3,\n",
    "dated.csv": "x,run_id,day,ok\n4,A,2025-10-29,true\n5,B,2025-10-30,false\n",
}


@dataclass
class Predicted:
    """A model's run, two predictions in it (newest first), and one by its model file in a run of its own."""

    zerosec: Command
    model_run: str
    inside: list[str]
    own_run: str
    own: str


@pytest.fixture(scope="module")
def made(shared_server: RunningServer, tmp_path_factory: pytest.TempPathFactory) -> Predicted:
    folder = tmp_path_factory.mktemp("predictions")
    zerosec = Command(folder / "client", url=shared_server.url, token=shared_server.token)
    data = folder / "measured.csv"
    data.write_text("x,y\n" + "".join(f"{at / 3},{2 + at / 3 + (at % 3) / 10}\n" for at in range(30)))
    settings = ("--target", "y", "--features", "x", "--models", "linear", "--shap-rows", "0")
    built = zerosec("run", "nonlinear", str(data), *settings, "--out", str(folder / "model"), "--json")
    assert built.code == 0, built.err
    run, inside = str(built.json["run_id"]), []
    for name, text in TABLES.items():
        (folder / name).write_text(text)
        done = zerosec("steps", run, "run", "prediction", str(folder / name), "--json")
        assert done.code == 0, done.err
        inside.insert(0, str(done.json["job_id"]))
    rows, model = str(folder / "plain.csv"), str(folder / "model" / "model.zip")
    own = zerosec("run", "prediction", rows, "--model", model, "--out", str(folder / "p"), "--json")
    assert own.code == 0, own.err
    return Predicted(zerosec, run, inside, str(own.json["run_id"]), str(own.json["job_id"]))


def test_every_prediction_is_listed_with_its_model_and_table(made: Predicted) -> None:
    listed = made.zerosec("predictions", "--json").json["predictions"]

    known = {one["job_id"]: one for one in listed}
    mine = [known[job_id] for job_id in (made.own, *made.inside)]
    assert [one["rows_file"] for one in mine] == ["plain.csv", "dated.csv", "plain.csv"]
    assert [one["rows"] for one in mine] == [3, 2, 3]
    assert [one["run_id"] for one in mine] == [made.own_run, made.model_run, made.model_run]
    assert {one["model_run_id"] for one in mine} == {made.model_run}
    assert {tuple(one["targets"]) for one in mine} == {("y",)}
    assert [job_id for job_id in known if job_id in {made.own, *made.inside}] == [made.own, *made.inside]


def test_predictions_of_different_columns_are_one_table(made: Predicted, tmp_path: Path) -> None:
    target = tmp_path / "all.csv"

    done = made.zerosec("predictions", "export", made.model_run, "--out", str(target), "--json")

    assert (done.code, done.json["rows"], done.json["predictions"]) == (0, 5, made.inside)
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")
    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["prediction_id"] for row in rows] == [made.inside[0]] * 2 + [made.inside[1]] * 3
    assert {row["run_id"] for row in rows} == {made.model_run}
    assert [row["x"] for row in rows] == ["4", "5", "1", "2", "3"]
    assert [row["run_id (table)"] for row in rows] == ["A", "B", "", "", ""]
    assert [row["name"] for row in rows] == ["", "", "'=first", "'-second", ""]
    assert all(float(row["y from"]) < float(row["predicted y"]) < float(row["y to"]) for row in rows)


def test_the_same_table_as_parquet_and_excel_workbook_keeps_its_types(
    made: Predicted, tmp_path: Path
) -> None:
    for name in ("all.parquet", "all.xlsx"):
        words = ("predictions", "export", *made.inside, "--out", str(tmp_path / name))
        assert made.zerosec(*words).code == 0

    parquet = pl.read_parquet(tmp_path / "all.parquet")
    sheet = pl.read_excel(tmp_path / "all.xlsx", schema_overrides={"day": pl.Date})
    assert parquet.columns == sheet.columns
    assert parquet["day"].to_list() == sheet["day"].to_list()
    assert parquet["ok"].to_list() == sheet["ok"].to_list() == [True, False, None, None, None]
    assert parquet["predicted y"].to_list() == pytest.approx(sheet["predicted y"].to_list(), abs=0)
    assert parquet["name"].to_list() == [None, None, "=first", "-second", None]
    age = datetime.now(UTC).replace(tzinfo=None) - sheet["predicted_at_utc"][0]
    assert timedelta(0) <= age + timedelta(seconds=1) < timedelta(days=1)


def test_what_cannot_be_exported_is_said(made: Predicted, tmp_path: Path) -> None:
    project = made.zerosec("projects", "create", f"Empty {new_id()}", "--profile", "deburring", "--json").json

    none = made.zerosec("predictions", "--project", project["id"])
    nothing = made.zerosec(
        "predictions", "export", "--project", project["id"], "--out", str(tmp_path / "a.csv")
    )
    unknown = made.zerosec("predictions", "export", str(new_id()), "--out", str(tmp_path / "a.csv"))
    ending = made.zerosec("predictions", "export", "--out", str(tmp_path / "a.txt"))
    cleaned = made.zerosec("steps", made.own_run, "clean")
    after = {one["job_id"]: one for one in made.zerosec("predictions", "--json").json["predictions"]}
    gone = made.zerosec("predictions", "export", made.own, "--out", str(tmp_path / "a.csv"))
    rest = made.zerosec("predictions", "export", "--out", str(tmp_path / "rest.parquet"), "--json")

    assert "There is no prediction yet" in none.out
    assert "There is no prediction to export" in nothing.err
    assert "There is no prediction" in unknown.err
    assert ".parquet, .csv, .xlsx" in ending.err
    assert cleaned.code == 0, cleaned.err
    assert (after[made.own]["cleaned"], after[made.own]["rows"]) == (True, 3)
    assert "were cleaned" in gone.err
    assert not (tmp_path / "a.csv").exists()
    assert made.own in rest.json["cleaned"]
    assert set(made.inside) <= set(rest.json["predictions"])

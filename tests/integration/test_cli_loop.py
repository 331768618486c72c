"""The daily work in a terminal: parameter sheet, candidates, design, lab sheet, results, model; the server restarts in the middle."""

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from tests.command import Command
from tests.conftest import ROOT, share_compilations

SHEET = str(ROOT / "examples" / "deburring_parameters.xlsx")
RUNS = 16
FACTORS = ["回転速度", "送り速度", "切込量", "突出量"]


@pytest.fixture
def zerosec(tmp_path: Path) -> Iterator[Command]:
    share_compilations(tmp_path / "data")
    command = Command(tmp_path / "client", data_dir=tmp_path / "data")
    yield command
    assert command("server", "stop").code == 0


def filled(sheet: Path) -> None:
    """What the laboratory writes: wear grows with speed and depth of cut, and has a little noise."""
    book = openpyxl.load_workbook(sheet)
    page = book.active
    assert page is not None
    place = {cell.value: cell.column for cell in page[1]}
    for row in range(2, RUNS + 2):
        speed = float(page.cell(row, place["回転速度"]).value)  # type: ignore[arg-type]
        depth = float(page.cell(row, place["切込量"]).value)  # type: ignore[arg-type]
        wear = 0.02 + speed / 50_000 + 0.3 * depth + 0.001 * ((row * 7) % 5)
        page.cell(row, place["摩耗量"]).value = round(wear, 4)
        page.cell(row, place["実験日"]).value = f"2026/11/{row:02d}"
    book.save(sheet)
    book.close()


def test_from_the_parameter_sheet_to_a_model(tmp_path: Path, zerosec: Command) -> None:
    made = zerosec("run", "combinations", SHEET, "--profile", "deburring", "--out", "candidates", "--json")
    assert made.json["metrics"]["combinations"] == 27_000
    candidates = str(tmp_path / "candidates" / "tables" / "combinations.csv")

    submitted = zerosec(
        "run", "optimal-design", candidates, "--runs", str(RUNS), "--criterion", "D", "--model", "main",
        "--effort", "quick", "--out", "design", "--detach", "--json",
    )  # fmt: skip
    assert submitted.code == 0, submitted.err
    assert zerosec("server", "stop", "--json").json["stopped"]
    resumed = zerosec("resume", "--wait", "--json")
    assert resumed.code == 0, resumed.err
    design = tmp_path / "design" / "tables" / "design.csv"
    runs = pl.read_csv(design)
    assert runs.height == RUNS
    assert (runs.select("A13", "A11", "A21", "A32").sum_horizontal() == 1).all()

    project = zerosec("projects", "create", "ブラシ", "--profile", "deburring", "--json").json["id"]
    sheet = zerosec(
        "results", "lab-sheet", "ブラシ", str(design), "--out", "実験リスト.xlsx", "--criterion", "D",
        "--given", "直径=15", "--given", "材料=Steel", "--given", "線材本数=6", "--json",
    )  # fmt: skip
    assert sheet.code == 0, sheet.err
    filled(Path(sheet.json["file"]))

    shown = zerosec("results", "import", project, sheet.json["file"], "--json").json
    assert shown["counts"] == {"new": RUNS, "changed": 0, "identical": 0, "rejected": 0}
    assert zerosec("server", "stop", "--json").json["stopped"]
    taken = zerosec("results", "import", project, sheet.json["file"], "--yes", "--json").json
    assert taken["imported"]["new"] == RUNS
    exported = zerosec("results", "export", project, "--out", "結果.csv", "--json").json
    assert exported["rows"] == RUNS

    model = zerosec(
        "run", "linear", exported["file"], "--target", "摩耗量", "--terms", " + ".join(FACTORS), "--out", "model", "--json",
    )  # fmt: skip
    assert model.code == 0, model.err
    assert model.json["metrics"]["r2_cross_validated"] > 0.9

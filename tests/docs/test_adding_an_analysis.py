"""The guide to adding an analysis is true: its own example is taken from the page and run through server and client."""

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.api_calls import connect
from tests.command import Command
from tests.conftest import ROOT, RunningServer

from zerosec_analyses.untranslated import flaws
from zerosec_shared.texts import texts_of

PAGE = ROOT / "docs" / "adding-an-analysis.md"


def write_example(folder: Path) -> None:
    """Lay out the files that the page shows."""
    blocks = re.findall(
        r"<!-- file: (\S+) -->\n```(?:python|toml)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL
    )
    assert [name for name, _ in blocks] == [
        "column_means/spec.py",
        "column_means/method.py",
        "column_means/texts/ja.toml",
    ]
    more = re.findall(
        r"<!-- append: (\S+) -->\n```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL
    )
    for name, text in blocks:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "".join(added for to, added in more if to == name), encoding="utf-8")
    (folder / "column_means" / "__init__.py").write_text("")


def test_the_example_of_the_page_runs_as_it_stands(
    tmp_path: Path, server_factory: Callable[..., RunningServer]
) -> None:
    write_example(tmp_path)
    data = tmp_path / "data.csv"
    data.write_text("x1,x2\n1,10\n2,\n3,30\n6,50\n", encoding="utf-8")
    server = server_factory(
        analysis_spec_modules=json.dumps(["column_means.spec"]), extra_python_path=str(tmp_path)
    )

    command = Command(tmp_path / "client", data_dir=server.data_dir)

    foreseen = command("preview", "column-means", str(data), "--columns", "x2", "--columns", "x9", "--json")

    assert foreseen.code == 0, foreseen.err
    assert foreseen.json["result"]["views"][0]["rows"] == [["x2", 1]]
    assert foreseen.json["result"]["warnings"][0]["message"] == "There is no column “x9” in data.csv."

    columns = ("--columns", "x1", "--columns", "x2")
    ended = command("run", "column-means", str(data), *columns, "--out", str(tmp_path / "out"), "--json")

    assert ended.code == 0, ended.out + ended.err
    answer = ended.json
    assert answer["status"] == "succeeded"
    assert answer["metrics"]["columns"] == 2
    assert "1 row has no value in x2 and was left out of its mean." in json.dumps(answer["warnings"])
    means = (tmp_path / "out" / "tables" / "means.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(means.splitlines()))
    with connect(server) as api:
        told = api.get(f"jobs/{answer['job_id']}").json()["result"]["warnings"]
    translations = [warning["translations"]["ja"] for warning in told]
    assert {
        "1 row has no value in x2 and was left out of its mean.": "x2 の値がない 1 行を、その平均から除きました。"
    } in translations
    assert [(r["column"], r["n"], float(r["mean"])) for r in rows] == [("x1", "4", 3.0), ("x2", "3", 30.0)]
    half_width_of_x1 = 3.43743  # Student t(0.975, 3) times s = 2.16025 over the root of 4
    assert abs(float(rows[0]["ci_high"]) - 3 - half_width_of_x1) < 1e-4


def test_the_example_of_the_page_has_all_its_texts_in_japanese(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_example(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))

    assert flaws("column_means", texts_of("zerosec_analyses", "zerosec_shared")) == []

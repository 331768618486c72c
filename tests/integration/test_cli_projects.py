"""`zerosec projects` and `zerosec results` against a real server: the whole way of a results file."""

import sqlite3
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest
from tests.command import Command
from tests.conftest import RunningServer

from zerosec_shared.ids import new_id

COLUMNS = "実験日,摩耗量,回転速度,送り速度,回転方向,切込み量,突出し量,載せ率,パス数,ブラシ,直径,材料,線材本数"
ROWS = (
    "2025/10/29,0.12,3000,400,1,0.5,10,50,2,1,25,Steel,6",
    "2025年10月30日,0.15,3000,500,1,0.5,10,50,2,4,15,Steel,6",
)
BAD = "2025/10/31,多い,3000,600,1,0.5,10,50,2,1,25,Steel,6"


@pytest.fixture
def zerosec(tmp_path: Path, shared_server: RunningServer) -> Command:
    return Command(tmp_path / "client", data_dir=shared_server.data_dir)


@pytest.fixture
def project(zerosec: Command) -> str:
    made = zerosec("projects", "create", f"Brushes {new_id()}", "--profile", "deburring", "--json")
    assert made.code == 0, made.err
    return str(made.json["id"])


def sheet(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "結果.csv"
    path.write_bytes("\r\n".join([COLUMNS, *rows, ""]).encode("cp932"))
    return path


def test_a_file_is_shown_first_and_imported_when_asked(
    tmp_path: Path, zerosec: Command, project: str
) -> None:
    path = sheet(tmp_path, *ROWS, BAD)

    shown = zerosec("results", "import", project, str(path), "--json").json
    listed = zerosec("results", "imports", project, "--json").json["imports"]
    done = zerosec("results", "import", project, str(path), "--yes", "--json").json

    assert shown["counts"] == {"new": 2, "changed": 0, "identical": 0, "rejected": 1}
    rejected = next(entry for entry in shown["entries"] if entry["kind"] == "rejected")
    assert (rejected["rows"], rejected["column"], "多い" in rejected["reason"]) == ([4], "摩耗量", True)
    assert (shown["imported"], listed) == (None, [])
    assert done["imported"]["new"] == 2


def test_an_import_is_taken_back_and_a_backup_restored(
    tmp_path: Path, zerosec: Command, project: str
) -> None:
    done = zerosec("results", "import", project, str(sheet(tmp_path, *ROWS)), "--yes", "--json").json
    backup = zerosec("results", "backup", project, "--json").json["id"]

    undone = zerosec("results", "undo", project, done["imported"]["id"], "--json")
    empty = zerosec("results", "export", project, "--out", "empty.csv", "--json").json
    restored = zerosec("results", "restore", project, backup, "--json").json

    assert undone.code == 0
    assert (empty["rows"], restored["experiments"]) == (0, 2)


@pytest.mark.parametrize("name", ["all.csv", "全部.xlsx"])
def test_what_is_exported_reads_back_the_same(
    tmp_path: Path, zerosec: Command, project: str, name: str
) -> None:
    zerosec("results", "import", project, str(sheet(tmp_path, *ROWS)), "--yes")

    told = zerosec("results", "export", project, "--out", name, "--json").json
    again = zerosec("results", "import", project, told["file"], "--json").json

    assert told["rows"] == 2
    assert again["counts"] == {"new": 0, "changed": 0, "identical": 2, "rejected": 0}
    assert zerosec("results", "export", project, "--out", name).code == 2


def test_an_older_database_comes_in_too(tmp_path: Path, zerosec: Command, project: str) -> None:
    path = tmp_path / "results.db"
    names = COLUMNS.split(",")
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"CREATE TABLE main_results (id INTEGER PRIMARY KEY, {', '.join(map(repr, names))})")
        row = ["2025-10-29 00:00:00", *ROWS[0].split(",")[1:]]
        database.execute(f"INSERT INTO main_results VALUES (1, {', '.join('?' * len(row))})", row)
        database.commit()

    done = zerosec("results", "import", project, str(path), "--yes", "--json").json

    assert done["counts"]["new"] == 1


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("results", "import", "nowhere", "x.csv"), 2, "no project"),
        (("projects", "create", "x", "--profile", "nothing.toml"), 5, "cannot be read"),
        (("results",), 2, "ACTION"),
    ],
)
def test_what_cannot_be_done_is_said(zerosec: Command, words: tuple[str, ...], code: int, said: str) -> None:
    ended = zerosec(*words)

    assert (ended.code, said in ended.err) == (code, True)


def test_a_table_that_holds_no_results_is_refused_with_the_reason(
    tmp_path: Path, zerosec: Command, project: str
) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")

    ended = zerosec("results", "import", project, str(path))

    assert ended.code != 0
    assert "回転速度" in ended.err


def test_exported_excel_is_typed(tmp_path: Path, zerosec: Command, project: str) -> None:
    zerosec("results", "import", project, str(sheet(tmp_path, *ROWS)), "--yes")
    zerosec("results", "export", project, "--out", str(tmp_path / "a.xlsx"))

    frame = pl.read_excel(tmp_path / "a.xlsx", engine="calamine")

    assert frame["摩耗量"].to_list() == [0.12, 0.15]
    assert frame["実験日"].dtype == pl.Date

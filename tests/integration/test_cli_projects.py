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


NOTES = """
format = 1
id = "notes"
version = "1.0.0"
titles = { en = "Notes" }

[[columns]]
name = "part"
role = "categorical"
kind = "text"
required = true
identifies = true

[[columns]]
name = "count"
role = "response"
kind = "integer"

[[columns]]
name = "note"
role = "response"
kind = "text"
"""
TOLD = "part,count,note\n007,-3,=1+1\n010,4,-x\n"


@pytest.fixture
def notes(tmp_path: Path, zerosec: Command) -> str:
    profile, rows = tmp_path / "notes.toml", tmp_path / "notes.csv"
    profile.write_text(NOTES, encoding="utf-8")
    rows.write_text(TOLD, encoding="utf-8")
    project = str(
        zerosec("projects", "create", f"Notes {new_id()}", "--profile", str(profile), "--json").json["id"]
    )
    done = zerosec("results", "import", project, str(rows), "--type", "part=text", "--yes", "--json")
    assert done.json["counts"]["new"] == 2, done.out
    return project


def test_a_csv_is_as_excel_expects_it_and_its_texts_are_no_formulas(
    tmp_path: Path, zerosec: Command, notes: str
) -> None:
    told = zerosec("results", "export", notes, "--out", "notes_out.csv", "--json").json
    again = zerosec("results", "import", notes, told["file"], "--type", "part=text", "--json").json

    raw = Path(told["file"]).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.decode("utf-8-sig").splitlines() == ["part,count,note", "007,-3,'=1+1", "010,4,'-x"]
    assert told["guarded"] == 2
    assert again["counts"] == {"new": 0, "changed": 0, "identical": 2, "rejected": 0}


def test_in_a_workbook_texts_that_look_like_numbers_stay_texts(
    tmp_path: Path, zerosec: Command, notes: str
) -> None:
    zerosec("results", "export", notes, "--out", str(tmp_path / "notes.xlsx"))

    frame = pl.read_excel(tmp_path / "notes.xlsx", engine="calamine")
    assert frame["part"].to_list() == ["007", "010"]
    assert frame["count"].to_list() == [-3, 4]
    assert frame["note"].to_list() == ["=1+1", "-x"]


def test_the_history_holds_what_was_taken_back(tmp_path: Path, zerosec: Command, notes: str) -> None:
    (made,) = zerosec("results", "imports", notes, "--json").json["imports"]
    undone = zerosec("results", "undo", notes, made["id"], "--json").json
    gone = zerosec("results", "export", notes, "--out", "gone.csv", "--json").json

    told = zerosec("results", "history", notes, "--out", "history.csv", "--json").json

    rows = pl.read_csv(told["file"], infer_schema=False)
    assert (gone["rows"], told["changes"], rows.height) == (0, 12, 12)
    assert rows["kind"].to_list() == ["import"] * 6 + ["undo"] * 6
    assert set(rows["import_id"]) == {made["id"], undone["id"]}
    counts = rows.filter(pl.col("column") == "count")
    assert sorted(zip(counts["experiment"], counts["old"], counts["new"], strict=True), key=str) == sorted(
        [
            ("part 007", None, "-3"),
            ("part 010", None, "4"),
            ("part 007", "-3", None),
            ("part 010", "4", None),
        ],
        key=str,
    )


def test_projects_and_results_speak_japanese(
    tmp_path: Path, shared_server: RunningServer, zerosec: Command, notes: str
) -> None:
    japanese = Command(tmp_path / "client", data_dir=shared_server.data_dir, ZEROSEC_LANGUAGE="ja")

    shown = japanese("results", "import", notes, str(tmp_path / "notes.csv"), "--type", "part=text").out
    listed = japanese("results", "imports", notes).out
    status = japanese("server").out

    assert shown.splitlines() == [
        "新規 0、変更 0、同一 2、却下 0",
        "何も変更していません。取り込むには --yes を付けてください。",
    ]
    assert "日時" in listed
    assert "取り込み" in listed
    assert "で動作中" in status


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

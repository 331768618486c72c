"""Reading results: each row as values by the profile's names, or the reason why it cannot be taken."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from zerosec_analyses.results_table.method import run
from zerosec_analyses.results_table.spec import ResultsTableParameters
from zerosec_analyses.sdk import Context, InputError
from zerosec_shared.profiles import shipped_profile, write_profile

PROFILE = write_profile(shipped_profile("deburring")).decode()
HEADER = "実験日,摩耗量,回転速度,送り速度,回転方向,切込み量,突出し量,載せ率,パス数,ブラシ,直径,材料,線材本数"
GOOD = "2025/10/29,0.12,3000,400,1,0.5,10,50,2,1,25,Steel,6"


def read(tmp_path: Path, text: str, **given: str) -> tuple[list[dict[str, Any]], Context]:
    path = tmp_path / "results.csv"
    path.write_text(text, encoding="utf-8")
    return ran(tmp_path, given, data=path)


def ran(tmp_path: Path, given: dict[str, str], **inputs: Path) -> tuple[list[dict[str, Any]], Context]:
    output = tmp_path / "out"
    output.mkdir()
    ctx = Context.for_notebook(output, **inputs)
    run(ctx, ResultsTableParameters(profile=PROFILE, given=given))
    lines = (output / "rows.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines], ctx


def test_columns_in_any_order_under_any_of_their_names_become_values_of_the_profile(tmp_path: Path) -> None:
    (row,), _ = read(tmp_path, f"{HEADER}\n{GOOD}\n")

    values = row["values"]
    assert row["row"] == 2
    assert values["実験日"] == "2025-10-29"
    assert (values["UPカット"], values["切込量"], values["摩耗量"]) == ("1", 0.5, 0.12)
    assert [values[brush] for brush in ("A13", "A11", "A21", "A32")] == [0, 1, 0, 0]
    assert values["加工時間"] == 100 / 400 * 60


def test_one_bad_cell_costs_its_row_and_names_it(tmp_path: Path) -> None:
    bad = GOOD.replace("0.12", "多い")

    rows, ctx = read(tmp_path, f"{HEADER}\n{GOOD}\n{bad}\n")

    assert [row["reason"] == "" for row in rows] == [True, False]
    assert (rows[1]["row"], rows[1]["column"]) == (3, "摩耗量")
    assert "多い" in rows[1]["reason"]
    assert ctx.outcome().result.warnings[0].code == "rows_rejected"


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("25,Steel", "26,Steel", "直径"),
        ("Steel", "Gold", "材料"),
        (",400,", ",,", "送り速度"),
        ("1,0.5", "1,x", "切込み量"),
    ],
)
def test_values_the_profile_does_not_allow_and_missing_settings_are_named(
    tmp_path: Path, old: str, new: str, column: str
) -> None:
    rows, _ = read(tmp_path, f"{HEADER}\n{GOOD}\n{GOOD.replace(old, new)}\n")

    assert rows[0]["reason"] == ""
    assert rows[1]["column"] == column
    assert rows[1]["reason"] != ""


def test_values_of_the_whole_series_fill_the_columns_the_file_lacks(tmp_path: Path) -> None:
    header, good = HEADER.removesuffix(",直径,材料,線材本数"), GOOD.removesuffix(",25,Steel,6")

    (row,), _ = read(tmp_path, f"{header}\n{good}\n", 直径="40", 材料="alumi", 線材本数="6")

    assert (row["values"]["直径"], row["values"]["材料"], row["values"]["線材本数"]) == (40, "Alumi", 6)


def test_settings_nobody_wrote_down_are_told(tmp_path: Path) -> None:
    _, ctx = read(tmp_path, f"{HEADER}\n{GOOD}\n")

    told = [notice.message for notice in ctx.outcome().result.warnings if notice.code == "identity_blank"]
    assert [message for message in told if "線材長" in message]


def test_a_table_without_results_is_refused_and_says_why(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        read(tmp_path, "a,b\n1,2\n")

    assert "回転速度" in refused.value.detail


def older_database(path: Path, statement: str | None = None) -> Path:
    database = sqlite3.connect(path)
    names = ", ".join(f'"{name}"' for name in HEADER.split(","))
    database.execute(statement or f"CREATE TABLE main_results (id INTEGER PRIMARY KEY, {names})")
    if statement is None:
        marks = ", ".join("?" * len(HEADER.split(",")))
        values = ["2025-10-29 00:00:00", 0.12, 3000, 400, 1, 0.5, 10, 50, 2, 1, 25, "Steel", 6]
        database.execute(f"INSERT INTO main_results ({names}) VALUES ({marks})", values)
    database.commit()
    database.close()
    return path


def test_an_older_database_is_read_like_a_table(tmp_path: Path) -> None:
    (row,), _ = ran(tmp_path, {}, database=older_database(tmp_path / "results.db"))

    assert (row["values"]["実験日"], row["values"]["摩耗量"], row["values"]["A11"]) == ("2025-10-29", 0.12, 1)


@pytest.mark.parametrize(
    "statement",
    ["CREATE TABLE other (x)", "CREATE VIEW main_results AS SELECT randomblob(1000000000) AS 摩耗量"],
)
def test_a_database_without_the_table_is_refused(tmp_path: Path, statement: str) -> None:
    with pytest.raises(InputError, match="main_results"):
        ran(tmp_path, {}, database=older_database(tmp_path / "results.db", statement))


def test_a_file_that_is_no_database_or_a_damaged_one_is_refused(tmp_path: Path) -> None:
    no_database, damaged = tmp_path / "a.db", tmp_path / "b.db"
    no_database.write_bytes(b"PK\x03\x04")
    damaged.write_bytes(older_database(tmp_path / "results.db").read_bytes()[:2000])

    for path, words in ((no_database, "no SQLite database"), (damaged, "cannot be read")):
        with pytest.raises(InputError, match=words):
            run(Context.for_notebook(tmp_path, database=path), ResultsTableParameters(profile=PROFILE))


def test_two_files_or_none_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Give one file"):
        run(Context.for_notebook(tmp_path), ResultsTableParameters(profile=PROFILE))


def test_a_line_of_totals_costs_its_own_row_alone(tmp_path: Path) -> None:
    totals = ",0.24,,,,,,,,合計,,,"

    rows, _ = read(tmp_path, f"{HEADER}\n{GOOD}\n{totals}\n")

    assert [row["reason"] == "" for row in rows] == [True, False]
    assert "合計" in rows[1]["reason"]


def test_a_brush_that_is_neither_used_nor_not_costs_its_own_row_alone(tmp_path: Path) -> None:
    header = HEADER.replace("ブラシ", "A13,A11,A21,A32")
    good = GOOD.replace(",2,1,25", ",2,0,1,0,0,25")

    rows, _ = read(tmp_path, f"{header}\n{good}\n{good.replace('0,1,0,0', '0,40,0,0')}\n")

    assert [(row["row"], row["column"]) for row in rows] == [(2, ""), (3, "A11")]


@pytest.mark.parametrize("cell", ["5²", "①", "½", "0.12 mm", "50%", "9007199254740993", "1,234.5.6"])
def test_what_only_looks_like_a_number_is_refused_and_never_another_number(tmp_path: Path, cell: str) -> None:
    bad = GOOD.replace("0.12", f'"{cell}"')

    rows, _ = read(tmp_path, f"{HEADER}\n{GOOD}\n{bad}\n")

    assert rows[0]["values"]["摩耗量"] == 0.12
    assert (rows[1]["row"], rows[1]["column"]) == (3, "摩耗量"), rows[1]


def test_a_whole_number_a_double_would_round_is_refused_even_where_the_whole_column_is_numbers(
    tmp_path: Path,
) -> None:
    rows, _ = read(tmp_path, f"{HEADER}\n{GOOD.replace('0.12', '9007199254740993')}\n")

    assert rows[0]["column"] == "摩耗量"
    assert "more digits" in rows[0]["reason"]


def test_a_derived_value_that_the_file_states_otherwise_is_told(tmp_path: Path) -> None:
    header, right = HEADER.replace("摩耗量", "摩耗量,加工時間"), GOOD.replace("0.12", "0.12,15.0")
    other = right.replace("15.0", "99").replace("3000", "4000")

    rows, ctx = read(tmp_path, f"{header}\n{right}\n{other}\n")

    assert [row["values"]["加工時間"] for row in rows] == [15.0, 15.0]
    told = {warning.code: str(warning.message) for warning in ctx.outcome().result.warnings}
    assert told["derived_differs"].startswith("1 row (row 3) states another 加工時間 than its formula gives")


def test_a_heading_in_the_third_row_of_a_workbook_keeps_rows_and_columns_named_right(tmp_path: Path) -> None:
    path = tmp_path / "results.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("結果")
        sheet.write(0, 0, "ブラシ実験 2025")
        for place, line in enumerate((HEADER, GOOD, GOOD.replace("0.12", "多い")), start=2):
            sheet.write_row(place, 0, [_number(cell) for cell in line.split(",")])
        book.add_worksheet("メモ").write(0, 0, "extra")

    rows, _ = ran(tmp_path, {}, data=path)

    assert [(row["row"], row["column"]) for row in rows] == [(4, ""), (5, "摩耗量")]


@pytest.mark.parametrize("day", ["45959", "令和7年10月29日", "２０２５年１０月２９日", "2025-10-29 00:00:00"])
def test_a_date_is_read_however_it_is_written(tmp_path: Path, day: str) -> None:
    rows, _ = read(
        tmp_path,
        f"{HEADER}\n{GOOD}\n{GOOD.replace('2025/10/29', day)}\n{GOOD.replace('2025/10/29', '十月')}\n",
    )

    assert [row["values"].get("実験日") for row in rows] == ["2025-10-29", "2025-10-29", None]


def _number(cell: str) -> str | float:
    try:
        return float(cell)
    except ValueError:
        return cell

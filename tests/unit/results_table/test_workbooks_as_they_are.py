"""Workbooks as they are kept in a workshop: covers, hidden sheets, merged headings, empty zeros, error cells, totals."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from tests.unit.results_table.test_results_table import ran
from xlsxwriter.worksheet import Worksheet

from zerosec_analyses.sdk import Context, InputError

BRUSHES = ["A13", "A11", "A21", "A32"]
SETTINGS = ["回転速度", "送り速度", "UPカット", "切込量", "突出量", "載せ率", "パス数"]
MEASURED = ["バリ除去", "摩耗量"]
HEADINGS = [*BRUSHES, *SETTINGS, "直径", "材料", "線材長", "線材本数", *MEASURED]
ROWS = [
    [0, 1, 0, 0, 3000, 400, 1, 0.5, 10, 0.5, 2, 25, "Steel", 30, 6, 1, 0.12],
    [0, 0, 1, 0, 2000, 300, 0, 0.3, 10, 0.5, 1, 25, "Steel", 30, 6, 0, 0.1],
]
KEY = {"A13": 0, "A11": 1, "A21": 0, "A32": 0, "回転速度": 3000, "切込量": 0.5, "摩耗量": 0.12}


def table(sheet: Worksheet, top: int = 0, headings: list[str] = HEADINGS, rows: list[Any] = ROWS) -> None:
    for at, cells in enumerate([headings, *rows]):
        sheet.write_row(top + at, 0, cells)


def read(
    tmp_path: Path, fill: Callable[[xlsxwriter.Workbook, Worksheet], None]
) -> tuple[list[dict[str, Any]], Context]:
    path = tmp_path / "results.xlsx"
    with xlsxwriter.Workbook(path) as book:
        fill(book, book.add_worksheet("1枚目"))
    return ran(tmp_path, {}, data=path)


def told(ctx: Context) -> dict[str, str]:
    return {notice.code: notice.message for notice in ctx.outcome().result.warnings}


def test_a_cover_before_the_results_is_read_over_and_said(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        sheet.write_column(0, 0, ["実験報告書", "担当：山田"])
        table(book.add_worksheet("結果"))

    rows, ctx = read(tmp_path, fill)

    assert [row["reason"] for row in rows] == ["", ""]
    assert told(ctx)["sheet"] == "Of 2 sheets “結果” is read."


def test_of_two_sheets_of_results_the_first_is_read_and_the_other_named(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        table(sheet)
        table(book.add_worksheet("11月"), rows=ROWS[:1])

    rows, ctx = read(tmp_path, fill)

    assert len(rows) == 2
    assert "“11月” would do too" in told(ctx)["sheet"]


def test_a_hidden_sheet_is_not_taken_for_the_table(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        table(sheet, rows=ROWS[:1])
        shown = book.add_worksheet("結果")
        table(shown)
        shown.activate()
        shown.set_first_sheet()
        sheet.hide()

    rows, ctx = read(tmp_path, fill)

    assert len(rows) == 2
    assert told(ctx)["sheet"].startswith("Of 2 sheets “結果” is read")


def test_a_heading_over_two_rows_of_merged_cells_is_put_together(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        table(sheet, top=1, headings=[name if name in BRUSHES + MEASURED else "" for name in HEADINGS])
        for at, name in enumerate(HEADINGS):
            if name not in BRUSHES + MEASURED:
                sheet.merge_range(0, at, 1, at, name)
        sheet.merge_range(0, 0, 0, 3, "ブラシ種類")
        sheet.merge_range(0, 15, 0, 16, "測定結果")

    rows, ctx = read(tmp_path, fill)

    assert rows[0]["values"].items() >= KEY.items()
    assert told(ctx)["reading_lines_skipped"].startswith("The column names are taken from rows 1 and 2")


def test_empty_zeros_of_a_choice_make_the_same_experiment(tmp_path: Path) -> None:
    blank = [[cell or None for cell in row[:4]] + row[4:] for row in ROWS]

    rows, ctx = read(tmp_path, lambda _, sheet: table(sheet, rows=blank))

    assert rows[0]["values"].items() >= KEY.items()
    assert "identity_blank" not in told(ctx)


def test_a_row_that_names_no_brush_is_not_taken(tmp_path: Path) -> None:
    without = [ROWS[0], [None] * 4 + ROWS[1][4:]]

    rows, _ = read(tmp_path, lambda _, sheet: table(sheet, rows=without))

    assert [row["reason"] for row in rows] == ["", "There is no value in ブラシ."]


def test_error_cells_and_columns_that_are_not_imported_are_told(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        more = ["criterion", "備考"]  # the first is one of our own lab sheets
        table(sheet, headings=[*HEADINGS, *more], rows=[[*row, "D", "ok"] for row in ROWS])
        sheet.write_formula(1, 16, "=1/0", None, "#DIV/0!")

    rows, ctx = read(tmp_path, fill)

    assert "摩耗量" not in rows[0]["values"]
    assert "1 cell holds an error such as #DIV/0!" in told(ctx)["reading_error_cells"]
    assert told(ctx)["columns_unused"].endswith(": 備考")


def test_a_line_of_means_and_a_line_of_units_cost_themselves_alone(tmp_path: Path) -> None:
    units: list[Any] = [None] * 4 + ["rpm", "mm/min"]

    rows, _ = read(tmp_path, lambda _, sheet: table(sheet, rows=[units, *ROWS, ["平均", *[None] * 15, 0.11]]))

    assert [bool(row["reason"]) for row in rows] == [True, False, False, True]


def test_why_a_workbook_holds_no_results_names_the_sheet_that_was_read(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        table(sheet, headings=["a", *HEADINGS[1:]])
        book.add_worksheet("空")

    with pytest.raises(InputError) as refused:
        read(tmp_path, fill)

    assert "The workbook has 2 sheets; '1枚目' is read." in refused.value.detail

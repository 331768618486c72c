"""The lab sheet: the columns of the laboratory, ready to print, and read back as results when it is filled in."""

import json
from pathlib import Path

import openpyxl
import pytest

from zerosec_analyses.lab_sheet.method import run
from zerosec_analyses.lab_sheet.spec import LabSheetParameters
from zerosec_analyses.results_table.method import run as read_results
from zerosec_analyses.results_table.spec import ResultsTableParameters
from zerosec_analyses.sdk import Context, InputError
from zerosec_shared.profiles import shipped_profile, write_profile

PROFILE = write_profile(shipped_profile("deburring")).decode()
HEADER = "A13,A11,A21,A32,回転速度,送り速度,UPカット,切込量,突出量,載せ率,パス数"
RUNS = ("0,1,0,0,3000,400,1,0.3,10,50,2", "1,0,0,0,1000,800,0,0.1,5,100,1", "0,0,0,1,5000,400,1,0.5,10,50,3")
FACTORS = HEADER.split(",")
RESPONSES = [column.name for column in shipped_profile("deburring").columns if column.role == "response"]


def sheet_of(tmp_path: Path, text: str, **params: object) -> tuple[Path, Context]:
    source = tmp_path / "design.csv"
    source.write_text(text, encoding="utf-8")
    output = tmp_path / "sheet"
    output.mkdir()
    ctx = Context.for_notebook(output, design=source)
    run(ctx, LabSheetParameters.model_validate({"profile": PROFILE, **params}))
    return output / "lab_sheet.xlsx", ctx


def test_the_sheet_has_the_columns_of_the_laboratory_in_their_order(tmp_path: Path) -> None:
    path, _ = sheet_of(
        tmp_path, "\n".join([HEADER, *RUNS]), criterion="D", title="1 & 2", given={"直径": "15"}
    )

    (sheet,) = openpyxl.load_workbook(path).worksheets
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]

    assert rows[0] == ["No.", *FACTORS, "線材長", "criterion", *RESPONSES, "実験日"]
    assert [row[0] for row in rows[1:]] == [1, 2, 3]
    assert rows[1][1:12] == [0, 1, 0, 0, 3000, 400, 1, 0.3, 10, 50, 2]
    assert {row[13] for row in rows[1:]} == {"D"}
    assert all(cell is None for row in rows[1:] for cell in row[14:])
    assert sheet.print_title_rows == "$1:$1"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert "直径 15" in str(sheet.oddHeader.right.text)


def test_a_filled_sheet_is_read_back_as_results(tmp_path: Path) -> None:
    path, _ = sheet_of(tmp_path, "\n".join([HEADER, *RUNS]), criterion="D")
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    for row in (2, 3):
        sheet.cell(row, headings.index("摩耗量") + 1).value = 0.1 * row
        sheet.cell(row, headings.index("線材長") + 1).value = 50
        sheet.cell(row, headings.index("実験日") + 1).value = "2026-11-22"
    filled = tmp_path / "filled.xlsx"
    book.save(filled)
    output = tmp_path / "rows"
    output.mkdir()

    read_results(
        Context.for_notebook(output, data=filled),
        ResultsTableParameters(profile=PROFILE, given={"直径": "15", "材料": "Steel", "線材本数": "6"}),
    )

    rows = [json.loads(line) for line in (output / "rows.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["reason"] for row in rows] == ["", "", ""]
    first = rows[0]["values"]
    assert {name: first[name] for name in ("A11", "回転速度", "切込量", "直径", "摩耗量", "実験日")} == {
        "A11": 1,
        "回転速度": 3000,
        "切込量": 0.3,
        "直径": 15,
        "摩耗量": 0.2,
        "実験日": "2026-11-22",
    }
    assert "摩耗量" not in rows[2]["values"]


def test_brushes_may_stand_as_codes(tmp_path: Path) -> None:
    header = ",".join(["ブラシ", *FACTORS[4:]])

    _, ctx = sheet_of(tmp_path, f"{header}\n4,3000,400,1,0.3,10,50,2\n", given={"直径": "6"})

    (table,) = [view for view in ctx.outcome().result.views if view.id == "lab_sheet"]
    assert table.rows[0][1:5] == (1, 0, 0, 0)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "given", "said"),
    [
        ("a,b\n1,2\n", {}, "no list of runs"),
        (",".join(FACTORS[4:]) + "\n3000,400,1,0.3,10,50,2\n", {}, "do not say which ブラシ"),
        (f"{HEADER}\n{RUNS[1]}\n", {"直径": "25"}, "Run 1 of the design"),
        (f"{HEADER}\n{RUNS[0]}\n", {"直径": "26"}, "The value given for 直径"),
        (f"{HEADER}\n{RUNS[0]}\n", {"温度": "26"}, "no column “温度”"),
    ],
)
def test_what_cannot_be_a_lab_sheet_says_why(
    tmp_path: Path, text: str, given: dict[str, str], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        sheet_of(tmp_path, text, given=given)


def test_runs_that_the_database_would_take_for_one_are_named(tmp_path: Path) -> None:
    _, ctx = sheet_of(tmp_path, "\n".join([HEADER, *RUNS, RUNS[0]]))

    (warning,) = ctx.outcome().result.warnings
    assert warning.code == "repeated_runs"
    assert "The runs 1, 4 have the same settings" in warning.message

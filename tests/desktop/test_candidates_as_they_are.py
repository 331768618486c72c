"""Lists of candidates as they are kept in a workshop: a cover before the list, brushes of which only the 1 is written."""

from pathlib import Path

import xlsxwriter

from zerosec_desktop.screens.experiments.candidate_list import look, make_ready, settings_of
from zerosec_shared.profiles import TablePurpose, shipped_profile

DEBURRING = shipped_profile("deburring")
HEADINGS = (
    "A13", "A11", "A21", "A32", "回転速度(rpm)", "送り速度", "回転方向", "切込み量", "突出し量", "載せ率", "パス数",
)  # fmt: skip


def test_the_sheet_of_candidates_is_found_and_an_empty_brush_is_a_zero(tmp_path: Path) -> None:
    path = tmp_path / "候補.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("表紙").write_column(0, 0, ["実験計画", "担当：山田"])
        sheet = book.add_worksheet("候補")
        sheet.write_row(0, 0, HEADINGS)
        for at in range(4):
            sheet.write(1 + at, at, 1)
            sheet.write_row(1 + at, 4, (1000 + at, 400, 1, 0.3, 5, 50, 1))
        sheet.write_row(5, 4, (1000, 400, 1, 0.3, 5, 50, 1))

    looked = look(path, DEBURRING)
    ready = make_ready(looked, [], {})

    assert looked.found.purpose is TablePurpose.CANDIDATES
    assert (ready.left, ready.blank) == (4, 1)
    assert [row[:5] for row in ready.frame.rows()] == [
        (*(int(brush == at) for brush in range(4)), 1000 + at) for at in range(4)
    ]
    assert settings_of(looked)[2]["A21"] == 1

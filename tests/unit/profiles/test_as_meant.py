"""Numbers with their unit, commas between thousands and marks of a choice are read where that is the only way to read them."""

from pathlib import Path

import polars as pl
import pytest

from zerosec_shared.profiles import (
    RowReader,
    TablePurpose,
    as_meant,
    facts_of,
    read_cell,
    recognise,
    shipped_profile,
    texts_as_meant,
)
from zerosec_shared.profiles.model import ColumnRole, ProfileColumn, ValueKind
from zerosec_shared.tables import read_table

DEBURRING = shipped_profile("deburring")


def meant(**columns: list[str | None]) -> tuple[dict[str, list[str | None]], list[str]]:
    frame, said = texts_as_meant(DEBURRING, pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)))
    return frame.to_dict(as_series=False), [str(each) for each in said]


@pytest.mark.parametrize(
    ("column", "text", "number"),
    [
        ("切込量", "0.1mm", "0.1"), ("切込量", "０．１㎜", "0.1"), ("回転速度", "3000 rpm", "3000"), ("回転速度", "3000min⁻¹", "3000"),
        ("送り速度", "400（mm/min）", "400"), ("回転速度", "3,000", "3000"), ("回転速度", "12,345.5", "12345.5"),
        ("回転速度", "3,000 rpm", "3000"),
        # another unit, none in the profile, no unit at all, no number: as they are
        ("切込量", "0.1cm", "0.1cm"), ("載せ率", "50%", "50%"), ("切込量", "約0.1", "約0.1"), ("切込量", "5²", "5²"),
        ("切込量", "0,5", "0,5"), ("切込量", "0,100", "0,100"), ("回転速度", "30,00", "30,00"), ("切込量", "0.1mm以上", "0.1mm以上"),
    ],
)  # fmt: skip
def test_a_value_is_read_in_the_columns_own_unit_alone(column: str, text: str, number: str) -> None:
    columns, said = meant(**{column: [text, "7"]})

    assert columns[column] == [number, "7"]
    assert len(said) == (number != text)
    assert not said or text in said[0]


def test_commas_stay_where_one_of_the_column_is_a_decimal_comma() -> None:
    assert meant(回転速度=["1,000", "1,5"]) == ({"回転速度": ["1,000", "1,5"]}, [])


@pytest.mark.parametrize(
    ("brushes", "read"),
    [
        ((["○", None], [None, "◯"]), (["1", None], [None, "1"])),
        ((["○", "×"], ["×", "✓"]), (["1", "0"], ["0", "1"])),
        ((["○", "x"], ["x", "○"]), (["1", "0"], ["0", "1"])),
        ((["x", None], [None, "X"]), (["1", None], [None, "1"])),
        # two in one row: which is meant?
        ((["x", None], ["x", "x"]), (["x", None], ["x", "x"])),
        # nothing but denials
        ((["×", None], [None, "×"]), (["×", None], [None, "×"])),
    ],
)
def test_marks_are_read_where_they_say_which_one_is_meant(
    brushes: tuple[list[str | None], ...], read: tuple[list[str | None], ...]
) -> None:
    columns, said = meant(A11=brushes[0], A21=brushes[1])

    assert (columns["A11"], columns["A21"]) == read
    assert len(said) == (brushes != read)


def test_a_list_of_candidates_with_units_and_marks_is_recognised(tmp_path: Path) -> None:
    path = tmp_path / "候補.csv"
    path.write_text(
        "回転速度,送り速度,UPカット,切込量,突出量,載せ率,パス数,A13,A11,A21,A32\n"
        '"3,000",400mm/min,UP,0.1mm,10,50,2,,○,,\n"4,000",600mm/min,DOWN,0.3mm,10,50,2,,,,○\n',
        encoding="utf-8",
    )
    table, said = as_meant(DEBURRING, read_table(path))
    found = recognise(DEBURRING, facts_of(table))

    assert found.purpose is TablePurpose.CANDIDATES, found.reasons
    assert len(said) == 4
    row = RowReader(found).read(table.frame.row(1, named=True))
    assert row.problems == ()
    assert (row.values["回転速度"], row.values["切込量"], row.values["A32"], row.values["A11"]) == (
        4000,
        0.3,
        1,
        0,
    )


def test_a_value_in_another_unit_is_refused_with_both_units_named(tmp_path: Path) -> None:
    path = tmp_path / "候補.csv"
    path.write_text(
        "回転速度,送り速度,UPカット,切込量,突出量,載せ率,パス数,ブラシ\n3000,400,UP,0.01cm,10,50%,2,1\n",
        encoding="utf-8",
    )
    found = recognise(DEBURRING, facts_of(as_meant(DEBURRING, read_table(path))[0]))

    assert found.purpose is TablePurpose.NEITHER
    assert [str(reason) for reason in found.reasons] == [
        "“0.01cm” is in cm, and 切込量 of the profile in mm. Convert the value.",
        "“50%” is in %, and the profile has no unit for 載せ率. Write the number alone, or give the column its unit in the profile.",
    ]
    assert read_cell(DEBURRING["切込量"], "0.1 mm") == (0.1, None)
    assert "cm" in str(read_cell(DEBURRING["切込量"], "0.01 cm")[1])


def test_a_minus_that_the_profile_allows_is_a_value_and_no_gap() -> None:
    column = ProfileColumn(name="result", kind=ValueKind.TEXT, role=ColumnRole.CATEGORICAL, values=("+", "-"))

    assert read_cell(column, "－") == ("-", None)
    assert read_cell(column.model_copy(update={"values": ()}), "-") == (None, None)

"""A lone "-" is a gap, but beside a "+" in its column it is a value: for every reader, wherever the "+" stands."""

from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from zerosec_shared.files import ColumnType, Dialect
from zerosec_shared.tables import ColumnKind, delimited, preview, read_table, read_text_columns, scan_table

LATE = ["-", " - ", "NA"] * 40 + ["+", "-"]
KEPT = ["-", "-", None] * 40 + ["+", "-"]


def written(folder: Path, strand: list[str], kind: str) -> Path:
    path = folder / f"sites.{kind}"
    lengths = [f"{number}.5" for number in range(len(strand) - 1)] + ["-"]
    remark = ["-", "seen"] * (len(strand) // 2)
    if kind == "csv":
        rows = zip(lengths, strand, remark, strict=True)
        path.write_text("length,strand,remark\n" + "".join(",".join(row) + "\n" for row in rows), "utf-8")
    elif kind == "parquet":
        frame = pl.DataFrame({"length": lengths, "strand": strand, "remark": remark})
        frame.write_parquet(path, row_group_size=50)
    else:
        book = xlsxwriter.Workbook(path, {"strings_to_numbers": True})
        sheet = book.add_worksheet()
        for at, cells in enumerate((["length", *lengths], ["strand", *strand], ["remark", *remark])):
            sheet.write_column(0, at, cells)
        book.close()
    return path


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_every_reader_keeps_the_minus_beside_a_plus(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for size in ("_BLOCK_BYTES", "_FIRST_BLOCK_BYTES"):
        monkeypatch.setattr(delimited, size, 100)  # the "+" comes many blocks after the first "-"
    path, scratch = written(tmp_path, LATE, kind), tmp_path / "scratch"
    scratch.mkdir()

    table, texts = read_table(path), read_text_columns(path)
    scans = [scan_table(path), scan_table(path, scratch=scratch)]

    for frame in (table.frame, texts, *(pl.concat(scan.batches(7)) for scan in scans)):
        assert frame["strand"].to_list() == KEPT
        assert frame["remark"].to_list() == [None, "seen"] * 61
        assert frame["length"].null_count() == 1
    for columns in (table.columns, *(scan.columns for scan in scans)):
        assert [column.missing for column in columns] == [1, 40, 61]


def test_a_part_of_a_table_reads_as_the_whole_where_it_holds_the_plus(tmp_path: Path) -> None:
    path = written(tmp_path, LATE, "csv")

    assert preview(path).frame.equals(read_table(path).frame)
    assert preview(path, rows=6).column("strand").kind is ColumnKind.EMPTY


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["+", "-", "", "NA"], ["+", "-", None, None]),
        (["-", " + "], ["-", "+"]),
        (["＋", "-"], ["＋", "-"]),
        (["++", "-"], ["++", None]),
        (["+1", "-"], [1, None]),
        (["1", "-", "+"], ["1", "-", "+"]),
        (["2020-01-02", "-", "+"], ["2020-01-02", "-", "+"]),
        (["-", "-"], [None, None]),
    ],
)
def test_only_a_lone_plus_counts(tmp_path: Path, values: list[str], expected: list[object]) -> None:
    path = tmp_path / "data.csv"
    path.write_text("k;v\n" + "".join(f"r;{value}\n" for value in values), encoding="utf-8")

    assert read_table(path, Dialect(separator=";")).frame["v"].to_list() == expected


def test_who_says_that_both_mean_no_value_is_obeyed(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("k,v\nr,+\nr,-\nr,a\n", encoding="utf-8")

    read = read_table(path, Dialect(missing=("", "+", "-"), types={"v": ColumnType.TEXT}))

    assert read.frame["v"].to_list() == [None, None, "a"]


@pytest.mark.parametrize("missing", [("", "-"), (*Dialect().missing, "-")])
@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_a_minus_that_is_named_as_a_missing_value_is_one_beside_a_plus_too(
    tmp_path: Path, kind: str, missing: tuple[str, ...]
) -> None:
    path = written(tmp_path, ["-", "+", " - ", "a", "-", "+"], kind)
    named = Dialect.partly(missing=missing)

    read = [
        read_table(path, named).frame,
        read_text_columns(path, named),
        pl.concat(scan_table(path, named).batches()),
        pl.concat(scan_table(path, named, signed=["strand"]).batches()),
    ]

    for frame in read:
        assert frame["strand"].to_list() == [None, "+", None, "a", None, "+"]


def test_a_word_named_beside_the_usual_ones_leaves_the_minus_to_the_plus(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("k,v\nr,+\nr,-\nr,999\n", encoding="utf-8")

    read = read_table(path, Dialect(missing=(*Dialect().missing, "999")))

    assert read.frame["v"].to_list() == ["+", "-", None]


def test_a_scan_may_know_that_the_minus_is_a_value(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("k,v,w\n1,-,-\n-,-,-\n", encoding="utf-8")

    scan = scan_table(path, signed=["v"])

    assert pl.concat(scan.batches()).rows() == [(1, "-", None), (None, "-", None)]

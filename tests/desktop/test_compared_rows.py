"""Tables of two results row by row: what is in both, in one only, and which numbers differ."""

from pathlib import Path

import pytest

from zerosec_desktop.screens.compare.rows import (
    Row,
    compare_rows,
    comparison_plot,
    comparison_table,
    keyed_tables,
    rows_of_file,
)
from zerosec_shared.views import Column, RowKey, TableView

NAMES = ("before", "after")


def sites(*rows: Row, within: float = 5) -> TableView:
    columns = ("sample", "contig", "position", "strand", "fragments", "reads", "gene")
    return TableView(
        id="sites",
        title="Sites",
        columns=tuple(Column(name=name) for name in columns),
        rows=tuple(tuple(row) for row in rows),
        total_rows=len(rows),
        key=RowKey(columns=("sample", "contig", "strand"), of="sample", near="position", within=within),
    )


A = ("P1", "chr1", 1000, "+", 50, 90, "X")
B = ("P1", "chr2", 77, "-", 4, 9, "")


def compared(first: TableView, second: TableView):
    return compare_rows(first, second, first.rows, second.rows)


def test_rows_of_both_of_one_alone_and_with_other_numbers_are_told_apart() -> None:
    first, second = sites(A, B), sites((*A[:4], 60, 99, "X"), ("P1", "chr3", 5, "+", 7, 8, ""))

    found = compared(first, second)
    shown = comparison_table(first, found, NAMES)

    assert (len(found.both), found.changed, found.only_first, found.only_second) == (1, 1, 1, 1)
    assert [column.name for column in shown.columns] == [
        *("sample", "contig", "position", "strand", "found"),
        *("fragments_first", "fragments_second", "reads_first", "reads_second"),
    ]
    assert [row[4] for row in shown.rows] == ["only after", "only before", "both"]
    assert shown.rows[2][5:7] == (50, 60)
    assert "1 in both" in shown.caption


@pytest.mark.parametrize(("shift", "same"), [(0, True), (5, True), (6, False), (-5, True)])
def test_sites_a_few_bases_apart_are_one_within_the_merge_distance(shift: int, same: bool) -> None:
    moved = (*A[:2], 1000 + shift, *A[3:])

    assert len(compared(sites(A), sites(moved)).both) == same


def test_the_nearest_belong_together_and_each_only_once() -> None:
    first = sites(A, (*A[:2], 1004, *A[3:]))
    second = sites((*A[:2], 1003, *A[3:]))

    (pair,) = compared(first, second).both

    assert (pair[0][2], pair[1][2]) == (1004, 1003)


def test_the_other_strand_is_another_site() -> None:
    assert not compared(sites(A), sites((*A[:3], "-", *A[4:]))).both


def test_of_two_different_samples_the_sites_are_compared() -> None:
    other = sites(("P2", *A[1:]), ("P2", *B[1:]))

    found = compared(sites(A, B), other)

    assert found.left_out == ("sample",)
    assert len(found.both) == 2
    assert found.changed == 0
    assert "not compared" in comparison_table(sites(A, B), found, NAMES).caption


def test_ten_rows_in_both_make_a_plot_of_one_against_the_other() -> None:
    rows = [(*A[:2], 1000 * n, "+", n, n, "") for n in range(1, 12)]

    plot = comparison_plot(sites(*rows), compared(sites(*rows), sites(*rows[1:])), NAMES)

    assert plot is not None
    assert plot.series[0].x == tuple(map(float, range(2, 12)))
    assert comparison_plot(sites(A), compared(sites(A), sites(A)), NAMES) is None


def test_a_table_whose_file_has_more_rows_is_read_from_it(tmp_path: Path) -> None:
    whole = tmp_path / "sites.csv"
    whole.write_text("sample,contig,position,strand,fragments,reads,gene\n" + "P1,1,5,+,2,3,\n" * 7)

    rows = rows_of_file(whole, sites(A))

    assert len(rows) == 7
    assert rows[0] == ("P1", "1", 5, "+", 2, 3, None)
    with pytest.raises(ValueError, match="does not hold"):
        rows_of_file(whole, sites(A).model_copy(update={"columns": (Column(name="other"),)}))


def test_only_tables_with_a_key_are_compared() -> None:
    plain = sites(A).model_copy(update={"key": None})

    assert keyed_tables([plain], [plain]) == []
    assert len(keyed_tables([sites(A)], [sites(B)])) == 1

"""However a text file falls into blocks, it reads the same: later blocks are parsed as numbers at once, the first as text."""

from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zerosec_shared.tables import Table, delimited, read_table, scan_table

CELLS = st.one_of(
    st.floats(-1e6, 1e6).map(lambda value: f"{value:.4g}"),
    st.sampled_from(
        ["", "NA", " 1.5", "1.5 ", "+2", ".5", "5.", "1e3", "１２.５", "nan", "1e999", "-", '"2.5"', '"NA"', "007", "-0.0"]
    ),
    st.sampled_from(["abc", "1_000", "0x10", "true", "2020-01-02", "+"]),
)  # fmt: skip


def read_in_blocks(path: Path, size: int) -> Table:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "_BLOCK_BYTES", size)
        patch.setattr(delimited, "_FIRST_BLOCK_BYTES", size)
        return read_table(path)


@settings(max_examples=150)
@given(
    st.lists(st.sampled_from(["1.25", "-3.5", "7.75"]), min_size=8, max_size=12),
    st.lists(st.tuples(CELLS, CELLS, st.sampled_from(["a", "NA", "b", "+", " - "])), min_size=1, max_size=12),
)
def test_blocks_make_no_difference(plain: list[str], odd: list[tuple[str, str, str]]) -> None:
    lines = [f"{value},{value},x" for value in plain] + [",".join(row) for row in odd]
    with TemporaryDirectory() as folder:
        path = Path(folder, "t.csv")
        path.write_text("p,q,g\n" + "".join(line + "\n" for line in lines), encoding="utf-8")
        whole = read_table(path)

        pieces = read_in_blocks(path, 48)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(delimited, "_BLOCK_BYTES", 48)
            scratch = Path(folder, "scratch")
            scratch.mkdir()
            scan = scan_table(path, whole.dialect, scratch=scratch)
            batches = pl.concat(list(scan.batches(5)))
            some = pl.concat(list(scan.batches(5, ["q"])))
            scan.discard()
            assert list(scratch.iterdir()) == []
            again = pl.concat(list(scan.batches(5)))

    assert pieces.frame.equals(whole.frame)
    for piece, column in zip(pieces.columns, whole.columns, strict=True):
        assert (piece.kind, piece.missing, piece.not_number) == (
            column.kind,
            column.missing,
            column.not_number,
        )
        if column.kind.is_numeric:
            assert (piece.numbers, piece.non_finite) == (column.numbers, column.non_finite)
    assert batches.equals(whole.frame)
    assert [state.missing for state in scan.columns] == [state.missing for state in whole.columns]
    assert again.equals(whole.frame)
    assert some.equals(whole.frame.select("q"))
    assert [scan.row_number(row) for row in range(scan.row_count)] == [
        whole.row_number(row) for row in range(whole.rows.length)
    ]

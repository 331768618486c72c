"""Any bytes at all give a table or a sentence, never another exception."""

from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from zerosec_shared.files import Dialect, TableKind
from zerosec_shared.tables import TableError, preview, read_table, read_text_columns, scan_table


def outcome(content: bytes, dialect: Dialect | None = None) -> None:
    """Read in every way; a TableError with all its words is as good as a table."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "data")
        path.write_bytes(content)
        for read in (
            read_table,
            preview,
            read_text_columns,
            lambda *given: list(scan_table(*given).batches()),
        ):
            error: TableError | None = None
            try:
                read(path, dialect)
            except TableError as raised:
                error = raised
            assert error is None or (error.title and error.detail)


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_any_bytes(content: bytes) -> None:
    outcome(content)


@settings(max_examples=200)
@given(
    st.text(st.sampled_from("ab1.,;\t |\"\n\r'-é摩"), max_size=60),
    st.sampled_from(["utf-8", "cp932", "utf-16"]),
)
def test_any_text(text: str, encoding: str) -> None:
    outcome(text.encode(encoding, errors="replace"))


@settings(max_examples=200)
@given(
    st.binary(max_size=100),
    st.sampled_from(["utf-8", "cp932", "utf-16-le", "euc_jp", "utf-7"]),
    st.sampled_from(",; '"),
)
def test_any_bytes_under_any_dialect(content: bytes, encoding: str, separator: str) -> None:
    outcome(content, Dialect(encoding=encoding, separator=separator, decimal=",", header_row=0))


@pytest.fixture(scope="module")
def small_files(tmp_path_factory: pytest.TempPathFactory) -> dict[TableKind, bytes]:
    folder = tmp_path_factory.mktemp("small")
    book = xlsxwriter.Workbook(folder / "a.xlsx")
    page = book.add_worksheet()
    for row in range(20):
        page.write_row(row, 0, [f"t{row}", row / 7, row])
    book.close()
    pl.DataFrame({"t": ["a", "b"], "x": [1.5, None]}).write_parquet(folder / "a.parquet")
    return {
        TableKind.EXCEL: (folder / "a.xlsx").read_bytes(),
        TableKind.PARQUET: (folder / "a.parquet").read_bytes(),
    }


# Two of its bytes and what they become: the encoding of a page that no program knows, and a number of levels that is none.
@pytest.mark.parametrize(("place", "flipped"), [(46, 1), (78, 255), (170, 127), (365, 1)])
def test_a_parquet_file_that_its_parser_gives_up_on_is_damaged(
    small_files: dict[TableKind, bytes], tmp_path: Path, place: int, flipped: int
) -> None:
    content = bytearray(small_files[TableKind.PARQUET])
    content[place] ^= flipped
    path = tmp_path / "a.parquet"
    path.write_bytes(content)

    with pytest.raises(TableError, match="damaged"):
        read_table(path)


# The same examples every time: a page whose header claims 2^61 bytes makes polars end the process, and some examples hold one.
@settings(max_examples=150, derandomize=True)
@given(st.sampled_from([TableKind.EXCEL, TableKind.PARQUET]), st.data())
def test_damaged_files(small_files: dict[TableKind, bytes], kind: TableKind, data: st.DataObject) -> None:
    content = bytearray(small_files[kind])
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    keep = data.draw(st.integers(1, len(content)))
    outcome(bytes(content if data.draw(st.booleans()) else content[:keep]))

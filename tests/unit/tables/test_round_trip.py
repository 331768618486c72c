"""Whatever table is written in whatever dialect, it reads back the same."""

import csv
import io
import math
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from zerosec_shared.files import Dialect
from zerosec_shared.tables import ColumnKind, preview, read_table, read_text_columns, scan_table
from zerosec_shared.tables.quoting import last_record_end, masked

MISSING = {marker.strip() for marker in Dialect().missing} | {""}
LETTERS = "abc äß摩耗\"',;|\n-é"


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", ".").replace("−", "-"))
    except ValueError:
        return False
    return True


texts = (
    st.text(st.sampled_from(LETTERS), min_size=1, max_size=8)
    .map(str.strip)
    .filter(lambda text: text not in MISSING and not _is_number(text) and text != "-")
)
columns = st.sampled_from(
    [st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False), texts]
)
dialects = st.builds(
    Dialect,
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp932"]),
    separator=st.sampled_from([",", ";", "\t", "|"]),
    decimal=st.sampled_from([".", ","]),
)


@st.composite
def tables(draw: st.DrawFn) -> dict[str, list[object]]:
    width, height = draw(st.integers(1, 4)), draw(st.integers(1, 8))
    made = {}
    for index in range(width):
        values = draw(columns)
        made[f"c{index}"] = draw(st.lists(st.none() | values, min_size=height, max_size=height))
    return made


def written(table: dict[str, list[object]], dialect: Dialect) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=dialect.separator, lineterminator="\r\n")
    writer.writerow(table)
    for row in zip(*table.values(), strict=True):
        writer.writerow(
            [
                "NA"
                if cell is None
                else repr(cell).replace(".", dialect.decimal)
                if isinstance(cell, float)
                else cell
                for cell in row
            ]
        )
    return out.getvalue().encode(dialect.encoding, errors="replace")


@settings(max_examples=300)
@given(tables(), dialects)
def test_any_table_in_any_dialect(table: dict[str, list[object]], dialect: Dialect) -> None:
    if dialect.encoding == "cp932":
        table = {name: [_japanese(cell) for cell in cells] for name, cells in table.items()}
    with TemporaryDirectory() as folder:
        path = Path(folder, "t.csv")
        path.write_bytes(written(table, dialect))

        read = read_table(path, dialect)
        seen = preview(path, dialect)
        batches = pl.concat(list(scan_table(path, dialect).batches(3)))
        exact = read_text_columns(path, dialect)

    for name, cells in table.items():
        found = read.frame[name].to_list()
        assert [None if cell is None else _same(cell) for cell in cells] == [
            None if cell is None else _same(cell) for cell in found
        ]
        if read.column(name).kind is ColumnKind.NUMBER:
            given_bits = [None if cell is None else math.copysign(1, cell) for cell in map(_float, cells)]
            assert given_bits == [None if cell is None else math.copysign(1, cell) for cell in found]
            assert [None if text is None else float(text) for text in exact[name]] == found
    assert seen.frame.equals(read.frame)
    assert batches.equals(read.frame)


def _float(cell: object) -> float | None:
    return None if cell is None else float(str(cell))


def _same(cell: object) -> object:
    return cell.replace("\r\n", "\n") if isinstance(cell, str) else cell


def _japanese(cell: object) -> object:
    if not isinstance(cell, str):
        return cell
    kept = "".join(letter for letter in cell if letter not in "äßé").strip()
    return None if kept in MISSING else kept


@given(st.text(st.sampled_from('a",\n')))
def test_quotes_are_masked_as_the_csv_module_sees_them(text: str) -> None:
    data = text.encode()
    hidden = masked(data, b",", b'"')
    end = last_record_end(data, b",", b'"')

    assert len(hidden) == len(data)
    assert hidden.count(b"\n") <= data.count(b"\n")
    assert end == 0 or data[end - 1 : end] == b"\n"
    assert end == 0 or hidden[end - 1 : end] == b"\n"

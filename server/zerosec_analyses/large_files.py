"""Writes rows while they are made: Parquet always, CSV and Excel if asked for, all in one pass, memory flat."""

import io
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from polars.io.plugins import register_io_source

from zerosec_analyses.excel_files import ExcelFiles
from zerosec_shared.formula_signs import SIGNS, guarded

__all__ = ["Written", "write_tables"]

_RISKY = f"^'*[{re.escape(''.join(SIGNS))}]"
Progress = Callable[[int, float], None]
"""Rows written so far, and how many a second."""


@dataclass(frozen=True)
class Written:
    """The files, and the first rows."""

    parquet: Path
    csv: Path | None
    excel: tuple[Path, ...]
    first: pl.DataFrame
    rows: int
    seconds: float


def write_tables(
    frames: Iterator[pl.DataFrame],
    schema: dict[str, pl.DataType],
    folder: Path,
    rows: int,
    progress: Progress,
    *,
    name: str,
    csv: bool,
    excel: bool,
    guard: bool = False,
) -> Written:
    """Write `name.parquet` and what else is asked for into a folder; errors of `frames` and of the disk come through.

    `rows` are the most that come: they decide whether one workbook holds them. `guard`: texts of the CSV that a spreadsheet would take
    for a formula get an apostrophe before them (see `zerosec_shared.formula_signs`).
    """
    folder.mkdir(parents=True, exist_ok=True)
    parquet = folder / f"{name}.parquet"
    csv_path = folder / f"{name}.csv" if csv else None
    started = time.monotonic()
    failures: list[Exception] = []
    first: list[pl.DataFrame] = []
    done = 0
    with ExitStack() as open_files:
        text = open_files.enter_context(csv_path.open("wb")) if csv_path else None
        books = open_files.enter_context(ExcelFiles(folder, name, list(schema), rows)) if excel else None

        def each() -> Iterator[pl.DataFrame]:
            nonlocal done
            for frame in frames:
                if text is not None:
                    memory = (
                        io.BytesIO()
                    )  # written by this process itself, so that a full disk is told as such
                    shown = frame.with_columns(_guarded(frame)) if guard else frame
                    shown.write_csv(memory, include_bom=done == 0, include_header=done == 0)
                    text.write(memory.getbuffer())
                if books is not None:
                    books.write(frame)
                if not first:
                    first.append(frame.head(200))
                done += frame.height
                seconds = time.monotonic() - started
                progress(done, done / seconds if seconds > 0 else 0.0)
                yield frame

        def source(
            _columns: list[str] | None, _predicate: pl.Expr | None, _rows: int | None, _batch: int | None
        ) -> Iterator[pl.DataFrame]:
            try:
                yield from each()
            except Exception as error:  # the engine would wrap it: kept, and raised again below
                failures.append(error)
                raise

        try:
            register_io_source(source, schema=schema).sink_parquet(parquet)
        except (pl.exceptions.PolarsError, OSError) as error:
            if failures:
                raise failures[0] from None
            raise _with_number(error) from error
    return Written(
        parquet,
        csv_path,
        tuple(books.paths) if books else (),
        first[0] if first else pl.DataFrame(schema=schema),
        done,
        time.monotonic() - started,
    )


def _guarded(frame: pl.DataFrame) -> list[pl.Series]:
    """The columns of text as `guarded` makes each of their texts; only those that begin so are looked at one by one."""
    columns = []
    for column in frame.select(pl.col(pl.String)).iter_columns():
        risky = column.filter(column.str.contains(_RISKY)).unique().to_list()
        columns.append(column.replace(risky, [guarded(text) for text in risky]) if risky else column)
    return columns


def _with_number(error: Exception) -> Exception:
    """An error of the disk as the operating system knows it: the engine gives its number in words alone."""
    found = re.search(r"os error (\d+)", str(error))
    return error if found is None else OSError(int(found[1]), os.strerror(int(found[1])))

"""Writes the combinations while they are made: Parquet always, CSV and Excel if asked for, all in one pass, memory flat."""

import io
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from polars.io.plugins import register_io_source

from zerosec_analyses.combinations.excel import ExcelFiles
from zerosec_analyses.sdk import InputError, say

__all__ = ["Written", "check_space_on_disk", "write_tables"]

EXCEL_BYTES_A_CELL = 0.3
"""At least this much of a workbook's size is due to a cell, compressed."""

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
    csv: bool,
    excel: bool,
) -> Written:
    """Write `combinations.parquet` and what else is asked for into a folder; errors of `frames` and of the disk come through."""
    folder.mkdir(parents=True, exist_ok=True)
    parquet = folder / "combinations.parquet"
    csv_path = folder / "combinations.csv" if csv else None
    started = time.monotonic()
    failures: list[Exception] = []
    first: list[pl.DataFrame] = []
    done = 0
    with ExitStack() as open_files:
        text = open_files.enter_context(csv_path.open("wb")) if csv_path else None
        books = (
            open_files.enter_context(ExcelFiles(folder, "combinations", list(schema), rows))
            if excel
            else None
        )

        def each() -> Iterator[pl.DataFrame]:
            nonlocal done
            for frame in frames:
                if text is not None:
                    memory = (
                        io.BytesIO()
                    )  # written by this process itself, so that a full disk is told as such
                    frame.write_csv(memory, include_bom=done == 0, include_header=done == 0)
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


def check_space_on_disk(folder: Path, sample: pl.DataFrame, rows: int, *, csv: bool, excel: bool) -> None:
    """Raise InputError if the files would surely not fit on the disk. `sample` are some of the rows."""
    some = sample.head(1000)
    line = len(some.write_csv(include_header=False)) / max(1, some.height)
    needed = (rows * line if csv else 0.0) + (rows * sample.width * EXCEL_BYTES_A_CELL if excel else 0.0)
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise InputError(
            say(
                "The files need some {needed:,.1f} GB, and the disk has {free:,.1f} GB free.",
                needed=needed / 1e9,
                free=free / 1e9,
            ),
            hint="Leave out the CSV file or the Excel workbooks, or use wider steps.",
        )


def _with_number(error: Exception) -> Exception:
    """An error of the disk as the operating system knows it: the engine gives its number in words alone."""
    found = re.search(r"os error (\d+)", str(error))
    return error if found is None else OSError(int(found[1]), os.strerror(int(found[1])))

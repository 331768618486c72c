"""Whether the files of all combinations would fit on the disk, asked before the first is written."""

import shutil
from pathlib import Path

import polars as pl

from zerosec_analyses.sdk import InputError, say

__all__ = ["check_space_on_disk"]

EXCEL_BYTES_A_CELL = 0.3
"""At least this much of a workbook's size is due to a cell, compressed."""


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

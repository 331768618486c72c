"""Excel workbooks as every analysis writes them: text of the data stays text, and the same content gives the same file."""

import datetime
from pathlib import Path
from typing import BinaryIO

from xlsxwriter.workbook import Workbook

__all__ = ["open_workbook"]

# Text from the data never becomes a formula, a link or a number by itself.
SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
# A date that is always the same, so that the same content gives the same bytes.
FIXED_DATE = datetime.datetime(2000, 1, 1)  # noqa: DTZ001


def open_workbook(target: Path | BinaryIO, **options: bool) -> Workbook:
    """A new workbook, to be closed by its user or by `with`. `options` are xlsxwriter's own besides those of safety."""
    workbook = Workbook(str(target) if isinstance(target, Path) else target, {**options, **SAFE})
    workbook.set_properties({"created": FIXED_DATE})
    return workbook

"""Reading data files: one reader for the preview, the command line and every analysis.

`detect` finds how a file is to be read, `read_table` reads it, `preview` shows its beginning at once, `scan_table`
reads any size in batches, `read_text_columns` gives the exact decimal texts, `summarise` describes the columns.
"""

from zerosec_shared.tables.detect import Detection, detect
from zerosec_shared.tables.problems import (
    BadCell,
    CellsError,
    EmptyTableError,
    EncodingError,
    FileUnreadableError,
    NotATableError,
    Note,
    ShapeError,
    TableError,
    TooLargeError,
    UnknownColumnError,
    UnknownSheetError,
)
from zerosec_shared.tables.reader import Table, preview, read_table, read_text_columns, scan_table
from zerosec_shared.tables.scan import Scan
from zerosec_shared.tables.state import ColumnKind, ColumnState
from zerosec_shared.tables.summary import ColumnSummary, column_summary, summarise

__all__ = [
    "BadCell",
    "CellsError",
    "ColumnKind",
    "ColumnState",
    "ColumnSummary",
    "Detection",
    "EmptyTableError",
    "EncodingError",
    "FileUnreadableError",
    "NotATableError",
    "Note",
    "Scan",
    "ShapeError",
    "Table",
    "TableError",
    "TooLargeError",
    "UnknownColumnError",
    "UnknownSheetError",
    "column_summary",
    "detect",
    "preview",
    "read_table",
    "read_text_columns",
    "scan_table",
    "summarise",
]

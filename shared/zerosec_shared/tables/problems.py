"""What can be wrong with a data file, as sentences for the person who owns it, and remarks on what was read."""

from dataclasses import dataclass, field

from zerosec_shared.errors import ProblemCode
from zerosec_shared.texts import Said, ours, say

__all__ = [
    "BadCell",
    "CellsError",
    "EmptyTableError",
    "EncodingError",
    "FileUnreadableError",
    "NotATableError",
    "Note",
    "ShapeError",
    "TableError",
    "TooLargeError",
    "UnknownColumnError",
    "UnknownSheetError",
]


@dataclass(frozen=True, slots=True)
class Note:
    """A remark on how a file was read, shown beside the data. `count` is how many cells or rows it concerns."""

    code: str
    text: str
    column: str | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that cannot be used: `row` is the file's own line or sheet row, counted from 1."""

    row: int
    column: str
    text: str

    def __str__(self) -> str:
        return str(self.sentence)

    @property
    def _shown(self) -> str:
        return self.text if len(self.text) <= 60 else self.text[:57] + "…"

    @property
    def sentence(self) -> Said:
        """The cell within a sentence."""
        return say(
            "row {row:,}, column {column}: '{text}' is not a number",
            row=self.row,
            column=self.column,
            text=self._shown,
        )

    @property
    def opening(self) -> Said:
        """The cell at the beginning of a sentence."""
        return say(
            "Row {row:,}, column {column}: '{text}' is not a number",
            row=self.row,
            column=self.column,
            text=self._shown,
        )


@dataclass(eq=False)
class TableError(Exception):
    """A data file cannot be read. `title`, `detail` and `hint` are for the user as they stand."""

    title: str
    detail: str
    hint: str = ""
    row: int | None = None
    columns: tuple[str, ...] = field(default=())

    code = ProblemCode.VALIDATION_ERROR

    def __post_init__(self) -> None:
        self.title, self.detail, self.hint = ours(self.title), ours(self.detail), ours(self.hint)

    def __str__(self) -> str:
        return " ".join(part for part in (f"{self.title}.", self.detail, self.hint) if part)


class FileUnreadableError(TableError):
    """The file is not there, or may not be read."""

    code = ProblemCode.FILE_MISSING


class NotATableError(TableError):
    """The bytes are not a kind of table that is known, or the file is damaged or encrypted."""

    code = ProblemCode.INVALID_FILE_TYPE


class TooLargeError(TableError):
    """Reading it would need more memory than is safe."""

    code = ProblemCode.FILE_TOO_LARGE


class EmptyTableError(TableError):
    """There are no data: no bytes, no rows, or only a header."""


class EncodingError(TableError):
    """Bytes that are not text in the chosen encoding."""


class ShapeError(TableError):
    """Rows of different length, names that clash, a quote that never closes."""


class UnknownSheetError(TableError):
    """The workbook has no sheet of that name."""


class UnknownColumnError(TableError):
    """The table has no column of that name."""


@dataclass(eq=False)
class CellsError(TableError):
    """Text where numbers are needed. `cells` holds the first one of each column."""

    cells: tuple[BadCell, ...] = ()

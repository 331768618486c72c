"""Where a row of a table stands in its file: line numbers of a CSV, row numbers of a sheet, counted from 1."""

from bisect import bisect_right
from dataclasses import dataclass, field, replace

import polars as pl

__all__ = ["Block", "RowNumbers"]


@dataclass(slots=True)
class RowNumbers:
    """Maps a row index (from 0) to the file's own row. Rows in sequence cost nothing, others four bytes each."""

    _starts: list[int] = field(default_factory=list)
    _segments: list[int | pl.Series] = field(default_factory=list)
    length: int = 0

    def append(self, first: int | pl.Series, count: int) -> None:
        """Add `count` rows: consecutive ones from `first`, or as listed in a series."""
        if count == 0:
            return
        last = self._segments[-1] if self._segments else None
        if not (
            isinstance(first, int)
            and isinstance(last, int)
            and last + self.length - self._starts[-1] == first
        ):
            self._starts.append(self.length)
            self._segments.append(first)
        self.length += count

    def of(self, index: int) -> int:
        """The file's own row of the row at `index`."""
        if not 0 <= index < self.length:
            raise IndexError(index)
        at = bisect_right(self._starts, index) - 1
        segment, offset = self._segments[at], index - self._starts[at]
        return segment + offset if isinstance(segment, int) else int(segment[offset])


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive rows as they stand in the file, before typing: text, or the types the file itself declares.

    `first` is the file's own row of the first one, or a series with that of each. `dropped` rows had nothing in them.
    `parsed` columns of a text file were read as numbers at once, all finite.
    """

    frame: pl.DataFrame
    first: int | pl.Series
    dropped: int = 0
    parsed: frozenset[str] = frozenset()

    def row(self, index: int) -> int:
        """The file's own row of the row at `index` of this block."""
        return self.first + index if isinstance(self.first, int) else int(self.first[index])

    def head(self, count: int) -> "Block":
        """The first `count` rows."""
        if count >= self.frame.height:
            return self
        first = self.first if isinstance(self.first, int) else self.first.head(count)
        return replace(self, frame=self.frame.head(count), first=first)

    def empty_rows(self) -> pl.Series | None:
        """Which rows have nothing in any column; None if all have something."""
        if self.frame.width == 0 or self.frame.height == 0:
            return None
        empty = _nothing(self.frame.to_series(0))
        for column in self.frame.iter_columns():
            if not empty.any():
                return None
            empty = empty & _nothing(column)
        return empty if empty.any() else None

    def without_empty_rows(self) -> "Block":
        """Leave out the rows that have nothing in any column (lines left blank, a sheet's formatted but empty rows)."""
        empty = self.empty_rows()
        if empty is None:
            return self
        kept = ~empty
        numbers = (
            pl.int_range(self.first, self.first + self.frame.height, dtype=pl.UInt32, eager=True)
            if isinstance(self.first, int)
            else self.first
        )
        return replace(
            self,
            frame=self.frame.filter(kept),
            first=numbers.filter(kept),
            dropped=self.dropped + int(empty.sum()),
        )


def _nothing(column: pl.Series) -> pl.Series:
    return column.str.strip_chars().fill_null("") == "" if column.dtype == pl.String else column.is_null()

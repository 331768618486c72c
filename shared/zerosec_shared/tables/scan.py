"""Reading a table in batches at bounded memory: types are learnt in a first pass over the file, rows come in the next ones."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Protocol

import polars as pl

from zerosec_shared.files import Dialect
from zerosec_shared.tables.checks import known, no_rows, require_numbers, row_notes
from zerosec_shared.tables.columns import ColumnTypes
from zerosec_shared.tables.problems import Note
from zerosec_shared.tables.rows import Block, RowNumbers
from zerosec_shared.tables.state import ColumnState

__all__ = ["Scan", "Source"]


class Source(Protocol):
    """A file as blocks of rows; `numbers` names the columns that were plain decimal numbers so far."""

    names: list[str]
    notes: list[Note]

    def blocks(
        self, max_rows: int | None = None, numbers: Callable[[], frozenset[str]] = frozenset
    ) -> Iterator[Block]:
        """Rows in order, no more of them than `max_rows`."""


@dataclass(frozen=True)
class _Learnt:
    types: ColumnTypes
    dropped: int
    rows: RowNumbers
    parts: tuple[Path, ...]


@dataclass(frozen=True)
class Scan:
    """A table that is read in batches. With a scratch folder the first pass leaves its columns there, and no later one parses text."""

    path: Path
    dialect: Dialect
    names: tuple[str, ...]
    _source: Source
    _notes: tuple[Note, ...]
    _scratch: Path | None = None
    _signed: frozenset[str] = frozenset()

    @cached_property
    def _learnt(self) -> _Learnt:
        types, dropped, rows = ColumnTypes(self.dialect, signed=self._signed), 0, RowNumbers()
        parts: list[Path] = []
        for block in self._source.blocks(numbers=types.plain_numbers):
            frame = types.convert(replace(block, frame=block.frame.select(self.names)))
            rows.append(block.first, block.frame.height)
            dropped += block.dropped
            if self._scratch is not None:
                part = self._scratch / f"part{len(parts)}.arrow"
                frame.write_ipc(part, compression="uncompressed")
                parts.append(part)
        if types.rows == 0:
            raise no_rows()
        if any(state.stale for state in types.states.values()):
            # a column turned out to be of another type after parts of it were converted: the file has to be read again
            for part in parts:
                part.unlink()
            parts = []
        gaps = [
            name for name, state in types.states.items() if state.stale and (state.signed or state.non_finite)
        ]
        if gaps:  # a "-", or a word such as inf, was taken for missing before it turned out to be a value
            again = types.frozen()
            for block in self._source.blocks():
                again.convert(replace(block, frame=block.frame.select(gaps)))
            types.recount(gaps, again)
        return _Learnt(types, dropped, rows, tuple(parts))

    def row_number(self, index: int) -> int:
        """The line of the file, or row of the sheet, that row `index` (from 0) came from."""
        return self._learnt.rows.of(index)

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return self._learnt.types.rows

    @property
    def columns(self) -> tuple[ColumnState, ...]:
        """What each column is, over the whole file."""
        states = self._learnt.types.states
        return tuple(states[name] for name in self.names)

    @property
    def notes(self) -> tuple[Note, ...]:
        """What the user should know of how the file was read."""
        types = self._learnt.types
        return (*self._notes, *row_notes(types.rows, self._learnt.dropped), *types.notes())

    def require_numbers(self, names: Sequence[str]) -> None:
        """Raise CellsError unless all these columns are numeric."""
        require_numbers({state.name: state for state in self.columns}, names)

    def batches(self, rows: int = 100_000, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """The rows in order, in frames of `rows` (the last one shorter), all with the same types; of some columns only."""
        names = known(self.names, columns)
        held: list[pl.DataFrame] = []
        count = 0
        for frame in self._converted(names):
            held.append(frame)
            count += frame.height
            if count < rows:
                continue
            joined = pl.concat(held)
            whole = count - count % rows
            yield from joined.head(whole).iter_slices(rows)
            held, count = [joined.tail(count - whole)], count - whole
        if count:
            yield pl.concat(held)

    def discard(self) -> None:
        """Remove what the first pass left in the scratch folder; a later use of `batches` reads the file again."""
        for part in self._learnt.parts:
            part.unlink(missing_ok=True)
        self.__dict__["_learnt"] = replace(self._learnt, parts=())

    def _converted(self, names: Sequence[str]) -> Iterator[pl.DataFrame]:
        learnt = self._learnt
        schema = {name: learnt.types.states[name].dtype for name in names}
        if learnt.parts:
            for part in learnt.parts:
                yield pl.read_ipc(part, columns=list(names)).cast(schema)  # type: ignore[arg-type]
            return
        types = learnt.types.frozen()
        for block in self._source.blocks(numbers=types.plain_numbers):
            frame = types.convert(replace(block, frame=block.frame.select(names)))
            yield frame.cast(schema)  # type: ignore[arg-type]

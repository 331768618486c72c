"""Rows ready to be gone through again and again: in memory, or in a scratch file for tables that should not be held whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from zerosec_analyses.linear.design_matrix import Block, FloatArray

BLOCK_CELLS = 4_000_000


class MemoryRows:
    """Columns held in memory: float64 with NaN for missing numbers, int32 codes with -1 for missing categories."""

    def __init__(self, columns: Mapping[str, np.ndarray], n_rows: int, block_rows: int | None = None) -> None:
        self._columns = dict(columns)
        self._n_rows = n_rows
        self._block_rows = block_rows or max(1000, BLOCK_CELLS // max(len(self._columns), 1))

    @property
    def n_rows(self) -> int:
        """How many rows there are."""
        return self._n_rows

    def blocks(self, columns: Sequence[str]) -> Iterator[tuple[slice, Block]]:
        """The rows in blocks."""
        for start in range(0, self._n_rows, self._block_rows):
            place = slice(start, min(start + self._block_rows, self._n_rows))
            yield place, {name: self._columns[name][place] for name in columns}

    def column(self, name: str) -> np.ndarray:
        """A whole column."""
        return self._columns[name]


class SpilledRows:
    """Columns in a scratch file of blocks, each block column after column, so that memory holds one block at a time."""

    def __init__(self, path: Path, names: Sequence[str], categorical: Sequence[str]) -> None:
        self._path = path
        self._names = list(names)
        self._categorical = frozenset(categorical)
        self._heights: list[int] = []
        self._file = path.open("wb")

    @property
    def n_rows(self) -> int:
        """How many rows there are."""
        return sum(self._heights)

    @property
    def block_rows(self) -> int:
        """How many rows a block should have."""
        return max(1000, BLOCK_CELLS // max(len(self._names), 1))

    def append(self, columns: Mapping[str, np.ndarray]) -> None:
        """Add a block of rows."""
        height = len(columns[self._names[0]]) if self._names else 0
        if height == 0:
            return
        for name in self._names:
            self._file.write(np.ascontiguousarray(columns[name], dtype=np.float64).data)
        self._heights.append(height)

    def finish(self) -> None:
        """No more rows come."""
        self._file.close()

    def blocks(self, columns: Sequence[str]) -> Iterator[tuple[slice, Block]]:
        """The rows in the blocks they came in."""
        wanted = set(columns)
        start = 0
        with self._path.open("rb") as file:
            for height in self._heights:
                block: dict[str, FloatArray] = {}
                if wanted == set(self._names):
                    data = np.fromfile(file, dtype=np.float64, count=height * len(self._names))
                    data = data.reshape(len(self._names), height)
                    block = {name: data[index] for index, name in enumerate(self._names)}
                else:
                    origin = file.tell()
                    for index, name in enumerate(self._names):
                        if name in wanted:
                            file.seek(origin + 8 * height * index)
                            block[name] = np.fromfile(file, dtype=np.float64, count=height)
                    file.seek(origin + 8 * height * len(self._names))
                yield (
                    slice(start, start + height),
                    {
                        name: values.astype(np.int32) if name in self._categorical else values
                        for name, values in block.items()
                    },
                )
                start += height

    def column(self, name: str) -> np.ndarray:
        """A whole column, in memory."""
        return np.concatenate([block[name] for _, block in self.blocks([name])] or [np.zeros(0)])

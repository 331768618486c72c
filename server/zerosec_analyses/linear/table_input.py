"""From the user's file to rows a model can be fitted to: the right columns, their kinds, and a clear refusal of what cannot be used."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from zerosec_analyses.linear.chosen_columns import ChosenColumns
from zerosec_analyses.linear.columns import (
    ColumnRange,
    ColumnSummary,
    codes_of,
    numbers_of,
)
from zerosec_analyses.linear.design_matrix import ColumnKind, FloatArray, IntArray
from zerosec_analyses.linear.missing import MAX_HELD_VALUES, imputer, is_missing
from zerosec_analyses.linear.rows import MemoryRows, SpilledRows
from zerosec_analyses.linear.spec import LinearParameters, MissingPolicy
from zerosec_analyses.linear.streaming import Imputation
from zerosec_analyses.model_terms import Formula
from zerosec_analyses.sdk import InputError, Said, joined, say
from zerosec_shared.files import Dialect
from zerosec_shared.tables import Note, TableError, read_text_columns

MAX_EXACT_CELLS = 300_000


@dataclass(frozen=True)
class PreparedTable:
    """Rows, target and groups, after the missing-value policy. ``source_rows`` are the places (from 0) in the file's data."""

    formula: Formula
    intercept: bool
    rows: MemoryRows | SpilledRows
    y: FloatArray
    groups: IntArray | None
    kinds: dict[str, ColumnKind]
    summaries: tuple[ColumnSummary, ...]
    source_rows: IntArray
    n_file_rows: int
    n_dropped_target: int
    n_dropped_predictors: int
    impute: Callable[[np.ndarray], Imputation] | None
    imputed_counts: dict[str, int]
    notes: tuple[Note, ...]
    dialect: Dialect
    row_number: Callable[[int], int]
    texts: Callable[[Sequence[str]], pl.DataFrame] | None

    @property
    def n_rows(self) -> int:
        """Rows used."""
        return int(self.y.size)

    def label(self, row: int) -> Said:
        """Where a used row stands in the file, in words."""
        return say("row {row:,}", row=self.number(row))

    def number(self, row: int) -> int:
        """The line of the file, or row of the sheet, a used row came from."""
        return self.row_number(int(self.source_rows[row]))


def prepare(
    path: Path, dialect: Dialect | None, parameters: LinearParameters, scratch: Path
) -> PreparedTable:
    """Read what the model needs. Raises InputError with the column and row of whatever cannot be used."""
    try:
        return _Preparation(path, dialect, parameters, scratch).prepared()
    except TableError as error:
        raise InputError(say("{title}.", title=error.title), error.detail, error.hint) from error


class _Preparation:
    """One reading of one file for one set of parameters."""

    def __init__(
        self, path: Path, dialect: Dialect | None, parameters: LinearParameters, scratch: Path
    ) -> None:
        self.columns = ChosenColumns(path, dialect, parameters, scratch)
        self.path, self.parameters, self.scratch = path, parameters, scratch
        self.target, self.group = self.columns.target, self.columns.group

    def prepared(self) -> PreparedTable:
        """Read everything."""
        self.columns.check_kinds()
        levels = self.columns.levels()
        kinds = {name: self.columns.kind(name, levels.get(name, {})) for name in self.columns.formula.columns}
        predictors = list(self.columns.formula.columns)
        codes = {name: {level: i for i, level in enumerate(levels[name])} for name in levels}
        spilled = None
        if not self.columns.in_memory:
            spilled = SpilledRows(
                self.scratch / "rows.bin",
                predictors,
                [name for name in predictors if kinds[name].is_categorical],
            )
        gathered: dict[str, list[np.ndarray]] = {name: [] for name in predictors}
        ys: list[FloatArray] = []
        groups: list[np.ndarray] = []
        places: list[IntArray] = []
        missing = dict.fromkeys([self.target, *predictors], 0)
        first_gap: dict[str, int] = {}
        lost_target = lost_predictors = 0
        start = 0
        target_state = self.columns.states[self.target]
        ranges = {name: ColumnRange() for name in predictors}
        impute = self.parameters.missing in {MissingPolicy.IMPUTE_MEAN, MissingPolicy.IMPUTE_MEDIAN}
        for frame in self.columns.frames(self.columns.needed, spilled.block_rows if spilled else 1):
            y = numbers_of(frame[self.target])
            block = {
                name: codes_of(frame[name], codes[name])
                if kinds[name].is_categorical
                else numbers_of(frame[name])
                for name in predictors
            }
            keep = ~np.isnan(y)
            self._count(self.target, ~keep, start, missing, first_gap)
            lost_target += int((~keep).sum())
            complete = np.ones(y.size, dtype=bool)
            for name, values in block.items():
                gaps = is_missing(values)
                if gaps.any():
                    self._count(name, gaps, start, missing, first_gap)
                    complete &= ~gaps
            if not impute:
                lost_predictors += int((keep & ~complete).sum())
                keep &= complete
            if not keep.all():
                y, block = y[keep], {name: values[keep] for name, values in block.items()}
            for name, values in block.items():
                if not ranges[name].add(values):
                    self.columns.refuse_infinite(self.columns.states[name])
            if y.size and not np.isfinite(y.sum()) and np.isinf(y).any():
                self.columns.refuse_infinite(target_state)
            ys.append(y)
            places.append(start + np.flatnonzero(keep))
            if self.group:
                group = codes_of(frame[self.group], codes[self.group])[keep]
                if (group < 0).any():
                    bad = int(places[-1][int((group < 0).argmax())])
                    raise InputError(
                        say(
                            "Row {row:,}, column “{column}”: the group is missing.",
                            row=self.columns.row_number(bad),
                            column=self.group,
                        )
                    )
                groups.append(group)
            if spilled is not None:
                spilled.append(block)
            else:
                for name, values in block.items():
                    gathered[name].append(values)
            start += frame.height
        self._apply_refusal(missing, first_gap)
        if spilled is not None:
            spilled.finish()
            self.columns.forget()
        target = np.concatenate(ys) if ys else np.zeros(0)
        self._check_rows(target, start, lost_target)
        rows: MemoryRows | SpilledRows = spilled or MemoryRows(
            {name: np.concatenate(parts) for name, parts in gathered.items()}, target.size
        )
        imputed = {name: missing[name] for name in predictors if missing[name]} if impute else {}
        summaries = tuple(ranges[name].summary(name, kinds[name], missing[name]) for name in predictors)
        kinds = {summary.name: self._without_absent(summary) for summary in summaries}
        return PreparedTable(
            self.columns.formula,
            self.columns.intercept,
            rows,
            target,
            np.unique(np.concatenate(groups), return_inverse=True)[1].astype(np.int64) if groups else None,
            kinds,
            summaries,
            np.concatenate(places).astype(np.int64) if places else np.zeros(0, dtype=np.int64),
            start,
            lost_target,
            lost_predictors,
            self._imputer(rows, imputed) if imputed else None,
            imputed,
            tuple(self.columns.notes),
            self.columns.dialect,
            self.columns.row_number,
            self._texts
            if self.columns.in_memory and target.size * len(self.columns.needed) <= MAX_EXACT_CELLS
            else None,
        )

    def _without_absent(self, summary: ColumnSummary) -> ColumnKind:
        """The column's kind, without levels that only rows left out had."""
        kind = summary.kind
        absent = frozenset(level for level, count in summary.level_counts.items() if count == 0)
        if kind.reference not in absent or not absent:
            return replace(kind, absent=absent)
        if kind.name in self.parameters.reference_levels:
            raise InputError(
                say(
                    "No row that is used has the reference level “{level}” of “{column}”.",
                    level=kind.reference,
                    column=kind.name,
                ),
                hint="Choose another reference level.",
            )
        present = [level for level in kind.levels if level not in absent]
        return replace(kind, reference=present[0] if present else "", absent=absent)

    def _imputer(
        self, rows: MemoryRows | SpilledRows, imputed: dict[str, int]
    ) -> Callable[[np.ndarray], Imputation]:
        if len(imputed) * rows.n_rows > MAX_HELD_VALUES:
            raise InputError(
                say(
                    "{columns:,} columns have missing values in {rows:,} rows, too many to be filled in.",
                    one="1 column has missing values in {rows} rows, too many to be filled in.",
                    columns=len(imputed),
                    rows=rows.n_rows,
                ),
                hint="Leave out rows with missing values instead, or take out the columns with most of them.",
            )
        return imputer({name: rows.column(name) for name in imputed}, self.parameters.missing)

    def _texts(self, columns: Sequence[str]) -> pl.DataFrame:
        return read_text_columns(self.path, self.columns.dialect, columns)

    @staticmethod
    def _count(
        name: str, gaps: np.ndarray, start: int, missing: dict[str, int], first_gap: dict[str, int]
    ) -> None:
        if gaps.any():
            missing[name] += int(gaps.sum())
            first_gap.setdefault(name, start + int(gaps.argmax()))

    def _apply_refusal(self, missing: dict[str, int], first_gap: dict[str, int]) -> None:
        if self.parameters.missing is MissingPolicy.REFUSE and first_gap:
            gaps = [
                say(
                    "“{column}” in {rows:,} rows, first in row {row:,}",
                    one="“{column}” in row {row}",
                    column=name,
                    rows=missing[name],
                    row=self.columns.row_number(row),
                )
                for name, row in list(first_gap.items())[:10]
            ]
            raise InputError(
                "Values are missing:",
                say("{gaps}.", gaps=joined(gaps, "; ")),
                "Fill them in, or choose to leave out such rows or to impute.",
            )

    def _check_rows(self, y: FloatArray, n_file_rows: int, lost_target: int) -> None:
        if n_file_rows == 1:
            raise InputError(
                "The table has one row only.", hint="A model needs several rows, more than it has terms."
            )
        if lost_target == n_file_rows:
            raise InputError(
                say("The target “{target}” has no value in any row.", target=self.target),
                hint="Choose another target.",
            )
        if y.size < 2:
            raise InputError(
                say(
                    "Of {rows:,} rows, {complete} are complete.",
                    one="Of {rows} rows, 1 is complete.",
                    rows=n_file_rows,
                    complete=y.size,
                ),
                "All others miss the target or a value of some term.",
                "Take out the terms with most missing values, or choose to impute.",
            )
        if float(y.min()) == float(y.max()):
            raise InputError(
                say(
                    "The target “{target}” is {value:.6g} in all {rows:,} rows.",
                    one="The target “{target}” has a value in one row only, {value}.",
                    target=self.target,
                    value=float(y[0]),
                    rows=y.size,
                ),
                "There is nothing to explain.",
                "Choose another target.",
            )

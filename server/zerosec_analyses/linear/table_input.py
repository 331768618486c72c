"""From the user's file to rows a model can be fitted to: the right columns, their kinds, and a clear refusal of what cannot be used."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from zerosec_analyses.linear.columns import (
    ColumnRange,
    ColumnSummary,
    codes_of,
    is_number,
    level_order,
    numbers_of,
    numeric_parquet,
)
from zerosec_analyses.linear.design_matrix import ColumnKind, FloatArray, IntArray
from zerosec_analyses.linear.formula import Formula, FormulaError, main_effects, parse_formula
from zerosec_analyses.linear.missing import MAX_HELD_VALUES, imputer, is_missing
from zerosec_analyses.linear.predict import level_text
from zerosec_analyses.linear.rows import MemoryRows, SpilledRows
from zerosec_analyses.linear.spec import LinearParameters, MissingPolicy
from zerosec_analyses.linear.streaming import Imputation
from zerosec_analyses.sdk import InputError
from zerosec_shared.files import Dialect, TableKind
from zerosec_shared.tables import ColumnKind as FileKind
from zerosec_shared.tables import ColumnState, Note, TableError, read_table, read_text_columns, scan_table

# Files up to this size are held in memory; larger ones go through a scratch file.
MEMORY_FILE_BYTES = 64 * 2**20
MAX_LEVELS = 1000
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
    row_label: Callable[[int], str]
    texts: Callable[[Sequence[str]], pl.DataFrame] | None

    @property
    def n_rows(self) -> int:
        """Rows used."""
        return int(self.y.size)

    def label(self, row: int) -> str:
        """Where a used row stands in the file, in words."""
        return self.row_label(int(self.source_rows[row]))


def prepare(
    path: Path, dialect: Dialect | None, parameters: LinearParameters, scratch: Path
) -> PreparedTable:
    """Read what the model needs. Raises InputError with the column and row of whatever cannot be used."""
    try:
        return _Preparation(path, dialect, parameters, scratch).prepared()
    except TableError as error:
        raise InputError(f"{error.title}.", error.detail, error.hint) from error


class _Preparation:
    """One reading of one file for one set of parameters."""

    def __init__(
        self, path: Path, dialect: Dialect | None, parameters: LinearParameters, scratch: Path
    ) -> None:
        self.path, self.parameters, self.scratch = path, parameters, scratch
        opened = scan_table(path, dialect)
        self.dialect = opened.dialect
        self.names = list(opened.names)
        self.target = self._known(parameters.target, "target")
        self.group = self._known(parameters.group_column, "group column") if parameters.group_column else None
        self.formula, self.intercept = self._formula()
        self.needed = list(
            dict.fromkeys([self.target, *self.formula.columns, *([self.group] if self.group else [])])
        )
        for name in (*parameters.categorical, *parameters.reference_levels):
            self._known(name, "column")
        self.direct = False
        self.in_memory = path.stat().st_size <= MEMORY_FILE_BYTES
        if self.in_memory:
            self.table = read_table(path, self.dialect, self.needed)
            self.states = {state.name: state for state in self.table.columns}
            self.notes = self.table.notes
            self.n_file_rows = self.table.frame.height
        elif (states := numeric_parquet(path, self.dialect, self.needed, parameters.categorical)) is not None:
            self.states, self.notes, self.direct = states, (), True
            self.n_file_rows = int(pl.scan_parquet(path, glob=False).select(pl.len()).collect().item())
        else:
            self.scan = scan_table(path, self.dialect, self.needed)
            self.states = {state.name: state for state in self.scan.columns}
            self.notes = self.scan.notes
            self.n_file_rows = self.scan.row_count

    # what the user asked for

    def _known(self, name: str, what: str) -> str:
        if name in self.names:
            return name
        close = difflib.get_close_matches(name, self.names[:5000], n=3, cutoff=0.5)
        folded = [other for other in self.names if other.strip().casefold() == name.strip().casefold()]
        nearest = list(dict.fromkeys([*folded, *close]))
        hint = f"Nearest: {', '.join(nearest)}." if nearest else f"The file has {', '.join(self.names[:20])}."
        raise InputError(f"The file has no column “{name}”, which is given as {what}.", hint=hint)

    def _formula(self) -> tuple[Formula, bool]:
        others = [name for name in self.names if name not in {self.target, self.group}]
        if not self.parameters.terms.strip():
            if not others:
                raise InputError(
                    f"The file has no column but the target “{self.target}”.",
                    hint="Add columns that may explain it.",
                )
            formula = main_effects(others)
        else:
            try:
                formula = parse_formula(self.parameters.terms, others)
            except FormulaError as error:
                raise InputError("The terms cannot be read:", f"{error}.") from error
        for name in formula.columns:
            if name == self.target:
                raise InputError(
                    f"The target “{name}” is also among the terms.",
                    "A model that may look at what it predicts is always right and never useful.",
                    "Take it out of the terms.",
                )
            self._known(name, "term")
        intercept = self.parameters.intercept and formula.intercept is not False
        if not formula.terms and not intercept:
            raise InputError("The model has neither terms nor an intercept.", hint="Add at least one term.")
        return formula, intercept

    def row_label(self, row: int) -> str:
        """Where row ``row`` (from 0) of the data stands in the file."""
        return f"row {self.table.row_number(row):,}" if self.in_memory else f"data row {row + 1:,}"

    # what the file holds

    def _frames(self, columns: Sequence[str], rows: int) -> Iterator[pl.DataFrame]:
        if self.in_memory:
            yield self.table.frame.select(columns)
        elif self.direct:
            numbers = pl.scan_parquet(self.path, glob=False, hive_partitioning=False).select(
                pl.col(columns).cast(pl.Float64)
            )
            for frame in numbers.collect_batches(chunk_size=rows, maintain_order=True, lazy=True):
                yield from frame.iter_slices(rows)
        else:
            scan = (
                self.scan
                if set(columns) == set(self.needed)
                else scan_table(self.path, self.dialect, columns)
            )
            yield from scan.batches(rows)

    def _is_categorical(self, state: ColumnState) -> bool:
        return state.kind in {FileKind.TEXT, FileKind.BOOLEAN} or state.name in self.parameters.categorical

    def _check_kinds(self) -> None:
        target = self.states[self.target]
        if target.kind is FileKind.EMPTY:
            raise InputError(
                f"The target “{self.target}” has no value in any row.", hint="Choose another target."
            )
        if not target.kind.is_numeric:
            found = (
                f"{str(target.not_number)[:1].upper()}{str(target.not_number)[1:]}."
                if target.not_number
                else f"It holds {target.kind}s."
            )
            raise InputError(
                f"The target “{self.target}” is not numeric.", found,
                "Correct the cell, or give its text as a missing marker if it means that there is no value.",
            )  # fmt: skip
        for state in self.states.values():
            if state.non_finite and state.kind.is_numeric:
                self._refuse_infinite(state)
        for name in self.formula.columns:
            state = self.states[name]
            if state.kind is FileKind.EMPTY:
                raise InputError(
                    f"Column “{name}” has no value in any row.", hint="Take it out of the terms."
                )
            if state.kind in {FileKind.DATE, FileKind.DATETIME}:
                raise InputError(
                    f"Column “{name}” holds dates.",
                    hint="A linear term needs a number, such as the days since the start: add such a column, or leave this one out.",
                )
        for term in self.formula.terms:
            for factor in term.factors:
                if factor.exponent > 1 and self._is_categorical(self.states[factor.column]):
                    raise InputError(
                        f"Column “{factor.column}” holds categories and has no power {factor.exponent}."
                    )

    def _refuse_infinite(self, state: ColumnState) -> None:
        if self.dialect.kind is TableKind.PARQUET:
            found = pl.scan_parquet(self.path, glob=False).select(
                pl.col(state.name).is_infinite().fill_null(value=False).alias("infinite")
            )
            rows = found.with_row_index("row").filter(pl.col("infinite")).head(1).collect()
            if rows.height == 0:
                return  # only NaN, which is how many programs write a missing value
            row = int(rows["row"][0]) + 1
        else:
            row = state.first_non_finite or 0
        raise InputError(
            f"Row {row:,}, column “{state.name}”: the value is not a finite number.",
            "An infinite value, or one beyond what a computer number can hold, cannot be computed with.",
            "Correct the cell or leave it empty.",
        )

    def _levels(self) -> dict[str, dict[str, int]]:
        """The levels of every categorical column and the group column, with their counts, sorted."""
        wanted = [name for name in self.formula.columns if self._is_categorical(self.states[name])]
        if self.group:
            wanted.append(self.group)
        wanted = list(dict.fromkeys(wanted))
        counts: dict[str, dict[str, int]] = {name: {} for name in wanted}
        if not wanted:
            return counts
        for frame in self._frames(wanted, 500_000):
            for name in wanted:
                for value, count in frame[name].value_counts().iter_rows():
                    if value is not None:
                        text = level_text(value)
                        counts[name][text] = counts[name].get(text, 0) + count
                self._check_levels(name, counts[name])
        return {
            name: dict(sorted(found.items(), key=lambda item: level_order(item[0])))
            for name, found in counts.items()
        }

    def _check_levels(self, name: str, counts: dict[str, int]) -> None:
        if name != self.group and len(counts) > MAX_LEVELS:
            raise InputError(
                f"Column “{name}” has more than {MAX_LEVELS:,} different texts.",
                "Each would be a coefficient of its own; the column looks like a name or number of the row, not a category.",
                "Take it out of the terms, or group its values.",
            )
        state = self.states[name]
        if state.kind is FileKind.TEXT and name not in self.parameters.categorical and name != self.group:
            numeric = sum(count for level, count in counts.items() if is_number(level))
            if numeric * 2 > sum(counts.values()) and state.not_number is not None:
                raise InputError(
                    f"{str(state.not_number)[:1].upper()}{str(state.not_number)[1:]}.",
                    f"Most of “{name}” are numbers, so it is not taken for a category.",
                    "Correct the cell, give its text as a missing marker, or declare the column a category.",
                )

    def _kind(self, name: str, levels: dict[str, int]) -> ColumnKind:
        wanted = self.parameters.reference_levels.get(name)
        if not self._is_categorical(self.states[name]):
            if wanted is not None:
                raise InputError(
                    f"Column “{name}” is numeric and has no reference level.",
                    hint="Declare it a category first, if it holds codes.",
                )
            return ColumnKind(name)
        if wanted is not None and wanted not in levels:
            raise InputError(
                f"Column “{name}” has no level “{wanted}”.", hint=f"It has {', '.join(list(levels)[:20])}."
            )
        return ColumnKind(name, tuple(levels), wanted or next(iter(levels)))

    def _without_absent(self, summary: ColumnSummary) -> ColumnKind:
        """The column's kind, without levels that only rows left out had."""
        kind = summary.kind
        absent = frozenset(level for level, count in summary.level_counts.items() if count == 0)
        if kind.reference not in absent or not absent:
            return replace(kind, absent=absent)
        if kind.name in self.parameters.reference_levels:
            raise InputError(
                f"No row that is used has the reference level “{kind.reference}” of “{kind.name}”.",
                hint="Choose another reference level.",
            )
        present = [level for level in kind.levels if level not in absent]
        return replace(kind, reference=present[0] if present else "", absent=absent)

    # the rows

    def prepared(self) -> PreparedTable:
        """Read everything."""
        self._check_kinds()
        levels = self._levels()
        kinds = {name: self._kind(name, levels.get(name, {})) for name in self.formula.columns}
        predictors = list(self.formula.columns)
        codes = {name: {level: i for i, level in enumerate(levels[name])} for name in levels}
        spilled = None
        if not self.in_memory:
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
        target_state = self.states[self.target]
        ranges = {name: ColumnRange() for name in predictors}
        impute = self.parameters.missing in {MissingPolicy.IMPUTE_MEAN, MissingPolicy.IMPUTE_MEDIAN}
        for frame in self._frames(self.needed, spilled.block_rows if spilled else 1):
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
                    self._refuse_infinite(self.states[name])
            if y.size and not np.isfinite(y.sum()) and np.isinf(y).any():
                self._refuse_infinite(target_state)
            ys.append(y)
            places.append(start + np.flatnonzero(keep))
            if self.group:
                group = codes_of(frame[self.group], codes[self.group])[keep]
                if (group < 0).any():
                    bad = int(places[-1][int((group < 0).argmax())])
                    raise InputError(
                        f"{_capital(self.row_label(bad))}, column “{self.group}”: the group is missing."
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
        target = np.concatenate(ys) if ys else np.zeros(0)
        self._check_rows(target, start, lost_target)
        rows: MemoryRows | SpilledRows = spilled or MemoryRows(
            {name: np.concatenate(parts) for name, parts in gathered.items()}, target.size
        )
        imputed = {name: missing[name] for name in predictors if missing[name]} if impute else {}
        summaries = tuple(ranges[name].summary(name, kinds[name], missing[name]) for name in predictors)
        kinds = {summary.name: self._without_absent(summary) for summary in summaries}
        return PreparedTable(
            self.formula,
            self.intercept,
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
            tuple(self.notes),
            self.dialect,
            self.row_label,
            self._texts if self.in_memory and target.size * len(self.needed) <= MAX_EXACT_CELLS else None,
        )

    def _imputer(
        self, rows: MemoryRows | SpilledRows, imputed: dict[str, int]
    ) -> Callable[[np.ndarray], Imputation]:
        if len(imputed) * rows.n_rows > MAX_HELD_VALUES:
            raise InputError(
                f"{len(imputed):,} columns have missing values in {rows.n_rows:,} rows, too many to be filled in.",
                hint="Leave out rows with missing values instead, or take out the columns with most of them.",
            )
        return imputer({name: rows.column(name) for name in imputed}, self.parameters.missing)

    def _texts(self, columns: Sequence[str]) -> pl.DataFrame:
        return read_text_columns(self.path, self.dialect, columns)

    @staticmethod
    def _count(
        name: str, gaps: np.ndarray, start: int, missing: dict[str, int], first_gap: dict[str, int]
    ) -> None:
        if gaps.any():
            missing[name] += int(gaps.sum())
            first_gap.setdefault(name, start + int(gaps.argmax()))

    def _apply_refusal(self, missing: dict[str, int], first_gap: dict[str, int]) -> None:
        if self.parameters.missing is MissingPolicy.REFUSE and first_gap:
            listed = "; ".join(
                f"“{name}” in {missing[name]:,} rows, first in {self.row_label(row)}"
                for name, row in list(first_gap.items())[:10]
            )
            raise InputError(
                "Values are missing:",
                f"{listed}.",
                "Fill them in, or choose to leave out such rows or to impute.",
            )

    def _check_rows(self, y: FloatArray, n_file_rows: int, lost_target: int) -> None:
        if n_file_rows == 1:
            raise InputError(
                "The table has one row only.", hint="A model needs several rows, more than it has terms."
            )
        if lost_target == n_file_rows:
            raise InputError(
                f"The target “{self.target}” has no value in any row.", hint="Choose another target."
            )
        if y.size < 2:
            raise InputError(
                f"Of {n_file_rows:,} rows, {y.size} are complete.",
                "All others miss the target or a value of some term.",
                "Take out the terms with most missing values, or choose to impute.",
            )
        if float(y.min()) == float(y.max()):
            raise InputError(
                f"The target “{self.target}” is {y[0]:.6g} in all {y.size:,} rows.",
                "There is nothing to explain.",
                "Choose another target.",
            )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

"""Which columns of the file a model takes, and what each of them is: names, kinds and levels, or a clear refusal."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from zerosec_analyses.linear.columns import is_grouped_number, is_number, level_order, numeric_parquet
from zerosec_analyses.linear.design_matrix import ColumnKind
from zerosec_analyses.linear.predict import level_text
from zerosec_analyses.linear.spec import LinearParameters
from zerosec_analyses.model_terms import Formula, FormulaError, main_effects, parse_formula
from zerosec_analyses.sdk import InputError, Said, say
from zerosec_shared.files import ColumnType, Dialect, TableKind
from zerosec_shared.tables import BadCell, ColumnState, read_table, scan_table
from zerosec_shared.tables import ColumnKind as FileKind
from zerosec_shared.tables.parquet import collected

# Files up to this size are held in memory; larger ones go through a scratch file.
MEMORY_FILE_BYTES = 64 * 2**20
MAX_LEVELS = 1000
PARQUET_BLOCKS_AT_ONCE = 5

KINDS_HELD = {
    FileKind.TEXT: say("texts"),
    FileKind.BOOLEAN: say("true and false"),
    FileKind.DATE: say("dates"),
    FileKind.DATETIME: say("dates and times"),
}
HOW_NUMBERS_ARE_WRITTEN = say(
    "Say which sign groups digits and which marks decimals in this file; or declare the column a category, if it is one."
)


def not_a_number(cell: BadCell) -> Said:
    """A cell that keeps a column from being numeric."""
    return say(
        "Row {row:,}, column “{column}”: '{text}' is not a number.",
        row=cell.row,
        column=cell.column,
        text=cell.text if len(cell.text) <= 60 else cell.text[:57] + "…",
    )


class ChosenColumns:
    """The columns that one set of parameters takes from one file. Raises InputError or TableError."""

    def __init__(
        self, path: Path, dialect: Dialect | None, parameters: LinearParameters, scratch: Path
    ) -> None:
        self.path, self.parameters, self.scratch = path, parameters, scratch
        opened = scan_table(path, dialect)
        self.dialect = opened.dialect
        self.names = list(opened.names)
        self._present = frozenset(self.names)
        self.target = self._known(parameters.target, say("target"))
        self.group = (
            self._known(parameters.group_column, say("group column")) if parameters.group_column else None
        )
        self.formula, self.intercept = self._formula()
        self.needed = list(
            dict.fromkeys([self.target, *self.formula.columns, *([self.group] if self.group else [])])
        )
        for name in (*parameters.categorical, *parameters.reference_levels):
            self._known(name, say("column"))
        self.direct = False
        self.in_memory = path.stat().st_size <= MEMORY_FILE_BYTES
        if self.in_memory:
            self.table = read_table(path, self.dialect, self.needed)
            self.states = {state.name: state for state in self.table.columns}
            self.notes = self.table.notes
            self.n_file_rows = self.table.frame.height
        elif (states := numeric_parquet(path, self.dialect, self.needed, parameters.categorical)) is not None:
            self.states, self.notes, self.direct = states, (), True
            self.n_file_rows = int(collected(pl.scan_parquet(path, glob=False).select(pl.len())).item())
        else:
            self.scan = scan_table(path, self.dialect, self.needed, scratch=scratch)
            self.states = {state.name: state for state in self.scan.columns}
            self.notes = self.scan.notes
            self.n_file_rows = self.scan.row_count
        # How the file was found to be read is told once, where it is found out.
        self.notes = (*opened.notes, *(note for note in self.notes if note not in opened.notes))

    # what the user asked for

    def _known(self, name: str, what: Said) -> str:
        if name in self._present:
            return name
        close = difflib.get_close_matches(name, self.names[:5000], n=3, cutoff=0.5)
        folded = [other for other in self.names if other.strip().casefold() == name.strip().casefold()]
        nearest = list(dict.fromkeys([*folded, *close]))
        hint = (
            say("Nearest: {names}.", names=", ".join(nearest))
            if nearest
            else say("The file has {names}.", names=", ".join(self.names[:20]))
        )
        raise InputError(
            say("The file has no column “{column}”, which is given as {what}.", column=name, what=what),
            hint=hint,
        )

    def _formula(self) -> tuple[Formula, bool]:
        others = [name for name in self.names if name not in {self.target, self.group}]
        if not self.parameters.terms.strip():
            if not others:
                raise InputError(
                    say("The file has no column but the target “{target}”.", target=self.target),
                    hint="Add columns that may explain it.",
                )
            formula = main_effects(others)
        else:
            try:
                formula = parse_formula(self.parameters.terms, others)
            except FormulaError as error:
                raise InputError(
                    "The terms cannot be read:", say("{sentence}.", sentence=error.sentence)
                ) from error
        for name in formula.columns:
            if name == self.target:
                raise InputError(
                    say("The target “{target}” is also among the terms.", target=name),
                    "A model that may look at what it predicts is always right and never useful.",
                    "Take it out of the terms.",
                )
            self._known(name, say("term"))
        intercept = self.parameters.intercept and formula.intercept is not False
        if not formula.terms and not intercept:
            raise InputError("The model has neither terms nor an intercept.", hint="Add at least one term.")
        return formula, intercept

    def row_label(self, row: int) -> Said:
        """Where row ``row`` (from 0) of the data stands in the file."""
        return say("row {row:,}", row=self.row_number(row))

    def row_number(self, row: int) -> int:
        """The line of the file, or row of the sheet, of row ``row`` (from 0) of the data; a Parquet file's rows count from 1."""
        if self.in_memory:
            return self.table.row_number(row)
        return row + 1 if self.direct else self.scan.row_number(row)

    # what the file holds

    def frames(self, columns: Sequence[str], rows: int) -> Iterator[pl.DataFrame]:
        """The rows of some columns in order, in frames of about ``rows``."""
        if self.in_memory:
            yield self.table.frame.select(columns)
        elif self.direct:
            scan = pl.scan_parquet(self.path, glob=False, hive_partitioning=False)
            at_once = rows * PARQUET_BLOCKS_AT_ONCE
            # a range at a time: the streaming engine would run ahead and hold a file of few row groups whole
            for start in range(0, self.n_file_rows, at_once):
                frame = collected(scan.slice(start, at_once).select(pl.col(columns)))
                for block in frame.iter_slices(rows):
                    yield block.cast(pl.Float64)
        else:
            yield from self.scan.batches(rows, columns)

    def is_categorical(self, state: ColumnState) -> bool:
        """Whether the model takes the column for categories."""
        return state.kind in {FileKind.TEXT, FileKind.BOOLEAN} or state.name in self.parameters.categorical

    def check_kinds(self) -> None:
        """Raise InputError for a column that cannot be the target or a term."""
        target = self.states[self.target]
        if target.kind is FileKind.EMPTY:
            raise InputError(
                say("The target “{target}” has no value in any row.", target=self.target),
                hint="Choose another target.",
            )
        if not target.kind.is_numeric:
            found = (
                not_a_number(target.not_number)
                if target.not_number
                else say("It holds {kind}.", kind=KINDS_HELD[target.kind])
            )
            raise InputError(
                say("The target “{target}” is not numeric.", target=self.target), found,
                HOW_NUMBERS_ARE_WRITTEN if target.not_number and is_grouped_number(target.not_number.text, self.dialect.decimal)
                else "Correct the cell, or give its text as a missing marker if it means that there is no value.",
            )  # fmt: skip
        for state in self.states.values():
            if state.non_finite and state.kind.is_numeric:
                self.refuse_infinite(state)
        for name in self.formula.columns:
            state = self.states[name]
            if state.kind is FileKind.EMPTY:
                raise InputError(
                    say("Column “{column}” has no value in any row.", column=name),
                    hint="Take it out of the terms.",
                )
            if state.kind in {FileKind.DATE, FileKind.DATETIME}:
                raise InputError(
                    say("Column “{column}” holds dates.", column=name),
                    hint="A linear term needs a number, such as the days since the start: add such a column, or leave this one out.",
                )
        for term in self.formula.terms:
            for factor in term.factors:
                if factor.exponent > 1 and self.is_categorical(self.states[factor.column]):
                    raise InputError(
                        say(
                            "Column “{column}” holds categories and has no power {power}.",
                            column=factor.column,
                            power=factor.exponent,
                        )
                    )

    def refuse_infinite(self, state: ColumnState) -> None:
        """Raise InputError naming the row of the first number that is not finite."""
        if self.dialect.kind is TableKind.PARQUET:
            found = pl.scan_parquet(self.path, glob=False).select(
                pl.col(state.name).is_infinite().fill_null(value=False).alias("infinite")
            )
            rows = collected(found.with_row_index("row").filter(pl.col("infinite")).head(1))
            if rows.height == 0:
                return  # only NaN, which is how many programs write a missing value
            row = int(rows["row"][0]) + 1
        else:
            row = state.first_non_finite or 0
        raise InputError(
            say(
                "Row {row:,}, column “{column}”: the value is not a finite number.",
                row=row,
                column=state.name,
            ),
            "An infinite value, or one beyond what a computer number can hold, cannot be computed with.",
            "Correct the cell or leave it empty.",
        )

    def levels(self) -> dict[str, dict[str, int]]:
        """The levels of every categorical column and the group column, with their counts, sorted."""
        wanted = [name for name in self.formula.columns if self.is_categorical(self.states[name])]
        if self.group:
            wanted.append(self.group)
        wanted = list(dict.fromkeys(wanted))
        counts: dict[str, dict[str, int]] = {name: {} for name in wanted}
        if not wanted:
            return counts
        for frame in self.frames(wanted, 500_000):
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
        state = self.states[name]
        as_said = self.dialect.types.get(name) is ColumnType.TEXT or name in self.parameters.categorical
        open_to_doubt = state.kind is FileKind.TEXT and not as_said and name != self.group
        grouped = sum(
            count for level, count in counts.items() if is_grouped_number(level, self.dialect.decimal)
        )
        if open_to_doubt and grouped * 2 > sum(counts.values()) and state.not_number is not None:
            raise InputError(
                not_a_number(state.not_number),
                say(
                    "“{column}” looks like numbers with grouped digits or another decimal sign, so it is not taken for a category.",
                    column=name,
                ),
                HOW_NUMBERS_ARE_WRITTEN,
            )
        if name != self.group and len(counts) > MAX_LEVELS:
            raise InputError(
                say(
                    "Column “{column}” has more than {most:,} different texts.", column=name, most=MAX_LEVELS
                ),
                "Each would be a coefficient of its own; the column looks like a name or number of the row, not a category.",
                "Take it out of the terms, or group its values.",
            )
        if open_to_doubt:
            numeric = sum(
                count for level, count in counts.items() if is_number(level) or is_grouped_number(level)
            )
            if numeric * 2 > sum(counts.values()) and state.not_number is not None:
                raise InputError(
                    not_a_number(state.not_number),
                    say("Most of “{column}” are numbers, so it is not taken for a category.", column=name),
                    "Correct the cell, give its text as a missing marker, or declare the column a category.",
                )

    def kind(self, name: str, levels: dict[str, int]) -> ColumnKind:
        """What the column is to the model, with its reference level. Raises InputError."""
        wanted = self.parameters.reference_levels.get(name)
        if not self.is_categorical(self.states[name]):
            if wanted is not None:
                raise InputError(
                    say("Column “{column}” is numeric and has no reference level.", column=name),
                    hint="Declare it a category first, if it holds codes.",
                )
            return ColumnKind(name)
        if wanted is not None and wanted not in levels:
            raise InputError(
                say("Column “{column}” has no level “{level}”.", column=name, level=wanted),
                hint=say("It has {levels}.", levels=", ".join(list(levels)[:20])),
            )
        return ColumnKind(name, tuple(levels), wanted or next(iter(levels)))

    def forget(self) -> None:
        """Remove what was kept on disk for going through the file again."""
        if not self.in_memory and not self.direct:
            self.scan.discard()

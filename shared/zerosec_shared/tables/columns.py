"""The types of columns: the same rule for every file, applied block by block, with everything unusual counted.

A column is numeric if every value that is not missing is a number; boolean if all are true or false; a date or a time
if all are written in one known way; else it is text. The first value that keeps it from being numeric is remembered.
"""

import re
from dataclasses import dataclass, field

import polars as pl

from zerosec_shared.files import Dialect
from zerosec_shared.tables.numbers import missing_markers, numeric_markers, read_numbers
from zerosec_shared.tables.problems import BadCell, FileUnreadableError, Note
from zerosec_shared.tables.remarks import remarks
from zerosec_shared.tables.rows import Block
from zerosec_shared.tables.signs import signed_columns, trimmed
from zerosec_shared.tables.state import EXACT_INTEGER, ColumnKind, ColumnState
from zerosec_shared.tables.typed_texts import parsed, written_as
from zerosec_shared.tables.wanted_types import check_wanted, first_state, texts_wanted
from zerosec_shared.texts import say

__all__ = ["ColumnTypes"]

_SAMPLE = 200
_PROMISING = re.compile(r"\d|^[+-]?(?:inf|infinity|nan|true|false)$", re.IGNORECASE)


@dataclass(slots=True)
class ColumnTypes:
    """Learns the types of columns from blocks and converts the blocks on the way.

    A column whose type turns out to be another one after blocks were converted is `stale`: what was converted before
    must be read again with `frozen()`.
    """

    dialect: Dialect
    states: dict[str, ColumnState] = field(default_factory=dict)
    fixed: bool = False
    rows: int = 0
    signed: frozenset[str] = frozenset()

    def frozen(self) -> "ColumnTypes":
        """The same types, no longer learning; counts start again."""
        states = {
            name: ColumnState(name, state.kind, state.format, signed=state.signed)
            for name, state in self.states.items()
        }
        return ColumnTypes(self.dialect, states, fixed=True)

    def recount(self, names: list[str], again: "ColumnTypes") -> None:
        """Take over what was counted of these columns when they were read again."""
        for name in names:
            state = again.states[name]
            self.states[name].missing, self.states[name].trimmed = state.missing, state.trimmed

    def convert(self, block: Block) -> pl.DataFrame:
        """A block in its types so far: a frame of the same shape."""
        if self.dialect.types:
            block = texts_wanted(block, self.dialect)
        frame = block.frame
        for name in frame.columns:
            if name not in self.states:
                self.states[name] = first_state(name, self.dialect, signed=name in self.signed)
        self._decide_all(block)
        done = self._parsed_numbers(block) | self._plain_numbers(frame)
        done |= self._texts(block)
        columns = [
            done[name] if name in done else self._convert(self.states[name], frame[name], block)
            for name in frame.columns
        ]
        if self.dialect.types:
            check_wanted(self.states, self.dialect, block, self._texts_of(frame))
        for column in columns:
            self.states[column.name].missing += column.null_count()
        self.rows += frame.height
        return pl.DataFrame(columns)

    def _texts_of(self, frame: pl.DataFrame) -> pl.DataFrame:
        names = [
            name for name, dtype in frame.schema.items() if dtype == pl.String and name in self.dialect.types
        ]
        return frame.select(self._trimmed_columns(names)) if names else pl.DataFrame()

    def plain_numbers(self) -> frozenset[str]:
        """The columns that were numbers with a decimal point so far, in a file that writes them so."""
        if not self._writes_plain_numbers:
            return frozenset()
        return frozenset(name for name, state in self.states.items() if state.kind is ColumnKind.NUMBER)

    @property
    def _writes_plain_numbers(self) -> bool:
        dialect = self.dialect
        return dialect.decimal == "." and not dialect.thousands and not numeric_markers(dialect)

    def _parsed_numbers(self, block: Block) -> dict[str, pl.Series]:
        """The columns that came as numbers."""
        names = [name for name in block.frame.columns if name in block.parsed]
        if not names:
            return {}
        frame = block.frame.select(names)
        self._count_all(frame)
        return {name: frame[name] for name in names}

    def _count_all(self, frame: pl.DataFrame) -> None:
        """Count the numbers of many columns at once."""
        if not frame.width:
            return
        nulls, lows, highs = (
            frame.select(expression).row(0)
            for expression in (pl.all().null_count(), pl.all().min(), pl.all().max())
        )
        for name, missing, low, high in zip(frame.columns, nulls, lows, highs, strict=True):
            state = self.states[name]
            state.numbers += frame.height - missing
            if low is not None and state.largest < EXACT_INTEGER:
                state.largest = max(state.largest, abs(low), abs(high))

    def _decide_all(self, block: Block) -> None:
        """Choose a kind for every text column without one, by its first values; plain numbers all at once."""
        frame = block.frame
        names = [
            name
            for name, dtype in frame.schema.items()
            if dtype == pl.String and self.states[name].kind is ColumnKind.EMPTY
        ]
        if not names or self.fixed:
            return
        plain = self._plain_kinds(frame.select(names).head(_SAMPLE))
        for name, kind in plain.items():
            self.states[name].kind = kind
        others = [name for name in names if name not in plain]
        if others:
            samples = frame.select(others).head(_SAMPLE).select(self._trimmed_columns(others))
            for name in others:
                self._decide(self.states[name], samples[name].drop_nulls(), frame[name], block)

    def _plain_kinds(self, samples: pl.DataFrame) -> dict[str, ColumnKind]:
        """The kinds of the columns that hold nothing but plain numbers.

        Their texts are looked at as one long column: a query a column takes seconds where there are ten thousand.
        """
        if self.dialect.decimal != "." or self.dialect.thousands:
            return {}
        names = samples.columns
        text = pl.col("text").str.strip_chars().replace(dict.fromkeys(missing_markers(self.dialect)))
        counted = (
            samples.rename({name: str(place) for place, name in enumerate(names)})
            .unpivot(variable_name="place", value_name="text")
            .with_columns(text)
            .select(
                "place",
                filled=pl.col("text").is_not_null(),
                whole=pl.col("text").cast(pl.Int64, strict=False).is_not_null(),
                real=pl.col("text").cast(pl.Float64, strict=False).is_finite(),
            )
            .group_by("place")
            .sum()
            .filter((pl.col("filled") > 0) & (pl.col("real") == pl.col("filled")))
        )
        return {
            names[int(place)]: ColumnKind.INTEGER if whole == filled else ColumnKind.NUMBER
            for place, filled, whole, _ in counted.rows()
        }

    def _texts(self, block: Block) -> dict[str, pl.Series]:
        """All columns that are text, trimmed at once on all cores."""
        frame = block.frame
        names = [
            name
            for name, dtype in frame.schema.items()
            if dtype == pl.String and self.states[name].kind is ColumnKind.TEXT
        ]
        if not names:
            return {}
        self._look_for_signs(frame, names)
        texts = frame.select(self._trimmed_columns(names))
        changed = frame.select((pl.col(names) != pl.col(names).str.strip_chars()).sum()).row(0)
        for name, count in zip(names, changed, strict=True):
            self.states[name].trimmed += count
        self._remember_offenders(
            [name for name in names if self.states[name].not_number is None], frame, texts, block
        )
        return {name: texts[name] for name in names}

    def _look_for_signs(self, frame: pl.DataFrame, names: list[str]) -> None:
        """Note the columns in which "-" is a value from now on, and was one before."""
        if self.fixed:
            return
        unsigned = [name for name in names if not self.states[name].signed]
        for name in signed_columns(frame, unsigned, self.dialect):
            state = self.states[name]
            state.signed, state.stale = True, state.stale or state.missing > 0

    def _remember_offenders(
        self, names: list[str], frame: pl.DataFrame, texts: pl.DataFrame, block: Block
    ) -> None:
        """Note the first value that is no number of each text column; those without any number all at once."""
        if not names or self.fixed:
            return
        if any(self.states[name].signed for name in names):
            texts = frame.select(
                trimmed(names, self.dialect)
            )  # a "-" is not what keeps a column from being numbers
        numbers = texts.select(pl.col(names).cast(pl.Float64, strict=False).is_not_null().any()).row(0)
        firsts = texts.select(pl.col(names).is_not_null().arg_max()).row(0)
        for name, some, first in zip(names, numbers, firsts, strict=True):
            state, value = self.states[name], texts[name][first] if first is not None else None
            if not some and value is not None and not _PROMISING.search(value):
                state.not_number = BadCell(block.row(first), name, value)
            else:
                self._remember_offender(state, frame[name], block)

    def _trimmed_columns(self, names: list[str]) -> list[pl.Expr]:
        return trimmed(names, self.dialect, {name for name in names if self.states[name].signed})

    def _plain_numbers(self, frame: pl.DataFrame) -> dict[str, pl.Series]:
        """All numeric text columns without any oddity, cast at once on all cores."""
        if not self._writes_plain_numbers:
            return {}
        wanted = {
            name: self.states[name].dtype
            for name, dtype in frame.schema.items()
            if dtype == pl.String and self.states[name].kind.is_numeric
        }
        if not wanted:
            return {}
        cast = frame.select(pl.col(name).cast(dtype, strict=False) for name, dtype in wanted.items())
        floats = [name for name, dtype in wanted.items() if dtype == pl.Float64]
        unusual = set()
        if floats:
            finite = cast.select(pl.col(floats).is_finite().all()).row(0)
            unusual = {name for name, all_ in zip(floats, finite, strict=True) if not all_}
        zeros = set()
        if len(floats) < len(wanted):
            integers = [name for name, dtype in wanted.items() if dtype != pl.Float64]
            found = frame.select(pl.col(integers).str.contains(r"^[+-]?0[0-9]").any()).row(0)
            zeros = {name for name, any_ in zip(integers, found, strict=True) if any_}
        done = {}
        for name in wanted:
            series = cast[name]
            if series.null_count() == frame[name].null_count() and name not in unusual and name not in zeros:
                done[name] = series
        self._count_all(pl.DataFrame(list(done.values())))
        return done

    def _convert(self, state: ColumnState, column: pl.Series, block: Block) -> pl.Series:
        if column.dtype != pl.String:
            return self._declared(state, column, block)
        if state.kind.is_numeric:
            numbers = self._numeric(state, column, block)
            if numbers is not None:
                return numbers
        if state.kind in {ColumnKind.BOOLEAN, ColumnKind.DATE, ColumnKind.DATETIME}:
            text = self._trimmed(column)
            values = parsed(text, state)
            if values.null_count() == text.null_count():
                return values
            self._demote(state, block, text, values)
        return self._text(state, column)

    # text columns

    def _decide(self, state: ColumnState, values: pl.Series, column: pl.Series, block: Block) -> None:
        """Choose a kind by the first values; what follows can only make it a wider one."""
        if values.is_empty():
            values = self._trimmed(column).drop_nulls().head(_SAMPLE)
        if values.is_empty():
            return
        if not _PROMISING.search(values[0]):
            state.kind = ColumnKind.TEXT
            return
        numbers = read_numbers(values, self.dialect, pl.Float64())
        if numbers.first_bad is None and numbers.non_finite < len(values):
            whole = read_numbers(values, self.dialect, pl.Int64())
            state.kind = (
                ColumnKind.INTEGER if whole.first_bad is None and not whole.non_finite else ColumnKind.NUMBER
            )
            return
        state.kind, state.format = written_as(values) or (ColumnKind.TEXT, "")

    def _numeric(self, state: ColumnState, column: pl.Series, block: Block) -> pl.Series | None:
        """The column as numbers, or None after it turned out to be text."""
        read = read_numbers(column, self.dialect, state.dtype)
        if state.kind is ColumnKind.INTEGER and (read.first_bad is not None or read.non_finite):
            if self.fixed:
                raise _changed(state.name)
            state.kind = ColumnKind.NUMBER
            state.stale = state.stale or state.largest >= EXACT_INTEGER
            read = read_numbers(column, self.dialect, pl.Float64())
        if read.first_bad is not None:
            if self.fixed:
                raise _changed(state.name)
            state.not_number = BadCell(
                block.row(read.first_bad), state.name, str(column[read.first_bad]).strip()
            )
            state.numbers += len(read.values) - read.values.null_count()
            state.stale = state.stale or self.rows > 0
            state.kind = ColumnKind.TEXT
            return None
        if read.non_finite:
            state.non_finite += read.non_finite
            if state.first_non_finite is None and read.first_non_finite is not None:
                state.first_non_finite = block.row(read.first_non_finite)
        state.full_width += read.full_width
        if state.kind is ColumnKind.INTEGER:
            state.leading_zeros += int(column.str.contains(r"^\s*[+-]?0[0-9]").sum())
        self._count_numbers(state, read.values)
        return read.values

    def _count_numbers(self, state: ColumnState, values: pl.Series) -> None:
        state.numbers += len(values) - values.null_count()
        if state.largest < EXACT_INTEGER:
            low, high = values.min(), values.max()
            if isinstance(low, int | float) and isinstance(high, int | float):
                state.largest = max(state.largest, abs(low), abs(high))

    def _demote(self, state: ColumnState, block: Block, text: pl.Series, values: pl.Series) -> None:
        if self.fixed:
            raise _changed(state.name)
        failed = (values.is_null() & text.is_not_null()).arg_max()
        if failed is not None and state.not_number is None:
            state.not_number = BadCell(block.row(failed), state.name, str(text[failed]))
        state.kind = ColumnKind.TEXT
        state.stale = state.stale or self.rows > 0

    def _remember_offender(self, state: ColumnState, column: pl.Series, block: Block) -> None:
        read = read_numbers(column, self.dialect, pl.Float64())
        state.numbers += len(read.values) - read.values.null_count()
        if read.first_bad is not None and state.not_number is None:
            state.not_number = BadCell(
                block.row(read.first_bad), state.name, str(column[read.first_bad]).strip()
            )

    def _text(self, state: ColumnState, column: pl.Series) -> pl.Series:
        if state.kind is ColumnKind.TEXT:
            self._look_for_signs(column.to_frame(), [column.name])
        text = self._trimmed(column)
        if state.kind is ColumnKind.TEXT:
            state.trimmed += int((column.str.strip_chars() != column).sum())
        return text

    def _trimmed(self, column: pl.Series) -> pl.Series:
        """Without spaces around and without what means 'missing'."""
        return column.to_frame().select(self._trimmed_columns([column.name])).to_series()

    # columns that come with a type (Parquet, Excel)

    def _declared(self, state: ColumnState, column: pl.Series, block: Block) -> pl.Series:
        if column.dtype == pl.Null:
            return column
        if column.dtype.is_float() or column.dtype.is_integer():
            markers = numeric_markers(self.dialect)
            if markers and (marked := column.is_in(markers)).any():
                state.marked += int(marked.sum())
                column = pl.select(
                    pl.when(~column.is_in(markers)).then(column).alias(column.name)
                ).to_series()
        if column.dtype.is_float():
            column = column.cast(pl.Float64)
            odd = column.is_finite().not_().fill_null(value=False)
            if odd.any():
                state.non_finite += int(odd.sum())
                at = odd.arg_max()
                if state.first_non_finite is None and at is not None:
                    state.first_non_finite = block.row(at)
                column = pl.select(pl.when(column.is_finite()).then(column).alias(column.name)).to_series()
            kind = ColumnKind.NUMBER
        elif column.dtype.is_integer():
            kind = (
                ColumnKind.INTEGER
                if column.cast(pl.Int64, strict=False).null_count() == column.null_count()
                else ColumnKind.NUMBER
            )
        elif column.dtype == pl.Boolean:
            kind = ColumnKind.BOOLEAN
        elif column.dtype == pl.Date:
            kind = ColumnKind.DATE
        elif column.dtype == pl.Datetime:
            kind = ColumnKind.DATETIME
        else:
            kind = ColumnKind.TEXT
        if state.kind in {ColumnKind.EMPTY, ColumnKind.INTEGER} and not self.fixed:
            state.kind = kind
        column = column.cast(state.dtype, strict=False)
        if state.kind.is_numeric:
            self._count_numbers(state, column)
        return column

    # remarks

    def notes(self) -> list[Note]:
        """What the user should know of how the columns were read."""
        return [note for state in self.states.values() for note in remarks(state)]


def _changed(name: str) -> FileUnreadableError:
    return FileUnreadableError(
        "The file changed while it was read",
        say("Column {name} holds other values than a moment ago.", name=name),
        "Wait until the program that writes the file is done, then try again.",
    )

"""Reads what an algorithm found: names of causes and how many deaths each, from any of the layouts in use."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from zerosec_analyses.sdk import Context, InputError, JobInput, Said, joined, say
from zerosec_analyses.va_calibration.causes import plain
from zerosec_analyses.va_calibration.spec import ALGORITHMS
from zerosec_shared.tables import Table, TableError, read_table

__all__ = ["Assigned", "Layout", "read_algorithms", "read_assigned", "read_input"]

ALGORITHM_COLUMNS = {"algorithm", "algorithms"}
CAUSE_COLUMNS = ("cause", "cause1", "cause 1", "causes", "cause of death", "va cause", "cod")
COUNT_COLUMNS = ("deaths", "count", "counts", "n", "number", "number of deaths", "frequency")
ID_COLUMNS = {
    "id",
    "ids",
    "individual",
    "individual id",
    "person",
    "person id",
    "death id",
    "record id",
    "uid",
    "key",
}
LAYOUTS = say(
    "Give one of four layouts: the columns ID and cause (or cause1), a row for each death; a column of 0 and 1 for each cause, a row for "
    "each death; the columns cause and deaths, a row for each cause; or one row of deaths, with a column for each cause."
)
MOST_ROWS = 5_000_000
MOST_DEATHS = 1e9
LISTED = 8


class Layout(StrEnum):
    """How a file tells its causes."""

    INDIVIDUALS = "individuals"
    INDICATORS = "indicators"
    COUNTS = "counts"


@dataclass(frozen=True, kw_only=True)
class Assigned:
    """What one algorithm assigned: deaths by the names of the file, in the file's order; `without_cause` have none."""

    algorithm: str
    file: str
    layout: Layout
    deaths: dict[str, int]
    without_cause: int = 0
    has_ids: bool = True

    @property
    def title(self) -> Said:
        """The algorithm as people write it."""
        return ALGORITHMS[self.algorithm]

    @property
    def total(self) -> int:
        """All deaths, with and without a cause."""
        return sum(self.deaths.values()) + self.without_cause


def read_algorithms(ctx: Context) -> list[Assigned]:
    """Every algorithm a file was given for. Raises InputError where there is none, or a file cannot be used."""
    found = [
        read_assigned(algorithm, read_input(ctx, algorithm), ctx.input(algorithm).name)
        for algorithm in ALGORITHMS
        if ctx.inputs.get(algorithm)
    ]
    if not found:
        raise InputError(
            say("No algorithm's causes were given."),
            hint=say(
                "Give the file of at least one of EAVA, InSilicoVA and InterVA, each to its own algorithm."
            ),
        )
    return found


def read_input(ctx: Context, slot: str) -> Table:
    """The table of a slot; how it was read is recorded. Raises InputError with a sentence."""
    source: JobInput = ctx.input(slot)
    try:
        table = read_table(source.path, source.dialect, max_rows=MOST_ROWS + 1)
    except TableError as error:
        raise InputError(
            say("{file}: {problem}.", file=source.name, problem=error.title), error.detail, error.hint
        ) from error
    if table.frame.height > MOST_ROWS:
        raise InputError(
            say("{file} has more than {most} rows.", file=source.name, most=f"{MOST_ROWS:,}"),
            hint=say("Give deaths by cause instead."),
        )
    ctx.read_as(slot, table.dialect)
    return table


def read_assigned(algorithm: str, table: Table, file: str) -> Assigned:
    """What a table says an algorithm found. Raises InputError, naming file, column and row."""
    return _Reading(algorithm, table, file).assigned()


class _Reading:
    """One file read for one algorithm."""

    def __init__(self, algorithm: str, table: Table, file: str) -> None:
        self.algorithm, self.file = algorithm, file
        self.frame = table.frame.with_columns(
            pl.Series("\0row", [table.row_number(i) for i in range(table.frame.height)])
        )
        self.columns = {plain(name): name for name in reversed(table.frame.columns)}

    def assigned(self) -> Assigned:
        """By the first layout that fits."""
        self._of_this_algorithm()
        cause = self._first(CAUSE_COLUMNS)
        if cause is None:
            return self._wide()
        count = self._first(COUNT_COLUMNS)
        return self._individuals(cause) if count is None else self._counts(cause, count)

    def _first(self, names: Sequence[str]) -> str | None:
        return next((self.columns[name] for name in names if name in self.columns), None)

    def _of_this_algorithm(self) -> None:
        """Where a column names the algorithm, only its rows count."""
        column = next((self.columns[name] for name in ALGORITHM_COLUMNS if name in self.columns), None)
        if column is None:
            return
        names = self.frame[column].cast(pl.String).fill_null("")
        wanted = {self.algorithm, plain(ALGORITHMS[self.algorithm])}
        keep = pl.Series([plain(name) in wanted for name in names], dtype=pl.Boolean)
        if not keep.any():
            raise InputError(
                say(
                    "{file} has no rows of {algorithm}.", file=self.file, algorithm=ALGORITHMS[self.algorithm]
                ),
                say(
                    "Its column “{column}” holds: {values}.",
                    column=column,
                    values=_listed(dict.fromkeys(names)),
                ),
            )
        self.frame = self.frame.filter(keep)

    def _individuals(self, cause: str) -> Assigned:
        identity = next((self.columns[name] for name in ID_COLUMNS if name in self.columns), None)
        if identity is not None:
            self._refuse_doubled(identity)
        names = self.frame[cause].cast(pl.String).str.strip_chars()
        counted = Counter(name for name in names if name)
        without = len(names) - sum(counted.values())
        return self._made(Layout.INDIVIDUALS, dict(counted), without, has_ids=identity is not None)

    def _refuse_doubled(self, identity: str) -> None:
        ids = self.frame[identity].cast(pl.String)
        doubled = self.frame.filter(ids.is_duplicated() & ids.is_not_null())
        if doubled.height:
            first = doubled[identity].cast(pl.String)[0]
            rows = doubled.filter(doubled[identity].cast(pl.String) == first)["\0row"].to_list()
            raise InputError(
                say(
                    "{file} has the ID {id} more than once: rows {rows}.",
                    file=self.file,
                    id=first,
                    rows=", ".join(map(str, rows[:5])),
                ),
                say("IDs that are doubled: {count}.", count=f"{doubled[identity].n_unique():,}"),
                say("Each death counts once: give one row a death."),
            )

    def _counts(self, cause: str, count: str) -> Assigned:
        deaths: dict[str, int] = {}
        without = 0
        rows: dict[str, int] = {}
        for name, value, row in zip(
            self.frame[cause].cast(pl.String), self.frame[count], self.frame["\0row"], strict=True
        ):
            number = self._whole(value, count, row)
            text = (name or "").strip()
            if not text:
                without += number
            elif text in deaths:
                raise InputError(
                    say(
                        "{file} has the cause “{cause}” twice: rows {first} and {second}.",
                        file=self.file,
                        cause=text,
                        first=rows[text],
                        second=row,
                    ),
                    hint=say("Give each cause once, with all its deaths."),
                )
            else:
                deaths[text], rows[text] = number, row
        return self._made(Layout.COUNTS, deaths, without)

    def _whole(self, value: object, column: str, row: int) -> int:
        if value is None:
            raise InputError(
                say(
                    "{file}, row {row}: column “{column}” is empty; a count is needed.",
                    file=self.file,
                    row=row,
                    column=column,
                ),
                hint=say("Write 0 for no deaths."),
            )
        number = value if isinstance(value, int | float) else None
        if number is None or number != number or abs(number) > MOST_DEATHS or int(number) != number:
            raise InputError(
                say(
                    "{file}, row {row}: column “{column}” holds {value}, and deaths are counted in whole numbers.",
                    file=self.file,
                    row=row,
                    column=column,
                    value=str(value),
                )
            )
        if number < 0:
            raise InputError(
                say(
                    "{file}, row {row}: column “{column}” holds {value}; a number of deaths cannot be negative.",
                    file=self.file,
                    row=row,
                    column=column,
                    value=str(value),
                )
            )
        return int(number)

    def _wide(self) -> Assigned:
        """A column for each cause: one row of counts, or a row for each death with a single 1."""
        skipped = {self.columns[name] for name in ID_COLUMNS | ALGORITHM_COLUMNS if name in self.columns}
        causes = [name for name in self.frame.columns if name not in skipped and name != "\0row"]
        numeric = [
            name
            for name in causes
            if self.frame[name].dtype.is_numeric() or self.frame[name].dtype == pl.Boolean
        ]
        identity = next((self.columns[name] for name in ID_COLUMNS if name in self.columns), None)
        one_row = self.frame.height == 1 and identity is None
        if len(causes) < 2 or numeric != causes or not (one_row or self._mostly_indicators(causes)):
            raise InputError(
                say("{file} has no column “cause” or “cause1”.", file=self.file),
                self._columns_there(),
                LAYOUTS,
            )
        if identity is not None:
            self._refuse_doubled(identity)
        values = {
            name: [
                self._whole(v, name, r) for v, r in zip(self.frame[name], self.frame["\0row"], strict=True)
            ]
            for name in causes
        }
        ones = [sum(row) for row in zip(*values.values(), strict=True)]
        if one_row:
            return self._made(Layout.COUNTS, {name: column[0] for name, column in values.items()}, 0)
        for total, row in zip(ones, self.frame["\0row"], strict=True):
            if total != 1:
                raise InputError(
                    say(
                        "{file}, row {row}: the columns of causes add up to {total}, not to 1.",
                        file=self.file,
                        row=row,
                        total=total,
                    ),
                    detail=joined(
                        [
                            say(
                                "It has no column “cause” or “cause1”, so each column was taken for a cause, and then each death has exactly one 1."
                            ),
                            self._columns_there(),
                        ],
                        " ",
                    ),
                    hint=LAYOUTS,
                )
        return self._made(
            Layout.INDICATORS,
            {name: sum(column) for name, column in values.items()},
            0,
            has_ids=identity is not None,
        )

    def _mostly_indicators(self, causes: Sequence[str]) -> bool:
        """Whether at least half of the columns hold nothing but 0 and 1: a wrong cell is then a slip, and not another kind of table."""
        ones = [
            name for name in causes if self.frame[name].drop_nulls().cast(pl.Float64).is_in([0.0, 1.0]).all()
        ]
        return 2 * len(ones) >= len(causes)

    def _columns_there(self) -> Said:
        return say("Its columns: {columns}.", columns=_listed(dict.fromkeys(self.frame.columns[:-1])))

    def _made(
        self, layout: Layout, deaths: dict[str, int], without: int, *, has_ids: bool = True
    ) -> Assigned:
        if sum(deaths.values()) == 0:
            raise InputError(
                say(
                    "{file} holds no deaths with a cause for {algorithm}.",
                    file=self.file,
                    algorithm=ALGORITHMS[self.algorithm],
                ),
                hint=say("There is nothing to calibrate."),
            )
        return Assigned(
            algorithm=self.algorithm,
            file=self.file,
            layout=layout,
            deaths=deaths,
            without_cause=without,
            has_ids=has_ids,
        )


def _listed(names: Sequence[str] | dict[str, None]) -> str:
    each = list(names)
    return ", ".join(each[:LISTED]) + (f", … ({len(each)})" if len(each) > LISTED else "")

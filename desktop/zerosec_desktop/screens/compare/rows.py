"""Two tables of results row by row: rows of both, of one only, and how their numbers differ. No widgets.

Rows belong together where their keys are the same; of a column that may differ a little the nearest pairs go first. Where
each table is of one sample, and of another one, the sample does not count.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from zerosec_desktop.resources.language import translate
from zerosec_shared.views import Cell, Column, RowKey, ScatterView, Series, TableView

__all__ = [
    "ComparedRows",
    "compare_rows",
    "comparison_plot",
    "comparison_table",
    "keyed_tables",
    "rows_of_file",
]

MOST_VALUES = 4
MOST_ROWS = 500_000
SHOWN_ROWS = 5000
LEAST_POINTS = 10
Row = Sequence[Cell]


@dataclass(frozen=True)
class ComparedRows:
    """Pairs of rows; None stands for a row that the other table does not have. `left_out` are columns of the key that do not count."""

    columns: tuple[Column, ...]
    key: tuple[int, ...]
    values: tuple[int, ...]
    pairs: tuple[tuple[Row | None, Row | None], ...]
    left_out: tuple[str, ...] = ()

    @property
    def both(self) -> list[tuple[Row, Row]]:
        """Those in both tables."""
        return [(one, other) for one, other in self.pairs if one is not None and other is not None]

    @property
    def changed(self) -> int:
        """How many of those in both have other numbers."""
        return sum(any(one[at] != other[at] for at in self.values) for one, other in self.both)

    @property
    def only_first(self) -> int:
        """Rows of the first table alone."""
        return sum(other is None for _, other in self.pairs)

    @property
    def only_second(self) -> int:
        """Rows of the second table alone."""
        return sum(one is None for one, _ in self.pairs)


def keyed_tables(first: Sequence[object], second: Sequence[object]) -> list[tuple[TableView, TableView]]:
    """The tables of two results that can be compared row by row: of the same id, with a key and the columns it names."""
    others = {view.id: view for view in second if isinstance(view, TableView)}
    return [
        (view, others[view.id])
        for view in first
        if isinstance(view, TableView) and view.key is not None and view.id in others
        if _has(view, view.key) and _has(others[view.id], view.key)
    ]


def _has(view: TableView, key: RowKey) -> bool:
    wanted = {*key.columns, *([key.near] if key.near else [])}
    return wanted <= {column.name for column in view.columns}


def rows_of_file(path: Path, view: TableView) -> list[Row]:
    """All rows of a table whose view shows but the first, from its CSV file. For a worker thread. Raises OSError, ValueError."""
    import polars as pl

    try:
        named = {} if view.key is None else dict.fromkeys(view.key.columns, pl.String)
        frame = pl.read_csv(path, infer_schema_length=None, n_rows=MOST_ROWS + 1, schema_overrides=named)
        frame = frame.select([column.name for column in view.columns])
    except (pl.exceptions.PolarsError, pl.exceptions.ComputeError) as wrong:
        raise ValueError("the file does not hold the table") from wrong
    if frame.height > MOST_ROWS:
        raise ValueError("the table is too long to be compared here")
    return list(frame.iter_rows())


def compare_rows(
    first: TableView, second: TableView, ones: Sequence[Row], others: Sequence[Row]
) -> ComparedRows:
    """Compare two tables by the first one's key."""
    key = first.key
    assert key is not None
    names = [column.name for column in first.columns]
    places = {column.name: at for at, column in enumerate(second.columns)}
    # Both tables in the columns that both have, in the order of the first.
    shared = [at for at, name in enumerate(names) if name in places]
    columns = tuple(first.columns[at] for at in shared)
    ones = [tuple(row[at] for at in shared) for row in ones]
    others = [tuple(row[places[names[at]]] for at in shared) for row in others]
    at_name = {column.name: at for at, column in enumerate(columns)}
    exact = [at_name[name] for name in key.columns]
    idle = [at for at in exact if columns[at].name == key.of and _tells_nothing(at, ones, others)]
    counted = [at for at in exact if at not in idle]
    near = at_name[key.near] if key.near else None
    pairs = _paired(ones, others, counted, near, key.within)
    shown_key = tuple(sorted([*counted, *([near] if near is not None else [])]))
    values = tuple(
        at
        for at in range(len(columns))
        if at not in shown_key and at not in exact and _numeric(at, ones) and _numeric(at, others)
    )[:MOST_VALUES]
    return ComparedRows(columns, shown_key, values, tuple(pairs), tuple(columns[at].name for at in idle))


def _tells_nothing(at: int, ones: Sequence[Row], others: Sequence[Row]) -> bool:
    left, right = {str(row[at]) for row in ones}, {str(row[at]) for row in others}
    return len(left) == 1 and len(right) == 1 and left != right


def _numeric(at: int, rows: Sequence[Row]) -> bool:
    found = [row[at] for row in rows if row[at] is not None]
    return all(isinstance(cell, int | float) and not isinstance(cell, bool) for cell in found)


def _paired(
    ones: Sequence[Row], others: Sequence[Row], counted: Sequence[int], near: int | None, within: float
) -> list[tuple[Row | None, Row | None]]:
    waiting: Mapping[tuple[str, ...], list[int]] = defaultdict(list)
    for number, row in enumerate(others):
        waiting[_name(row, counted)].append(number)
    found: dict[int, int] = {}
    if near is None:
        for number, row in enumerate(ones):
            left = waiting.get(_name(row, counted))
            if left:
                found[number] = left.pop(0)
    else:
        found = _nearest(ones, others, counted, near, within, waiting)
    taken = set(found.values())
    pairs: list[tuple[Row | None, Row | None]] = [
        (row, others[found[number]] if number in found else None) for number, row in enumerate(ones)
    ]
    return pairs + [(None, row) for number, row in enumerate(others) if number not in taken]


def _name(row: Row, counted: Sequence[int]) -> tuple[str, ...]:
    return tuple(str(row[at]) for at in counted)  # a contig “1” may have come as a number


def _nearest(
    ones: Sequence[Row],
    others: Sequence[Row],
    counted: Sequence[int],
    near: int,
    within: float,
    waiting: Mapping[tuple[str, ...], list[int]],
) -> dict[int, int]:
    """Nearest pairs first, each row once."""
    from bisect import bisect_left

    candidates: list[tuple[float, int, int]] = []
    ordered = {
        name: sorted((float(others[n][near] or 0), n) for n in numbers) for name, numbers in waiting.items()
    }
    for number, row in enumerate(ones):
        there, at = ordered.get(_name(row, counted), []), float(row[near] or 0)
        for place in range(bisect_left(there, (at - within, -1)), len(there)):
            distance = abs(there[place][0] - at)
            if there[place][0] > at + within:
                break
            candidates.append((distance, number, there[place][1]))
    found: dict[int, int] = {}
    taken: set[int] = set()
    for _, one, other in sorted(candidates):
        if one not in found and other not in taken:
            found[one] = other
            taken.add(other)
    return found


def comparison_table(view: TableView, compared: ComparedRows, names: tuple[str, str]) -> TableView:
    """What differs most first: rows of one table alone, then those of both by how much their first number differs."""
    columns = [compared.columns[at].model_copy(update={"worded": False}) for at in compared.key]
    columns.append(Column(name="found", label=translate("CompareScreen", "Found in")))
    for at in compared.values:
        column = compared.columns[at]
        for side, name in zip(("first", "second"), names, strict=True):
            title = f"{column.label or column.name}: {name}"[:200]
            columns.append(column.model_copy(update={"name": f"{column.name}_{side}"[:200], "label": title}))
    words = (
        translate("CompareScreen", "both"),
        translate("CompareScreen", "only {0}").format(names[0]),
        translate("CompareScreen", "only {0}").format(names[1]),
    )
    first = compared.values[0] if compared.values else None

    def rank(pair: tuple[Row | None, Row | None]) -> tuple[bool, float]:
        one, other = pair
        if one is None or other is None:
            alone = one if one is not None else other
            return False, -_number(alone, first)
        return True, -abs(_number(one, first) - _number(other, first))

    rows = []
    for one, other in sorted(compared.pairs, key=rank)[:SHOWN_ROWS]:
        named = one if one is not None else other
        assert named is not None
        cells: list[Cell] = [named[at] for at in compared.key]
        cells.append(words[0 if one is not None and other is not None else 2 if one is None else 1])
        for at in compared.values:
            cells += [None if one is None else one[at], None if other is None else other[at]]
        rows.append(tuple(cells))
    return TableView(
        id=f"{view.id}_compared"[:80],
        title=view.title,
        columns=tuple(columns),
        rows=tuple(rows),
        total_rows=len(compared.pairs),
        caption=_told(compared, names),
    )


def _number(row: Row | None, at: int | None) -> float:
    cell = row[at] if row is not None and at is not None else None
    return float(cell) if isinstance(cell, int | float) else 0.0


def _told(compared: ComparedRows, names: tuple[str, str]) -> str:
    told = translate(
        "CompareScreen", "{0} in both, {1} of them with other numbers; {2} only in “{3}”, {4} only in “{5}”."
    ).format(
        f"{len(compared.both):,}",
        f"{compared.changed:,}",
        f"{compared.only_first:,}",
        names[0],
        f"{compared.only_second:,}",
        names[1],
    )
    if compared.left_out:
        labels = {column.name: column.label or column.name for column in compared.columns}
        told += " " + translate("CompareScreen", "{0} is another in each, and was not compared.").format(
            ", ".join(labels[name] for name in compared.left_out)
        )
    return told


def comparison_plot(view: TableView, compared: ComparedRows, names: tuple[str, str]) -> ScatterView | None:
    """The first number of every row of both tables, one against the other; None where there are too few."""
    both = compared.both
    if not compared.values or len(both) < LEAST_POINTS:
        return None
    at = compared.values[0]
    column = compared.columns[at]
    title = column.label or column.name
    points = both[:20_000]
    return ScatterView(
        id=f"{view.id}_against"[:80],
        title=f"{view.title}: {title}"[:200],
        x=Column(name="first", label=names[0][:200], unit=column.unit),
        y=Column(name="second", label=names[1][:200], unit=column.unit),
        series=(
            Series(
                name=title,
                x=tuple(_number(one, at) for one, _ in points),
                y=tuple(_number(other, at) for _, other in points),
                labels=tuple(" ".join(str(one[k]) for k in compared.key) for one, _ in points),
            ),
        ),
        reference="identity",
    )

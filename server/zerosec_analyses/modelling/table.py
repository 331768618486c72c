"""From the user's file to a table a model can be built on: features, targets, groups and order, or a clear refusal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from zerosec_analyses.extremes import refuse_too_large, refuse_too_like
from zerosec_analyses.sdk import InputError, Said, joined, say
from zerosec_shared.files import Dialect
from zerosec_shared.tables import ColumnKind, Note, Table, TableError, read_table

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MAX_CELLS = 400_000_000
MAX_FEATURES = 5000
IDENTIFIER_SHARE = 0.5
MAX_FREE_LEVELS = 50
MAX_CLASSES = 200
MAX_FRACTIONS = 20
STARTS_AS_NUMBER = r"^[\s\p{S}\p{P}]*\d"
"""Of a cell that may be meant as a number, such as < 0.1."""
DATES = frozenset({ColumnKind.DATE, ColumnKind.DATETIME})


@dataclass(frozen=True)
class Feature:
    """A column a model may use: a number, or a category with its ``levels`` (empty for a number)."""

    name: str
    levels: tuple[str, ...] = ()

    @property
    def is_category(self) -> bool:
        """Whether it has levels."""
        return bool(self.levels)


@dataclass(frozen=True)
class LeftOut:
    """A column that is not used, and why; ``constant`` is its value where it has but one."""

    column: str
    reason: Said
    constant: float | str | None = None


def reasons_in_words(left_out: Sequence[LeftOut]) -> Said:
    """The first of these columns, each with why it is not used."""
    return joined(
        [say("{column} ({reason})", column=one.column, reason=one.reason) for one in left_out[:8]], "; "
    )


@dataclass(frozen=True)
class ModelTable:
    """Rows as arrays. ``values`` is rows x features: numbers, or the index of the level; NaN where missing.

    ``targets`` are numbers, or the index of the class (see ``classes``), NaN where missing; ``units`` tells
    which rows must never be parted between training and test; ``order`` sorts rows in time.
    """

    features: tuple[Feature, ...]
    values: FloatArray
    targets: dict[str, FloatArray]
    classes: dict[str, tuple[str, ...]]
    units: IntArray | None
    n_repeated_rows: int
    order: FloatArray | None
    row_number: Callable[[int], int]
    left_out: tuple[LeftOut, ...]
    notes: tuple[Note, ...]
    dialect: Dialect

    @property
    def n_rows(self) -> int:
        """Rows of the file."""
        return int(self.values.shape[0])

    def missing(self, rows: IntArray) -> dict[str, int]:
        """Values missing by feature among some rows, where there are any."""
        counts = np.isnan(self.values[rows]).sum(axis=0)
        return {f.name: int(c) for f, c in zip(self.features, counts, strict=True) if c}


@dataclass(frozen=True)
class Choice:
    """What the user chose of the table's columns; no features: all that can be used."""

    targets: tuple[str, ...]
    features: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    groups: str | None = None
    order: str | None = None
    keep_repeats_together: bool = True
    class_targets: bool = False


def read_model_table(
    path: Path, dialect: Dialect | None, choice: Choice, *, with_values: bool = True
) -> ModelTable:
    """Read everything a model needs. Raises InputError that names the column and row of whatever cannot be used.

    Without values all is checked, but the features' numbers are not kept (``values`` has no columns): for a plan, not for a fit.
    """
    try:
        table = read_table(path, dialect)
    except TableError as error:
        raise InputError(say("{title}.", title=error.title), error.detail, error.hint) from error
    return _Reading(table, choice).table(with_values=with_values)


class _Reading:
    def __init__(self, read: Table, choice: Choice) -> None:
        self.read, self.choice, self.frame = read, choice, read.frame
        self.kinds = {state.name: state.kind for state in read.columns}
        self.left_out: list[LeftOut] = []

    def table(self, *, with_values: bool) -> ModelTable:
        choice = self.choice
        for name in (*choice.targets, *choice.features, *choice.categories):
            self._known(name)
        if len(set(choice.targets)) != len(choice.targets):
            raise InputError("A target is named twice.", hint="Name each target once.")
        if clash := sorted(set(choice.targets) & set(choice.features)):
            raise InputError(
                say("“{column}” is both a target and a feature.", column=clash[0]),
                "A model that is given the answer learns nothing.",
                "Take it out of the features.",
            )
        for name in choice.targets:
            if name in {choice.groups, choice.order}:
                raise InputError(
                    say("“{column}” is the target, and cannot say too which rows belong together or come first.", column=name),
                    hint="Choose another column for the groups or the time.",
                )  # fmt: skip
        classes: dict[str, tuple[str, ...]] = {}
        targets = {}
        for name in choice.targets:
            if choice.class_targets:
                classes[name], targets[name] = self._classes(name)
            else:
                targets[name] = self._target(name)
        features = self._features()
        if len(features) * self.frame.height > MAX_CELLS:
            raise InputError(
                say(
                    "{rows:,} rows of {columns:,} columns are more than a model can be built on here ({most:,} values).",
                    rows=self.frame.height,
                    columns=len(features),
                    most=MAX_CELLS,
                ),
                hint="Choose fewer features, or a part of the rows.",
            )
        values = np.full((self.frame.height, len(features) if with_values else 0), np.nan)
        for place, feature in enumerate(features):
            if not feature.is_category:
                numbers = self._numbers(feature.name)
            elif with_values:
                numbers = self._codes(feature.name, feature.levels)
            if with_values:
                values[:, place] = numbers
        units, repeated = self._units(features)
        return ModelTable(
            tuple(features), values, targets, classes, units, repeated, self._order(), self.read.row_number,
            tuple(self.left_out), self.read.notes, self.read.dialect,
        )  # fmt: skip

    def _known(self, name: str) -> None:
        if name not in self.kinds:
            shown = ", ".join(list(self.kinds)[:20])
            raise InputError(
                say("There is no column “{column}” in the table.", column=name),
                hint=say("Its columns: {names}.", names=shown),
            )

    def _target(self, name: str) -> FloatArray:
        self._require_numbers(name)
        return self._numbers(name)

    def _require_numbers(self, name: str) -> None:
        if self.kinds[name] is ColumnKind.BOOLEAN:
            return
        try:
            self.read.require_numbers([name])
        except TableError as error:
            hint = error.hint
            if (
                self.kinds[name] is ColumnKind.TEXT
                and not self.frame[name].str.contains(STARTS_AS_NUMBER).any()
            ):
                hint = say(
                    "If these texts are classes, such as OK and NG, use the classification; if not, choose another target."
                )
            raise InputError(say("{title}.", title=error.title), error.detail, hint) from error

    def _numbers(self, name: str) -> FloatArray:
        column = self.frame[name].cast(pl.Float64).fill_null(float("nan"))
        values = np.array(column.to_numpy(), dtype=np.float64)
        if np.isinf(values).any():
            row = int(np.isinf(values).argmax())
            raise InputError(
                say(
                    "Row {row:,}, column “{column}”: the number is infinite.",
                    row=self.read.row_number(row),
                    column=name,
                ),
                hint="Correct the value, or leave the cell empty.",
            )
        refuse_too_large(name, values, self.read.row_number)
        refuse_too_like(name, values)
        return values

    def _levels(self, name: str) -> tuple[str, ...]:
        found = self.frame[name].drop_nulls().unique().cast(pl.String).to_list()
        return tuple(sorted(found))

    def _codes(self, name: str, levels: Sequence[str]) -> FloatArray:
        texts = self.frame[name].cast(pl.String)
        codes = texts.replace_strict(
            list(levels), list(range(len(levels))), default=None, return_dtype=pl.Float64
        )
        return np.array(codes.fill_null(float("nan")).to_numpy(), dtype=np.float64)

    def _classes(self, name: str) -> tuple[tuple[str, ...], FloatArray]:
        """The labels of a class target in order (numbers by size), and the code of each row's; NaN where it is missing."""
        if self.kinds[name] in DATES:
            raise InputError(
                say("Column “{column}” holds dates or times, which are no classes.", column=name),
                hint="Choose another target.",
            )
        column = self.frame[name]
        found = column.drop_nulls()
        if column.dtype.is_float():
            found = found.filter(found.is_finite())
        known = found.unique().sort()
        if column.dtype.is_numeric() and (
            known.len() > MAX_CLASSES
            or (known.len() > MAX_FRACTIONS and bool((known.cast(pl.Float64) % 1 != 0).any()))
        ):
            raise InputError(
                say(
                    "Column “{column}” holds {count:,} different numbers: a quantity rather than classes.",
                    column=name,
                    count=known.len(),
                ),
                hint="Predict it with the nonlinear analysis, or add a column that says which range each row lies in.",
            )
        if known.len() > MAX_CLASSES:
            raise InputError(
                say(
                    "Column “{column}” has {count:,} classes, and {most:,} are the most that can be told apart here.",
                    column=name,
                    count=known.len(),
                    most=MAX_CLASSES,
                ),
                hint="Join rare classes, or choose another target.",
            )
        labels = tuple(_class_label(value) for value in known.to_list())
        codes = column.replace_strict(known, list(range(known.len())), default=None, return_dtype=pl.Float64)
        return labels, np.array(codes.fill_null(float("nan")).to_numpy(), dtype=np.float64)

    def _features(self) -> list[Feature]:
        choice, chosen = self.choice, self.choice.features
        taken = {*choice.targets, choice.groups, choice.order}
        # a target that was not chosen this time is an answer too, but only the user can know that
        names = list(dict.fromkeys(chosen)) or [name for name in self.kinds if name not in taken]
        features = []
        for name in names:
            kind = self.kinds[name]
            if kind in DATES:
                if chosen:
                    raise InputError(
                        say("Column “{column}” holds dates or times, which no model takes.", column=name),
                        hint="Add a column of numbers made from it, such as days since the start.",
                    )
                self.left_out.append(LeftOut(name, say("dates or times")))
                continue
            if self.frame[name].null_count() == self.frame.height:
                self.left_out.append(LeftOut(name, say("no value in any row")))
                continue
            if kind is ColumnKind.TEXT or name in choice.categories:
                levels = self._levels(name)
                if not chosen and len(levels) > max(MAX_FREE_LEVELS, IDENTIFIER_SHARE * self.frame.height):
                    self.left_out.append(
                        LeftOut(
                            name,
                            say(
                                "{count:,} different texts: an identifier rather than a category",
                                count=len(levels),
                            ),
                        )
                    )
                    continue
                if len(levels) < 2:
                    self.left_out.append(LeftOut(name, say("the same in every row"), levels[0]))
                    continue
                features.append(Feature(name, levels))
                continue
            if self.frame[name].n_unique() < 2:
                value = float(self.frame[name].drop_nulls()[0])
                constant = value if np.isfinite(value) else None
                self.left_out.append(LeftOut(name, say("the same in every row"), constant))
                continue
            features.append(Feature(name))
        if not features:
            raise InputError(
                "No column is left that could explain the target.",
                reasons_in_words(self.left_out),
                "Choose features that differ between rows.",
            )
        if len(features) > MAX_FEATURES:
            raise InputError(
                say(
                    "There are {count:,} features, and {most:,} are the most a model takes.",
                    count=len(features),
                    most=MAX_FEATURES,
                ),
                hint="Choose the features that matter.",
            )
        return features

    def _units(self, features: Sequence[Feature]) -> tuple[IntArray | None, int]:
        """Rows of one group, and rows with the same features, belong to one unit."""
        n = self.frame.height
        labels = []
        if self.choice.groups is not None:
            self._known(self.choice.groups)
            column = self.frame[self.choice.groups]
            if column.null_count():
                row = int(column.is_null().arg_max() or 0)
                raise InputError(
                    say(
                        "Row {row:,}, column “{column}”: the group is missing.",
                        row=self.read.row_number(row),
                        column=self.choice.groups,
                    )
                )
            labels.append(_ranks(self.frame.select(self.choice.groups)))
        repeated = 0
        if self.choice.keep_repeats_together:
            same = _ranks(self.frame.select([f.name for f in features]))
            counts = np.bincount(same)
            repeated = int((counts[same] > 1).sum())
            if repeated:
                labels.append(same)
        if not labels:
            return None, 0
        if len(labels) == 1:
            return labels[0], repeated
        first, second = labels
        width = int(first.max()) + 1
        graph = coo_array(
            (np.ones(n, dtype=np.int8), (first, second + width)),
            shape=(width + int(second.max()) + 1,) * 2,
        )
        parts = connected_components(graph, directed=False)[1]
        return np.unique(parts[first], return_inverse=True)[1].astype(np.int64), repeated

    def _order(self) -> FloatArray | None:
        name = self.choice.order
        if name is None:
            return None
        self._known(name)
        column = self.frame[name]
        if self.kinds[name] is ColumnKind.TEXT:
            raise InputError(
                say("Column “{column}” holds texts, which have no order in time.", column=name),
                hint="Choose a column of dates or numbers.",
            )
        if column.null_count():
            row = int(column.is_null().arg_max() or 0)
            raise InputError(
                say(
                    "Row {row:,}, column “{column}”: the place in time is missing.",
                    row=self.read.row_number(row),
                    column=name,
                )
            )
        if self.kinds[name] in DATES:
            column = column.cast(pl.Datetime("us"))
        return np.array(column.cast(pl.Int64 if self.kinds[name] in DATES else pl.Float64), dtype=np.float64)


def _class_label(value: object) -> str:
    """How a class is called: 1 and not 1.0."""
    if isinstance(value, float):
        return format(value, ".0f") if value.is_integer() else format(value, ".15g")
    return str(value).lower() if isinstance(value, bool) else str(value)


def _ranks(frame: pl.DataFrame) -> IntArray:
    """A number from 0 for each different row."""
    if frame.width == 1:
        ranked = frame.select(pl.struct(pl.all()).rank("dense").alias("rank"))
        return np.asarray(ranked["rank"].to_numpy()).astype(np.int64) - 1
    first = np.arange(frame.height, dtype=np.int64)
    # Rows that are the same have the same hash: only where hashes meet need rows be compared, which takes many times the memory.
    met = frame.with_row_index("").filter(frame.hash_rows().is_duplicated())
    if met.height:
        first[met[""].to_numpy()] = met.select(pl.col("").min().over(frame.columns)).to_series().to_numpy()
    return np.unique(first, return_inverse=True)[1].astype(np.int64)

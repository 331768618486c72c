"""The rows to predict as a model was built on them: coded, in batches, with what in them the model has never seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from zerosec_analyses.extremes import refuse_too_large
from zerosec_analyses.formula_columns import computed
from zerosec_analyses.modelling.model_file import ModelHead, SavedFeature
from zerosec_analyses.modelling.table import FloatArray
from zerosec_analyses.prediction.spelling import looks, spelt_otherwise
from zerosec_analyses.sdk import InputError, joined, say
from zerosec_shared.files import Dialect
from zerosec_shared.formulas import Formula, FormulaError
from zerosec_shared.profiles import Profile
from zerosec_shared.tables import ColumnKind, Note, Scan, TableError, scan_table

BATCH = 50_000
MOST_NAMED = 60


@dataclass(frozen=True)
class Coded:
    """A batch: the rows as they stand in the table, and as the model needs them (rows x features, NaN where missing)."""

    frame: pl.DataFrame
    values: FloatArray
    unseen: np.ndarray
    """Where a level is one the model has never seen (rows x features)."""

    def head(self, rows: int) -> Coded:
        """The first rows of it."""
        return Coded(self.frame.head(rows), self.values[:rows], self.unseen[:rows])


class NewRows:
    """A table of which a model's features are read, under the names they have in the model.

    `spelt` are those that are written otherwise in the table. Raises InputError for a column that is missing, or is of another kind.
    """

    def __init__(
        self,
        path: Path,
        dialect: Dialect | None,
        head: ModelHead,
        *,
        scratch: Path | None = None,
        profile: Profile | None = None,
    ) -> None:
        self._head = head
        try:
            signed = [feature.name for feature in head.features if "-" in (feature.levels or ())]
            texts = [one.name for one in (*head.features, *head.constants) if _holds_texts(one)]
            self.scan: Scan = scan_table(path, dialect, scratch=scratch, signed=signed, texts=texts)
            needed = [one.name for one in (*head.features, *head.constants)]
            self.spelt = spelt_otherwise(needed, self.scan.names)
            if not {*signed, *texts}.isdisjoint(self.spelt):  # read again, as what it is taken for
                self.scan = scan_table(
                    path,
                    dialect,
                    scratch=scratch,
                    signed=[self.spelt.get(name, name) for name in signed],
                    texts=[self.spelt.get(name, name) for name in texts],
                )
            self._renamed = {there: name for name, there in self.spelt.items()}
            names = {self._renamed.get(name, name) for name in self.scan.names}
            self.derived: dict[str, Formula] = {
                name: formula
                for name, formula in ({} if profile is None else profile.derived).items()
                if name not in names and set(formula.columns) <= names
            }
            known = names | set(self.derived)
            missing = [feature.name for feature in head.features if feature.name not in known]
            if missing:
                raise _missing(missing, [*self.scan.names, *self.derived])
            kinds = {self._renamed.get(state.name, state.name): state.kind for state in self.scan.columns}
            numbers = [
                self.spelt.get(feature.name, feature.name)
                for feature in head.features
                if not feature.levels
                and feature.name in names
                and kinds[feature.name] is not ColumnKind.BOOLEAN
            ]
            self.scan.require_numbers(numbers)
            for feature in head.features:
                if not feature.levels and kinds.get(feature.name) is ColumnKind.BOOLEAN:
                    _require_yes_or_no(feature)
        except TableError as error:
            raise InputError(say("{title}.", title=error.title), error.detail, error.hint) from error

    @property
    def rows(self) -> int:
        """How many there are."""
        return self.scan.row_count

    @property
    def notes(self) -> tuple[Note, ...]:
        """What is to be said of how the file was read: of its rows, and of columns that are used. One row alone is nothing strange."""
        used = {self.spelt.get(feature.name, feature.name) for feature in self._head.features}
        used |= {column for formula in self.derived.values() for column in formula.columns}
        return tuple(
            note
            for note in self.scan.notes
            if note.code != "one_row" and (note.column is None or note.column in used)
        )

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """The columns of the table, and those the profile works out."""
        own = {self._renamed.get(state.name, state.name): state.dtype for state in self.scan.columns}
        return own | dict.fromkeys(self.derived, pl.Float64())

    def batches(self) -> Iterator[Coded]:
        """All rows in order. Raises InputError for a number that cannot be computed with."""
        first = 0
        for frame in self.scan.batches(BATCH):
            yield self._coded(frame.rename(self._renamed), first)
            first += frame.height

    def _coded(self, frame: pl.DataFrame, first: int) -> Coded:
        features = self._head.features
        frame = self._with_derived(frame, first)
        values = np.full((frame.height, len(features)), np.nan)
        unseen = np.zeros(values.shape, dtype=bool)
        for place, feature in enumerate(features):
            column = frame[feature.name]
            if not feature.levels:
                values[:, place] = column.cast(pl.Float64).fill_null(float("nan")).to_numpy()
                continue
            codes = _codes(column, feature.levels)
            unmet = codes.is_in([float(feature.levels.index(level)) for level in feature.unmet])
            strange = (column.is_not_null() & (codes.is_null() | unmet.fill_null(value=False))).to_numpy()
            values[:, place] = codes.fill_null(float("nan")).to_numpy()
            values[strange, place] = len(feature.levels)  # a level that is none of those known
            unseen[:, place] = strange
        infinite = np.isinf(values)
        if infinite.any():
            row, place = np.argwhere(infinite)[0].tolist()
            raise InputError(
                say(
                    "Row {row:,}, column “{column}”: the number is infinite.",
                    row=self.scan.row_number(first + row),
                    column=features[place].name,
                ),
                hint="Correct the value, or leave the cell empty.",
            )
        for place, feature in enumerate(features):
            if not feature.levels:
                refuse_too_large(
                    feature.name, values[:, place], lambda row: self.scan.row_number(first + row)
                )
        return Coded(frame, values, unseen)

    def _with_derived(self, frame: pl.DataFrame, first: int) -> pl.DataFrame:
        try:
            return frame.with_columns(
                computed(formula, frame, lambda at: self.scan.row_number(first + at))
                .cast(pl.Float64)
                .alias(name)
                for name, formula in self.derived.items()
            )
        except FormulaError as error:
            raise InputError(
                say("A column of the profile cannot be worked out: {problem}", problem=error.text),
                hint="Correct the row, or add the column to the table.",
            ) from error


def _require_yes_or_no(feature: SavedFeature) -> None:
    """Raise InputError where yes and no would have to count as 1 and 0 among other numbers."""
    low, high = feature.minimum, feature.maximum
    if low is None or high is None or {low, high} <= {0.0, 1.0}:
        return
    raise InputError(
        say(
            "Column “{column}” holds true and false, where the model was built on numbers from {low:.6g} to {high:.6g}.",
            column=feature.name,
            low=low,
            high=high,
        ),
        hint="Give the column numbers, in the units the model was built on.",
    )


def _holds_texts(feature: SavedFeature) -> bool:
    """Whether its levels are not those of a column of numbers, or of yes and no, alone: then 007 is a text in new rows too."""
    return any(level not in {"true", "false"} and not _is_number(level) for level in feature.levels)


def _is_number(level: str) -> bool:
    """As a column of numbers would be written."""
    try:
        return level in {str(float(level)), str(int(float(level)))}
    except (ValueError, OverflowError):
        return False


def _codes(column: pl.Series, levels: tuple[str, ...]) -> pl.Series:
    """The place of each row's level, null where it is none of them. Codes that are numbers are compared as such: 1.0 is 1."""
    keys: list[str] | list[float] = list(levels)
    if column.dtype.is_numeric() and all(map(_is_number, levels)):
        numbers = [float(level) for level in levels]
        if len(set(numbers)) == len(numbers):
            keys, column = numbers, column.cast(pl.Float64)
    if not isinstance(keys[0], float):
        column = column.cast(pl.String)
    return column.replace_strict(keys, list(range(len(keys))), default=None, return_dtype=pl.Float64)


def _missing(names: list[str], there: list[str]) -> InputError:
    told = [say("Missing in all: {names}.", names=", ".join(names))] if len(names) > 1 else []
    alike = [name for name in there if looks(name) == looks(names[0])]
    if alike:
        told.append(
            say(
                "Several columns look like it and are written with other signs; one of them may be meant: {names}.",
                names=", ".join(f"{name} ({_signs(name)})" for name in alike),
            )
        )
    told.append(say("Its columns: {names}.", names=", ".join(there[:MOST_NAMED])))
    return InputError(
        say("The table has no column “{column}”, which the model needs.", column=names[0]),
        joined(told, " "),
        "Nothing is predicted without it. Add the column, with values in the units the model was built on.",
    )


def _signs(name: str) -> str:
    """The signs of a name that are no plain letters, by their numbers: U+00B5."""
    return " ".join(f"U+{ord(sign):04X}" for sign in name if not sign.isascii())

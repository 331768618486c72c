"""From the user's list of possible runs to coded points: which columns are factors of which kind, and a refusal of what cannot be used."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from zerosec_analyses.formula_columns import mask
from zerosec_analyses.optimal_design.factors import (
    MOST,
    Factor,
    FactorKind,
    FloatArray,
    IntArray,
    categorical,
    numeric,
)
from zerosec_analyses.optimal_design.model import MIXTURE_MODELS, columns_named
from zerosec_analyses.optimal_design.spec import DesignParameters
from zerosec_analyses.sdk import InputError, Said, say
from zerosec_shared.files import Dialect
from zerosec_shared.formulas import FormulaError, parse
from zerosec_shared.tables import Table, TableError, read_table

MAX_CANDIDATES = 5_000_000
MAX_LEVELS = 200
SMALLEST_ROW_NUMBERS = 10
SUM_TOLERANCE = 1e-6


@dataclass(frozen=True)
class CandidateList:
    """Distinct candidates: ``codes`` (N x factors) and ``rows``, the places of their first occurrence in ``frame``."""

    frame: pl.DataFrame
    factors: tuple[Factor, ...]
    codes: FloatArray
    rows: IntArray
    dialect: Dialect
    remarks: tuple[tuple[str, Said], ...]

    @property
    def n_candidates(self) -> int:
        """Distinct candidates."""
        return len(self.rows)


def conditions(text: str) -> list[str]:
    """The single conditions of a text: one a line, or separated by semicolons."""
    return [part.strip() for line in text.splitlines() for part in line.split(";") if part.strip()]


def read(path: Path, dialect: Dialect | None, name: str) -> Table:
    """A table with its problems as sentences for the user."""
    try:
        return read_table(path, dialect)
    except TableError as error:
        raise InputError(
            say("{file} cannot be used: {problem}.", file=name, problem=error.title), error.detail, error.hint
        ) from error


def read_candidates(
    path: Path, dialect: Dialect | None, name: str, parameters: DesignParameters
) -> CandidateList:
    """Read the list. Raises InputError with the column and row of whatever cannot be used."""
    table = read(path, dialect, name)
    frame, row_number = table.frame, table.row_number
    if frame.height > MAX_CANDIDATES:
        raise InputError(
            say("{file} has {rows:,} rows; lists of up to {limit:,} are searched.", file=name, rows=frame.height, limit=MAX_CANDIDATES),
            hint="Describe the factors instead of listing all runs: the search then needs no list.",
        )  # fmt: skip
    remarks: list[tuple[str, Said]] = []
    names = _factor_columns(frame, parameters, name, remarks)
    if parameters.constraints:
        kept = allowed_rows(frame, parameters.constraints, row_number)
        if not kept.any():
            raise InputError(
                say("None of the {rows:,} candidates of {file} meets the conditions.", one="The only candidate of {file} does not meet the conditions.", rows=frame.height, file=name),
                hint="Check the conditions: each must be true for a run that can be made.",
            )  # fmt: skip
        if not kept.all():
            remarks.append(("conditions", say("{rows:,} of {all:,} candidates do not meet the conditions and were left out.", one="1 of {all} candidates does not meet the conditions and was left out.", rows=int((~kept).sum()), all=frame.height)))  # fmt: skip
    else:
        kept = np.ones(frame.height, dtype=bool)
    places = np.flatnonzero(kept)
    groups = _one_hot(frame, names, parameters, remarks)
    factors: list[Factor] = []
    codes: list[FloatArray] = []
    for column in names:
        group = next((each for each in groups if column in each), None)
        if group is not None:
            if column == group[0]:
                values = frame.select(group).to_numpy()[places].argmax(axis=1)
                factors.append(categorical("/".join(group), group, group))
                codes.append(values.astype(np.float64))
            continue
        factor, values = _factor(frame[column], places, parameters, row_number)
        factors.append(factor)
        codes.append(values)
    factors, codes = _components(factors, codes, parameters)
    coded = np.column_stack(codes)
    rows = places
    distinct = (
        pl.DataFrame(coded, schema=[str(i) for i in range(coded.shape[1])])
        .with_row_index("row")
        .unique(subset=[str(i) for i in range(coded.shape[1])], keep="first", maintain_order=True)["row"]
        .to_numpy()
    )
    if len(distinct) < len(rows):
        remarks.append(("repeated_candidates", say("{rows:,} candidates repeat another one; each is taken once.", one="1 candidate repeats another one; each is taken once.", rows=len(rows) - len(distinct))))  # fmt: skip
        coded, rows = coded[distinct], rows[distinct]
    return CandidateList(
        frame, tuple(factors), np.ascontiguousarray(coded), rows, table.dialect, tuple(remarks)
    )


def allowed_rows(
    frame: pl.DataFrame, text: str, row_number: Callable[[int], int] | None = None
) -> np.ndarray:
    """Where all conditions hold. Raises InputError for a condition that cannot be read or worked out."""
    kept = np.ones(frame.height, dtype=bool)
    for condition in conditions(text):
        try:
            kept &= mask(parse(condition), frame, row_number).fill_null(value=False).to_numpy()
        except FormulaError as error:
            raise InputError(
                say("The condition “{condition}” cannot be used: {problem}", condition=condition, problem=str(error)),
                hint="A condition compares columns and numbers, for example feed * 2 <= 100 or not (brush == 'A13').",
            ) from error  # fmt: skip
    return kept


def existing_codes(table: Table, factors: Sequence[Factor], name: str) -> FloatArray:
    """Runs already done, coded like the candidates (n x factors). Raises InputError for a missing column, value or level."""
    frame = table.frame
    codes = []
    for factor in factors:
        if factor.kind is FactorKind.BLOCK:
            continue
        for column in factor.columns:
            if column not in frame.columns:
                raise InputError(
                    say("{file} has no column “{column}”, which is a factor of the candidates.", file=name, column=column),
                    hint=say("Its columns: {names}.", names=", ".join(frame.columns)),
                )  # fmt: skip
            _refuse_missing(frame[column], np.arange(frame.height), table.row_number, name)
        if factor.sources:
            values = frame.select(factor.sources).to_numpy()
            bad = (values != 0) & (values != 1)
            wrong = bad.any(axis=1) | (values.sum(axis=1) != 1)
            if wrong.any():
                raise InputError(
                    say("Row {row:,} of {file} does not name exactly one of {names}.", row=table.row_number(int(wrong.argmax())), file=name, names=", ".join(factor.sources)),
                    hint="One of these columns is 1 and the others are 0.",
                )  # fmt: skip
            codes.append(values.argmax(axis=1).astype(np.float64))
        elif factor.is_categorical:
            known = {str(level): float(at) for at, level in enumerate(factor.levels)}
            texts = _texts(frame[factor.name])
            for at, text in enumerate(texts):
                if text not in known:
                    raise InputError(
                        say("Row {row:,} of {file} has “{level}” in {column}, which no candidate has.", row=table.row_number(at), file=name, level=text, column=factor.name),
                        hint=say("The levels: {levels}.", levels=", ".join(known)),
                    )  # fmt: skip
            codes.append(np.array([known[text] for text in texts]))
        else:
            if not frame[factor.name].dtype.is_numeric():
                raise InputError(
                    say("Column “{column}” of {file} holds text; the candidates have numbers there.", column=factor.name, file=name)
                )  # fmt: skip
            codes.append(factor.coded(frame[factor.name].cast(pl.Float64).to_numpy()))
    return np.column_stack(codes)


def _factor_columns(
    frame: pl.DataFrame, parameters: DesignParameters, name: str, remarks: list[tuple[str, Said]]
) -> list[str]:
    """The columns that are factors, in the order of the table."""
    for column in (*parameters.columns, *parameters.categorical):
        if column not in frame.columns:
            raise InputError(
                say("There is no column “{column}” in {file}.", column=column, file=name),
                hint=say("Its columns: {names}.", names=", ".join(frame.columns)),
            )
    if parameters.columns:
        return [column for column in frame.columns if column in parameters.columns]
    named = columns_named(parameters.model, frame.columns) if parameters.uses_model else None
    if named is not None:
        missing = [column for column in named if column not in frame.columns]
        if missing:
            raise InputError(
                say("The model names “{column}”, and {file} has no such column.", column=missing[0], file=name),
                hint=say("Its columns: {names}.", names=", ".join(frame.columns)),
            )  # fmt: skip
        return [column for column in frame.columns if column in named]
    names = []
    for column in frame.columns:
        if frame.width > 1 and _numbers_rows(frame[column]):
            remarks.append(("row_numbers", say("{column} only numbers the rows and is not taken for a factor.", column=column)))  # fmt: skip
        else:
            names.append(column)
    return names


def _numbers_rows(series: pl.Series) -> bool:
    if series.len() < SMALLEST_ROW_NUMBERS or not series.dtype.is_integer() or series.null_count():
        return False
    first = int(series[0])
    return first in {0, 1} and bool((series.to_numpy() == np.arange(first, first + series.len())).all())


def _one_hot(
    frame: pl.DataFrame, names: Sequence[str], parameters: DesignParameters, remarks: list[tuple[str, Said]]
) -> list[list[str]]:
    """Neighbouring columns of 0 and 1 of which exactly one is 1 in each row: together they are one category.

    Not where the user's terms name them one by one.
    """
    if parameters.uses_model and (
        columns_named(parameters.model, names) is not None
        or parameters.model.strip().lower() in MIXTURE_MODELS
    ):
        return []
    binary = [
        column
        for column in names
        if column not in parameters.categorical
        and frame[column].dtype.is_numeric()
        and frame[column].null_count() == 0
        and set(frame[column].unique().to_list()) == {0, 1}
    ]
    sums = np.cumsum(
        np.column_stack([np.zeros(frame.height), *(frame[column].to_numpy() for column in binary)]), axis=1
    )
    groups: list[list[str]] = []
    first = 0
    while first + 3 <= len(binary):
        for end in range(len(binary), first + 2, -1):
            if (sums[:, end] - sums[:, first] == 1).all():
                groups.append(binary[first:end])
                remarks.append(("one_category", say("{columns} are 0 or 1, and one of them is 1 in each row: they are taken as one category.", columns=", ".join(binary[first:end]))))  # fmt: skip
                first = end
                break
        else:
            first += 1
    return groups


def _factor(
    series: pl.Series, places: IntArray, parameters: DesignParameters, row_number: Callable[[int], int]
) -> tuple[Factor, FloatArray]:
    column = series.name
    _refuse_missing(series, places, row_number, "")
    chosen = series.gather(places)
    if column in parameters.categorical or series.dtype in {pl.String, pl.Boolean}:
        texts = pl.Series(_texts(chosen))
        levels = sorted(texts.unique().to_list())
        _refuse_constant(column, len(levels), levels[0])
        if len(levels) > MAX_LEVELS:
            raise InputError(
                say("{column} has {count:,} different texts: too many for a category.", column=column, count=len(levels)),
                hint="Leave the column out, or check how the file was read.",
            )  # fmt: skip
        return categorical(column, levels), texts.replace_strict(
            levels, list(range(len(levels))), return_dtype=pl.Float64
        ).to_numpy()
    if not series.dtype.is_numeric():
        raise InputError(
            say("{column} holds dates, and a factor is a number or a category.", column=column),
            hint="Leave the column out.",
        )
    values = chosen.cast(pl.Float64).to_numpy()
    if not np.isfinite(values).all():
        at = int(places[int((~np.isfinite(values)).argmax())])
        raise InputError(
            say("Row {row:,}, column “{column}”: the value is infinite.", row=row_number(at), column=column)
        )
    refuse_far(column, values)
    factor = numeric(column, values)
    _refuse_constant(column, len(factor.levels), f"{values[0]:.6g}")
    return factor, factor.coded(values)


def refuse_far(column: str, values: FloatArray) -> None:
    """Raise InputError for numbers that cannot be calculated with."""
    most = float(np.abs(values).max(initial=0.0))
    if most > MOST:
        raise InputError(
            say("{column} goes to {value:.3g}; numbers beyond {limit:.0g} cannot be calculated with.", column=column, value=most, limit=MOST),
            hint="Give it in another unit.",
        )  # fmt: skip


def _components(
    factors: list[Factor], codes: list[FloatArray], parameters: DesignParameters
) -> tuple[list[Factor], list[FloatArray]]:
    """Numeric factors with one sum in all candidates become components, where the model has no intercept."""
    if not parameters.is_mixture:
        return factors, codes
    numbers = [at for at, factor in enumerate(factors) if not factor.is_categorical]
    raw = {at: factors[at].raw(codes[at]) for at in numbers}
    if len(numbers) < 2:
        raise InputError("A mixture needs at least two numeric components.")
    total = np.sum([raw[at] for at in numbers], axis=0)
    if float(np.ptp(total)) > SUM_TOLERANCE * float(np.abs(total).max()):
        if parameters.model.strip().lower() in MIXTURE_MODELS:
            raise InputError(
                say("The components do not add up to the same total in all candidates: it goes from {low:.6g} to {high:.6g}.", low=float(total.min()), high=float(total.max())),
                hint="Choose the columns that are the mixture's components.",
            )  # fmt: skip
        return factors, codes
    whole = float(total.mean())
    for at in numbers:
        codes[at] = raw[at] / whole
        factor = factors[at]
        factors[at] = Factor(
            factor.name, FactorKind.COMPONENT, factor.levels, factor.low, factor.high, total=whole
        )
    return factors, codes


def _texts(series: pl.Series) -> list[str]:
    return [str(value) for value in series.cast(pl.String).to_list()]


def _refuse_missing(series: pl.Series, places: IntArray, row_number: Callable[[int], int], file: str) -> None:
    missing = series.gather(places).is_null()
    if missing.any():
        row = row_number(int(places[missing.arg_max() or 0]))
        what = say("Row {row:,}, column “{column}”: the value is missing.", row=row, column=series.name)
        raise InputError(what, file, hint="Fill it in, take the row out, or leave the column out.")


def _refuse_constant(column: str, count: int, value: float | str) -> None:
    if count < 2:
        raise InputError(
            say("{column} is {value} in all candidates: its effect cannot be estimated.", column=column, value=value),
            hint="Leave the column out, or add candidates with another value.",
        )  # fmt: skip

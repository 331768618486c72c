"""Small problems taken at their decimal text, so that not even reading the file rounds: builds exact columns where that is affordable."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

import numpy as np

from zerosec_analyses.linear.design_matrix import Design, FloatArray
from zerosec_analyses.linear.exact import (
    COST_BUDGET,
    ExactFit,
    RationalColumn,
    column_from_numbers,
    estimated_cost,
    fit_exact,
)
from zerosec_analyses.linear.missing import is_missing
from zerosec_analyses.linear.rows import MemoryRows
from zerosec_analyses.linear.streaming import Imputation
from zerosec_analyses.linear.table_input import PreparedTable

MAX_DECIMAL_EXPONENT = 400


def exact_fit(
    table: PreparedTable,
    design: Design,
    target_name: str,
    z: FloatArray | None,
    imputation: Imputation | None,
    excluded: frozenset[int] = frozenset(),
) -> tuple[ExactFit, list[int]] | None:
    """The exact fit and the factor positions of its columns; None where the table is too large or its numbers too long.

    ``z`` is a transformed target, taken at its double values; None for the target as it stands in the file.
    """
    if table.texts is None or not isinstance(table.rows, MemoryRows):
        return None
    numeric = [name for name, kind in design.kinds.items() if not kind.is_categorical]
    wanted = [*numeric, *([target_name] if z is None else [])]
    texts = table.texts(wanted) if wanted else None
    decimals: dict[str, RationalColumn] = {}
    for name in wanted:
        assert texts is not None
        cells = texts[name].to_list()
        values = table.y if name == target_name else table.rows.column(name)
        column = _decimal_column(
            [cells[row] for row in table.source_rows], values, (imputation or {}).get(name)
        )
        if column is None:
            return None
        decimals[name] = column
    target = column_from_numbers([float(value) for value in z]) if z is not None else decimals[target_name]
    codes = {
        name: _filled_codes(table.rows.column(name), (imputation or {}).get(name))
        for name, kind in design.kinds.items()
        if kind.is_categorical
    }
    positions = [
        position
        for position in range(0 if design.intercept else 1, 1 + len(design))
        if position not in excluded
    ]
    bits = [_bits(decimals, design, position) for position in positions] + [_longest(target)]
    if estimated_cost(table.n_rows, bits) > COST_BUDGET:
        return None
    columns = [_column(decimals, codes, design, position, table.n_rows) for position in positions]
    bits = [_longest(column.reduced()) for column in columns] + [_longest(target)]
    if estimated_cost(table.n_rows, bits) > COST_BUDGET:
        return None
    return fit_exact(columns, target), positions


def _decimal_column(cells: list[str | None], values: np.ndarray, fill: float | None) -> RationalColumn | None:
    numbers: list[Decimal] = []
    for text, value in zip(cells, values, strict=True):
        if np.isnan(value):
            if fill is None:
                return None
            numbers.append(Decimal(repr(float(fill))))
            continue
        try:
            number = Decimal(text or "")
        except InvalidOperation:
            return None
        # The text must be the number the table was read as, and short enough to compute with.
        if not number.is_finite() or abs(number.adjusted()) > MAX_DECIMAL_EXPONENT or float(number) != value:
            return None
        numbers.append(number)
    return column_from_numbers(numbers)


def _filled_codes(codes: np.ndarray, fill: float | None) -> np.ndarray:
    return codes if fill is None else np.where(is_missing(codes), int(fill), codes)


def _bits(decimals: Mapping[str, RationalColumn], design: Design, position: int) -> int:
    """The length of the longest integer of a column, before it is worked out."""
    if position == 0:
        return 1
    column = design.columns[position - 1]
    return 1 + sum(_longest(decimals[factor.column]) * factor.exponent for factor in column.numeric)


def _longest(column: RationalColumn) -> int:
    return max((abs(value) for value in column.values), default=1).bit_length()


def _column(
    decimals: Mapping[str, RationalColumn],
    codes: Mapping[str, np.ndarray],
    design: Design,
    position: int,
    n_rows: int,
) -> RationalColumn:
    result = RationalColumn((1,) * n_rows, 1)
    if position == 0:
        return result
    column = design.columns[position - 1]
    for factor in column.numeric:
        result = result.times(decimals[factor.column].power(factor.exponent))
    for name, level in column.indicators:
        hits = tuple(int(code == level) for code in codes[name])
        result = result.times(RationalColumn(hits, 1))
    return result

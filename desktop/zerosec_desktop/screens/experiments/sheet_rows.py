"""A parameter sheet as lines of the form: rows named min, max and 間隔, a column a variable. Reads a file; no Qt.

The server reads the same sheet for the combination table and says what is wrong with it, cell by cell; here it only moves into the form.
"""

from pathlib import Path

from zerosec_desktop.reading.tables import read_texts
from zerosec_desktop.resources.language import translate
from zerosec_desktop.screens.experiments.parameter_rows import ParameterRow
from zerosec_desktop.screens.experiments.without_list import PlanError
from zerosec_shared.files import Dialect, TableKind
from zerosec_shared.parameter_labels import row_of_label

__all__ = ["rows_of_sheet"]

MOST_ROWS = 60
_CELLS = {"min": "minimum", "max": "maximum", "step": "levels", "levels": "levels"}


def rows_of_sheet(path: Path, dialect: Dialect | None) -> tuple[ParameterRow, ...]:
    """The variables of a sheet. Raises PlanError for a table that is none, OSError, ReadingError."""
    texts, kind = read_texts(path, dialect, MOST_ROWS)
    cells: list[list[str | None]] = [list(row) for row in texts.rows()]
    if kind is TableKind.PARQUET:
        cells.insert(0, list(texts.columns))
    for column in range(len(texts.columns)):
        found = [row for row, line in enumerate(cells) if row_of_label(line[column]) in _CELLS]
        if found and found[0] > 0:
            return _variables(cells, found, column)
    raise PlanError(
        translate("Experiments", "{name} is no parameter sheet").format(name=path.name),
        translate(
            "Experiments", "Its first column names the rows min, max and 間隔 (step, or levels with commas)."
        ),
    )


def _variables(cells: list[list[str | None]], rows: list[int], labels: int) -> tuple[ParameterRow, ...]:
    variables = []
    for column, name in enumerate(cells[rows[0] - 1]):
        if column == labels or not (name or "").strip():
            continue
        given: dict[str, str] = {}
        for row in rows:
            text = (cells[row][column] or "").strip()
            if text:
                given[_CELLS[row_of_label(cells[row][labels]) or ""]] = text
        variables.append(ParameterRow(name=(name or "").strip(), **given))
    return tuple(variables)

"""The columns of a table that an earlier step has left, as its result tells them."""

from pathlib import PurePosixPath

from zerosec_desktop.widgets.form.columns import ColumnInfo
from zerosec_shared.views import Cell, Result, TableView

__all__ = ["output_columns"]


def output_columns(result: Result, path: str) -> tuple[ColumnInfo, ...] | None:
    """Those of the artifact at `path`, by the table of the result whose file has the same name but for its ending; None: not told."""
    wanted = PurePosixPath(path).with_suffix("")
    for view in result.views:
        if not isinstance(view, TableView) or view.source is None:
            continue
        if PurePosixPath(view.source).with_suffix("") == wanted:
            return tuple(
                ColumnInfo(column.name, _kind([row[place] for row in view.rows]))
                for place, column in enumerate(view.columns)
            )
    return None


def _kind(cells: list[Cell]) -> str:
    """By the values that are shown of it."""
    values = [cell for cell in cells if cell is not None]
    if not values:
        return "empty"
    if all(isinstance(value, bool) for value in values):
        return "boolean"
    return "number" if all(isinstance(value, int | float) for value in values) else "text"

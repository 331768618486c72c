"""The data of a result view as CSV: every digit, UTF-8 with a mark so that Excel reads it, decimal points."""

import csv
import io
from collections.abc import Iterator

from zerosec_shared.views import (
    BarView,
    Cell,
    HeatMapView,
    HistogramView,
    LineView,
    LinkedView,
    ScatterView,
    TableView,
    View,
)

__all__ = ["csv_bytes", "has_data", "rows_of"]

Row = tuple[Cell, ...]


def has_data(view: View) -> bool:
    """Whether a view holds data that can be written as rows."""
    return isinstance(
        view, TableView | LinkedView | LineView | ScatterView | BarView | HistogramView | HeatMapView
    )


def rows_of(view: View) -> Iterator[Row]:
    """The header and the rows of a view; nothing for views that hold no data."""
    if isinstance(view, TableView | LinkedView):
        yield tuple(column.name for column in view.columns)
        yield from view.rows
    elif isinstance(view, LineView | ScatterView | BarView):
        yield from _series_rows(view)
    elif isinstance(view, HistogramView):
        yield ("from", "to", "count")
        yield from zip(view.edges[:-1], view.edges[1:], view.counts, strict=True)
    elif isinstance(view, HeatMapView):
        yield ("row", *view.x_labels)
        for label, values in zip(view.y_labels, view.values, strict=True):
            yield (label, *values)


def csv_bytes(view: View) -> bytes:
    """A view's data as the bytes of a CSV file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for row in rows_of(view):
        writer.writerow([_cell(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _series_rows(view: LineView | ScatterView | BarView) -> Iterator[Row]:
    band = any(series.low or series.high for series in view.series)
    labels = any(series.labels for series in view.series)
    named = len(view.series) > 1 or any(series.name for series in view.series)
    yield (
        *(("series",) if named else ()),
        view.x.name,
        view.y.name,
        *(("low", "high") if band else ()),
        *(("label",) if labels else ()),
    )
    for series in view.series:
        for i, (x, y) in enumerate(zip(series.x, series.y, strict=True)):
            yield (
                *((series.name,) if named else ()),
                x,
                y,
                *((_at(series.low, i), _at(series.high, i)) if band else ()),
                *((series.label_at(i),) if labels else ()),
            )


def _at(values: tuple[float | None, ...], index: int) -> float | None:
    return values[index] if index < len(values) else None


def _cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return repr(cell)
    text = str(cell)
    # a text that a spreadsheet would run as a formula is made plain text; numbers keep their sign
    return f"'{text}" if isinstance(cell, str) and text[:1] in {"=", "+", "@", "\t", "\r"} else text

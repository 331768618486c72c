"""Rows seen from several sides, for print: every pair of their columns, coloured by their group."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from zerosec_shared.views import Cell, LinkedView

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["draw_pairs"]

_OTHERS = "#8a93a3"


def draw_pairs(view: LinkedView, figure: "Figure", palette: Sequence[str]) -> None:
    """Draw the lower half of the matrix of all pairs; the first group in front."""
    places = [next(i for i, column in enumerate(view.columns) if column.name == name) for name in view.axes]
    at = next((i for i, column in enumerate(view.columns) if column.name == view.coloured_by), None)
    groups = list(dict.fromkeys("" if at is None else str(row[at]) for row in view.rows))
    side = len(places) - 1
    grid = figure.subplots(side, side, squeeze=False)
    for row in range(side):
        for column in range(side):
            axes = grid[row][column]
            if column > row:
                axes.set_axis_off()
                continue
            for number in reversed(range(len(groups))):
                rows = [one for one in view.rows if at is None or str(one[at]) == groups[number]]
                last = number == len(groups) - 1 and number > 0
                axes.scatter(
                    [_number(one[places[column]]) for one in rows], [_number(one[places[row + 1]]) for one in rows],
                    s=4 if len(rows) > 500 else 9, color=_OTHERS if last else palette[number % len(palette)],
                    alpha=0.5 if last else 0.8, linewidths=0, label=groups[number], rasterized=len(rows) > 2000,
                )  # fmt: skip
            if row == side - 1:
                axes.set_xlabel(view.columns[places[column]].heading)
            if column == 0:
                axes.set_ylabel(view.columns[places[row + 1]].heading)
    if len(groups) > 1:
        grid[0][0].legend(loc="best")


def _number(cell: Cell) -> float:
    return float(cell) if isinstance(cell, int | float) else float("nan")

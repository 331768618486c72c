"""Single predictions split up by feature: the highest, the middle and the lowest, and those of rows the user names."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zerosec_analyses.modelling.explained import Explained
from zerosec_analyses.modelling.table import Feature, ModelTable
from zerosec_analyses.sdk import Column, Context, Said, Series, cut, say
from zerosec_analyses.shown_numbers import shown_number
from zerosec_shared.views import BarView

MOST_PARTS = 15


def show_waterfalls(
    ctx: Context,
    table: ModelTable,
    result: Explained,
    ending: str,
    sources: dict[str, str],
    named: Sequence[int] = (),
) -> None:
    """A picture a row. ``named`` are numbers of rows in the file, of those that were explained."""
    shapley = result.shapley
    if shapley is None:
        return
    target = result.target
    numbers = [table.row_number(int(result.places[row])) for row in result.shapley_places.tolist()]
    by_size = np.argsort(shapley.predictions, kind="stable").tolist()
    highest, middle, lowest = by_size[-1], by_size[len(by_size) // 2], by_size[0]
    shown: list[tuple[str, int, Said]] = [
        (
            f"waterfall_row_{row}{ending}",
            numbers.index(row),
            say("{target}: why row {row} is predicted so", target=target, row=str(row)),
        )
        for row in named
    ]
    shown.append(
        (
            f"waterfall{ending}",
            highest,
            say("{target}: why row {row} is predicted highest", target=target, row=str(numbers[highest])),
        )
    )
    if lowest != highest:
        shown.append(
            (
                f"waterfall_lowest{ending}",
                lowest,
                say("{target}: why row {row} is predicted lowest", target=target, row=str(numbers[lowest])),
            )
        )
    if middle not in {lowest, highest}:
        shown.append(
            (
                f"waterfall_middle{ending}",
                middle,
                say(
                    "{target}: why row {row} is predicted in the middle",
                    target=target,
                    row=str(numbers[middle]),
                ),
            )
        )
    for view_id, at, title in shown:
        names, parts = _parts(table.features, shapley.rows[at], shapley.values[at])
        ctx.show(
            BarView(
                id=view_id,
                title=cut(title, 200),
                caption=say(
                    "From the mean prediction {baseline} the features lead to {prediction}.",
                    baseline=shown_number(shapley.baseline, 4),
                    prediction=shown_number(float(shapley.predictions[at]), 4),
                ),
                source=sources.get("shap"),
                x=Column(name="feature", label="Feature"),
                y=Column(name="shap", label="SHAP value", unit=result.unit),
                series=(Series(x=names, y=parts),),
            )
        )


def _parts(
    features: Sequence[Feature], row: np.ndarray, values: np.ndarray
) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """The features with the value each has in the row and what it adds, the largest first; small ones together at the end."""
    order = [place for place in np.argsort(-np.abs(values), kind="stable").tolist() if values[place] != 0]
    alone = order if len(order) <= MOST_PARTS else order[: MOST_PARTS - 1]
    names = [_named(features[place], float(row[place])) for place in alone]
    parts = [float(values[place]) for place in alone]
    if rest := order[len(alone) :]:
        names.append(say("{count:,} other features", one="1 other feature", count=len(rest)))
        parts.append(float(values[rest].sum()))
    return tuple(names), tuple(parts)


def _named(feature: Feature, value: float) -> str:
    if np.isnan(value):
        return say("{feature} missing", feature=feature.name)
    return f"{feature.name} = {feature.levels[int(value)] if feature.is_category else format(value, '.5g')}"

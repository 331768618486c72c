"""The views that explain a model of any kind: learning curve, importance, SHAP values, partial dependence."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from zerosec_analyses.modelling.explained import Explained
from zerosec_analyses.modelling.table import ModelTable
from zerosec_analyses.modelling.waterfalls import show_waterfalls
from zerosec_analyses.result_tables import Cell
from zerosec_analyses.sdk import Column, Context, Said, Series, cut, ours, say
from zerosec_shared.views import BarView, LineView, ScatterView

MOST_BARS = 15
SHOWN_SHAP = 3
ROW = ours("row {label}")
IMPORTANCE_NOTE = say(
    "How much the squared error on unseen rows grows when the feature is shuffled, as a share of their variance."
)


def explain(
    ctx: Context,
    table: ModelTable,
    result: Explained,
    ending: str,
    sources: dict[str, str],
    score: Column,
    note: Said = IMPORTANCE_NOTE,
    named: Sequence[int] = (),
) -> None:
    """Show everything that explains the model.

    ``score`` is what the learning curve is of, ``note`` what importance means, ``named`` the rows of the file explained one by one.
    """
    target, unit = result.target, result.unit
    if len(result.learning) > 1:
        ctx.show(
            LineView(
                id=f"learning_curve{ending}",
                title=cut(say("{target}: would more rows help?", target=target), 200),
                caption="Error on unseen rows by the number of training rows, with the best single model. A line that still falls says yes.",
                x=Column(name="rows", label="Training rows"),
                y=score,
                series=(
                    Series(
                        x=tuple(float(n) for n, _ in result.learning), y=tuple(e for _, e in result.learning)
                    ),
                ),
            )
        )
    mean, spread = result.nested.importance()
    order = np.argsort(-mean, kind="stable")[:MOST_BARS]
    ctx.show(
        BarView(
            id=f"feature_importance{ending}",
            title=cut(say("{target}: importance of the features", target=target), 200),
            caption=note,
            source=sources.get("importance"),
            x=Column(name="feature", label="Feature"),
            y=Column(name="importance", label="Importance"),
            series=(
                Series(
                    x=tuple(table.features[place].name for place in order.tolist()),
                    y=shown_values(mean[order]),
                    low=shown_values(mean[order] - spread[order]),
                    high=shown_values(mean[order] + spread[order]),
                ),
            ),
        )
    )
    _shap(ctx, table, result, ending, sources)
    show_waterfalls(ctx, table, result, ending, sources, named)
    for place, one in enumerate(result.profiles, start=1):
        feature = table.features[one.feature]
        axis = Column(name="value", label=say("{name}", name=feature.name))
        y_axis = Column(name="prediction", label=result.predicted, unit=unit)
        caption = say("Mean prediction, and the middle 80% of single rows.")
        heading_ = cut(say("{target} over {feature}", target=target, feature=feature.name), 200)
        texts = tuple(feature.levels[int(point)] for point in one.points) if feature.is_category else ()
        series = Series(
            x=texts or shown_values(one.points),
            y=shown_values(one.mean),
            low=shown_values(one.low),
            high=shown_values(one.high),
        )
        kind = BarView if feature.is_category else LineView
        ctx.show(
            kind(
                id=f"dependence{ending}_{place}", title=heading_, caption=caption,
                source=sources.get("partial_dependence"), x=axis, y=y_axis, series=(series,),
            )
        )  # fmt: skip


def _shap(ctx: Context, table: ModelTable, result: Explained, ending: str, sources: dict[str, str]) -> None:
    shapley = result.shapley
    if shapley is None:
        return
    size = np.abs(shapley.values).mean(axis=0)
    order = [place for place in np.argsort(-size, kind="stable").tolist() if size[place] > 0][:MOST_BARS]
    ctx.show(
        BarView(
            id=f"shap_summary{ending}",
            title=cut(say("{target}: mean size of the SHAP values", target=result.target), 200),
            caption="How much each feature moves a prediction on average.",
            source=sources.get("shap"),
            x=Column(name="feature", label="Feature"),
            y=Column(name="shap", label="Mean size of SHAP value", unit=result.unit),
            series=(
                Series(x=tuple(table.features[place].name for place in order), y=shown_values(size[order])),
            ),
        )
    )
    numbers = [place for place in order if not table.features[place].is_category][:SHOWN_SHAP]
    labels = tuple(str(table.row_number(int(result.places[row]))) for row in result.shapley_places.tolist())
    for at, place in enumerate(numbers, start=1):
        name = table.features[place].name
        ctx.show(
            ScatterView(
                id=f"shap_dependence{ending}_{at}",
                title=cut(say("{target}: SHAP values of {feature}", target=result.target, feature=name), 200),
                caption="What the feature adds to the prediction of each row.",
                source=sources.get("shap"),
                x=Column(name="value", label=say("{name}", name=name)),
                y=Column(name="shap", label="SHAP value", unit=result.unit),
                series=(
                    Series(
                        x=shown_values(shapley.rows[:, place]),
                        y=shown_values(shapley.values[:, place]),
                        labels=labels,
                        label_text=ROW,
                    ),
                ),
                reference="zero",
            )
        )


def shown_values(values: np.ndarray) -> tuple[float | None, ...]:
    """Numbers as a view takes them."""
    return tuple(value if math.isfinite(value) else None for value in values.tolist())


def shown_cell(cell: Cell) -> Cell:
    """A cell as a view takes it."""
    return None if isinstance(cell, float) and not math.isfinite(cell) else cell

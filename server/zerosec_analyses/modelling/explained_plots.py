"""The plots that explain a model of any kind: importance and partial dependence."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from zerosec_analyses.modelling.explained import Explained
from zerosec_analyses.modelling.explained_views import MOST_BARS
from zerosec_analyses.modelling.table import ModelTable
from zerosec_analyses.picture_style import ACCENT, QUIET
from zerosec_analyses.reporting.pictures import Pictures
from zerosec_analyses.sdk import Said, say
from zerosec_shared.name_and_unit import name_and_unit

SHOWN_PROFILES = 4
SQUARED_LOSS = say("Growth of the squared error (share of the variance)")


def explaining_plots(
    pictures: Pictures,
    table: ModelTable,
    result: Explained,
    ending: str,
    loss: Said = SQUARED_LOSS,
) -> list[tuple[Said, str]]:
    """Draw them; captions with file names. ``loss`` is what importance is of."""
    drawn: list[tuple[Said, str]] = []
    # a target called by its unit is not given it twice
    unit = f" ({result.unit})" if name_and_unit(result.target, result.unit) != result.target else ""
    mean, spread = result.nested.importance()
    order = np.argsort(-mean, kind="stable")[:MOST_BARS][::-1]
    figure = Figure(figsize=(5.2, max(2.2, 0.9 + 0.24 * order.size)), dpi=130, layout="constrained")
    bars = figure.add_subplot()
    bars.barh(np.arange(order.size), mean[order], xerr=spread[order], color=ACCENT, ecolor=QUIET)
    bars.set_yticks(np.arange(order.size), [_short(table.features[place].name) for place in order.tolist()])
    bars.set_title(pictures.words(say("Importance on unseen rows")), loc="left", fontsize=10)
    bars.set_xlabel(pictures.words(loss))
    pictures.save(figure, f"importance{ending}")
    drawn.append((say("{target}: importance of the features", target=result.target), f"importance{ending}"))
    for place, one in enumerate(result.profiles[:SHOWN_PROFILES], start=1):
        feature = table.features[one.feature]
        figure, axes = pictures.figure(
            say("Partial dependence"),
            say("{feature}", feature=feature.name),
            say("{what}{unit}", what=result.predicted, unit=unit),
        )
        if feature.is_category:
            at = np.arange(one.points.size)
            axes.vlines(at, one.low, one.high, color=QUIET)  # where few rows decide, the mean lies outside
            axes.plot(at, one.mean, "o", color=ACCENT)
            axes.set_xticks(at, [_short(feature.levels[int(point)]) for point in one.points])
        else:
            axes.fill_between(one.points, one.low, one.high, color=ACCENT, alpha=0.15, linewidth=0)
            axes.plot(one.points, one.mean, color=ACCENT)
        pictures.save(figure, f"dependence{ending}_{place}")
        drawn.append(
            (
                say(
                    "{target} over {feature}: mean prediction, and the middle 80% of single rows",
                    target=result.target,
                    feature=feature.name,
                ),
                f"dependence{ending}_{place}",
            )
        )
    return drawn


def _short(text: str) -> str:
    return text if len(text) <= 30 else text[:29] + "…"

"""Findings about the assumptions of a fitted model: normal residuals, even spread, single rows that decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from zerosec_analyses.linear.analysis import LinearResult
from zerosec_analyses.linear.design_matrix import FloatArray
from zerosec_analyses.reporting.finding import Finding
from zerosec_analyses.sdk import Said, joined, say

SIGNIFICANT = 0.05
OVERFIT_GAP = 0.1
ROWS_PER_COEFFICIENT = 5
# Huber (1981): a leverage above 0.5 means that a row counts for less than two in its own fit.
LEVERAGE_LIMIT = 0.5
MANY_ROWS = 500


def assumptions(result: LinearResult) -> Iterator[Finding]:
    """What the residuals say against the model's assumptions; nothing where there is no inference."""
    inference = result.inference
    if inference is None:
        return
    if inference.residual_degrees_of_freedom == 0:
        yield Finding(
            "saturated",
            say(
                "There are as many coefficients as rows: the model runs through every point, and nothing is left to tell how uncertain "
                "it is."
            ),
        )
        return
    if inference.is_exact_fit:
        yield Finding(
            "exact_fit",
            say(
                "The model fits every row exactly: residuals and standard errors are 0, t and p do not exist."
            ),
            say("Measured data never do: check that no term was computed from the target."),
        )
        return
    for test in result.tests:
        if test.p_value is None or test.p_value >= SIGNIFICANT:
            continue
        if test.name.startswith("Breusch"):
            robust = result.inference is not None and result.inference.robust
            yield Finding(
                "unequal_spread",
                say(
                    "The spread of the residuals depends on the predictors ({test}, p = {p:.2g}): the robust standard errors allow "
                    "for it, the analysis of variance and intervals of single predictions do not.",
                    test=test.name,
                    p=test.p_value,
                )
                if robust
                else say(
                    "The spread of the residuals depends on the predictors ({test}, p = {p:.2g}): standard errors may be wrong.",
                    test=test.name,
                    p=test.p_value,
                ),
                say("A transform of the target, such as the log, often helps.")
                if robust
                else say(
                    "A transform of the target, such as the log, often helps; robust standard errors (HC3) hold in spite of it."
                ),
            )
        else:
            small = len(result.table.y) < MANY_ROWS
            meaning = (
                say("p-values and intervals are approximate")
                if small
                else say(
                    "with this many rows coefficients and their intervals hold, intervals of single predictions would not"
                )
            )
            yield Finding(
                "not_normal",
                say(
                    "The residuals are not normal ({test}, p = {p:.2g}): {meaning}.",
                    test=test.name,
                    p=test.p_value,
                    meaning=meaning,
                ),
                say("See the Q-Q plot; a transform of the target often helps."),
                is_warning=small,
            )
    influential = np.flatnonzero(np.nan_to_num(result.cooks) > 1.0)
    if influential.size:
        worst = influential[np.argsort(-result.cooks[influential])][:5]
        listed = _marked(result, worst, result.cooks, ".2g")
        yield Finding(
            "influential_rows",
            say(
                "{count:,} rows change the result much by themselves (Cook's distance above 1): {rows}.",
                one="1 row changes the result much by itself (Cook's distance above 1): {rows}.",
                count=influential.size,
                rows=listed,
            ),
            say("Check them for mistakes before trusting the coefficients."),
        )
    high_leverage = np.flatnonzero(result.residuals.leverage > LEVERAGE_LIMIT)
    high_leverage = high_leverage[~np.isin(high_leverage, influential)]
    if high_leverage.size and 2 * inference.rank < result.table.n_rows:
        worst = high_leverage[np.argsort(-result.residuals.leverage[high_leverage], kind="stable")][:5]
        listed = _marked(result, worst, result.residuals.leverage, ".2f")
        yield Finding(
            "high_leverage",
            say(
                "{count:,} rows lie so far from the others that they all but decide their own fitted value (leverage above {limit}): "
                "{rows}.",
                one="1 row lies so far from the others that it all but decides its own fitted value (leverage above {limit}): {rows}.",
                count=high_leverage.size,
                limit=LEVERAGE_LIMIT,
                rows=listed,
            ),
            say("Check these rows; the model rests on them where they lie."),
        )
    alone = int(np.count_nonzero(result.residuals.leverage > 1.0 - 1e-10))
    if alone and inference.robust:
        yield Finding(
            "robust_errors_undefined",
            say(
                "{count:,} rows are fitted exactly because a coefficient belongs to them alone, and robust standard errors (HC3) do "
                "not exist then.",
                one="1 row is fitted exactly because a coefficient belongs to it alone, and robust standard errors (HC3) do not exist then.",
                count=alone,
            ),
            say(
                "Merge the level or leave out the term that belongs to them alone, or choose classical standard errors."
            ),
        )
    if alone:
        yield Finding(
            "leverage_one",
            say(
                "{count:,} rows are fitted exactly because a coefficient belongs to them alone; they have no studentised residual.",
                one="1 row is fitted exactly because a coefficient belongs to it alone; it has no studentised residual.",
                count=alone,
            ),
        )


def _marked(result: LinearResult, rows: Iterable[int], values: FloatArray, form: str) -> Said:
    """Rows by their place in the file, each with its value."""
    return joined(
        say("{row} ({value})", row=result.table.label(int(row)), value=format(float(values[row]), form))
        for row in rows
    )

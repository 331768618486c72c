"""How the tables of a linear model are read in its report: notes, labels that are no quantities, columns in one unit."""

from __future__ import annotations

from zerosec_analyses.sdk import say

LABELS = frozenset({"file_row", "repeat"})
# Columns in one unit, which are read beside each other and get the same decimals.
IN_ONE_UNIT = (
    frozenset({"estimate", "std_error", "ci_low", "ci_high"}),
    frozenset({"observed", "fitted", "out_of_fold", "residual"}),
)
NOTES = {
    "coefficients": say(
        "On the scale of the fit. A level's coefficient is its difference from the reference level."
    ),
    "cross_validation": say("Each repeat shares the rows out anew."),
    "rows": say("Observed, fitted and predicted unseen are in the target's own units."),
    "vif": say(
        "GVIF^(1/2df) compares terms of different size; above about 3 a term's coefficients are much less certain for the others' sake."
    ),
}

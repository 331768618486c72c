"""What the columns of the result tables are called where a person reads them; their files keep the names for programs."""

from __future__ import annotations

from zerosec_analyses.sdk import Said, ours, say

HEADINGS = {
    "term": say("term"),
    "estimate": say("estimate"),
    "std_error": say("std. error"),
    "t": say("t"),
    "p_value": say("p"),
    "vif": say("VIF"),
    "gvif": say("GVIF"),
    "gvif_scaled": say("GVIF^(1/2df)"),
    "r2": say("R²"),
    "rmse": say("RMSE"),
    "mae": say("MAE"),
    "f": say("F"),
    "df": say("df"),
    "source": say("source"),
    "sum_of_squares": say("sum of squares"),
    "mean_square": say("mean square"),
    "repeat": say("repeat"),
    "test": say("test"),
    "statistic": say("statistic"),
    "note": say("note"),
    "condition_index": say("condition index"),
    "columns": say("columns"),
    "variance_proportions": say("variance proportions"),
    "combination": say("combination"),
    "column": say("column"),
    "kind": say("kind"),
    "missing": say("missing"),
    "minimum": say("minimum"),
    "maximum": say("maximum"),
    "mean": say("mean value"),
    "reference_level": say("reference level"),
    "levels": say("levels"),
    "file_row": say("row of the file"),
    "observed": say("observed"),
    "fitted": say("fitted"),
    "out_of_fold": say("predicted unseen"),
    "residual": say("residual"),
    "leverage": say("leverage"),
    "studentised": say("studentised"),
    "studentised_external": say("studentised, externally"),
    "cooks_distance": say("Cook's distance"),
    "code": say("code"),
    "message": say("message"),
    "hint": say("hint"),
}


def heading(name: str, confidence_level: float) -> Said:
    """The heading of a column, by its name in the files."""
    if name == "ci_low":
        return say("{level:.4g}% from", level=100 * confidence_level)
    if name == "ci_high":
        return say("to")
    return HEADINGS.get(name) or ours(name)

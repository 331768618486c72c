"""What candidates and transforms are called in sentences and tables."""

from __future__ import annotations

from collections.abc import Mapping

from zerosec_analyses.linear.spec import TargetTransform
from zerosec_analyses.sdk import Said, joined, say

METHOD_NAMES: dict[str, Said] = {
    "linear": say("linear (baseline)"),
    "elastic_net": say("elastic net"),
    "random_forest": say("random forest"),
    "extra_trees": say("extra trees"),
    "gradient_boosting": say("gradient boosting"),
    "lightgbm": say("LightGBM"),
    "xgboost": say("XGBoost"),
    "catboost": say("CatBoost"),
    "support_vectors": say("support vectors"),
    "gaussian_process": say("Gaussian process"),
    "logistic": say("logistic regression"),
    "discriminant": say("discriminant analysis"),
    "stack": say("stack of several"),
    "chosen": say("as chosen in each training part"),
}
MEASURE_NAMES: dict[str, Said] = {"best_rmse": say("RMSE"), "best_log_loss": say("log loss")}
SETTING_NAMES: dict[str, Said] = {
    "strength": say("strength of the penalty"),
    "l1_share": say("share of the absolute penalty"),
    "feature_share": say("share of features a split sees"),
    "column_share": say("share of features a tree sees"),
    "row_share": say("share of rows a tree sees"),
    "splits": say("splits"),
    "leaf_rows": say("least rows of a leaf"),
    "rounds": say("trees"),
    "learning_rate": say("learning rate"),
    "leaves": say("most leaves of a tree"),
    "depth": say("depth of a tree"),
    "penalty": say("penalty"),
    "cost": say("cost of an error"),
    "width": say("width of the kernel"),
    "tube": say("error that costs nothing"),
    "scales": say("length scales"),
    "common": say("share of the spread of all classes"),
    "sphere": say("share of a spread alike in all directions"),
}
SETTING_VALUES: dict[str, Said] = {
    "alike": say("much alike"),
    "free": say("free"),
    "best": say("at the best places"),
    "random": say("at random places"),
}
TRANSFORM_NAMES: dict[TargetTransform, Said] = {
    TargetTransform.NONE: say("no transform"),
    TargetTransform.LOG: say("logarithm"),
    TargetTransform.BOX_COX: say("Box–Cox"),
    TargetTransform.YEO_JOHNSON: say("Yeo–Johnson"),
}
WHY_DROPPED: dict[str, Said] = {
    "constant": say("the same in all training rows"),
    "correlated": say("nearly repeats another feature"),
    "unimportant": say("less important than the features that are kept"),
}
SHOWN_SHARE = 0.005


def shares_of(weights: Mapping[str, float], without_features: Said) -> Said:
    """What a stack that is a sum is made of, the largest share first, and last the share of what is predicted without features."""
    parts = [
        say("{model} {weight:.0%}", model=METHOD_NAMES[one], weight=weight)
        for one, weight in sorted(weights.items(), key=lambda item: -item[1])
        if weight > SHOWN_SHARE
    ]
    rest = 1.0 - sum(weights.values())
    if rest > SHOWN_SHARE:
        parts.append(say("{model} {weight:.0%}", model=without_features, weight=rest))
    return say("{model}: {parts}", model=METHOD_NAMES["stack"], parts=joined(parts, ", "))

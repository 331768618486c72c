"""What candidates and transforms are called in sentences and tables."""

from __future__ import annotations

from zerosec_analyses.linear.spec import TargetTransform
from zerosec_analyses.sdk import Said, say

METHOD_NAMES: dict[str, Said] = {
    "linear": say("linear (baseline)"),
    "elastic_net": say("elastic net"),
    "random_forest": say("random forest"),
    "extra_trees": say("extra trees"),
    "gradient_boosting": say("gradient boosting"),
    "lightgbm": say("LightGBM"),
    "xgboost": say("XGBoost"),
    "support_vectors": say("support vectors"),
    "gaussian_process": say("Gaussian process"),
    "logistic": say("logistic regression"),
    "stack": say("stack of several"),
    "chosen": say("as chosen in each training part"),
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

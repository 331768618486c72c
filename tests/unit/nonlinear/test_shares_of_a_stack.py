"""What a stack is made of adds up to a whole."""

from zerosec_analyses.modelling.words import shares_of
from zerosec_analyses.sdk import say

MEAN = say("the mean of the training rows")


def test_what_is_predicted_without_features_has_its_share_beside_the_models() -> None:
    made = shares_of({"extra_trees": 0.25, "linear": 0.002, "elastic_net": 0.618}, MEAN)

    assert made == "stack of several: elastic net 62%, extra trees 25%, the mean of the training rows 13%"


def test_shares_that_are_a_whole_have_nothing_beside_them() -> None:
    made = shares_of({"catboost": 0.4, "gaussian_process": 0.6}, MEAN)

    assert made == "stack of several: Gaussian process 60%, CatBoost 40%"

"""Skewed columns are bent for smooth methods: what that does, and that a model file says it."""

import numpy as np
import pytest
from sklearn.linear_model import ElasticNet

from zerosec_analyses.modelling.bending import Bent, bending, bent, skewed_columns
from zerosec_analyses.modelling.candidate import Method
from zerosec_analyses.modelling.candidates import CANDIDATES
from zerosec_analyses.modelling.class_candidates import class_candidates
from zerosec_analyses.modelling.class_task import ClassTask
from zerosec_analyses.modelling.model_file import _given_bent
from zerosec_analyses.modelling.model_parts import ModelFileError

RNG = np.random.default_rng(3)
ROWS = np.column_stack([RNG.normal(size=400), RNG.lognormal(0, 1.5, 400), np.arange(400) % 50 == 0])
X = (ROWS - ROWS.mean(axis=0)) / ROWS.std(axis=0)


def test_only_skewed_columns_are_bent_and_a_column_of_two_values_keeps_two() -> None:
    before = X.copy()

    made = bent(X, skewed_columns(X))

    assert skewed_columns(X) == (1, 2)
    assert np.array_equal(made[:, 0], X[:, 0])
    assert np.array_equal(np.argsort(made[:, 1]), np.argsort(X[:, 1]))
    assert np.unique(made[:, 2]).size == 2
    assert np.array_equal(X, before)


def test_a_smooth_method_sees_what_grows_like_a_logarithm() -> None:
    y = np.log(ROWS[:, 1] + 1.0)
    y = (y - y.mean()) / y.std()
    candidate = CANDIDATES[Method.ELASTIC_NET]
    fitted = candidate.fit(X[:300], y[:300], candidate.start, 1)
    plain = ElasticNet(alpha=0.01, l1_ratio=0.5).fit(X[:300], y[:300])

    assert isinstance(fitted, Bent)
    errors = [float(((one.predict(X[300:]) - y[300:]) ** 2).mean()) for one in (fitted, plain)]
    assert errors[0] < 0.7 * errors[1]


def test_the_baseline_is_plain_and_where_nothing_is_skewed_nothing_is_bent() -> None:
    for method in (Method.LINEAR, Method.ELASTIC_NET):
        candidate = CANDIDATES[method]
        columns = X if method is Method.LINEAR else X[:, :1]
        assert not isinstance(candidate.fit(columns, X[:, 0], candidate.start, 1), Bent)


def test_classes_have_probabilities_by_bent_columns() -> None:
    codes = (ROWS[:, 1] > 1).astype(float)
    candidate = class_candidates(2)[Method.LOGISTIC]

    fitted = ClassTask(2).fit(candidate, X, codes, candidate.start, 1)

    assert fitted.predict(X).sum(axis=1) == pytest.approx(1.0)
    assert isinstance(candidate.fit(X, codes, candidate.start, 1), Bent)


def test_a_file_that_bends_a_column_it_does_not_have_is_refused() -> None:
    plain = CANDIDATES[Method.LINEAR].fit(X, X[:, 0], {}, 1)

    assert _given_bent((), plain, 3) is plain
    assert isinstance(_given_bent((2,), plain, 3), Bent)
    with pytest.raises(ModelFileError, match="does not describe"):
        _given_bent((3,), plain, 3)
    assert bending(CANDIDATES[Method.LINEAR].fit)(X[:, :1], X[:, 0], {}, 1).predict(
        X[:, :1]
    ) == pytest.approx(X[:, 0], abs=1e-4)

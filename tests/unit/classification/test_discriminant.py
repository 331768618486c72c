"""Discriminant analysis: right where classes are normal, defined on a class of one row, sane far out, and kept as plain numbers."""

import io

import numpy as np
import pytest
from scipy.stats import multivariate_normal
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from zerosec_analyses.modelling.candidate import Method
from zerosec_analyses.modelling.class_candidates import class_candidates, default_class_methods
from zerosec_analyses.modelling.discriminant import discriminant_from_bytes, fit_discriminant

RNG = np.random.default_rng(5)
CODES = np.arange(600) % 2
# the same mean, another spread: no straight border parts them
ROWS = RNG.normal(size=(600, 2)) * np.where(CODES == 0, 0.4, 1.3)[:, None]
X = (ROWS - ROWS.mean(axis=0)) / ROWS.std(axis=0)


def test_it_finds_the_probabilities_of_normal_classes() -> None:
    made = fit_discriminant(X, CODES.astype(float), 0.0, 0.0).predict(X)

    density = np.column_stack(
        [
            multivariate_normal(X[c == CODES].mean(axis=0), np.cov(X[c == CODES].T, bias=True)).pdf(X)
            for c in (0, 1)
        ]
    )
    assert made == pytest.approx(density / density.sum(axis=1, keepdims=True), abs=1e-4)
    assert (made.argmax(axis=1) == CODES).mean() > 0.75


def test_with_one_spread_for_all_classes_it_is_linear_discriminant_analysis() -> None:
    made = fit_discriminant(X, CODES.astype(float), 1.0, 0.0).predict(X)

    assert made == pytest.approx(
        LinearDiscriminantAnalysis(solver="lsqr").fit(X, CODES).predict_proba(X), abs=1e-4
    )


def test_a_class_of_one_row_and_columns_that_repeat_each_other_are_fitted() -> None:
    x = np.column_stack([X, X[:, 0]])[:30]
    y = np.zeros(30)
    y[0] = 1

    made = fit_discriminant(x, y, 0.01, 0.005).predict(x)

    assert np.isfinite(made).all()
    assert made.sum(axis=1) == pytest.approx(np.ones(30))


def test_beyond_the_range_of_the_training_rows_the_value_at_the_edge_counts() -> None:
    fitted = fit_discriminant(X, CODES.astype(float), 0.1, 0.05)

    assert fitted.predict(np.array([[1e6, 0.0]])) == pytest.approx(
        fitted.predict(np.array([[X[:, 0].max(), 0.0]]))
    )


def test_many_rows_are_predicted_as_one_by_one() -> None:
    fitted = fit_discriminant(X, CODES.astype(float), 0.1, 0.05)
    many = np.tile(X, (40, 1))

    assert fitted.predict(many)[-600:] == pytest.approx(fitted.predict(X), rel=1e-12)


def test_a_file_of_it_whose_parts_do_not_fit_is_refused() -> None:
    fitted = fit_discriminant(X, CODES.astype(float), 0.1, 0.05)
    content = fitted.to_bytes()
    with np.load(io.BytesIO(content)) as held:
        parts = dict(held)

    def written(**changed: np.ndarray) -> bytes:
        file = io.BytesIO()
        np.savez(file, allow_pickle=False, **(parts | changed))
        return file.getvalue()

    assert np.array_equal(discriminant_from_bytes(content, 2).predict(X), fitted.predict(X))
    for bad in (
        written(means=np.zeros((2, 3))),
        written(whiteners=np.zeros((2, 2))),
        written(offsets=np.array([0.0, np.nan])),
        written(low=np.zeros(3)),
        b"no archive",
    ):
        with pytest.raises(ValueError):
            discriminant_from_bytes(bad, 2)
    with pytest.raises(ValueError):
        discriminant_from_bytes(content, 3)


def test_it_is_tried_by_itself_where_there_are_not_too_many_classes() -> None:
    assert Method.DISCRIMINANT in default_class_methods(100, 3)
    assert Method.DISCRIMINANT not in default_class_methods(100, 50)
    assert class_candidates(2)[Method.DISCRIMINANT].seconds(200, 10) < 0.02

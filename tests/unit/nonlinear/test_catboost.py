"""CatBoost's trees as our arrays: the library's own predictions to the last digits, and nothing that is read can point outside."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from zerosec_analyses.modelling import candidates, class_candidates, plan
from zerosec_analyses.modelling.candidate import Method
from zerosec_analyses.modelling.candidates import default_methods, missing_methods
from zerosec_analyses.modelling.catboost_fit import CatboostModel, fit_catboost, fit_catboost_classes
from zerosec_analyses.modelling.class_candidates import default_class_methods
from zerosec_analyses.modelling.oblivious_trees import ARRAYS, ObliviousTrees
from zerosec_analyses.modelling.plan import Wishes, plan_for
from zerosec_analyses.sdk import InputError

SETTINGS = {"rounds": 30, "learning_rate": 0.1, "depth": 4, "penalty": 3.0}
RNG = np.random.default_rng(3)
X = RNG.normal(size=(120, 4))
X[:, 1] = (
    1.0  # the library knows nothing of a column that never changes, and ours still stand in their places
)
X[:, 2] = X[:, 2] > 0
Y = X[:, 0] * X[:, 2] + np.sin(2 * X[:, 3])
OTHERS = np.concatenate([X, 100 * RNG.normal(size=(1500, 4)), X[:5].astype(np.float32)])


def test_a_number_is_the_librarys_own() -> None:
    fitted = fit_catboost(X, Y, SETTINGS, 1)

    assert fitted.predict(OTHERS) == pytest.approx(fitted.native.predict(OTHERS), rel=1e-12, abs=1e-12)
    assert np.array_equal(fit_catboost(X, Y, SETTINGS, 1).predict(OTHERS), fitted.predict(OTHERS))


@pytest.mark.parametrize("n_classes", [2, 3])
def test_probabilities_are_the_librarys_own(n_classes: int) -> None:
    codes = np.digitize(Y, np.quantile(Y, np.arange(1, n_classes) / n_classes)).astype(np.float64)

    fitted = fit_catboost_classes(X, codes, SETTINGS, 1)

    found, own = fitted.predict(OTHERS), fitted.native.predict_proba(OTHERS)
    assert found == pytest.approx(own[:, 1] if n_classes == 2 else own, abs=1e-12)


def test_nothing_is_left_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    fit_catboost(X, Y, SETTINGS, 1)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("rows", [X[:, 1:2], X[:6, 1:2]])
def test_where_there_is_nothing_to_ask_the_mean_or_the_shares_are_predicted(rows: np.ndarray) -> None:
    y = Y[: len(rows)]

    assert fit_catboost(rows, y, SETTINGS, 1).predict(rows) == pytest.approx(np.full(y.size, y.mean()))
    halves, thirds = (np.arange(y.size) % k * 1.0 for k in (2, 3))
    assert fit_catboost_classes(rows, halves, SETTINGS, 1).predict(rows) == pytest.approx(0.5)
    assert fit_catboost_classes(rows, thirds, SETTINGS, 1).predict(rows) == pytest.approx(1 / 3)


def test_few_rows_and_targets_that_are_the_same_are_no_obstacle() -> None:
    assert fit_catboost(X[:3], Y[:3], SETTINGS | {"rounds": 300}, 1).predict(X[:3]) == pytest.approx(
        Y[:3], abs=0.5
    )
    assert fit_catboost(X, np.full(120, 2.5), SETTINGS, 1).predict(X) == pytest.approx(2.5)


def test_its_interactions_add_up_to_what_sets_a_row_apart() -> None:
    fitted = fit_catboost(X, Y, SETTINGS, 1)

    parts = fitted.interactions(X)

    assert np.ptp(fitted.predict(X) - parts.sum(axis=(1, 2))) < 1e-9
    assert parts == pytest.approx(parts.transpose(0, 2, 1))
    assert np.abs(parts[:, 0, 2]).mean() > 5 * np.abs(parts[:, 2, 3]).mean()


def _changed(name: str, change: Callable[[np.ndarray], np.ndarray]) -> bytes:
    trees = fit_catboost(X, Y, SETTINGS, 1).trees
    held = io.BytesIO()
    np.savez(
        held, **{one: change(getattr(trees, one)) if one == name else getattr(trees, one) for one in ARRAYS}
    )
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("features", lambda a: a + 4),
        ("features", lambda a: a - 5),
        ("features", lambda a: a.astype(np.int64)),
        ("features", lambda a: a.astype(object)),
        ("borders", lambda a: a[:, :-1]),
        ("borders", lambda a: a * np.float32(np.nan)),
        ("leaves", lambda a: a[:, :-1]),
        ("leaves", lambda a: a + np.inf),
        ("bias", lambda a: np.zeros(2)),
    ],
)
def test_trees_that_point_outside_or_are_something_else_are_refused(
    name: str, change: Callable[[np.ndarray], np.ndarray]
) -> None:
    with pytest.raises(ValueError):
        ObliviousTrees.from_bytes(_changed(name, change), 4, classes=False)


def test_bytes_that_are_no_trees_are_refused() -> None:
    content = fit_catboost(X, Y, SETTINGS, 1).trees.to_bytes()

    assert ObliviousTrees.from_bytes(content, 4, classes=False).to_bytes() == content
    for wrong in (b"", b"PK", content[: len(content) // 2], b"\x80\x04K\x01."):
        with pytest.raises(ValueError):
            ObliviousTrees.from_bytes(wrong, 4, classes=False)


def test_where_it_is_not_installed_that_is_said_and_nothing_else_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(plan, "catboost_installed", lambda: False)

    with pytest.raises(InputError, match="not installed") as refused:
        plan_for(100, 100, 5, 1, Wishes(methods=(Method.CATBOOST,)))

    assert refused.value.field == "models"
    assert plan_for(100, 100, 5, 1, Wishes(methods=(Method.LINEAR,))).methods == (Method.LINEAR,)


def test_by_itself_it_is_tried_on_numbers_and_two_classes_of_rows_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = {(200, 2): True, (50_000, 2): True, (199, 2): False, (50_001, 2): False, (500, 3): False}

    for (n_rows, n_classes), tried in asked.items():
        assert (Method.CATBOOST in default_class_methods(n_rows, n_classes)) is tried
        if n_classes == 2:
            assert (Method.CATBOOST in default_methods(n_rows)) is tried
    for module in (class_candidates, candidates):
        monkeypatch.setattr(module, "catboost_installed", lambda: False)
    assert Method.CATBOOST not in default_class_methods(500, 2)
    assert Method.CATBOOST not in default_methods(500)
    assert missing_methods(500) == (Method.CATBOOST,)
    assert missing_methods(100) == ()


def test_a_model_that_was_read_predicts_without_the_library() -> None:
    fitted = fit_catboost(X, Y, SETTINGS, 1)

    again = CatboostModel(ObliviousTrees.from_bytes(fitted.trees.to_bytes(), 4, classes=False))

    assert np.array_equal(again.predict(OTHERS), fitted.predict(OTHERS))

"""scikit-learn models from a file anybody may have made: refused in a sentence where a part is missing, of another shape, or not one of ours."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import ExtraTreesRegressor, HistGradientBoostingRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.svm import SVR
from skops.io import dumps

from zerosec_analyses.modelling.candidate import Method
from zerosec_analyses.modelling.gaussian_process import fit_gaussian_process
from zerosec_analyses.modelling.model_parts import (
    CLASS_KINDS,
    KINDS,
    ModelFileError,
    part_bytes,
    part_predictor,
)
from zerosec_analyses.modelling.process_file import process_to_bytes

RNG = np.random.default_rng(5)
X = RNG.normal(size=(60, 3))
Y = X[:, 0] * X[:, 1]
FITTED: dict[Method, Any] = {
    Method.LINEAR: Ridge().fit(X, Y),
    Method.SUPPORT_VECTORS: SVR().fit(X, Y),
    Method.EXTRA_TREES: ExtraTreesRegressor(n_estimators=2, random_state=1).fit(X, Y),
    Method.GRADIENT_BOOSTING: HistGradientBoostingRegressor(max_iter=2, early_stopping=True, random_state=1).fit(
        X, Y
    ),
    Method.LOGISTIC: LogisticRegression().fit(X, np.digitize(X[:, 0], [-0.5, 0.5])),
}  # fmt: skip
Schema = dict[str, Any]


def rewritten(content: bytes, change: Callable[[Schema], object], **arrays: np.ndarray) -> bytes:
    """The same file with a changed description and with arrays of other values."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        schema = json.loads(old.read("schema.json"))
        files = {attributes(schema)[name]["file"]: array for name, array in arrays.items()}
        change(schema)
        for name in old.namelist():
            if name in files:
                held = io.BytesIO()
                np.save(held, files[name], allow_pickle=False)
                new.writestr(name, held.getvalue())
            else:
                new.writestr(name, json.dumps(schema) if name == "schema.json" else old.read(name))
    return made.getvalue()


def attributes(schema: Schema) -> Schema:
    """What the description says of the model's own attributes."""
    return schema["content"]["content"]  # type: ignore[no-any-return]


def unchanged(_schema: Schema) -> None: ...


def refused(method: Method, content: bytes) -> str:
    """The sentence it is refused with."""
    with pytest.raises(ModelFileError) as error:
        part_predictor(method, content, 3, CLASS_KINDS if method is Method.LOGISTIC else KINDS)
    return str(error.value.args[0])


NEEDED = {
    Method.LINEAR: ("coef_", "intercept_", "n_features_in_"),
    Method.SUPPORT_VECTORS: ("support_vectors_", "dual_coef_", "intercept_", "_gamma", "kernel", "n_features_in_"),
    Method.EXTRA_TREES: ("estimators_", "n_outputs_", "n_features_in_"),
    Method.GRADIENT_BOOSTING: (
        "_predictors", "_bin_mapper", "_baseline_prediction", "_loss", "_preprocessor", "n_features_in_",
    ),
    Method.LOGISTIC: ("coef_", "intercept_", "classes_", "n_features_in_"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("method", "attribute"), [(method, name) for method, names in NEEDED.items() for name in names]
)
def test_a_model_that_lacks_what_its_prediction_reads_is_refused(method: Method, attribute: str) -> None:
    whole = dumps(FITTED[method])

    assert refused(method, rewritten(whole, lambda schema: attributes(schema).pop(attribute)))


@pytest.mark.parametrize(
    ("method", "attribute", "array"),
    [
        (Method.SUPPORT_VECTORS, "support_vectors_", np.zeros((60, 2))),
        (Method.SUPPORT_VECTORS, "support_vectors_", np.zeros((2, 3))),
        (Method.SUPPORT_VECTORS, "support_vectors_", np.zeros(180)),
        (Method.SUPPORT_VECTORS, "support_vectors_", np.array(1.0)),
        (Method.SUPPORT_VECTORS, "support_vectors_", np.array([["a"]])),
        (Method.SUPPORT_VECTORS, "dual_coef_", np.zeros((1, 4))),
        (Method.SUPPORT_VECTORS, "dual_coef_", np.zeros(0)),
        (Method.SUPPORT_VECTORS, "dual_coef_", np.array("a")),
        (Method.SUPPORT_VECTORS, "intercept_", np.zeros(2)),
        (Method.SUPPORT_VECTORS, "intercept_", np.array([np.nan])),
        (Method.LINEAR, "intercept_", np.zeros(2)),
        (Method.LINEAR, "coef_", np.zeros(2)),
        (Method.LINEAR, "coef_", np.full(3, np.nan)),
        (Method.LINEAR, "coef_", np.zeros((2, 3))),
        (Method.LINEAR, "coef_", np.array(["a", "b", "c"])),
        (Method.LOGISTIC, "coef_", np.zeros((1, 3, 3))),
        (Method.LOGISTIC, "intercept_", np.full(3, np.nan)),
    ],
)
def test_a_model_whose_arrays_do_not_fit_together_is_refused(
    method: Method, attribute: str, array: np.ndarray
) -> None:
    assert refused(method, rewritten(dumps(FITTED[method]), unchanged, **{attribute: array}))


@pytest.mark.parametrize("number", ["-1.0", "0.0", "NaN", "Infinity", '"a"', "null"])
def test_a_kernel_of_no_width_is_refused(number: str) -> None:
    def change(schema: Schema) -> None:
        attributes(schema)["_gamma"] = attributes(schema)["C"] | {"content": number, "__id__": 1}

    assert refused(Method.SUPPORT_VECTORS, rewritten(dumps(FITTED[Method.SUPPORT_VECTORS]), change))


def tree_of(schema: Schema) -> Schema:
    """What the description says of the first tree of a forest."""
    return attributes(schema)["estimators_"]["content"][0]["content"]["content"]["tree_"]  # type: ignore[no-any-return]


def test_a_tree_that_was_given_no_nodes_is_refused_and_ends_no_process() -> None:
    def change(schema: Schema) -> None:
        tree_of(schema)["content"]["content"] = {}

    assert "tree" in refused(Method.EXTRA_TREES, rewritten(dumps(FITTED[Method.EXTRA_TREES]), change))


def test_a_tree_whose_nodes_have_no_length_is_refused_and_ends_no_process() -> None:
    whole = dumps(FITTED[Method.EXTRA_TREES])
    held = io.BytesIO()
    np.save(held, np.array(1.0))

    def change(schema: Schema) -> None:
        tree_of(schema)["content"]["content"]["nodes"]["file"] = "other.npy"

    changed = io.BytesIO(rewritten(whole, change))
    with zipfile.ZipFile(changed, "a") as archive:
        archive.writestr("other.npy", held.getvalue())

    assert refused(Method.EXTRA_TREES, changed.getvalue())


def test_boosted_trees_without_nodes_or_with_a_column_too_many_are_refused() -> None:
    for change in (
        lambda nodes: nodes[:0],
        lambda nodes: _put(nodes, "feature_idx", 3),
        lambda nodes: _put(nodes, "left", 99),
    ):
        fitted = HistGradientBoostingRegressor(max_iter=1).fit(X, Y)
        fitted._predictors[0][0].nodes = change(fitted._predictors[0][0].nodes)

        assert "tree" in refused(Method.GRADIENT_BOOSTING, dumps(fitted))


def _put(nodes: np.ndarray, field: str, value: int) -> np.ndarray:
    changed = nodes.copy()
    changed[field][changed["is_leaf"] == 0] = value
    return changed


def test_another_machine_in_the_place_of_a_tree_is_refused() -> None:
    forest = ExtraTreesRegressor(n_estimators=2, random_state=1).fit(X, Y)
    machine = SVR().fit(X, Y)
    machine.tree_ = forest.estimators_[1].tree_
    forest.estimators_[1] = machine

    assert "tree" in refused(Method.EXTRA_TREES, dumps(forest))


def test_what_skops_trusts_but_no_model_of_ours_holds_is_refused_by_its_name() -> None:
    model = Ridge().fit(X, Y)
    model.predict = np.exp

    assert "numpy.exp" in refused(Method.LINEAR, dumps(model))


@pytest.mark.parametrize("method", list(FITTED))
def test_a_part_that_is_cut_off_or_nothing_is_refused(method: Method) -> None:
    whole = dumps(FITTED[method])

    for content in (
        b"",
        b"PK",
        b"skops",
        whole[: len(whole) // 2],
        rewritten(whole, lambda schema: schema.clear()),
    ):
        assert refused(method, content)


def test_a_process_whose_arrays_are_missing_or_no_numbers_is_refused() -> None:
    fitted = fit_gaussian_process(X, Y, "matern52", 1)
    with np.load(io.BytesIO(process_to_bytes(fitted))) as held:
        parts = dict(held)
    changed = [
        {name: array for name, array in parts.items() if name != gone} for gone in parts if gone != "bent"
    ]
    changed += [parts | {"weights": parts["weights"] * np.nan}, parts | {"lengths": parts["lengths"] * 0}]

    for arrays in changed:
        content = io.BytesIO()
        np.savez(content, **arrays)
        assert "Gaussian process" in refused(Method.GAUSSIAN_PROCESS, content.getvalue())
    for junk in (b"", b"PK", b"PK\x03\x04junk"):
        assert refused(Method.GAUSSIAN_PROCESS, junk)


def test_more_than_a_model_can_be_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zerosec_analyses.modelling.model_parts.MAX_PART_BYTES", 10_000)
    model = Ridge().fit(X, Y)
    model.coef_ = np.zeros(3000)

    assert len(part_bytes(Method.LINEAR, model)) > 0
    assert refused(Method.LINEAR, part_bytes(Method.LINEAR, model))

"""Boosted trees from a file anybody may have made: read back exactly, and refused where a library would read what is not its own."""

import json
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from zerosec_analyses.modelling.boosted_file import WRONG, checked_lightgbm, checked_xgboost
from zerosec_analyses.modelling.candidate import Method
from zerosec_analyses.modelling.candidates import CANDIDATES
from zerosec_analyses.modelling.class_candidates import class_candidates
from zerosec_analyses.modelling.class_task import ClassTask
from zerosec_analyses.modelling.model_parts import (
    CLASS_KINDS,
    KINDS,
    ModelFileError,
    part_bytes,
    part_predictor,
)

RNG = np.random.default_rng(5)
X = RNG.normal(size=(300, 3))
BOOSTED = [Method.LIGHTGBM, Method.XGBOOST]


def of_number(method: Method) -> bytes:
    """A model of a number, as its file keeps it."""
    return part_bytes(method, CANDIDATES[method].fit(X, X[:, 0] * X[:, 1], CANDIDATES[method].start, 1))


@pytest.mark.parametrize("method", BOOSTED)
def test_trees_of_a_number_are_read_back_exactly(method: Method) -> None:
    fitted = CANDIDATES[method].fit(X, X[:, 0] * X[:, 1], CANDIDATES[method].start, 1)

    again = part_predictor(method, part_bytes(method, fitted), 3, KINDS)

    assert again.predict(X).tolist() == fitted.predict(X).tolist()


@pytest.mark.parametrize("method", BOOSTED)
@pytest.mark.parametrize("classes", [2, 4])
def test_trees_of_classes_are_read_back_exactly(method: Method, classes: int) -> None:
    y = RNG.integers(0, classes, 300).astype(float)
    candidate = class_candidates(classes)[method]
    fitted = ClassTask(classes).fit(candidate, X, y, candidate.start, 1).raw  # type: ignore[attr-defined]

    again = part_predictor(method, part_bytes(method, fitted), 3, CLASS_KINDS)

    assert np.asarray(again.predict(X)).tolist() == np.asarray(fitted.predict(X)).tolist()


def test_a_tree_without_a_split_is_read_back() -> None:
    fitted = CANDIDATES[Method.LIGHTGBM].fit(
        X[:10] * 0, np.arange(10.0), CANDIDATES[Method.LIGHTGBM].start, 1
    )

    again = part_predictor(Method.LIGHTGBM, part_bytes(Method.LIGHTGBM, fitted), 3)

    assert again.predict(X).tolist() == fitted.predict(X).tolist()


def first(name: str, value: str) -> Callable[[str], str]:
    """The first value of a line of a tree is another."""
    return lambda text: re.sub(rf"(?m)^{name}=\S+", f"{name}={value}", text, count=1)


@pytest.mark.parametrize(
    "change",
    [
        first("left_child", "999999999"),
        first("left_child", "-999999"),
        first("right_child", "0"),
        first("split_feature", "3"),
        first("split_feature", "-1"),
        first("decision_type", "3"),
        first("num_leaves", "500"),
        first("num_leaves", "0"),
        first("num_cat", "1"),
        first("is_linear", "1"),
        first("threshold", "nan"),
        first("leaf_value", "1e999"),
        first("num_class", "2"),
        first("num_tree_per_iteration", "7"),
        first("max_feature_idx", "9"),
        first("objective", "custom"),
        lambda text: text.replace("\nthreshold=", "\nother="),
        lambda text: text.replace("end of trees", ""),
        lambda text: text[: len(text) // 4],
        lambda _: "",
        lambda _: "木",
    ],
)
def test_a_lightgbm_text_that_is_no_model_is_refused(change: Callable[[str], str]) -> None:
    text = of_number(Method.LIGHTGBM).decode()
    changed = change(text)
    assert changed != text

    with pytest.raises(ModelFileError):
        part_predictor(Method.LIGHTGBM, changed.encode(), 3)


def test_what_lightgbm_would_take_at_its_word_does_not_reach_it() -> None:
    text = of_number(Method.LIGHTGBM).decode()
    changed = re.sub("tree_sizes=[0-9]+", "tree_sizes=999999999", text)
    assert changed != text

    assert checked_lightgbm(changed.encode(), 3) == checked_lightgbm(text.encode(), 3)


def tree_of(model: Any) -> Any:
    """The first tree of a model of XGBoost."""
    return model["learner"]["gradient_booster"]["model"]["trees"][0]


def put(name: str, value: object) -> Callable[[Any], None]:
    """The first value of a list of a tree is another."""

    def change(model: Any) -> None:
        tree_of(model)[name][0] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        put("left_children", 999999999),
        put("left_children", 0),
        put("left_children", -1),
        put("right_children", 1),
        put("split_indices", 3),
        put("split_indices", -1),
        put("split_conditions", float("inf")),
        put("split_conditions", "0"),
        put("default_left", 7),
        put("split_type", 1),
        lambda model: tree_of(model)["sum_hessian"].pop(),
        lambda model: tree_of(model)["categories"].append(1),
        lambda model: tree_of(model).pop("default_left"),
        lambda model: tree_of(model).update(left_children=[]),
        lambda model: model["learner"]["objective"].update(name="rank:pairwise"),
        lambda model: model["learner"]["gradient_booster"].update(name="dart"),
        lambda model: model["learner"]["learner_model_param"].update(num_class="3"),
        lambda model: model["learner"]["learner_model_param"].update(num_feature="9"),
        lambda model: model["learner"]["learner_model_param"].update(base_score="[x]"),
        lambda model: model.update(learner=[]),
    ],
)
def test_an_xgboost_file_that_is_no_model_is_refused(change: Callable[[Any], object]) -> None:
    model = json.loads(of_number(Method.XGBOOST))
    change(model)

    with pytest.raises(ModelFileError):
        part_predictor(Method.XGBOOST, json.dumps(model).encode(), 3)


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"[" * 100_000, b"\xff\xfe"])
def test_a_part_that_is_no_json_is_refused(content: bytes) -> None:
    with pytest.raises(WRONG):
        checked_xgboost(content, 3)

"""Boosted trees as LightGBM and XGBoost write them, read from a file anybody may have made.

Both libraries believe what a file says: a node that points outside its tree reads memory that is not its own, or ends the process. So a
file is taken apart here, every number is looked at, and what the library gets is put together anew from the parts that are known.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from typing import Any

__all__ = ["WRONG", "checked_lightgbm", "checked_xgboost"]

MOST_TREES = 1_000_000
NO_PARENT = 2**31 - 1
WHOLE = re.compile(r"-?[0-9]{1,9}")
NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,4})?")
LIGHTGBM_OBJECTIVE = re.compile(r"regression|binary sigmoid:1|multiclass num_class:([0-9]{1,6})")
RANGE = re.compile(r"none|\[[-+0-9.eE]+:[-+0-9.eE]+\]")
BASE_SCORE = re.compile(r"\[?([-+0-9.eE,]+)\]?")
XGBOOST_OBJECTIVES = {
    "reg:squarederror": "reg_loss_param",
    "binary:logistic": "reg_loss_param",
    "multi:softprob": "softmax_multiclass_param",
}

WRONG = (ValueError, LookupError, TypeError, RecursionError)
"""What a file that is not one may raise while it is taken apart."""

Fields = dict[str, str]


def checked_lightgbm(content: bytes, n_columns: int) -> str:
    """The same trees of ``n_columns`` columns as a text LightGBM can be given. Raises one of WRONG where a tree is not one."""
    before, end, _ = content.decode("ascii").partition("\nend of trees")
    blocks = before.split("\nTree=")
    if not end:
        raise ValueError("trees without an end")
    head = _fields(blocks[0])
    classes = _whole(head["num_class"], 1, MOST_TREES)
    objective = LIGHTGBM_OBJECTIVE.fullmatch(head.get("objective", ""))
    if objective is None or int(objective[1] or 1) != classes:
        raise ValueError("not an objective of ours")
    per_round = _whole(head["num_tree_per_iteration"], classes, classes)
    if len(blocks) - 1 > MOST_TREES or (len(blocks) - 1) % per_round:
        raise ValueError("rounds that are not whole")
    _whole(head["max_feature_idx"], n_columns - 1, n_columns - 1)
    ranges = head["feature_infos"].split(" ")
    if len(ranges) != n_columns or not all(RANGE.fullmatch(each) for each in ranges):
        raise ValueError("not the columns")
    lines = [
        "tree", "version=v4", f"num_class={classes}", f"num_tree_per_iteration={per_round}", "label_index=0",
        f"max_feature_idx={n_columns - 1}", f"objective={objective[0]}",
        "feature_names=" + " ".join(f"Column_{place}" for place in range(n_columns)),
        "feature_infos=" + " ".join(ranges), "",
    ]  # fmt: skip
    for number, block in enumerate(blocks[1:]):
        lines += [f"Tree={number}", *_lightgbm_tree(_fields(block), n_columns), "", ""]
    return "\n".join([*lines, "end of trees", "", ""])


def _lightgbm_tree(tree: Fields, n_columns: int) -> list[str]:
    leaves = _whole(tree["num_leaves"], 1, 2**24)
    inner = leaves - 1
    made = {
        "num_leaves": str(leaves),
        "num_cat": str(_whole(tree["num_cat"], 0, 0)),
        "split_feature": _line(_wholes(tree, "split_feature", inner, 0, n_columns - 1)),
        "split_gain": _numbers(tree, "split_gain", inner),
        "threshold": _numbers(tree, "threshold", inner),
        "decision_type": _line(_wholes(tree, "decision_type", inner, 0, 15)),
    }
    if any(kind % 2 for kind in _wholes(tree, "decision_type", inner, 0, 15)):
        raise ValueError("categories, which ours do not have")
    for side in ("left_child", "right_child"):
        children = _wholes(tree, side, inner, -leaves, inner - 1)
        if any(0 <= child <= place for place, child in enumerate(children)):
            raise ValueError("a node before its parent")
        made[side] = _line(children)
    for name, count in (
        ("leaf_value", leaves), ("leaf_weight", leaves), ("leaf_count", leaves), ("internal_value", inner),
        ("internal_weight", inner), ("internal_count", inner),
    ):  # fmt: skip
        if leaves == 1 and tree.get(name, "") == "" and name != "leaf_value":
            made[name] = ""  # of a tree without a split nothing more is told
        elif name.endswith("count"):
            made[name] = _line(_wholes(tree, name, count, 0, 2**31 - 1))
        else:
            made[name] = _numbers(tree, name, count)
    made["is_linear"] = str(_whole(tree.get("is_linear", "0"), 0, 0))
    made["shrinkage"] = _numbers(tree, "shrinkage", 1)
    return [f"{name}={value}" for name, value in made.items()]


def _fields(block: str) -> Fields:
    return {name: value for name, sign, value in (line.partition("=") for line in block.split("\n")) if sign}


def _whole(text: str, low: int, high: int) -> int:
    if not WHOLE.fullmatch(text) or not low <= int(text) <= high:
        raise ValueError(f"{text[:20]} is not a whole number from {low} to {high}")
    return int(text)


def _wholes(tree: Fields, name: str, count: int, low: int, high: int) -> list[int]:
    return [_whole(text, low, high) for text in _several(tree, name, count)]


def _numbers(tree: Fields, name: str, count: int) -> str:
    several = _several(tree, name, count)
    if not all(NUMBER.fullmatch(text) and math.isfinite(float(text)) for text in several):
        raise ValueError(f"{name} has what is no number")
    return " ".join(several)


def _several(tree: Fields, name: str, count: int) -> list[str]:
    found = tree[name].split(" ") if tree[name] else []
    if len(found) != count:
        raise ValueError(f"{name} has {len(found)} values and should have {count}")
    return found


def _line(values: Sequence[int]) -> str:
    return " ".join(map(str, values))


def checked_xgboost(content: bytes, n_columns: int) -> bytes:
    """The same trees of ``n_columns`` columns as JSON XGBoost can be given. Raises one of WRONG where a tree is not one."""
    whole = json.loads(content)
    learner = whole["learner"]
    booster, own = learner["gradient_booster"], learner["learner_model_param"]
    classes = _whole(own["num_class"], 0, 10_000)
    objective = learner["objective"]["name"]
    if booster["name"] != "gbtree" or objective not in XGBOOST_OBJECTIVES:
        raise ValueError("not a model of ours")
    if (objective == "multi:softprob") is not (classes > 1):
        raise ValueError("classes that are none")
    score = BASE_SCORE.fullmatch(own["base_score"])
    scores = score[1].split(",") if score else []
    if len(scores) not in {1, max(1, classes)} or not all(NUMBER.fullmatch(each) for each in scores):
        raise ValueError("no start")
    model = booster["model"]
    trees = [_xgboost_tree(tree, place, n_columns) for place, tree in enumerate(model["trees"])]
    per_round = max(1, classes)
    if len(trees) > MOST_TREES or len(trees) % per_round:
        raise ValueError("rounds that are not whole")
    parameter = XGBOOST_OBJECTIVES[objective]
    of_objective = {"num_class": str(classes)} if classes else {"scale_pos_weight": "1"}
    built = {
        "learner": {
            "attributes": {}, "feature_names": [], "feature_types": [],
            "gradient_booster": {
                "model": {
                    "cats": {"enc": [], "feature_segments": [], "sorted_idx": []},
                    "gbtree_model_param": {"num_parallel_tree": "1", "num_trees": str(len(trees))},
                    "iteration_indptr": list(range(0, len(trees) + 1, per_round)),
                    "tree_info": [place % per_round for place in range(len(trees))],
                    "trees": trees,
                },
                "name": "gbtree",
            },
            "learner_model_param": {
                "base_score": own["base_score"], "boost_from_average": "1", "num_class": str(classes),
                "num_feature": str(_whole(own["num_feature"], n_columns, n_columns)), "num_target": "1",
            },
            "objective": {"name": objective, parameter: of_objective},
        },
        "version": [_of_list(whole["version"], place, 0, 1000) for place in range(3)],
    }  # fmt: skip
    return json.dumps(built).encode()


def _xgboost_tree(tree: dict[str, Any], number: int, n_columns: int) -> dict[str, Any]:
    n = len(tree["left_children"])
    if not 1 <= n <= 2**24:
        raise ValueError("no nodes")
    children = [[_of_list(tree[side], at, -1, n - 1) for at in range(n)] for side in SIDES]
    parents = [NO_PARENT] * n
    for at, (left, right) in enumerate(zip(*children, strict=True)):
        if left == right == -1:
            continue
        if min(left, right) <= at or left == right:
            raise ValueError("a node before its parent")
        for child in (left, right):
            if parents[child] != NO_PARENT:
                raise ValueError("a node of two parents")
            parents[child] = at
    numbers = {
        name: [_finite(value) for value in _of_length(tree[name], n)]
        for name in ("base_weights", "loss_changes", "split_conditions", "sum_hessian")
    }
    if any(_of_length(tree["split_type"], n)) or any(tree[name] for name in CATEGORIES):
        raise ValueError("categories, which ours do not have")
    return {
        **numbers, **{name: [] for name in CATEGORIES}, "id": number, "parents": parents,
        "default_left": [_of_list(tree["default_left"], at, 0, 1) for at in range(n)],
        "left_children": children[0], "right_children": children[1],
        "split_indices": [_of_list(tree["split_indices"], at, 0, n_columns - 1) for at in range(n)],
        "split_type": [0] * n,
        "tree_param": {
            "num_deleted": "0", "num_feature": str(n_columns), "num_nodes": str(n), "size_leaf_vector": "1",
        },
    }  # fmt: skip


SIDES = ("left_children", "right_children")
CATEGORIES = ("categories", "categories_nodes", "categories_segments", "categories_sizes")


def _of_length(values: Any, n: int) -> list[Any]:
    if not isinstance(values, list) or len(values) != n:
        raise ValueError("a list that is too short or too long")
    return values


def _of_list(values: Any, at: int, low: int, high: int) -> int:
    value = values[at] if isinstance(values, list) and at < len(values) else None
    if not isinstance(value, int) or not low <= value <= high:
        raise ValueError("a place that is none")
    return int(value)


def _finite(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("what is no number")
    return float(value)

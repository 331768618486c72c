"""The parts of the comparison of models: what trains, what is held out, and what nobody can be asked."""

import json
from pathlib import Path

import numpy as np
import polars as pl
from tests.bench_models import ours
from tests.bench_models.__main__ import HELD_OUT, LEFT_OUT, TRAINING, parts_of


def classes_with_one_row(held_out_in: int) -> pl.Series:
    """Sixty rows of two classes, and one more row, of a third class, that is held out in that turn."""
    target = pl.Series(["a", "b"] * 30 + ["c"])
    for seed in range(100):
        mixed = target.shuffle(seed)
        place = mixed.to_list().index("c")
        if parts_of(mixed, held_out_in, is_class=False)[place] == HELD_OUT:
            return mixed
    raise AssertionError("no order of the rows holds the last class out")


def test_a_class_that_no_training_row_has_is_asked_of_nobody() -> None:
    target = classes_with_one_row(held_out_in=1)

    in_turn, out_of_turn = (parts_of(target, number, is_class=True) for number in (1, 2))

    assert target.filter(in_turn == LEFT_OUT).to_list() == ["c"]
    assert set(target.filter(in_turn == TRAINING)) == set(target.filter(in_turn == HELD_OUT)) == {"a", "b"}
    assert (out_of_turn != LEFT_OUT).all()
    assert "c" in target.filter(out_of_turn == TRAINING).to_list()


def test_ours_predicts_where_a_class_is_in_no_training_row(tmp_path: Path) -> None:
    target = classes_with_one_row(held_out_in=1)
    part = parts_of(target, 1, is_class=True)
    noise = np.random.default_rng(1).normal(size=(target.len(), 2))
    table, answer = tmp_path / "table.parquet", tmp_path / "answer.json"
    pl.DataFrame({"x": noise[:, 0], "z": noise[:, 1], "target": target}).write_parquet(table)

    ours.main(
        {
            "table": str(table), "fold": part.tolist(), "seconds": 1, "classes": ["a", "b"], "answer": str(answer),
        }
    )  # fmt: skip

    made = np.array(json.loads(answer.read_text())["predicted"])
    assert made.shape == ((part == HELD_OUT).sum(), 2)
    assert np.allclose(made.sum(axis=1), 1)

"""Stop now and keep: the design so far is returned, whole, valid and no worse than what was shown."""

import csv
import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.unit.optimal_design.conftest import Recorder, grid, table_text

from zerosec_analyses.optimal_design.method import run
from zerosec_analyses.optimal_design.spec import DesignParameters
from zerosec_analyses.sdk import Context, JobInput
from zerosec_shared.views import Metric

THREE = (-1, 0, 1)


class Asking(Recorder):
    """Asks to finish once the best so far was told so often."""

    def __init__(self, wish: Path, after: int) -> None:
        super().__init__()
        self.wish, self.after = wish, after

    def metric(self, metric: Metric) -> None:
        super().metric(metric)
        if len(self.metrics) >= self.after:
            self.wish.touch()


@pytest.mark.parametrize("after", [1, 3])
def test_the_best_so_far_is_returned_and_is_a_design(tmp_path: Path, after: int) -> None:
    points = grid(*[THREE] * 5)
    listed = tmp_path / "candidates.csv"
    listed.write_text(table_text(points), "utf-8")
    recorder = Asking(tmp_path / "finish", after)
    ctx = Context(
        inputs={"candidates": [JobInput(path=listed, name=listed.name)]},
        output=tmp_path / "out", scratch=tmp_path / "scratch", reporter=recorder, finish_file=recorder.wish,
    )  # fmt: skip

    run(ctx, DesignParameters(runs=26, model="quadratic", effort="thorough"))

    result = ctx.outcome().result
    metrics: dict[str, Any] = {metric.name: metric.value for metric in result.metrics}
    streamed = [m.value for m in recorder.metrics if m.label == "Best so far"]
    with (tmp_path / "out" / "tables" / "design.csv").open(encoding="utf-8") as file:
        x = np.array([[float(cell) for cell in row] for row in list(csv.reader(file))[1:]])
    assert {tuple(row) for row in x.tolist()} <= set(points)
    pairs = [x[:, i] * x[:, j] for i, j in itertools.combinations(range(5), 2)]
    X = np.column_stack([np.ones(len(x)), x, *pairs, x**2])
    assert X.shape == (26, 21)
    efficiency = np.exp(np.linalg.slogdet(X.T @ X / 26)[1] / 21)
    assert metrics["d_efficiency"] == pytest.approx(efficiency, rel=1e-9)
    assert streamed
    assert efficiency >= max(streamed) - 1e-9
    assert "finished_early" in {notice.code for notice in result.warnings}
    assert "you stopped it" in next(m.note for m in result.metrics if m.name == "searches")

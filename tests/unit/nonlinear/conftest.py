"""Running the nonlinear analysis in tests: a real file in, the outcome and its folder out."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from matplotlib.figure import Figure

from zerosec_analyses.nonlinear.method import run
from zerosec_analyses.nonlinear.spec import NonlinearParameters
from zerosec_analyses.reporting.pictures import Pictures
from zerosec_analyses.sdk import Context
from zerosec_shared.texts import texts_of
from zerosec_shared.views import Result


class Recorder:
    """Keeps the counters of the last progress."""

    def __init__(self) -> None:
        self.counters: list[dict[str, Any]] = []

    def progress(self, _fraction: Any, _stage: str, _message: str, counters: dict[str, Any]) -> None:
        self.counters.append(dict(counters))

    def log(self, *args: Any) -> None: ...
    def metric(self, *args: Any) -> None: ...
    def notice(self, *args: Any) -> None: ...


@dataclass(frozen=True)
class Built:
    folder: Path
    result: Result
    counters: list[dict[str, Any]]

    @property
    def metrics(self) -> dict[str, Any]:
        return {metric.name: metric.value for metric in self.result.metrics}

    @property
    def codes(self) -> set[str]:
        return {notice.code for notice in self.result.warnings}

    def table(self, name: str) -> list[dict[str, str]]:
        with (self.folder / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


@pytest.fixture(autouse=True)
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures are built but not painted, which is most of a small run's work."""

    def blank(pictures: Pictures, _figure: Figure, name: str) -> None:
        path = pictures.folder / f"{name}.svg"
        path.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>', encoding="utf-8")

    monkeypatch.setattr(Pictures, "_write", blank)


QUICK = {
    "models": ("linear", "support_vectors"),
    "trials": 2,
    "outer_folds": 3,
    "repeats": 1,
    "inner_folds": 2,
}


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., Built]:
    """`build(frame, target=("y",), …)`: two quick models unless others are named."""
    count = 0

    def go(table: pl.DataFrame | Path, *, finish: bool = False, **parameters: Any) -> Built:
        nonlocal count
        count += 1
        path = table if isinstance(table, Path) else tmp_path / f"data{count}.csv"
        if isinstance(table, pl.DataFrame):
            table.write_csv(path)
        folder = tmp_path / f"out{count}"
        ctx = Context.for_notebook(folder, data=path)
        recorder = Recorder()
        ctx._reporter = recorder
        ctx.texts = texts_of(
            "zerosec_analyses.nonlinear", "zerosec_analyses", "zerosec_shared"
        )  # as in a job
        if finish:
            ctx._to_finish = True
        run(ctx, NonlinearParameters(**(QUICK | parameters)))
        return Built(folder, ctx.outcome().result, recorder.counters)

    return go

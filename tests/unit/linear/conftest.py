"""Running the linear analysis in tests: a real file in, the outcome and its folder out."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from matplotlib.figure import Figure

from zerosec_analyses.linear.method import run
from zerosec_analyses.linear.outputs.plots import PlotSet
from zerosec_analyses.linear.spec import LinearParameters
from zerosec_analyses.sdk import Context
from zerosec_shared.texts import texts_of
from zerosec_shared.views import Result


class SilentReporter:
    def progress(self, *args: Any) -> None: ...
    def log(self, *args: Any) -> None: ...
    def metric(self, *args: Any) -> None: ...
    def notice(self, *args: Any) -> None: ...


@dataclass(frozen=True)
class Finished:
    folder: Path
    result: Result

    @property
    def metrics(self) -> dict[str, Any]:
        return {metric.name: metric.value for metric in self.result.metrics}

    @property
    def codes(self) -> set[str]:
        return {notice.code for notice in self.result.warnings}

    def message(self, code: str) -> str:
        return next(notice.message for notice in self.result.warnings if notice.code == code)

    def table(self, name: str) -> list[dict[str, str]]:
        with (self.folder / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def coefficients(self) -> dict[str, float]:
        return {row["term"]: float(row["estimate"]) for row in self.table("coefficients")}


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of numbers alone: figures are built but not painted, which is nine tenths of a run's work."""

    def blank(plots: PlotSet, _figure: Figure, name: str) -> None:
        path = plots.folder / f"{name}.svg"
        path.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>', encoding="utf-8")
        plots.paths.append(path)

    monkeypatch.setattr(PlotSet, "_write", blank)


@pytest.fixture
def fit(tmp_path: Path) -> Callable[..., Finished]:
    """`fit(table, target=…, terms=…)`: the table is a frame, CSV text or a path."""
    count = 0

    def go(table: pl.DataFrame | str | Path, *, seed: int = 7, **parameters: Any) -> Finished:
        nonlocal count
        count += 1
        path = table if isinstance(table, Path) else tmp_path / f"data{count}.csv"
        if isinstance(table, pl.DataFrame):
            table.write_csv(path)
        elif isinstance(table, str):
            path.write_text(table, encoding="utf-8")
        folder = tmp_path / f"out{count}"
        ctx = Context.for_notebook(folder, data=path)
        ctx._reporter = SilentReporter()
        ctx.texts = texts_of("zerosec_analyses.linear", "zerosec_analyses", "zerosec_shared")  # as in a job
        run(ctx, LinearParameters(**({"seed": seed} | parameters)))
        return Finished(folder, ctx.outcome().result)

    return go

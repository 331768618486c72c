"""Running the optimal design in tests: a real list in, the outcome and its folder out."""

import csv
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from zerosec_analyses.optimal_design.method import run
from zerosec_analyses.optimal_design.outputs.pictures import Pictures
from zerosec_analyses.optimal_design.spec import DesignParameters
from zerosec_analyses.sdk import Context
from zerosec_shared.texts import texts_of
from zerosec_shared.views import Metric, Result


@pytest.fixture
def drawn() -> None:
    """For tests that look at the pictures."""


@pytest.fixture(autouse=True)
def _undrawn(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """For the others: figures are built but not painted, which is nineteen twentieths of a small search's work."""

    def blank(pictures: Pictures, _figure: Figure, name: str, caption: str) -> None:
        path = pictures.folder / f"{name}.svg"
        path.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>', encoding="utf-8")
        pictures.drawn.append((caption, path))

    if "drawn" not in request.fixturenames:
        monkeypatch.setattr(Pictures, "_save", blank)


class Recorder:
    """Keeps what was streamed."""

    def __init__(self) -> None:
        self.metrics: list[Metric] = []

    def progress(self, *args: Any) -> None: ...
    def log(self, *args: Any) -> None: ...
    def notice(self, *args: Any) -> None: ...

    def metric(self, metric: Metric) -> None:
        self.metrics.append(metric)


@dataclass(frozen=True)
class Finished:
    folder: Path
    result: Result
    streamed: list[Metric]

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

    def numbers(self, name: str = "design") -> np.ndarray:
        """A table of numbers alone."""
        return np.array([[float(cell) for cell in row.values()] for row in self.table(name)])


Rows = Sequence[Sequence[Any]]


def grid(*levels: Sequence[Any]) -> list[tuple[Any, ...]]:
    """All combinations."""
    return list(itertools.product(*levels))


def table_text(rows: Rows, names: Sequence[str] = ()) -> str:
    """CSV text; columns x1, x2, … unless named."""
    head = names or [f"x{at + 1}" for at in range(len(rows[0]))]
    return "\n".join([",".join(head), *(",".join(map(str, row)) for row in rows)]) + "\n"


@pytest.fixture
def design(tmp_path: Path) -> Callable[..., Finished]:
    """`design(rows or CSV text, runs=…, model=…, done=rows)`; no list: `design(None, factors={…})`."""
    count = 0

    def go(
        candidates: Rows | str | Path | None,
        *,
        done: Rows | str | None = None,
        sheet: Path | None = None,
        **parameters: Any,
    ) -> Finished:
        nonlocal count
        count += 1
        inputs: dict[str, Path] = {}
        for slot, given in (("candidates", candidates), ("done", done)):
            if isinstance(given, Path):
                inputs[slot] = given
            elif given is not None:
                inputs[slot] = tmp_path / f"{slot}{count}.csv"
                inputs[slot].write_text(given if isinstance(given, str) else table_text(given), "utf-8")
        if sheet is not None:
            inputs["parameters"] = sheet
        folder = tmp_path / f"out{count}"
        ctx = Context.for_notebook(folder, **inputs)
        recorder = Recorder()
        ctx._reporter = recorder
        ctx.texts = texts_of("zerosec_analyses.optimal_design", "zerosec_analyses", "zerosec_shared")
        run(ctx, DesignParameters(**({"effort": "quick"} | parameters)))
        return Finished(folder, ctx.outcome().result, recorder.metrics)

    return go

"""Running the classification in tests: a real file in, the outcome and its folder out."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from matplotlib.figure import Figure

from zerosec_analyses.classification.method import run
from zerosec_analyses.classification.spec import ClassificationParameters
from zerosec_analyses.reporting.pictures import Pictures
from zerosec_analyses.sdk import Context
from zerosec_shared.texts import texts_of
from zerosec_shared.views import Result

QUICK = {
    "models": ("logistic",),
    "trials": 1,
    "outer_folds": 3,
    "repeats": 1,
    "inner_folds": 2,
    "shap_rows": 0,
}


@dataclass(frozen=True)
class Built:
    folder: Path
    result: Result

    @property
    def metrics(self) -> dict[str, Any]:
        return {metric.name: metric.value for metric in self.result.metrics}

    @property
    def codes(self) -> set[str]:
        return {notice.code for notice in self.result.warnings}

    def table(self, name: str) -> list[dict[str, str]]:
        with (self.folder / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


def blank(pictures: Pictures, _figure: Figure, name: str) -> None:
    """Figures are built but not painted, which is most of a small run's work."""
    path = pictures.folder / f"{name}.svg"
    path.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>', encoding="utf-8")


def build_in(folder: Path, table: pl.DataFrame | Path, **parameters: Any) -> Built:
    """Run on a table, in a folder that is made."""
    folder.mkdir(parents=True)
    path = table if isinstance(table, Path) else folder / "data.csv"
    if isinstance(table, pl.DataFrame):
        table.write_csv(path)
    ctx = Context.for_notebook(folder / "out", data=path)
    ctx.texts = texts_of("zerosec_analyses.classification", "zerosec_analyses", "zerosec_shared")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Pictures, "_write", blank)
        run(ctx, ClassificationParameters(**(QUICK | {"target": "ok"} | parameters)))
    return Built(folder / "out", ctx.outcome().result)


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., Built]:
    """`build(frame, target="ok", …)`: one quick model unless others are named."""
    count = 0

    def go(table: pl.DataFrame | Path, **parameters: Any) -> Built:
        nonlocal count
        count += 1
        return build_in(tmp_path / f"run{count}", table, **parameters)

    return go


def parts(n: int, seed: int, labels: tuple[str, str] = ("NG", "OK"), noise: float = 0.6) -> pl.DataFrame:
    """Parts whose class depends on two numbers and a machine."""
    rng = np.random.default_rng(seed)
    force, speed, machine = rng.normal(size=n), rng.normal(size=n), rng.choice(["a", "b"], n)
    good = force + 0.7 * speed + 0.5 * (machine == "a") + noise * rng.logistic(size=n) > 0
    return pl.DataFrame(
        {"force": force, "speed": speed, "machine": machine, "ok": [labels[int(one)] for one in good]}
    )

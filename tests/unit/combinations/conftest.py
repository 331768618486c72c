"""Making combination tables in tests: a real parameter sheet in, the outcome and its files out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from zerosec_analyses.combinations.method import preview, run
from zerosec_analyses.combinations.spec import CombinationParameters
from zerosec_analyses.sdk import Context
from zerosec_shared.views import Result


class SilentReporter:
    def progress(self, *args: Any) -> None: ...
    def log(self, *args: Any) -> None: ...
    def metric(self, *args: Any) -> None: ...
    def notice(self, *args: Any) -> None: ...


@dataclass(frozen=True)
class Made:
    folder: Path
    result: Result

    @property
    def metrics(self) -> dict[str, Any]:
        return {metric.name: metric.value for metric in self.result.metrics}

    @property
    def said(self) -> list[str]:
        return [notice.message for notice in self.result.warnings]

    @property
    def table(self) -> pl.DataFrame:
        return pl.read_parquet(self.folder / "tables" / "combinations.parquet")


Sheet = Mapping[str, Sequence[Any]]


@pytest.fixture
def sheet(tmp_path: Path) -> Callable[..., Path]:
    """`sheet({"x": (1, 3, 1)}, rows=("min", "max", "間隔"))`: a workbook; `.csv` at the end of the name makes it a text file."""

    def write(
        columns: Sheet, rows: Sequence[str] = ("min", "max", "間隔"), name: str = "parameters.xlsx"
    ) -> Path:
        path = tmp_path / name
        if name.endswith(".csv"):
            lines = ["", *rows]
            for column, values in columns.items():
                cells = [column, *("" if value is None else f'"{value}"' for value in values)]
                lines = [f"{line},{cell}" for line, cell in zip(lines, cells, strict=True)]
            path.write_text("\n".join(lines), encoding="utf-8-sig")
            return path
        with xlsxwriter.Workbook(path) as book:
            page = book.add_worksheet()
            for line, label in enumerate(rows, start=1):
                page.write(line, 0, label)
            for place, (column, values) in enumerate(columns.items(), start=1):
                page.write_string(0, place, column)
                for line, value in enumerate(values, start=1):
                    if value is not None:
                        page.write(line, place, value)
        return path

    return write


@pytest.fixture
def make(tmp_path: Path, sheet: Callable[..., Path]) -> Callable[..., Made]:
    """`make({"x": (1, 3, 1)}, keep=…)` or `make(None, variables={…})`; `only_preview=True` makes nothing."""
    count = 0

    def go(
        columns: Sheet | Path | None,
        *,
        own_profile: Path | None = None,
        only_preview: bool = False,
        **parameters: Any,
    ) -> Made:
        nonlocal count
        count += 1
        folder = tmp_path / f"out{count}"
        files: dict[str, Path] = {} if own_profile is None else {"own_profile": own_profile}
        if columns is not None:
            files["parameters"] = columns if isinstance(columns, Path) else sheet(columns)
        ctx = Context.for_notebook(folder, **files)
        ctx._reporter = SilentReporter()
        (preview if only_preview else run)(ctx, CombinationParameters(**parameters))
        return Made(folder, ctx.outcome().result)

    return go

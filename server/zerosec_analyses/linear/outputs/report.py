"""The report: one HTML file that needs nothing else, for a colleague, an archive or a printer."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from zerosec_analyses.linear.findings import Finding
from zerosec_analyses.linear.outputs.metrics import MetricLine
from zerosec_analyses.linear.outputs.tables import Cell, ResultTable

SHOWN_ROWS = 60


def write_report(
    path: Path,
    *,
    title: str,
    sentence: str,
    metrics: Sequence[MetricLine],
    found: Sequence[Finding],
    tables: Sequence[ResultTable],
    plots: Sequence[tuple[str, Path]],
    facts: Sequence[tuple[str, str]],
) -> None:
    """Write the report. Everything that comes from the data is escaped; plots are embedded SVG pictures."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = shown_number
    pictures = [
        (name, "data:image/svg+xml;base64," + base64.b64encode(file.read_bytes()).decode("ascii"))
        for name, file in plots
    ]
    text = environment.get_template("report.html.j2").render(
        title=title,
        sentence=sentence,
        headline=[metric for metric in metrics if metric.headline],
        metrics=[metric for metric in metrics if not metric.headline],
        found=found,
        tables=tables,
        shown_rows=SHOWN_ROWS,
        pictures=pictures,
        facts=facts,
    )
    path.write_text(text, encoding="utf-8")


def shown_number(value: Cell, digits: int = 5) -> str:
    """A number as a person reads it; a dash for what does not exist."""
    if value is None or value != value:
        return "–"
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.{digits}g}"

"""The report: one HTML file that needs nothing else, for a colleague, an archive or a printer."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from zerosec_analyses.reporting.finding import Finding
from zerosec_analyses.reporting.metric_line import MetricLine
from zerosec_analyses.result_tables import Cell, ResultTable
from zerosec_analyses.sdk import Said, say
from zerosec_analyses.shown_numbers import shown_column, shown_number

SHOWN_ROWS = 50
Words = Callable[[str], str]
"""Puts a sentence into the language of the report."""


@dataclass(frozen=True)
class TableStyle:
    """How tables are read: headings by column name, a note by table name, columns that are labels, sets of columns in one unit."""

    heading: Callable[[str], Said]
    notes: Mapping[str, Said] = field(default_factory=dict)
    labels: frozenset[str] = frozenset()
    in_one_unit: Sequence[frozenset[str]] = ()


def write_report(
    path: Path,
    *,
    language: str,
    words: Words,
    title: Said,
    sentence: Said,
    metrics: Sequence[MetricLine],
    found: Sequence[Finding],
    tables: Sequence[ResultTable],
    plots: Sequence[tuple[Said, Path]],
    facts: Sequence[tuple[Said, str]],
    methods: Sequence[Said],
    citations: Sequence[str],
    style: TableStyle,
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
    environment.filters["words"] = words
    environment.globals["say"] = say
    pictures = [
        (name, "data:image/svg+xml;base64," + base64.b64encode(file.read_bytes()).decode("ascii"))
        for name, file in plots
    ]
    text = environment.get_template("report.html.j2").render(
        language=language,
        title=title,
        sentence=sentence,
        headline=[metric for metric in metrics if metric.headline],
        metrics=[metric for metric in metrics if not metric.headline],
        found=found,
        tables=[shown_table(table, style, words) for table in tables],
        shown_rows=SHOWN_ROWS,
        methods=methods,
        citations=citations,
        pictures=pictures,
        facts=facts,
    )
    path.write_text(text, encoding="utf-8")


@dataclass(frozen=True)
class ShownTable:
    """A table of the report: headings, which columns are text, the first rows as texts, and where all of them are."""

    title: str
    headings: tuple[str, ...]
    is_text: tuple[bool, ...]
    rows: list[tuple[str, ...]]
    n_rows: int
    source: str
    note: str


def shown_table(table: ResultTable, style: TableStyle, words: Words) -> ShownTable:
    """The first rows of a table as a person reads them."""
    rows = [
        [words(cell) if isinstance(cell, Said) else cell for cell in row] for row in table.rows[:SHOWN_ROWS]
    ]
    columns = [[row[at] for row in rows] for at in range(len(table.columns))]
    # a line of the file is a label, not a quantity
    texts = [
        [str(v) for v in values]
        if name in style.labels
        else shown_column(name, values, _partners(name, table.columns, columns, style))
        for name, values in zip(table.columns, columns, strict=True)
    ]
    return ShownTable(
        words(table.title),
        tuple(words(heading) for heading in table.headings(style.heading)),
        tuple(any(isinstance(v, str) for v in values) for values in columns),
        list(zip(*texts, strict=True)),
        len(table.rows),
        f"tables/{table.name}.csv",
        words(style.notes.get(table.name, "")),
    )


def _partners(
    name: str, names: Sequence[str], columns: Sequence[Sequence[Cell]], style: TableStyle
) -> list[Cell]:
    """The cells of the other columns in the same unit."""
    units = next((group for group in style.in_one_unit if name in group), frozenset())
    return [
        cell for other, cells in zip(names, columns, strict=True) if other in units - {name} for cell in cells
    ]

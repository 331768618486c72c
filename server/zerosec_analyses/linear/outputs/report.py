"""The report: one HTML file that needs nothing else, for a colleague, an archive or a printer."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from zerosec_analyses.linear.finding import Finding
from zerosec_analyses.linear.outputs.headings import heading
from zerosec_analyses.linear.outputs.metrics import MetricLine
from zerosec_analyses.result_tables import Cell, ResultTable
from zerosec_analyses.sdk import Said, say
from zerosec_analyses.shown_numbers import shown_column, shown_number

SHOWN_ROWS = 50
LABELS = frozenset({"file_row", "repeat"})
# Columns in one unit, which are read beside each other and get the same decimals.
IN_ONE_UNIT = (
    frozenset({"estimate", "std_error", "ci_low", "ci_high"}),
    frozenset({"observed", "fitted", "out_of_fold", "residual"}),
)
NOTES = {
    "coefficients": say(
        "On the scale of the fit. A level's coefficient is its difference from the reference level."
    ),
    "cross_validation": say("Each repeat shares the rows out anew."),
    "rows": say("Observed, fitted and predicted unseen are in the target's own units."),
    "vif": say(
        "GVIF^(1/2df) compares terms of different size; above about 3 a term's coefficients are much less certain for the others' sake."
    ),
}
Words = Callable[[str], str]
"""Puts a sentence into the language of the report."""


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
    confidence_level: float,
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
        tables=[shown_table(table, confidence_level, words) for table in tables],
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


def shown_table(table: ResultTable, confidence_level: float, words: Words) -> ShownTable:
    """The first rows of a table as a person reads them."""
    rows = [
        [words(cell) if isinstance(cell, Said) else cell for cell in row] for row in table.rows[:SHOWN_ROWS]
    ]
    columns = [[row[at] for row in rows] for at in range(len(table.columns))]
    # a line of the file is a label, not a quantity
    texts = [
        [str(v) for v in values]
        if name in LABELS
        else shown_column(name, values, _partners(name, table.columns, columns))
        for name, values in zip(table.columns, columns, strict=True)
    ]
    return ShownTable(
        words(table.title),
        tuple(words(heading(name, confidence_level)) for name in table.columns),
        tuple(any(isinstance(v, str) for v in values) for values in columns),
        list(zip(*texts, strict=True)),
        len(table.rows),
        f"tables/{table.name}.csv",
        words(NOTES.get(table.name, "")),
    )


def _partners(name: str, names: Sequence[str], columns: Sequence[Sequence[Cell]]) -> list[Cell]:
    """The cells of the other columns in the same unit."""
    units = next((group for group in IN_ONE_UNIT if name in group), frozenset())
    return [
        cell for other, cells in zip(names, columns, strict=True) if other in units - {name} for cell in cells
    ]

"""The report: one HTML file a language that needs nothing else, for a colleague, an archive or a printer."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from zerosec_analyses.optimal_design.findings import Finding
from zerosec_analyses.optimal_design.outputs.figures import Figure
from zerosec_analyses.result_tables import Cell, ResultTable
from zerosec_analyses.sdk import ours, say
from zerosec_analyses.shown_numbers import shown_column
from zerosec_analyses.shown_numbers import shown_number as shown

SHOWN_ROWS = 200
WORDS = {
    "know": ours("What to know"),
    "plots": ours("Plots"),
    "figures": ours("All figures"),
    "methods": ours("Methods"),
    "facts": ours("Facts"),
}
HEADINGS = {
    "run": ours("Run"),
    "block": ours("Block"),
    "kind": ours("Kind"),
    "candidate_row": ours("Row of the list"),
    "leverage": ours("Leverage"),
    "term": ours("Term"),
    "std_error": ours("Standard error / noise"),
    "vif": ours("Variance inflation"),
    "power": ours("Power"),
    "fraction": ours("Fraction of the region"),
    "variance": ours("Prediction variance"),
    "factor": ours("Factor"),
    "level": ours("Level"),
    "share_of_runs": ours("Share of the runs"),
    "share_of_candidates": ours("Share of the possible runs"),
}
LABELS = frozenset({"run", "candidate_row"})


def write_report(
    path: Path,
    *,
    language: str,
    translated: Callable[[str], str],
    title: str,
    sentence: str,
    figures: Sequence[Figure],
    found: Sequence[Finding],
    tables: Sequence[ResultTable],
    pictures: Sequence[tuple[str, Path]],
    methods: Sequence[str],
    citations: Sequence[str],
    facts: Sequence[tuple[str, str]],
) -> None:
    """Write the report in a language. Everything that comes from the data is escaped; plots are embedded SVG pictures."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: translated(value) if isinstance(value, str) else value,
    )
    environment.filters["number"] = lambda value, digits: shown(value, digits)
    embedded = [
        (caption, "data:image/svg+xml;base64," + base64.b64encode(file.read_bytes()).decode("ascii"))
        for caption, file in pictures
    ]
    path.write_text(
        environment.get_template("report.html.j2").render(
            language=language,
            title=title,
            sentence=sentence,
            figures=figures,
            found=found,
            tables=tables,
            shown=lambda table: _table(table, translated),
            pictures=embedded,
            methods=[translated(part) for part in methods],
            citations=citations,
            facts=facts,
            words=WORDS,
        ),
        encoding="utf-8",
    )


def _table(table: ResultTable, translated: Callable[[str], str]) -> Markup:
    """The first rows of a table as a person reads them."""
    rows = list(table.rows[:SHOWN_ROWS])
    head, columns = [], []
    for at, name in enumerate(table.columns):
        values: list[Cell] = [row[at] for row in rows]
        kind = ' class="text"' if any(isinstance(value, str) for value in values) else ""
        heading = HEADINGS.get(name)
        head.append(f"<th{kind}>{escape(translated(heading) if heading else name)}</th>")
        texts = (
            [shown(value) for value in values]
            if name in LABELS
            else shown_column(name, values)
            if not kind
            else [translated(value) if isinstance(value, str) else shown(value) for value in values]
        )
        columns.append([f"<td{kind}>{escape(text)}</td>" for text in texts])
    lines = ["<tr>" + "".join(cells) + "</tr>" for cells in zip(*columns, strict=True)]
    more = ""
    if len(table.rows) > SHOWN_ROWS:
        more = translated(
            say("The first {shown} of {all:,} rows; all are in {file}.", shown=SHOWN_ROWS, all=len(table.rows), file=f"tables/{table.name}.csv")
        )  # fmt: skip
    return Markup(  # noqa: S704 - every cell and heading is escaped above
        f'<div class="scroll"><table><tr>{"".join(head)}</tr>{"".join(lines)}</table></div><p class="note">{escape(more)}</p>'
    )

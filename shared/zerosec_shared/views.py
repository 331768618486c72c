"""The view vocabulary: the declared ways to show a result. One renderer a kind, in the desktop and the report."""

from typing import Annotated, Literal

from pydantic import Field

from zerosec_shared.contract import Contract, Name, RelativePath, Text, Words
from zerosec_shared.name_and_unit import name_and_unit
from zerosec_shared.severity import Severity
from zerosec_shared.texts import filled
from zerosec_shared.translations import Worded

__all__ = [
    "MOST_UNDECIDED",
    "NOT_YET",
    "BarView",
    "CardView",
    "Cell",
    "Column",
    "FileView",
    "HeatMapView",
    "HistogramView",
    "ImageView",
    "LineView",
    "LinkedView",
    "Metric",
    "MetricView",
    "Notice",
    "Result",
    "RowKey",
    "ScatterView",
    "Section",
    "Series",
    "Severity",
    "TableView",
    "TextView",
    "View",
]

Cell = str | float | int | bool | None


MOST_UNDECIDED = 60
"""So many names a form offers to decide at a time."""


class Notice(Worded):
    """Something the user must see beside the number: what was dropped, imputed, assumed or not reached."""

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
    message: Text
    severity: Severity = Severity.WARNING
    hint: Text = ""
    field: str = Field(
        default="",
        max_length=200,
        description="Of a preview: the parameter it is about; a form says it there.",
    )
    undecided: tuple[Words, ...] = Field(
        default=(),
        max_length=MOST_UNDECIDED,
        description="Where that parameter holds names and their values: names of the data that have no value yet.",
    )


NOT_YET = "not_yet"
"""The code of a preview's notice that it waits for a field or a file."""


class Metric(Worded):
    """One number that answers a question."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=80)]
    value: float | int | Words | None = Field(description="None: could not be computed; the note says why.")
    label: Words = ""
    unit: Words = ""
    note: Text = ""
    headline: bool = Field(default=False, description="One of the two or three numbers that lead the result.")
    low: float | None = Field(default=None, description="Lower end of the interval, in the same unit.")
    high: float | None = None
    decimals: int | None = Field(
        default=None, ge=0, le=12, description="Digits after the point shown; exports keep all."
    )


class Column(Contract):
    """One column of a table or one axis of a plot."""

    name: Words
    label: Words = ""
    unit: Words = ""
    digits: int | None = Field(
        default=None, ge=0, le=17, description="Significant digits shown; exports keep all."
    )
    worded: bool = Field(
        default=False,
        description="Of a table: there are texts of the analysis's own in it, which have translations.",
    )

    @property
    def heading(self) -> str:
        """What stands above the column or at the axis: the label or the name, and the unit."""
        return name_and_unit(self.label or self.name, self.unit)


class _View(Worded):
    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=80)]
    title: Name
    caption: Text = ""
    source: RelativePath | None = Field(default=None, description="The artifact that holds all the data.")


class CardView(_View):
    """A sentence or two that answer the user's question."""

    kind: Literal["card"] = "card"
    text: Text


class MetricView(_View):
    """A group of metrics, by name."""

    kind: Literal["metric"] = "metric"
    metrics: tuple[str, ...]


class RowKey(Contract):
    """What names a row of a table, so that the tables of two results are compared row by row."""

    columns: tuple[Words, ...] = Field(min_length=1, description="Their values together name a row.")
    of: Words = Field(
        default="",
        description="That of them which tells whose rows they are: it does not count where each result has one, and another one.",
    )
    near: Words = Field(default="", description="A further column, of numbers that may differ a little.")
    within: float = Field(default=0.0, ge=0, description="How much they may differ in two results.")


class TableView(_View):
    """Rows and columns; `rows` may be the first of many, the rest stand in `source`, a CSV file, under the columns' names."""

    kind: Literal["table"] = "table"
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...] = Field(max_length=5000)
    total_rows: int = Field(ge=0)
    key: RowKey | None = None


class Series(Contract):
    """One series of a plot. `x` and `y` have the same length; `low` and `high`, where given, too."""

    name: Words = ""
    x: tuple[float | Words | None, ...] = Field(max_length=20_000)
    y: tuple[float | None, ...] = Field(max_length=20_000)
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()
    labels: tuple[str, ...] = Field(default=(), description="What the pointer reads out at each point.")
    label_text: Words = Field(
        default="", description="Around each label, which stands at {label}: row {label}."
    )

    joined: bool = Field(
        default=False,
        description="Among points: a line through these, without marks, such as a fitted curve over data.",
    )

    def label_at(self, index: int) -> str:
        """What the pointer reads out at a point; empty where there is no label."""
        own = self.labels[index] if index < len(self.labels) else ""
        return filled(self.label_text, {"label": own}) if own and self.label_text else own


class Section(Contract):
    """A part of the x axis that has a name, such as a chromosome."""

    start: float
    end: float
    name: Words


class _Plot(_View):
    x: Column
    y: Column
    series: tuple[Series, ...]
    reference: Literal["none", "identity", "zero"] = "none"
    sections: tuple[Section, ...] = Field(
        default=(),
        max_length=500,
        description="Parts of the x axis, with lines between them and their names.",
    )


class LineView(_Plot):
    """Lines, with an optional band between low and high."""

    kind: Literal["line"] = "line"


class ScatterView(_Plot):
    """Points; sampled down to at most 20,000 a series, which the caption then says."""

    kind: Literal["scatter"] = "scatter"


class BarView(_Plot):
    """Bars over categories."""

    kind: Literal["bar"] = "bar"


class HistogramView(_View):
    """Counts between edges: one more edge than counts."""

    kind: Literal["histogram"] = "histogram"
    x: Column
    edges: tuple[float, ...]
    counts: tuple[float, ...]


class HeatMapView(_View):
    """A matrix with names: `values` is rows x columns."""

    kind: Literal["heatmap"] = "heatmap"
    x_labels: tuple[Words, ...]
    y_labels: tuple[Words, ...]
    values: tuple[tuple[float | None, ...], ...]
    unit: Words = ""
    low: float | None = None
    high: float | None = None
    x: Column | None = Field(default=None, description="What the columns are.")
    y: Column | None = Field(default=None, description="What the rows are.")
    outline_diagonal: bool = Field(
        default=False, description="Rows and columns have the same names: cells where they meet are outlined."
    )


class LinkedView(_View):
    """Rows seen from several sides at once: every pair of some columns, parallel coordinates, in space, and as a table.

    What is chosen in one is chosen in all. `coloured_by` names a column of few texts by which rows are coloured, the first seen in front.
    """

    kind: Literal["linked"] = "linked"
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...] = Field(max_length=5000)
    total_rows: int = Field(ge=0)
    axes: tuple[Words, ...] = Field(
        min_length=2, max_length=12, description="Names of the columns that are drawn: numbers."
    )
    coloured_by: Words = ""
    runs: bool = Field(
        default=False, description="A row can be made as an experiment: a lab sheet is offered."
    )


class ImageView(_View):
    """A picture among the artifacts (`source`)."""

    kind: Literal["image"] = "image"


class TextView(_View):
    """Plain text, shown as it stands."""

    kind: Literal["text"] = "text"
    text: Annotated[Words, Field(max_length=200_000)]


class FileView(_View):
    """An artifact to open or save."""

    kind: Literal["file"] = "file"


View = Annotated[
    CardView
    | MetricView
    | TableView
    | LineView
    | ScatterView
    | BarView
    | HistogramView
    | HeatMapView
    | LinkedView
    | ImageView
    | TextView
    | FileView,
    Field(discriminator="kind"),
]


class Result(Contract):
    """What a step found: metrics, what must be seen beside them, and how to show it all."""

    metrics: tuple[Metric, ...] = ()
    warnings: tuple[Notice, ...] = ()
    views: tuple[View, ...] = ()

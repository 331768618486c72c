"""What a step says of itself: progress, lines, notices, metrics, views and what its files are for.

Every text takes its translations along from the moment it is reported. What was reported is kept here until the step's outcome is made.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from zerosec_analyses.reporter import Reporter
from zerosec_shared.runs import ArtifactRole
from zerosec_shared.texts import Said, Texts, cut, texts_of
from zerosec_shared.translations import with_translations
from zerosec_shared.views import (
    MOST_UNDECIDED,
    Cell,
    Column,
    Metric,
    Notice,
    Result,
    RowKey,
    Severity,
    TableView,
    View,
)

__all__ = ["ReportOfStep"]


class ReportOfStep:
    """What one execution of a step reports. `texts` are the translations that it takes along, `output` the folder of its files."""

    def __init__(self, *, output: Path, reporter: Reporter, texts: Texts | None) -> None:
        self.texts = texts_of("zerosec_shared", "zerosec_analyses") if texts is None else texts
        self.output = output.absolute()
        self._reporter = reporter
        self._metrics: dict[str, Metric] = {}
        self._notices: list[Notice] = []
        self._views: dict[str, View] = {}
        self._roles: dict[str, ArtifactRole] = {}

    def progress(
        self, fraction: float | None, stage: str = "", message: str = "", **counters: float | int | str
    ) -> None:
        """Say where the job is: a fraction from 0 to 1 or None, the stage, a message, and counters such as fold=3."""
        bounded = None if fraction is None else min(1.0, max(0.0, float(fraction)))
        self._reporter.progress(bounded, stage, message, counters)

    def log(self, message: str, level: Literal["info", "warning", "error"] = "info") -> None:
        """Write a line that the user sees while the job runs."""
        self._reporter.log(level, cut(message, 4000))

    def warn(
        self,
        code: str,
        message: str,
        hint: str = "",
        severity: Severity = Severity.WARNING,
        *,
        field: str = "",
        undecided: Sequence[str] = (),
    ) -> None:
        """Say what must be seen beside the numbers: rows dropped, values imputed, assumptions that failed.

        In a preview `field` names the parameter it is about, and the form says it there; an ERROR there has to be settled before
        the form is sent. Where the field holds names and their values, `undecided` are names that need one: the form offers a line for each.
        """
        notice = with_translations(
            Notice(
                code=code,
                message=cut(message, 4000),
                hint=cut(hint, 4000),
                severity=severity,
                field=field,
                undecided=tuple(undecided)[:MOST_UNDECIDED],
            ),
            self.texts,
        )
        self._notices.append(notice)
        self._reporter.notice(notice)

    def metric(
        self,
        name: str,
        value: float | int | str | None,
        *,
        label: str = "",
        unit: str = "",
        note: str = "",
        headline: bool = False,
        low: float | None = None,
        high: float | None = None,
        decimals: int | None = None,
    ) -> None:
        """Report one number. A float that is not finite becomes None: give the reason in `note`.

        `decimals`: how many a reader sees, where its size and interval do not tell.
        """
        finite = (
            None
            if isinstance(value, float) and (value != value or value in {float("inf"), float("-inf")})
            else value
        )
        metric = with_translations(
            Metric(
                name=name,
                value=finite,
                label=label,
                unit=unit,
                note=cut(note, 4000),
                headline=headline,
                low=low,
                high=high,
                decimals=decimals,
            ),
            self.texts,
        )
        self._metrics[name] = metric
        self._reporter.metric(metric)

    def show(self, view: View) -> None:
        """Show a view; the order of calls is the order on the page. A second view with the same id replaces the first."""
        self._views[view.id] = with_translations(view, self.texts)

    def table(
        self,
        view_id: str,
        title: str,
        columns: Sequence[Column],
        rows: Sequence[Sequence[Cell]],
        *,
        source: str | None = None,
        caption: str = "",
        total_rows: int | None = None,
        key: RowKey | None = None,
    ) -> None:
        """Show a table: at most 5,000 rows here, all of them in `source`. By `key` the tables of two runs are compared.

        Cells made by `say` are translated; any other cell holds data and is shown as it is.
        """
        shown = tuple(tuple(row) for row in rows[:5000])
        made = TableView(
            id=view_id,
            title=title,
            columns=tuple(
                column.model_copy(update={"worded": True})
                if any(isinstance(row[place], Said) and row[place] for row in shown)
                else column
                for place, column in enumerate(columns)
            ),
            rows=shown,
            total_rows=len(rows) if total_rows is None else total_rows,
            source=source,
            caption=caption,
            key=key,
        )
        self.show(made.model_copy(update={"rows": shown}))  # checked above; these are still sentences

    def artifact(self, path: Path, role: ArtifactRole) -> str:
        """Say what a file in the output folder is for; returns its relative path, as views name it."""
        relative = path.relative_to(self.output).as_posix()
        self._roles[relative] = role
        return relative

    def _result(self) -> Result:
        """All that was reported for the page of results."""
        return Result(
            metrics=tuple(self._metrics.values()),
            warnings=tuple(self._notices),
            views=tuple(self._views.values()),
        )

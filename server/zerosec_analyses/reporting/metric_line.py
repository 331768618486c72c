"""One number of a result, as views and reports show it."""

from __future__ import annotations

from dataclasses import dataclass

from zerosec_analyses.sdk import Context, Said, say

NOTHING = say("")


@dataclass(frozen=True)
class MetricLine:
    """One number: its name for programs, its label, unit, and a note that says how it is defined or why it is missing, its interval."""

    name: str
    value: float | int | str | None
    label: Said
    unit: str = ""
    note: Said = NOTHING
    headline: bool = False
    low: float | None = None
    high: float | None = None

    def tell(self, ctx: Context) -> None:
        """Make it a metric of the job."""
        ctx.metric(
            self.name,
            self.value,
            label=self.label,
            unit=self.unit,
            note=self.note,
            headline=self.headline,
            low=self.low,
            high=self.high,
        )

"""What a benchmark reports: one figure with its spread, its target and what it was measured against."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

__all__ = ["Figure", "figure"]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One measured figure. `p99` is the largest of fewer than 100 samples."""

    name: str
    unit: str
    median: float
    p99: float
    samples: int
    target: str = ""
    met: bool | None = None
    note: str = ""


def figure(
    name: str,
    unit: str,
    samples: Sequence[float],
    *,
    target: str = "",
    met: bool | None = None,
    note: str = "",
) -> Figure:
    """Summarise samples."""
    ordered = sorted(samples)
    p99 = ordered[min(len(ordered) - 1, round(0.99 * (len(ordered) - 1)))]
    return Figure(
        name=name,
        unit=unit,
        median=median(ordered),
        p99=p99,
        samples=len(ordered),
        target=target,
        met=met,
        note=note,
    )

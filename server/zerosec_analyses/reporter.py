"""Where a step says how far it is and what it found: the worker's pipe behind a protocol, or lines on a notebook's screen."""

import sys
from collections.abc import Mapping
from typing import Literal, Protocol

from zerosec_shared.views import Metric, Notice

__all__ = ["ConsoleReporter", "Reporter"]


class Reporter(Protocol):
    """Where a context sends what happens: the worker's pipe, or a notebook's output."""

    def progress(
        self, fraction: float | None, stage: str, message: str, counters: Mapping[str, float | int | str]
    ) -> None:
        """Say where the job is."""

    def log(self, level: Literal["info", "warning", "error"], message: str) -> None:
        """Write a line for the user."""

    def metric(self, metric: Metric) -> None:
        """Tell a number before the end."""

    def notice(self, notice: Notice) -> None:
        """Tell what must be seen beside the numbers."""


class ConsoleReporter:
    """For notebooks and scripts: lines on standard error."""

    def progress(
        self, fraction: float | None, stage: str, message: str, counters: Mapping[str, float | int | str]
    ) -> None:
        """Print stage and percentage."""
        share = "" if fraction is None else f"{fraction:4.0%} "
        sys.stderr.write(f"{share}{stage} {message}\n")

    def log(self, level: Literal["info", "warning", "error"], message: str) -> None:
        """Print the line."""
        sys.stderr.write(f"{level}: {message}\n")

    def metric(self, metric: Metric) -> None:
        """Print name and value."""
        sys.stderr.write(f"{metric.name} = {metric.value} {metric.unit}\n")

    def notice(self, notice: Notice) -> None:
        """Print the message."""
        sys.stderr.write(f"{notice.severity}: {notice.message}\n")

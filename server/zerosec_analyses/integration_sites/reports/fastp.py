"""What fastp says it did, from its JSON report."""

from dataclasses import dataclass
from pathlib import Path

from zerosec_analyses.integration_sites.reports.json_report import read_json_report

__all__ = ["FilterCounts", "read_filtering"]


@dataclass(frozen=True)
class FilterCounts:
    """fastp counts reads, two a pair. `duplication` and the Q30 rates are fractions; `insert_peak` is 0 where no pairs overlap."""

    reads: int
    passed: int
    low_quality: int
    too_many_unknown: int
    too_short: int
    q30_before: float
    q30_after: float
    duplication: float
    insert_peak: int
    adapter_trimmed: int
    quality_before: tuple[tuple[float, ...], tuple[float, ...]]
    quality_after: tuple[tuple[float, ...], tuple[float, ...]]

    @property
    def pairs_passed(self) -> int:
        """Pairs that were written."""
        return self.passed // 2


def read_filtering(path: Path) -> FilterCounts:
    """Read a report. Raises AnalysisError where it is not as fastp 0.20 and later write it."""
    report = read_json_report(path, "fastp")
    before, after = (
        (
            report.numbers(f"read1_{when}_filtering", "quality_curves", "mean"),
            report.numbers(f"read2_{when}_filtering", "quality_curves", "mean"),
        )
        for when in ("before", "after")
    )
    content = report.find()
    trimmed = isinstance(content, dict) and "adapter_cutting" in content
    return FilterCounts(
        reads=report.count("summary", "before_filtering", "total_reads"),
        passed=report.count("filtering_result", "passed_filter_reads"),
        low_quality=report.count("filtering_result", "low_quality_reads"),
        too_many_unknown=report.count("filtering_result", "too_many_N_reads"),
        too_short=report.count("filtering_result", "too_short_reads"),
        q30_before=report.number("summary", "before_filtering", "q30_rate"),
        q30_after=report.number("summary", "after_filtering", "q30_rate"),
        duplication=report.number("duplication", "rate"),
        insert_peak=report.count("insert_size", "peak"),
        adapter_trimmed=report.count("adapter_cutting", "adapter_trimmed_reads") if trimmed else 0,
        quality_before=before,
        quality_after=after,
    )

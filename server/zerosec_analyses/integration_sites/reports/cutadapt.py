"""What cutadapt says it did, from the JSON report of each of the two passes."""

from dataclasses import dataclass
from pathlib import Path

from zerosec_analyses.integration_sites.reports.json_report import JsonReport, read_json_report

__all__ = ["TrimmingCounts", "read_trimming"]


@dataclass(frozen=True)
class TrimmingCounts:
    """Pairs of a sample through both passes. `with_linker` is of the pairs that came to the second pass."""

    pairs: int
    with_primer: int
    after_primer: int
    with_linker: int
    too_short: int
    without_linker: int
    written: int
    bases_read: int
    bases_written: int
    removed_primer: dict[int, int]
    removed_linker: dict[int, int]


def read_trimming(primer: Path, linker: Path) -> TrimmingCounts:
    """The counts of both passes. Raises AnalysisError where a report is not as cutadapt 4 and 5 write it."""
    first, second = read_json_report(primer, "cutadapt"), read_json_report(linker, "cutadapt")
    return TrimmingCounts(
        pairs=first.count("read_counts", "input"),
        with_primer=first.count("read_counts", "read1_with_adapter"),
        after_primer=first.count("read_counts", "output"),
        with_linker=second.count("read_counts", "read2_with_adapter"),
        too_short=second.count("read_counts", "filtered", "too_short"),
        without_linker=second.count_or_none("read_counts", "filtered", "discard_untrimmed") or 0,
        written=second.count("read_counts", "output"),
        bases_read=first.count("basepair_counts", "input"),
        bases_written=second.count("basepair_counts", "output"),
        removed_primer=_removed(first, "adapters_read1"),
        removed_linker=_removed(second, "adapters_read2"),
    )


def _removed(report: JsonReport, adapters: str) -> dict[int, int]:
    """How many bases were removed from how many reads."""
    found: dict[int, int] = {}
    listed = report.find(adapters)
    for adapter in listed if isinstance(listed, list) else []:
        lengths = JsonReport("cutadapt", adapter).find("five_prime_end", "trimmed_lengths")
        for one in lengths if isinstance(lengths, list) else []:
            entry = JsonReport("cutadapt", one)
            length = entry.count("len")
            found[length] = found.get(length, 0) + int(sum(entry.numbers("counts")))
    return found

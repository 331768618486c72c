"""How the reads lie on the reference, from the JSON of samtools flagstat."""

from dataclasses import dataclass
from pathlib import Path

from zerosec_analyses.integration_sites.reports.json_report import read_json_report

__all__ = ["Flagstat", "read_flagstat"]

PASSED = "QC-passed reads"


@dataclass(frozen=True)
class Flagstat:
    """Counts of primary alignments: one a read."""

    reads: int
    mapped: int
    properly_paired: int
    singletons: int
    supplementary: int
    refused: int

    @property
    def mapping_rate(self) -> float:
        """The fraction of reads with a place; NaN without reads."""
        return self.mapped / self.reads if self.reads else float("nan")

    @property
    def pairing_rate(self) -> float:
        """The fraction of reads that are properly paired; NaN without reads."""
        return self.properly_paired / self.reads if self.reads else float("nan")


def read_flagstat(path: Path) -> Flagstat:
    """Read a report. Raises AnalysisError where it is not as samtools 1.13 and later write it."""
    report = read_json_report(path, "samtools flagstat")
    return Flagstat(
        reads=report.count(PASSED, "primary"),
        mapped=report.count(PASSED, "primary mapped"),
        properly_paired=report.count(PASSED, "properly paired"),
        singletons=report.count(PASSED, "singletons"),
        supplementary=report.count(PASSED, "supplementary"),
        refused=report.count("QC-failed reads", "total"),
    )

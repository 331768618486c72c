"""FastQC's results of one file, from the archive it writes: the verdict of each module and the numbers behind its plots."""

import math
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from zerosec_analyses.sdk import AnalysisError, cut, say

__all__ = ["FastqcResult", "Verdict", "read_fastqc"]

Verdict = Literal["pass", "warn", "fail"]
VERDICTS: dict[str, Verdict] = {"pass": "pass", "warn": "warn", "fail": "fail"}
MAX_BYTES = 64 * 1024**2
END = ">>END_MODULE"


@dataclass(frozen=True)
class FastqcResult:
    """`verdicts` by module title; `tables` the rows of each module, the first being its headings."""

    verdicts: dict[str, Verdict]
    tables: dict[str, tuple[tuple[str, ...], ...]]
    images: tuple[str, ...]

    def column(self, module: str, heading: str) -> list[str]:
        """One column of a module's numbers as text; empty where the module or the column is not there."""
        rows = self.tables.get(module, ())
        if not rows or heading not in rows[0]:
            return []
        place = rows[0].index(heading)
        return [row[place] for row in rows[1:] if len(row) > place]

    def numbers(self, module: str, heading: str) -> list[float | None]:
        """One column of a module as numbers; None where FastQC has none."""
        return [value if math.isfinite(value) else None for value in map(float, self.column(module, heading))]

    def positions(self, module: str) -> list[float]:
        """The positions of a module's rows: the middle of a stretch such as 10-14."""
        cells = self.column(module, "Base") or self.column(module, "Position")
        return [sum(map(float, cell.split("-"))) / len(cell.split("-")) for cell in cells]

    @property
    def reads(self) -> int | None:
        """Total sequences; None where the report does not tell."""
        rows = {row[0]: row[1] for row in self.tables.get("Basic Statistics", ()) if len(row) >= 2}
        told = rows.get("Total Sequences", "")
        return int(told) if told.isdecimal() else None


def read_fastqc(path: Path) -> FastqcResult:
    """Read `…_fastqc.zip`. Raises AnalysisError where it is not such an archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            name = next(each for each in archive.namelist() if each.endswith("/fastqc_data.txt"))
            with archive.open(name) as data:
                text = data.read(MAX_BYTES).decode("utf-8", "replace")
            images = tuple(
                each for each in archive.namelist() if each.endswith(".png") and "/Images/" in each
            )
    except (OSError, zipfile.BadZipFile, StopIteration) as wrong:
        raise AnalysisError(
            say("{program} left no report that can be read.", program="FastQC"), detail=cut(str(wrong), 300)
        ) from None
    return _parsed(text, images)


def _parsed(text: str, images: tuple[str, ...]) -> FastqcResult:
    verdicts: dict[str, Verdict] = {}
    tables: dict[str, list[tuple[str, ...]]] = {}
    module = ""
    for line in text.splitlines():
        if line == END:
            module = ""
        elif line.startswith(">>"):
            module, _, verdict = line[2:].partition("\t")
            if verdict in VERDICTS:
                verdicts[module] = VERDICTS[verdict]
                tables[module] = []
        elif module and line.startswith("#"):
            tables[module] = [tuple(line[1:].split("\t"))]
        elif module:
            tables[module].append(tuple(line.split("\t")))
    return FastqcResult(verdicts, {name: tuple(rows) for name, rows in tables.items()}, images)

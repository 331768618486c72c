"""Runs steps of the integration-site pipeline without a server, as the real programs do them."""

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from zerosec_analyses.integration_sites.spec import ANALYSIS
from zerosec_analyses.sdk import Context, JobInput, Outcome
from zerosec_shared.views import TableView

__all__ = ["Done", "run_step", "trimmed_and_mapped"]


@dataclass(frozen=True)
class Done:
    """What a step left."""

    output: Path
    outcome: Outcome

    def table(self, view: str) -> list[dict[str, object]]:
        """The rows of a shown table, by column."""
        shown = next(each for each in self.outcome.result.views if each.id == view)
        assert isinstance(shown, TableView)
        names = [column.name for column in shown.columns]
        return [dict(zip(names, row, strict=True)) for row in shown.rows]

    def metric(self, name: str) -> object:
        return next(each.value for each in self.outcome.result.metrics if each.name == name)

    @property
    def warnings(self) -> list[str]:
        return [notice.code for notice in self.outcome.result.warnings]


def run_step(
    folder: Path,
    step: str,
    parameters: Mapping[str, JsonValue] | None = None,
    names: Mapping[str, Sequence[str]] | None = None,
    **inputs: Path | Sequence[Path],
) -> Done:
    """Execute one step; `names` are what the user calls the files of a slot."""
    declared = ANALYSIS.step(step)
    ctx = Context.for_notebook(folder / "output", **inputs)
    for slot, given in (names or {}).items():
        ctx.inputs[slot] = tuple(
            JobInput(path=file.path, name=name) for file, name in zip(ctx.inputs[slot], given, strict=True)
        )
    module, _, function = declared.method.partition(":")
    getattr(importlib.import_module(module), function)(ctx, declared.validate(parameters or {}))
    return Done(folder / "output", ctx.outcome())


def trimmed_and_mapped(
    folder: Path, read1: Sequence[Path], read2: Sequence[Path], reference: Path, *, umi: str = ""
) -> tuple[Done, Done]:
    """UMIs, if there are, then cutadapt and the mapping; returns the latter two."""
    pair = {"reads1": list(read1), "reads2": list(read2)}
    if umi:
        pair = _reads(run_step(folder / "umi", "umi", {"umi_read2": umi}, **pair))
    trimmed = run_step(folder / "cutadapt", "cutadapt", **pair)
    return trimmed, run_step(folder / "mapping", "read_mapping", reference=reference, **_reads(trimmed))


def _reads(done: Done) -> dict[str, list[Path]]:
    return {f"reads{mate}": sorted(done.output.glob(f"reads/*_R{mate}.fastq.gz")) for mate in (1, 2)}

"""What every step on reads begins with, its files under plain names, and how it leaves its own reads."""

from collections.abc import Callable, Iterator
from pathlib import Path

from zerosec_analyses.integration_sites.reads import StagedSample, check_pair, stage
from zerosec_analyses.integration_sites.samples import Sample, pair_samples
from zerosec_analyses.sdk import Context, say
from zerosec_shared.runs import ArtifactRole

__all__ = ["Pair", "each_sample", "leave_reads", "prepared_samples", "scratch_pair"]

Pair = tuple[Path, Path]


def prepared_samples(ctx: Context) -> tuple[tuple[Sample, StagedSample], ...]:
    """The samples of the slots reads1 and reads2, each looked at. Raises InputError for what cannot be used."""
    samples = pair_samples(ctx.inputs.get("reads1", ()), ctx.inputs.get("reads2", ()))
    staged = stage(samples, ctx.scratch / "reads")
    for sample, files in zip(samples, staged, strict=True):
        check_pair(sample, files)
    return tuple(zip(samples, staged, strict=True))


def each_sample(
    ctx: Context, stage_name: str
) -> Iterator[tuple[int, Sample, StagedSample, Callable[[float], None]]]:
    """Number, sample and files one after the other, with a function that reports how far the sample is."""
    found = prepared_samples(ctx)
    for number, (sample, files) in enumerate(found, start=1):

        def report(share: float, number: int = number, sample: Sample = sample) -> None:
            ctx.progress(
                (number - 1 + share) / len(found),
                stage_name,
                say("Sample {number} of {count}: {name}", number=number, count=len(found), name=sample.name),
                sample=number,
            )

        report(0.0)
        yield number, sample, files, report


def scratch_pair(ctx: Context, number: int, stem: str) -> Pair:
    """Two files of our own naming for the reads of a sample, to be written by a program."""
    return ctx.scratch / f"{stem}{number}_R1.fastq.gz", ctx.scratch / f"{stem}{number}_R2.fastq.gz"


def leave_reads(ctx: Context, sample: str, pair: Pair) -> tuple[str, str]:
    """Put a finished pair of files into the output under the sample's name; returns what views call them by."""
    folder = ctx.output / "reads"
    folder.mkdir(exist_ok=True)
    first, second = (
        ctx.artifact(made.rename(folder / f"{sample}_R{mate}.fastq.gz"), ArtifactRole.DATA)
        for mate, made in enumerate(pair, start=1)
    )
    return first, second

"""The steps qc and qc_after: FastQC of all reads, its verdicts and curves, and MultiQC where it is installed."""

import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from zerosec_analyses.integration_sites import commands
from zerosec_analyses.integration_sites.parameters import QcParameters
from zerosec_analyses.integration_sites.prepared import prepared_samples
from zerosec_analyses.integration_sites.reports.fastqc import FastqcResult, read_fastqc
from zerosec_analyses.programs import FASTQC, MULTIQC
from zerosec_analyses.sdk import Column, Context, RowKey, Said, Series, say
from zerosec_shared.runs import ArtifactRole
from zerosec_shared.views import CardView, Cell, FileView, ImageView, LineView

__all__ = ["run"]

QUALITY = "Per base sequence quality"
MODULES = {
    "Basic Statistics": say("Basic statistics"),
    QUALITY: say("Quality by position"),
    "Per tile sequence quality": say("Quality by tile"),
    "Per sequence quality scores": say("Quality of whole reads"),
    "Per base sequence content": say("Bases by position"),
    "Per sequence GC content": say("GC content of whole reads"),
    "Per base N content": say("Unknown bases by position"),
    "Sequence Length Distribution": say("Read lengths"),
    "Sequence Duplication Levels": say("Duplication"),
    "Overrepresented sequences": say("Sequences that are too frequent"),
    "Adapter Content": say("Adapters"),
    "Kmer Content": say("Words that are too frequent"),
}
VERDICTS = {"pass": say("good"), "warn": say("look at it"), "fail": say("unusual")}
SHOWN_IMAGES = ("per_base_quality.png", "per_base_sequence_content.png")
MAX_IMAGE = 8 * 1024**2
MAX_CURVES = 24
DONE = re.compile(r"^Approx (\d+)% complete for (\S+)$")


def run(ctx: Context, params: QcParameters) -> None:
    """Check all reads of all samples."""
    samples = prepared_samples(ctx)
    names = {
        path.name: say("{sample}, read {mate}", sample=sample.name, mate=mate)
        for sample, files in samples
        for mate, path in ((1, files.read1), (2, files.read2))
    }
    reads = [path for _, files in samples for path in (files.read1, files.read2)]
    folder = ctx.scratch / "fastqc"
    folder.mkdir()
    done = dict.fromkeys(names, 0)

    def on_line(line: str) -> None:
        told = DONE.match(line)
        if told and told[2] in done:
            done[told[2]] = int(told[1])
            ctx.progress(0.95 * sum(done.values()) / (100 * len(done)), "FastQC", names[told[2]])

    by_memory = max(1, ctx.memory_bytes // (512 * 1024**2))
    ctx.run_program(
        FASTQC, commands.fastqc(params, reads, folder, min(ctx.threads, by_memory)), on_line=on_line
    )
    target = ctx.output / "fastqc"
    target.mkdir()
    results: list[tuple[Said, FastqcResult]] = []
    files: list[tuple[Said, str]] = []
    images: list[tuple[Said, str]] = []
    for sample, staged in samples:
        for mate, path in ((1, staged.read1), (2, staged.read2)):
            stem = path.name.removesuffix(".gz").removesuffix(".fastq")
            label, left = names[path.name], f"{sample.name}_R{mate}"
            result = read_fastqc(folder / f"{stem}_fastqc.zip")
            results.append((label, result))
            images += [
                (label, ctx.artifact(image, ArtifactRole.PLOT))
                for image in _images(folder / f"{stem}_fastqc.zip", result, target, left)
            ]
            page = (folder / f"{stem}_fastqc.html").rename(target / f"{left}_fastqc.html")
            files.append((label, ctx.artifact(page, ArtifactRole.REPORT)))
            (folder / f"{stem}_fastqc.zip").rename(target / f"{left}_fastqc.zip")
    staged_as = {
        path.name.partition(".")[0]: f"{sample.name}_R{mate}"
        for sample, paths in samples
        for mate, path in ((1, paths.read1), (2, paths.read2))
    }
    multi = _multiqc(ctx, target, staged_as)
    _show(ctx, results, files, images, multi)


def _images(archive: Path, result: FastqcResult, target: Path, left: str) -> list[Path]:
    """The plots worth showing at once; all others are in the HTML report."""
    found: list[Path] = []
    with zipfile.ZipFile(archive) as opened:
        for name in result.images:
            last = PurePosixPath(name).name
            if last in SHOWN_IMAGES and opened.getinfo(name).file_size <= MAX_IMAGE:
                path = target / f"{left}_{last}"
                path.write_bytes(opened.read(name))
                found.append(path)
    return found


def _multiqc(ctx: Context, reports: Path, staged_as: Mapping[str, str]) -> str | None:
    """One report of all files, if MultiQC is installed. FastQC knows the files by our own names: `staged_as` tells the user's."""
    program = ctx.program_if_there(MULTIQC)
    if program is None:
        ctx.log(say("MultiQC is not installed: there is no common report of all files."))
        return None
    folder = ctx.scratch / "multiqc"
    names = ctx.scratch / "multiqc_names.tsv"
    names.write_text("".join(f"{own}\t{shown}\n" for own, shown in staged_as.items()), encoding="utf-8")
    ctx.run_program(program, commands.multiqc(reports, folder, names))
    page = (folder / "multiqc.html").rename(ctx.output / "multiqc.html")
    return ctx.artifact(page, ArtifactRole.REPORT)


def _show(
    ctx: Context,
    results: Sequence[tuple[Said, FastqcResult]],
    files: Sequence[tuple[Said, str]],
    images: Sequence[tuple[Said, str]],
    multi: str | None,
) -> None:
    unusual = [
        (label, module)
        for label, result in results
        for module, verdict in result.verdicts.items()
        if verdict == "fail"
    ]
    ctx.show(
        CardView(
            id="answer",
            title="Quality of the reads",
            text=say(
                "{files} files were checked; {unusual} of {all} checks came out unusual. Reads that begin with the same primer always "
                "have unusual bases at their start and many duplicates: that is no fault.",
                one="1 file was checked; {unusual} of {all} checks came out unusual. Reads that begin with the same primer always have unusual bases at their start and many duplicates: that is no fault.",
                files=len(results),
                unusual=len(unusual),
                all=sum(len(result.verdicts) for _, result in results),
            ),
        )
    )
    counts = [result.reads for _, result in results]
    ctx.metric("files", len(results), label="Files", headline=True)
    if all(count is not None for count in counts):
        ctx.metric("reads", sum(count or 0 for count in counts), label="Reads", headline=True)
    modules = [name for name in MODULES if any(name in result.verdicts for _, result in results)]
    modules += sorted({name for _, result in results for name in result.verdicts} - set(MODULES))
    ctx.table(
        "verdicts",
        "Verdicts of FastQC",
        [
            Column(name="module", label="Check"),
            *(Column(name=f"file_{n}", label=label) for n, (label, _) in enumerate(results[:60])),
        ],
        [
            tuple[Cell, ...](
                (
                    MODULES.get(module, module),
                    *(VERDICTS.get(result.verdicts.get(module, ""), "–") for _, result in results[:60]),
                )
            )
            for module in modules
        ],
        key=RowKey(columns=("module",)),
    )
    _curves(ctx, results)
    for number, (label, image) in enumerate(images[:MAX_CURVES], start=1):
        ctx.show(ImageView(id=f"image_{number}", title=label, source=image))
    if multi is not None:
        ctx.show(FileView(id="multiqc", title="MultiQC report of all files", source=multi))
    for number, (label, page) in enumerate(files, start=1):
        ctx.show(FileView(id=f"report_{number}", title=say("FastQC report: {file}", file=label), source=page))


def _curves(ctx: Context, results: Sequence[tuple[Said, FastqcResult]]) -> None:
    shown = results[:MAX_CURVES]
    ctx.show(
        LineView(
            id="quality",
            title="Quality by position",
            x=Column(name="position", label="Position in the read"),
            y=Column(name="quality", label="Mean Phred score"),
            series=tuple(
                Series(
                    name=label,
                    x=tuple(result.positions(QUALITY)),
                    y=tuple(result.numbers(QUALITY, "Mean")),
                    low=tuple(result.numbers(QUALITY, "10th Percentile")),
                    high=tuple(result.numbers(QUALITY, "90th Percentile")),
                )
                for label, result in shown
            ),
            caption="The band holds eight of ten reads.",
        )
    )
    ctx.show(
        LineView(
            id="gc",
            title="GC content of whole reads",
            x=Column(name="gc", label="GC content", unit="%"),
            y=Column(name="reads", label="Reads"),
            series=tuple(
                Series(
                    name=label,
                    x=tuple(result.numbers("Per sequence GC content", "GC Content")),
                    y=tuple(result.numbers("Per sequence GC content", "Count")),
                )
                for label, result in shown
            ),
        )
    )
    levels = "Sequence Duplication Levels"
    ctx.show(
        LineView(
            id="duplication",
            title="Duplication",
            x=Column(name="level", label="Times a sequence is seen"),
            y=Column(name="share", label="Share of the reads", unit="%"),
            series=tuple(
                Series(
                    name=label,
                    x=tuple(result.column(levels, "Duplication Level")),
                    y=tuple(result.numbers(levels, "Percentage of total")),
                )
                for label, result in shown
            ),
        )
    )

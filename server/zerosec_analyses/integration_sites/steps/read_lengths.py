"""The step readlen: how long the reads are, and how many are long enough."""

from zerosec_analyses.integration_sites.parameters import ReadLengthParameters
from zerosec_analyses.integration_sites.prepared import each_sample
from zerosec_analyses.integration_sites.reads import LengthCounts, lengths_of
from zerosec_analyses.result_tables import ResultTable, write_csv
from zerosec_analyses.sdk import Column, Context, InputError, RowKey, Said, Series, say
from zerosec_shared.runs import ArtifactRole
from zerosec_shared.views import CardView, LineView

__all__ = ["run"]


def run(ctx: Context, params: ReadLengthParameters) -> None:
    """Measure all samples."""
    found: list[tuple[str, int, LengthCounts]] = []
    for _, sample, files, report in each_sample(ctx, "Read lengths"):
        for mate, path, given in ((1, files.read1, sample.read1), (2, files.read2, sample.read2)):
            counts = lengths_of(path, given.name)
            if not counts.reads:
                raise InputError(say("{file} has no reads.", file=given.name))
            found.append((sample.name, mate, counts))
            report(mate / 2)
        if found[-1][2].reads != found[-2][2].reads:
            raise InputError(
                say(
                    "{first} and {second} do not hold the same number of reads.",
                    first=sample.read1.name,
                    second=sample.read2.name,
                ),
                hint="One of them may be cut off, or they are of different samples.",
            )
    table = ResultTable(
        "read_lengths",
        say("Read lengths"),
        ("sample", "read", "length", "reads"),
        [(name, mate, length, c.counts[length]) for name, mate, c in found for length in sorted(c.counts)],
    )
    source = ctx.artifact(write_csv(table, ctx.output / "tables"), ArtifactRole.TABLE)
    limit = params.length_limit
    for wanted in (1, 2):
        reads = sum(c.reads for _, mate, c in found if mate == wanted)
        long = sum(c.at_least(limit) * c.reads for _, mate, c in found if mate == wanted)
        ctx.metric(
            f"read{wanted}_long_percent",
            100 * long / reads,
            label=say("Read {mate} of {limit} bases or more", mate=wanted, limit=limit),
            unit="%",
            headline=True,
        )
    ctx.show(
        CardView(
            id="answer",
            title="Read lengths",
            text=say(
                "{pairs:,} pairs; half of reads 1 have {first:,} bases or fewer, half of reads 2 {second:,}.",
                pairs=sum(c.reads for _, mate, c in found if mate == 1),
                first=_median(found, 1),
                second=_median(found, 2),
            ),
        )
    )
    ctx.show(
        LineView(
            id="lengths",
            title="Read lengths",
            x=Column(name="length", label="Length", unit="bases"),
            y=Column(name="reads", label="Reads"),
            series=tuple(
                Series(
                    name=_label(name, mate),
                    x=tuple(map(float, sorted(c.counts))),
                    y=tuple(float(c.counts[length]) for length in sorted(c.counts)),
                )
                for name, mate, c in found[:24]
                if len(c.counts) <= 20_000
            ),
            source=source,
        )
    )
    ctx.table(
        "samples",
        "Samples",
        [
            Column(name="sample", label="Sample"),
            Column(name="read", label="Read"),
            Column(name="reads", label="Reads"),
            Column(name="shortest", label="Shortest", unit="bases"),
            Column(name="median", label="Median", unit="bases"),
            Column(name="mean", label="Mean", unit="bases", digits=4),
            Column(name="longest", label="Longest", unit="bases"),
            Column(name="long", label=say("Of {limit} bases or more", limit=limit), unit="%", digits=4),
        ],
        [
            (
                name,
                mate,
                c.reads,
                min(c.counts),
                c.quantile(0.5),
                c.mean,
                max(c.counts),
                100 * c.at_least(limit),
            )
            for name, mate, c in found
        ],
        key=RowKey(columns=("sample", "read")),
    )


def _label(sample: str, mate: int) -> Said:
    return say("{sample}, read {mate}", sample=sample, mate=mate)


def _median(found: list[tuple[str, int, LengthCounts]], wanted: int) -> int:
    together = LengthCounts()
    for _, mate, counts in found:
        if mate == wanted:
            together.counts.update(counts.counts)
    return together.quantile(0.5) or 0

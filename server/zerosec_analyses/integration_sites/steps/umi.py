"""The step umi: unique molecular identifiers go from the reads into their names."""

from zerosec_analyses.integration_sites.parameters import UmiParameters
from zerosec_analyses.integration_sites.prepared import each_sample, leave_reads, scratch_pair
from zerosec_analyses.integration_sites.umi import UmiCounts, UmiPattern, extract
from zerosec_analyses.sdk import Column, Context, InputError, RowKey, say
from zerosec_shared.views import CardView

__all__ = ["run"]


def run(ctx: Context, params: UmiParameters) -> None:
    """Extract the UMIs of all samples."""
    patterns = UmiPattern(params.umi_read1), UmiPattern(params.umi_read2)
    if not any(pattern.umi_length for pattern in patterns):
        raise InputError(
            "There is no UMI pattern.",
            detail="This step moves UMIs from the reads into their names, and needs to know where they stand.",
            hint="Give the pattern of read 1 or of read 2, with an N for each base of the UMI. Reads without UMIs: leave this step out.",
        )
    rows: list[tuple[str, UmiCounts]] = []
    for number, sample, files, report in each_sample(ctx, "UMIs"):
        targets = scratch_pair(ctx, number, "umi")
        counts = extract(files, (sample.read1.name, sample.read2.name), patterns, targets)
        leave_reads(ctx, sample.name, targets)
        rows.append((sample.name, counts))
        if counts.too_short:
            ctx.warn(
                "reads_too_short",
                say(
                    "{sample}: {pairs:,} of {all:,} pairs are shorter than the UMI pattern and were left out.",
                    one="{sample}: 1 of {all} pairs is shorter than the UMI pattern and was left out.",
                    sample=sample.name,
                    pairs=counts.too_short,
                    all=counts.pairs,
                ),
            )
        if counts.with_unknown_base:
            ctx.warn(
                "unknown_umi_bases",
                say(
                    "{sample}: the UMIs of {pairs:,} of {all:,} pairs have an unknown base (N). They are kept.",
                    one="{sample}: the UMI of 1 of {all} pairs has an unknown base (N). It is kept.",
                    sample=sample.name,
                    pairs=counts.with_unknown_base,
                    all=counts.pairs,
                ),
            )
        report(1.0)
    pairs, written = sum(counts.pairs for _, counts in rows), sum(counts.written for _, counts in rows)
    ctx.show(
        CardView(
            id="answer",
            title="UMIs",
            text=say(
                "{written:,} of {pairs:,} read pairs now carry a UMI of {length} bases in their names.",
                written=written,
                pairs=pairs,
                length=sum(pattern.umi_length for pattern in patterns),
            ),
        )
    )
    ctx.metric("pairs_written", written, label="Pairs with a UMI", headline=True)
    ctx.table(
        "samples",
        "Samples",
        [
            Column(name="sample", label="Sample"),
            Column(name="pairs", label="Pairs"),
            Column(name="written", label="With a UMI"),
            Column(name="too_short", label="Too short"),
            Column(name="unknown", label="UMI with N"),
        ],
        [(name, c.pairs, c.written, c.too_short, c.with_unknown_base) for name, c in rows],
        key=RowKey(columns=("sample",)),
    )

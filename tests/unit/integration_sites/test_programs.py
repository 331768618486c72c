"""The arguments programs are given, and what their reports are read as."""

import json
import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from zerosec_analyses.integration_sites import commands
from zerosec_analyses.integration_sites.parameters import (
    CutadaptParameters,
    FastpParameters,
    PairFilter,
    QcParameters,
    SiteParameters,
    UmiParameters,
    Untrimmed,
)
from zerosec_analyses.integration_sites.reports.cutadapt import read_trimming
from zerosec_analyses.integration_sites.reports.fastp import read_filtering
from zerosec_analyses.integration_sites.reports.flagstat import read_flagstat
from zerosec_analyses.sdk import AnalysisError

IN, OUT = (Path("a_R1"), Path("a_R2")), (Path("b_R1"), Path("b_R2"))


def test_the_first_pass_looks_for_the_primer_in_read_1() -> None:
    made = commands.cutadapt_primer(CutadaptParameters(primer_anchored=False), IN, OUT, Path("r.json"), 4)

    assert made == [
        *("-g", "ltr=ATCCCTCAGACCCTTTTAGTCAGTGTGGAAAATCTC;min_overlap=5", "-e", "0.3"),
        *("--pair-filter=first", "--discard-untrimmed", "--cores", "4", "--compression-level", "1"),
        *("--json", "r.json", "-o", "b_R1", "-p", "b_R2", "a_R1", "a_R2"),
    ]


def test_the_second_pass_looks_for_the_linker_in_read_2_and_then_at_the_length() -> None:
    params = CutadaptParameters(cut_read2=3, pair_filter=PairFilter.BOTH, without_linker=Untrimmed.DISCARD)

    made = commands.cutadapt_linker(params, IN, OUT, Path("r.json"), 1)

    assert made[:11] == [
        *("-U", "3", "-G", "linker=GACTGCGTATCAGT;min_overlap=10", "-e", "0.1"),
        *("--pair-filter=both", "--discard-untrimmed", "--minimum-length", "30", "--cores"),
    ]


def test_an_anchored_primer_and_kept_reads_are_said_so() -> None:
    params = CutadaptParameters(primer="acgtacgt", primer_anchored=True, without_primer=Untrimmed.KEEP)

    made = commands.cutadapt_primer(params, IN, OUT, Path("r.json"), 1)

    assert made[:4] == ["-g", "ltr=^ACGTACGT", "-e", "0.3"]
    assert "--discard-untrimmed" not in made


def test_fastp_gets_what_was_chosen() -> None:
    made = commands.fastp(FastpParameters(), IN, OUT, (Path("j"), Path("h")), 64)
    other = FastpParameters(quality_filter=False, adapters=False, cut_tail=True, poly_g=True)

    assert made[12:] == ["-w", "16", "-z", "1", "-l", "15", "-q", "15", "-u", "40", "-n", "5"]
    assert commands.fastp(other, IN, OUT, (Path("j"), Path("h")), 1)[16:] == [
        *("-l", "15", "-Q", "--cut_tail", "--cut_tail_mean_quality", "20", "-A", "-g")
    ]


def test_the_mapping_goes_from_pipe_to_pipe() -> None:
    mem = commands.bwa_mem(Path("index"), IN, "患者1", 2)
    sort = commands.samtools_sort(Path("o.bam"), Path("tmp"), 2, 500)

    assert mem[-5:] == ["-R", r"@RG\tID:患者1\tSM:患者1\tPL:ILLUMINA", "index", "a_R1", "a_R2"]
    assert sort == ["sort", "-@", "1", "-m", "500M", "-T", "tmp/sort", "-o", "o.bam", "-"]
    assert commands.samtools_index(Path("o.bam"), long_contigs=True) == ["index", "-c", "o.bam"]


def test_fastqc_reads_no_more_files_at_once_than_there_are() -> None:
    made = commands.fastqc(QcParameters(), [Path("a"), Path("b")], Path("o"), 8)

    assert made[2:4] == ["--threads", "2"]


@pytest.mark.parametrize(
    ("model", "wrong"),
    [
        (CutadaptParameters, {"primer_error_rate": 30}),
        (CutadaptParameters, {"primer_error_rate": 0.51}),
        (CutadaptParameters, {"linker_error_rate": -0.1}),
        (CutadaptParameters, {"primer": "ACGT$"}),
        (CutadaptParameters, {"primer": "ACGTA\nACGTA"}),
        (CutadaptParameters, {"primer": ""}),
        (CutadaptParameters, {"linker": "-g ACGTACGT"}),
        (CutadaptParameters, {"trimmed_length": 0}),
        (SiteParameters, {"merge_distance": 11}),
        (SiteParameters, {"max_insert": 0}),
        (SiteParameters, {"genome_build": "a b"}),
        (UmiParameters, {"umi_read1": "NNNC"}),
        (UmiParameters, {"umi_read1": "N" * 61}),
        (FastpParameters, {"low_quality_percent": 101}),
    ],
)
def test_parameters_out_of_bounds_are_refused(
    model: type[CutadaptParameters], wrong: dict[str, object]
) -> None:
    with pytest.raises(ValidationError, match=re.escape(next(iter(wrong)))):
        model.model_validate(wrong)


@pytest.mark.parametrize(
    "content",
    ["", "[]", "not json", "{}", '{"read_counts": {"input": null}}', '{"read_counts": {"input": "9"}}'],
)
def test_a_number_that_is_not_in_a_report_is_never_0(tmp_path: Path, content: str) -> None:
    path = tmp_path / "r.json"
    path.write_text(content)

    for read in (
        lambda: read_trimming(path, path),
        lambda: read_filtering(path),
        lambda: read_flagstat(path),
    ):
        with pytest.raises(AnalysisError, match=r"report"):
            read()


def test_rates_of_no_reads_are_not_0(tmp_path: Path) -> None:
    counts = dict.fromkeys(("primary", "primary mapped", "properly paired", "singletons", "supplementary"), 0)
    path = tmp_path / "f.json"
    path.write_text(json.dumps({"QC-passed reads": counts, "QC-failed reads": {"total": 0}}))

    assert read_flagstat(path).mapping_rate != read_flagstat(path).mapping_rate

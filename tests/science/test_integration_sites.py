"""The pipeline on reads whose sites are known, and its programs on reads whose figures are published; by the real programs."""

import gzip
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pyBigWig
import pytest
from tests.conftest import REFERENCE_DATA
from tests.pipeline_steps import Done, run_step, trimmed_and_mapped
from tests.simulated_reads import Recipe, Simulation, TrueSite, simulate

pytestmark = pytest.mark.science

BUILDS = {"genome_build": "GRCh38", "spike_in_build": "hg38"}
LAMBDA = Path("/usr/share/doc/bowtie2/examples")
Key = tuple[str, int, str]


@dataclass(frozen=True)
class Analysed:
    """A simulation and what the pipeline made of it."""

    simulation: Simulation
    trimmed: Done
    mapped: Done
    sites: Done

    @property
    def found(self) -> dict[Key, dict[str, object]]:
        return {
            (str(row["contig"]), int(str(row["position"])) - 1, str(row["strand"])): row
            for row in self.sites.table("sites")
        }

    @property
    def truth(self) -> dict[Key, TrueSite]:
        return {(site.contig, site.position, site.strand): site for site in self.simulation.truth}


@pytest.fixture(scope="module", params=[11, 12], ids=["with UMIs", "without UMIs"])
def analysed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Analysed:
    folder = tmp_path_factory.mktemp("sites")
    umis = request.param == 11
    made = simulate(
        folder / "data",
        Recipe(seed=request.param, umis=umis, largest_clone=250 if umis else 30, smallest_clone=4),
    )
    trimmed, mapped = trimmed_and_mapped(
        folder, [made.read1], [made.read2], made.reference, umi="NNNNNNNN" if umis else ""
    )
    sites = run_step(
        folder / "sites",
        "site_analysis",
        BUILDS,
        alignments=mapped.output / "alignments" / "sample.bam",
        annotation=made.genes,
        spike_ins=made.spike_ins,
    )
    return Analysed(made, trimmed, mapped, sites)


def test_every_site_is_found_at_its_base_and_strand_and_no_other(analysed: Analysed) -> None:
    strong = {key for key, site in analysed.truth.items() if site.fragments >= 10}

    assert len(strong) >= 20
    assert len(strong & analysed.found.keys()) >= 0.99 * len(strong)
    assert analysed.found.keys() <= analysed.truth.keys()


def test_abundances_are_those_that_were_put_in(analysed: Analysed) -> None:
    whole = sum(site.fragments for site in analysed.simulation.truth)

    for key, row in analysed.found.items():
        true = analysed.truth[key]
        if true.fragments >= 10:
            assert float(str(row["fragment_percent"])) == pytest.approx(
                100 * true.fragments / whole, rel=0.05
            )
    assert sum(float(str(row["fragment_percent"])) for row in analysed.found.values()) == pytest.approx(100)


def test_copies_are_told_by_what_the_reads_have(analysed: Analysed) -> None:
    umis = analysed.simulation.truth[0].fragments > 100
    (row,) = analysed.sites.table("samples")

    assert row["copies"] == ("Ends and UMI" if umis else "Ends alone")


def test_spike_ins_are_named_and_change_no_number(analysed: Analysed) -> None:
    spiked = {key: row for key, row in analysed.found.items() if row["spike_in"]}

    assert {(key, row["spike_in"]) for key, row in spiked.items()} == {
        (key, site.spike_in) for key, site in analysed.truth.items() if site.spike_in
    }
    assert all(int(str(row["reads"])) >= 0.97 * analysed.truth[key].reads for key, row in spiked.items())
    rest = [row["percent_without_spike_ins"] for row in analysed.found.values() if not row["spike_in"]]
    assert sum(float(str(value)) for value in rest) == pytest.approx(100)


def test_reads_without_the_primer_are_counted_and_left_out(analysed: Analysed) -> None:
    (row,) = analysed.trimmed.table("samples")

    assert row["pairs"] == analysed.simulation.pairs
    assert row["with_primer"] == pytest.approx(analysed.simulation.pairs_with_primer, rel=0.005)


def test_genes_are_given_though_their_contigs_have_other_names(analysed: Analysed) -> None:
    rows = analysed.sites.table("sites")

    assert all(str(row["nearest_gene"]).startswith(f"GENE-{str(row['contig'])[3:]}-") for row in rows)
    assert {row["region"] for row in rows} >= {"promoter", "gene body", "enhancer"}


def test_tracks_hold_the_sites(analysed: Analysed) -> None:
    tracks = analysed.sites.output / "tracks"
    bed = {
        (contig, int(start), strand)
        for contig, start, _, _, _, strand in (
            line.split("\t") for line in (tracks / "sample.bed").read_text().splitlines()
        )
    }
    total = sum(int(str(row["fragments"])) for row in analysed.found.values())

    assert bed == analysed.found.keys()
    with pyBigWig.open(str(tracks / "sample.bw")) as track:
        assert track.header()["sumData"] == total
    graph = (tracks / "sample.bedgraph").read_text().splitlines()
    assert sum(int(line.split("\t")[3]) for line in graph) == total


def test_two_samples_share_what_they_share(tmp_path: Path) -> None:
    one = simulate(tmp_path / "a", Recipe(seed=21, sites=8, largest_clone=20, smallest_clone=8), "甲")
    other = tmp_path / "乙"
    other.mkdir()
    reads = [shutil.copy(path, other / path.name.replace("甲", "乙")) for path in (one.read1, one.read2)]

    _, mapped = trimmed_and_mapped(
        tmp_path, [one.read1, Path(reads[0])], [one.read2, Path(reads[1])], one.reference, umi="NNNNNNNN"
    )
    done = run_step(
        tmp_path / "sites", "site_analysis", alignments=sorted(mapped.output.glob("alignments/*.bam"))
    )

    shared = done.table("shared")
    assert done.metric("sites") == 8
    assert len(shared) == 8
    assert all(row["甲"] == row["乙"] and row["samples"] == 2 for row in shared)
    assert {path.name for path in done.output.glob("tracks/*.bed")} == {"甲.bed", "乙.bed"}
    english = headings(done.output / "integration_sites.xlsx")
    assert english["Integration sites"][5:8] == ["Reads", "Share of fragments (%)", "Share of reads (%)"]
    assert sorted(english["Sites by sample"])[-2:] == ["乙", "甲"]


def headings(path: Path) -> dict[str, list[str]]:
    """The first line of each sheet."""
    book = openpyxl.load_workbook(path, read_only=True)
    return {sheet.title: [str(cell.value) for cell in next(sheet.rows)] for sheet in book.worksheets}


def test_fastp_gives_the_figures_of_its_own_test_data(tmp_path: Path) -> None:
    seq = REFERENCE_DATA / "seq"

    done = run_step(tmp_path, "fastp", reads1=seq / "R1.fq", reads2=seq / "R2.fq")

    (row,) = done.table("samples")
    assert (row["pairs"], row["passed"], row["too_short"]) == (9, 8, 2)
    assert float(str(row["duplication"])) == pytest.approx(55.56, abs=0.005)
    assert row["insert_peak"] == 187


def test_bwa_gives_the_figures_of_the_lambda_phage(tmp_path: Path) -> None:
    reference = tmp_path / "lambda.fa"
    reference.write_bytes(gzip.decompress((LAMBDA / "reference" / "lambda_virus.fa.gz").read_bytes()))
    reads = {f"reads{mate}": LAMBDA / "reads" / f"reads_{mate}.fq.gz" for mate in (1, 2)}

    done = run_step(tmp_path, "read_mapping", reference=reference, **reads)

    (row,) = done.table("samples")
    assert (row["reads"], row["mapped"], row["paired"]) == (20_000, 19_520, 18_926)
    assert float(str(row["mapped_percent"])) == pytest.approx(97.60, abs=0.005)
    assert done.metric("mapper") in {"BWA", "BWA-MEM2"}


def test_fastqc_tells_the_same_of_reads_as_they_are(tmp_path: Path) -> None:
    seq: Sequence[Path] = (REFERENCE_DATA / "seq" / "R1.fq", REFERENCE_DATA / "seq" / "R2.fq")

    done = run_step(tmp_path, "qc", reads1=seq[0], reads2=seq[1])

    assert done.metric("reads") == 18
    verdicts = {row["module"]: row["file_0"] for row in done.table("verdicts")}
    assert verdicts["Quality by position"] == "good"
    assert verdicts["Sequences that are too frequent"] == "unusual"
    assert (done.output / "fastqc" / "sample_R1_fastqc.html").is_file()

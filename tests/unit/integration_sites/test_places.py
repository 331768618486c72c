"""Contigs in several styles, genes from several files, the region of a site, and spike-ins."""

import gzip
from pathlib import Path

import pytest

from zerosec_analyses.integration_sites.builds import same_build
from zerosec_analyses.integration_sites.contig_names import canonical, match_contigs
from zerosec_analyses.integration_sites.fragments import Contig
from zerosec_analyses.integration_sites.genes import NOWHERE, Genes, Place, Region
from zerosec_analyses.integration_sites.intervals import Interval, read_bed, read_genes
from zerosec_analyses.integration_sites.parameters import SiteParameters
from zerosec_analyses.integration_sites.sites import Site
from zerosec_analyses.integration_sites.spike_ins import SpikeIns, read_spike_ins
from zerosec_analyses.sdk import InputError, JobInput

CONTIGS = (Contig("chr1", 10_000), Contig("chrM", 16_569))
BUILD = SiteParameters(genome_build="GRCh38", spike_in_build="hg38")


def text(folder: Path, content: str, name: str = "genes.gtf") -> JobInput:
    path = folder / "given"
    path.write_bytes(gzip.compress(content.encode()) if name.endswith(".gz") else content.encode())
    return JobInput(path=path, name=name)


@pytest.mark.parametrize(
    ("name", "chromosome"),
    [
        ("chr1", "1"),
        ("1", "1"),
        ("NC_000001.11", "1"),
        ("chrX", "X"),
        ("NC_000023.11", "X"),
        ("MT", "M"),
        ("chrM", "M"),
        ("NC_012920.1", "M"),
        ("NC_000067.7", "1"),
        ("gi|568815597|ref|NC_000001.11|", "1"),
        ("KI270728.1", "KI270728.1"),
        ("chrUn_KI270302v1", "Un_KI270302v1"),
    ],
)
def test_a_chromosome_has_one_name(name: str, chromosome: str) -> None:
    assert canonical(name) == chromosome


def test_names_are_found_in_another_style_and_the_rest_is_told() -> None:
    found = match_contigs(["1", "MT", "2"], ["chr1", "chrM"], "genes.gtf")

    assert found.to_reference == {"1": "chr1", "MT": "chrM"}
    assert found.unknown == ("2",)


@pytest.mark.parametrize(
    ("names", "reference", "words"),
    [
        (["A", "B"], ["chr1"], "No contig of f is in the reference"),
        (["NC_000001.10"], ["NC_000001.11"], "another genome build"),
        (["1", "chr1"], ["chr1"], "in two ways"),
    ],
)
def test_names_that_cannot_be_brought_together_are_refused(
    names: list[str], reference: list[str], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        match_contigs(names, reference, "f")


def test_the_refusal_lists_both_sides() -> None:
    with pytest.raises(InputError) as refused:
        match_contigs(["A", "B"], ["chr1"], "f")

    assert refused.value.detail == "The file has A, B; the reference has chr1."


GTF = '1\tx\t{kind}\t101\t200\t.\t-\t.\tgene_id "ID1"; gene_name "BRCA ; 1"; note "a";\n'


@pytest.mark.parametrize(
    ("name", "content", "genes"),
    [
        ("a.gtf", "#!x\n" + GTF.format(kind="gene"), [Interval("1", 100, 200, "BRCA ; 1", "-")]),
        ("a.gtf.gz", GTF.format(kind="gene"), [Interval("1", 100, 200, "BRCA ; 1", "-")]),
        (
            "parts.gtf",
            GTF.format(kind="exon") + GTF.format(kind="exon").replace("101\t200", "301\t400"),
            [Interval("1", 100, 400, "BRCA ; 1", "-")],
        ),
        (
            "a.gff3",
            "##gff-version 3\n1\tx\tgene\t11\t20\t.\t+\t.\tID=gene:E1;Name=A%3BB\n##FASTA\n>1\nACGT\n",
            [Interval("1", 10, 20, "A;B", "+")],
        ),
        ("a.bed", "track x\nchr1\t5\t9\tG\t0\t+\n", [Interval("chr1", 5, 9, "G", "+")]),
        ("a.bed", "chr1 5 9\n", [Interval("chr1", 5, 9, "chr1:6", ".")]),
    ],
)
def test_genes_are_read_from_every_format(
    tmp_path: Path, name: str, content: str, genes: list[Interval]
) -> None:
    assert list(read_genes(text(tmp_path, content, name))) == genes


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("1\tx\tgene\t10\t5\t.\t+\t.\tID=a\n", "Line 1 of .* its end lies before its start"),
        ("#\n1\tx\tgene\tten\t20\t.\t+\t.\tID=a\n", "Line 2 of .* whole numbers, not “ten” and “20”"),
        ("1\tx\tregion\t1\t20\t.\t+\t.\tID=a\n", "has no genes"),
        ("1\tx\tgene\t1\t20\t.\t+\t.\tID=a\n1\tx\n", "Line 2 .* needs 9 columns and has 2"),
        ("one two\n", "needs at least 3 columns"),
        ("", "has no genes"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, content: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_genes(text(tmp_path, content))


def test_what_is_no_text_or_cut_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe\x00")
    with pytest.raises(InputError, match="not a text file"):
        read_genes(JobInput(path=path, name="x.gtf"))
    path.write_bytes(gzip.compress(GTF.format(kind="gene").encode() * 1000)[:-20])
    with pytest.raises(InputError, match="damaged or cut off"):
        read_genes(JobInput(path=path, name="x.gtf.gz"))


def around(position: int, *genes: tuple[int, int, str, str], reverse: bool = False) -> Place:
    intervals = [Interval("1", start, end, name, strand) for start, end, name, strand in genes]
    return Genes(intervals, {"1": "chr1"}, SiteParameters()).around("chr1", position, reverse=reverse)


PLUS, MINUS = (100_000, 120_000, "P", "+"), (300_000, 320_000, "M", "-")


@pytest.mark.parametrize(
    ("position", "region", "gene", "distance", "from_start"),
    [
        (100_000, Region.PROMOTER, "P", 0, 0),
        (102_000, Region.PROMOTER, "P", 0, 2000),
        (102_001, Region.GENE_BODY, "P", 0, 2001),
        (119_999, Region.GENE_BODY, "P", 0, 19_999),
        (120_000, Region.INTERGENIC, "P", 1, 20_000),
        (95_000, Region.PROMOTER, "P", -5000, -5000),
        (94_999, Region.ENHANCER, "P", -5001, -5001),
        (50_000, Region.ENHANCER, "P", -50_000, -50_000),
        (49_999, Region.INTERGENIC, "P", -50_001, -50_001),
        (319_999, Region.PROMOTER, "M", 0, 0),
        (324_999, Region.PROMOTER, "M", -5000, -5000),
        (369_999, Region.ENHANCER, "M", -50_000, -50_000),
        (299_999, Region.INTERGENIC, "M", 1, 20_000),
        (300_000, Region.GENE_BODY, "M", 0, 19_999),
    ],
)
def test_the_region_goes_by_the_strand_of_the_gene(
    position: int, region: Region, gene: str, distance: int, from_start: int
) -> None:
    place = around(position, PLUS, MINUS)

    assert (place.region, place.nearest, place.distance, place.from_start) == (
        region,
        gene,
        distance,
        from_start,
    )


def test_a_promoter_of_one_gene_comes_before_the_body_of_another() -> None:
    place = around(100_500, (0, 200_000, "LONG", "+"), (101_000, 102_000, "SHORT", "+"))

    assert (place.region, place.region_gene, place.genes) == (Region.PROMOTER, "SHORT", ("LONG",))


def test_a_long_gene_that_began_far_before_is_not_overlooked() -> None:
    place = around(
        900_000, (0, 1_000_000, "LONG", "+"), *((n, n + 10, f"g{n}", "+") for n in range(100, 5000, 50))
    )

    assert place.genes == ("LONG",)


def test_the_direction_of_a_site_is_that_of_its_gene_or_not() -> None:
    assert around(110_000, PLUS).same_strand is True
    assert around(110_000, PLUS, reverse=True).same_strand is False
    assert around(310_000, MINUS, reverse=True).same_strand is True


def test_a_contig_without_genes_gives_none() -> None:
    assert Genes([], {}, SiteParameters()).around("chr1", 5, reverse=False) is NOWHERE


def spiked(folder: Path, bed: str, params: SiteParameters = BUILD) -> SpikeIns:
    return read_spike_ins(text(folder, bed, "spikes.bed"), CONTIGS, params, params.genome_build)


def test_a_spike_in_is_known_by_place_and_strand_within_the_merge_distance(tmp_path: Path) -> None:
    known = spiked(tmp_path, "1\t500\t501\tS1\t0\t+\n")

    assert known.at("chr1", Site(0, 500, False, 1, 1, 1, 1)) == "S1"
    assert known.at("chr1", Site(0, 505, False, 1, 1, 1, 1)) == "S1"
    assert known.at("chr1", Site(0, 506, False, 1, 1, 1, 1)) == ""
    assert known.at("chr1", Site(0, 500, True, 1, 1, 1, 1)) == ""


@pytest.mark.parametrize(
    ("bed", "params", "words"),
    [
        ("1\t500\t501\tS1\n", SiteParameters(), "need the names of two genome builds"),
        (
            "1\t500\t501\tS1\n",
            SiteParameters(genome_build="hg38", spike_in_build="hg19"),
            "The spike-ins are of hg19 and the reference is hg38",
        ),
        ("1\t9999\t10001\tS1\n", BUILD, "beyond the end of chr1"),
        ("1\t5\t6\tS\n7\t500\t501\tS1\n", BUILD, "that the reference does not have: 7"),
        ("7\t500\t501\tS1\n", BUILD, "No contig of spikes.bed"),
    ],
)
def test_spike_ins_of_another_build_are_refused(
    tmp_path: Path, bed: str, params: SiteParameters, words: str
) -> None:
    with pytest.raises(InputError, match=words):
        spiked(tmp_path, bed, params)


def test_a_build_has_several_names() -> None:
    assert same_build("GRCh38.p14", "hg38")
    assert same_build("mm10", "GRCm38")
    assert not same_build("hg19", "hg38")


def test_a_bed_file_may_have_windows_line_ends(tmp_path: Path) -> None:
    assert [
        each.name for each in read_bed(text(tmp_path, "chr1\t1\t2\tA\r\nchr1\t3\t4\tB\r\n", "x.bed"))
    ] == ["A", "B"]

"""Files as they arrive: FASTQ, the reference with its shared index, and alignments; wrong ones are refused by name and place."""

import gzip
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pysam
import pytest
from tests.pipeline_steps import run_step

from zerosec_analyses.integration_sites.fragments import PairCounts, open_alignments, read_fragments
from zerosec_analyses.integration_sites.parameters import SiteParameters
from zerosec_analyses.integration_sites.reads import check_pair, lengths_of, stage
from zerosec_analyses.integration_sites.reference import (
    IndexedReference,
    ReferenceStore,
    check_fasta,
    sha256_of,
)
from zerosec_analyses.integration_sites.samples import pair_samples
from zerosec_analyses.prepared_references import Freed, forget_prepared, prepared_bytes, references_folder
from zerosec_analyses.sdk import InputError, JobInput

FASTQ = b"@r1 1:N\nACGT\n+\nFFFF\n@r2 1:N\n\n+\n\n"


def file(folder: Path, content: bytes, name: str) -> JobInput:
    path = folder / f"given-{len(list(folder.iterdir()))}"
    path.write_bytes(content)
    return JobInput(path=path, name=name)


def checked(folder: Path, first: bytes, second: bytes) -> None:
    samples = pair_samples([file(folder, first, "a_R1.fq")], [file(folder, second, "a_R2.fq")])
    for sample, staged in zip(samples, stage(samples, folder / "staged"), strict=True):
        check_pair(sample, staged)


def test_files_are_laid_out_by_their_content_under_names_of_our_own(tmp_path: Path) -> None:
    samples = pair_samples(
        [file(tmp_path, gzip.compress(FASTQ), "; rm_R1.txt")], [file(tmp_path, FASTQ, "; rm_R2.gz")]
    )

    (staged,) = stage(samples, tmp_path / "staged")

    assert (staged.read1.name, staged.read2.name) == ("s1_R1.fastq.gz", "s1_R2.fastq")


def test_empty_reads_are_reads(tmp_path: Path) -> None:
    given = file(tmp_path, FASTQ, "a.fq")

    counts = lengths_of(given.path, given.name)

    assert dict(counts.counts) == {4: 1, 0: 1}
    assert (counts.mean, counts.quantile(0.5), counts.at_least(1)) == (2, 0, 0.5)


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (
            FASTQ,
            FASTQ.replace(b"@r2", b"@x2"),
            "not of the same sample: their reads number 2 are “r2” and “x2”",
        ),
        (FASTQ, FASTQ[:20], "do not hold the same number of reads"),
        (FASTQ, b">r1\nACGT\n>r2\nACGT\n", "a_R2.fq is not a sound FASTQ file: see line 1"),
        (FASTQ, FASTQ[:10], "not a sound FASTQ"),
        (FASTQ, b"", "a_R2.fq is empty"),
        (FASTQ, gzip.compress(FASTQ * 999)[:-30], "cannot be decompressed to its end"),
        (FASTQ, b"BZh91AY", "compressed by bzip2"),
        (FASTQ, b"\x28\xb5\x2f\xfd....", "compressed by zstd"),
        (FASTQ, b"@r1\nAC\xff\xfe\n+\nFFFF\n", "not a"),
    ],
)
def test_reads_that_cannot_be_used_are_refused(
    tmp_path: Path, first: bytes, second: bytes, words: str
) -> None:
    with pytest.raises(InputError, match=words):
        checked(tmp_path, first, second)


def test_reads_that_part_later_are_refused_where_they_do(tmp_path: Path) -> None:
    many = b"".join(b"@r%d\nACGTACGT\n+\nFFFFFFFF\n" % n for n in range(3000))
    for name, content in (("a_R1.fq", many), ("a_R2.fq", many.replace(b"@r2500\n", b"@x\n"))):
        (tmp_path / name).write_bytes(content)

    with pytest.raises(InputError, match="they part at read 2,501"):
        run_step(
            tmp_path / "umi",
            "umi",
            {"umi_read1": "NN"},
            reads1=tmp_path / "a_R1.fq",
            reads2=tmp_path / "a_R2.fq",
        )


@pytest.mark.parametrize("packed", [False, True])
def test_a_reference_is_counted(tmp_path: Path, packed: bool) -> None:
    fasta = b">chr1 first\nACGTN\nacg\n\n>gi|9626243|ref|NC_001416.1|\nAC\n"

    assert check_fasta(file(tmp_path, gzip.compress(fasta) if packed else fasta, "g.fa")) == (2, 10)


@pytest.mark.parametrize(
    ("fasta", "words"),
    [
        (b"ACGT\n", "Line 1 of g.fa .* begins with a line “>name”"),
        (b">a\nACGT\n>a\nAC\n", "Line 3 .* the name a is there twice"),
        (b">a\n>b\nAC\n", "Line 2 .* the sequence before it is empty"),
        (b">a\nAC\n>b\n", "its last one is empty"),
        (b">a\nACXT\n", "Line 2 .* “X” is no base"),
        (b">*bad\nAC\n", "Line 1 .* cannot be used in alignments"),
        (b">\nAC\n", "Line 1 .* cannot be used in alignments"),
        ((">日本\nAC\n").encode(), "Line 1 .* cannot be used in alignments"),
        (b"", "holds no sequence"),
        (b"\x1f\x8b\x08\x00rubbish", "damaged"),
    ],
)
def test_a_wrong_reference_is_refused_with_its_line(tmp_path: Path, fasta: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        check_fasta(file(tmp_path, fasta, "g.fa"))


def of(kept: AbstractContextManager[IndexedReference]) -> IndexedReference:
    """An index, which is not held any longer."""
    with kept as found:
        return found


def indexing(made: list[Path]) -> Callable[[Path, Path], None]:
    def make(fasta: Path, prefix: Path) -> None:
        made.append(prefix)
        prefix.with_suffix(".bwt").write_bytes(fasta.read_bytes() * 2)

    return make


def test_an_index_is_made_once_and_again_when_a_byte_of_it_has_changed(tmp_path: Path) -> None:
    reference, made = file(tmp_path, b">a\nACGT\n", "g.fa"), list[Path]()
    store = ReferenceStore(tmp_path / "store")

    first = of(store.indexed(reference, "bwa", indexing(made)))
    again = of(store.indexed(reference, "bwa", indexing(made)))
    first.prefix.with_suffix(".bwt").write_bytes(b"X")
    mended = of(store.indexed(reference, "bwa", indexing(made)))
    of(store.indexed(reference, "bwa-mem2", indexing(made)))

    assert (first.made_now, again.made_now, mended.made_now, len(made)) == (True, False, True, 3)
    assert (again.prefix, again.contigs, again.bases) == (first.prefix, 1, 4)
    assert mended.prefix.with_suffix(".bwt").read_bytes() == b">a\nACGT\n" * 2


def test_two_who_want_one_index_at_the_same_time_make_one(tmp_path: Path) -> None:
    reference, made = file(tmp_path, b">a\nACGT\n", "g.fa"), list[Path]()
    found: list[bool] = []

    def want() -> None:
        store = ReferenceStore(tmp_path / "store")
        found.append(of(store.indexed(reference, "bwa", indexing(made))).made_now)

    threads = [threading.Thread(target=want) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(found) == [False, False, False, True]
    assert len(made) == 1


def test_what_a_killed_maker_left_is_no_index(tmp_path: Path) -> None:
    reference, made = file(tmp_path, b">a\nACGT\n", "g.fa"), list[Path]()
    store = ReferenceStore(tmp_path / "store")

    def killed(fasta: Path, prefix: Path) -> None:
        prefix.with_suffix(".bwt").write_bytes(b"half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        of(store.indexed(reference, "bwa", killed))

    assert of(store.indexed(reference, "bwa", indexing(made))).made_now


def test_an_index_is_removed_for_all_programs_but_not_while_somebody_reads_it(tmp_path: Path) -> None:
    reference, other = file(tmp_path, b">a\nACGT\n", "g.fa"), file(tmp_path, b">b\nACG\n", "h.fa")
    store = ReferenceStore(references_folder(tmp_path / "analyses" / "integration-sites"))
    sha256 = sha256_of(reference.path)
    for given, program in ((reference, "bwa"), (reference, "bwa-mem2"), (other, "bwa")):
        of(store.indexed(given, program, indexing([])))
    before = prepared_bytes(tmp_path)

    with store.indexed(reference, "bwa", indexing([])) as read:
        some = forget_prepared(tmp_path, sha256)
        assert read.prefix.with_suffix(".bwt").exists()
    rest = forget_prepared(tmp_path, sha256)

    assert (some.in_use, rest.in_use) == (True, False)
    assert some.size_bytes + rest.size_bytes == before[sha256] > 0
    assert dict(prepared_bytes(tmp_path)) == {sha256_of(other.path): before[sha256_of(other.path)]}
    assert forget_prepared(tmp_path, sha256).size_bytes == 0
    assert of(store.indexed(reference, "bwa", indexing([]))).made_now


def test_what_is_being_made_is_not_removed_and_what_a_killed_maker_left_is(tmp_path: Path) -> None:
    reference = file(tmp_path, b">a\nACGT\n", "g.fa")
    folder = references_folder(tmp_path / "analyses" / "integration-sites")
    sha256 = sha256_of(reference.path)
    told = []

    def make(fasta: Path, prefix: Path) -> None:
        prefix.with_suffix(".bwt").write_bytes(b"half")
        told.append(forget_prepared(tmp_path, sha256))

    of(ReferenceStore(folder).indexed(reference, "bwa", make))
    forget_prepared(tmp_path, sha256)
    left = folder / f"{sha256}-bwa.making"
    left.mkdir()
    (left / "index.bwt").write_bytes(b"half")

    assert told == [Freed(0, in_use=True)]
    assert dict(prepared_bytes(tmp_path)) == {}
    assert forget_prepared(tmp_path, sha256) == Freed(4)
    assert not left.exists()


def bam(folder: Path, *reads: str, order: str = "coordinate") -> JobInput:
    header = {
        "HD": {"VN": "1.6", "SO": order},
        "SQ": [{"SN": "chr1", "LN": 10_000}, {"SN": "chr2", "LN": 10_000}],
    }
    path = folder / "given.bam"
    with pysam.AlignmentFile(str(path), "wb", header=header) as made:
        for read in reads:
            fields = read.split()
            made.write(
                pysam.AlignedSegment.fromstring("\t".join([*fields[:9], "*", "*", *fields[9:]]), made.header)
            )
    return JobInput(path=path, name="given.bam")


def pairs_of(given: JobInput, **params: object) -> tuple[list[tuple[int, int, bool]], dict[str, int]]:
    counts = PairCounts()
    with open_alignments(given.path, given.name) as opened:
        found = [
            (each.site, each.end, each.reverse)
            for each in read_fragments(
                opened, given.name, SiteParameters.model_validate(params), counts, umis=False
            )
        ]
    return found, {reason: count for reason, count in counts.left_out.items() if count}


@pytest.mark.parametrize(
    ("read", "pair"),
    [
        ("a 99 chr1 101 60 100M = 251 250 MC:Z:100M", (100, 349, False)),
        ("a 83 chr1 251 60 100M = 101 -250 MC:Z:100M", (349, 100, True)),
        ("a 99 chr1 101 60 6S94M = 251 250 MC:Z:94M6S", (100, 343, False)),
        ("a 99 chr1 101 60 50M50S = 101 50 MC:Z:50S50M", (100, 149, False)),
        ("a 83 chr1 251 60 90M2D8M2S = 101 -250 MC:Z:3S97M", (349, 100, True)),
    ],
)
def test_the_site_is_the_base_at_the_start_of_read_1(
    tmp_path: Path, read: str, pair: tuple[int, int, bool]
) -> None:
    assert pairs_of(bam(tmp_path, read)) == ([pair], {})


@pytest.mark.parametrize(
    ("read", "reason"),
    [
        ("a 77 * 0 0 * * 0 0", "unmapped"),
        ("a 73 chr1 101 60 100M = 101 0", "mate_unmapped"),
        ("a 97 chr1 101 60 100M chr2 251 0 MC:Z:100M", "other_contig"),
        ("a 97 chr1 101 60 100M = 251 250 MC:Z:100M", "improper"),
        ("a 67 chr1 101 60 100M = 251 250 MC:Z:100M", "improper"),
        ("a 99 chr1 101 60 100M = 1002 1001 MC:Z:100M", "long_insert"),
        ("a 99 chr1 101 60 7S93M = 251 250 MC:Z:100M", "clipped"),
        ("a 99 chr1 101 60 100M = 251 250 MC:Z:93M7S", "clipped"),
        ("a 83 chr1 251 60 93M7S = 101 -250 MC:Z:100M", "clipped"),
        ("a 99 chr1 101 9 100M = 251 250 MC:Z:100M", "ambiguous"),
    ],
)
def test_a_pair_that_cannot_tell_a_site_is_counted_by_its_reason(
    tmp_path: Path, read: str, reason: str
) -> None:
    assert pairs_of(bam(tmp_path, read)) == ([], {reason: 1})


def test_second_and_split_alignments_are_no_pairs_of_their_own(tmp_path: Path) -> None:
    good = "a 99 chr1 101 60 100M = 251 250 MC:Z:100M"

    found, left_out = pairs_of(
        bam(tmp_path, good, good.replace(" 99 ", " 2147 "), good.replace(" 99 ", " 355 "))
    )

    assert (len(found), left_out) == (1, {})


@pytest.mark.parametrize(
    ("reads", "order", "words"),
    [
        (["a 99 chr1 101 60 100M = 251 250"], "coordinate", "tag MC"),
        (["a 99 chr1 101 60 100M = 251 250 MC:Z:100M"], "queryname", "not sorted by coordinate"),
        (
            ["a 99 chr1 501 60 100M = 651 250 MC:Z:100M", "b 99 chr1 101 60 100M = 251 250 MC:Z:100M"],
            "coordinate",
            "says that it is sorted by coordinate, and is not",
        ),
    ],
)
def test_alignments_that_cannot_be_used_are_refused(
    tmp_path: Path, reads: list[str], order: str, words: str
) -> None:
    with pytest.raises(InputError, match=words):
        pairs_of(bam(tmp_path, *reads, order=order))


def test_what_is_no_bam_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a BAM file"):
        open_alignments(file(tmp_path, b"no alignments here", "x.bam").path, "x.bam")

"""Which read files belong together, and names nobody can do harm with."""

from pathlib import Path

import pytest

from zerosec_analyses.integration_sites.samples import pair_samples, sample_name, single_samples
from zerosec_analyses.sdk import InputError, JobInput


def given(*names: str, slot: str = "a") -> list[JobInput]:
    return [JobInput(path=Path(f"/inputs/{slot}-{n}"), name=name) for n, name in enumerate(names)]


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("P01_R1.fastq.gz", "P01"),
        ("P01_R2.fastq.gz", "P01"),
        ("P01_S1_L001_R1_001.fastq.gz", "P01_S1_L001_001"),
        ("reads/P01_R1.fastq.gz", "P01"),
        ("患者1_R1.fq", "患者1"),
        ("a.1.fq.gz", "a"),
        ("R1.fq", "sample"),
        ("P01.bam", "P01"),
    ],
)
def test_the_sample_is_what_the_name_says_besides_the_mate(file: str, name: str) -> None:
    assert sample_name(file) == name


@pytest.mark.parametrize(
    "name",
    [
        "; rm -rf ~; _R1.fastq",
        "../../etc/passwd",
        "..\\..\\x_R1.fq",
        "a\nb\tc_R1.fastq",
        "-o_R1.fastq",
        "$(reboot)_R1.fq",
        "`id`.fq",
        "日本" * 150 + "_R1.fastq",
        "x" * 300,
        "",
        "...",
        "\x00\x1b[31m",
        "{name}",
    ],
)
def test_no_name_becomes_anything_but_a_plain_file_name(name: str) -> None:
    made = sample_name(name)

    assert made
    assert all(sign.isalnum() or sign in "_.-" for sign in made)
    assert not made.startswith((".", "-"))
    assert len(f"{made}_R1_per_base_sequence_content.png".encode()) <= 255
    assert Path(made).name == made


def test_files_are_paired_by_their_names_whatever_their_order() -> None:
    samples = pair_samples(given("B_R1.fq", "A_R1.fq"), given("A_R2.fq", "B_R2.fq", slot="b"))

    assert [(s.name, s.read1.name, s.read2.name) for s in samples] == [
        ("B", "B_R1.fq", "B_R2.fq"),
        ("A", "A_R1.fq", "A_R2.fq"),
    ]


def test_files_whose_names_do_not_tell_are_paired_in_their_order() -> None:
    samples = pair_samples(given("x.fq", "y.fq"), given("p.fq", "q.fq", slot="b"))

    assert [(s.name, s.read2.name) for s in samples] == [("x", "p.fq"), ("y", "q.fq")]


def test_two_files_of_the_same_name_stay_two_samples() -> None:
    assert [name for name, _ in single_samples(given("a.bam", "A.bam", "a.bam"))] == ["a", "A-2", "a-3"]


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (given("A_R1.fq"), [], "1 file of read 1 and 0 of read 2"),
        ([], [], "There are no reads"),
        (given("A_R2.fq"), given("A_R1.fq", slot="b"), "its name says it is read 2"),
        (given("A_R1.fq"), given("A_R1.fq"), "both as read 1 and as read 2"),
    ],
)
def test_what_cannot_be_paired_is_refused(first: list[JobInput], second: list[JobInput], words: str) -> None:
    with pytest.raises(InputError, match=words):
        pair_samples(first, second)

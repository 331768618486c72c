"""What of a result's file is shown beside the tree of files, and what is not."""

import gzip
from pathlib import Path

import pytest
import xlsxwriter

from zerosec_desktop.screens.run.previewed import SHOWN_BYTES, SHOWN_ROWS, Kind, kind_of, read_previewed
from zerosec_desktop.screens.run.reports import report_of
from zerosec_shared.runs import Artifact, ArtifactRole


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("tables/sites.csv", Kind.TABLE),
        ("integration_sites.xlsx", Kind.TABLE),
        ("plots/a.PNG", Kind.PICTURE),
        ("fastqc/sample_R1_fastqc.html", Kind.PAGE),
        ("tracks/sample.bed", Kind.TEXT),
        ("reads/sample_R1.fastq.gz", Kind.TEXT),
        ("alignments/sample.bam", Kind.NOTHING),
        ("tracks/sample.bw", Kind.NOTHING),
    ],
)
def test_files_are_shown_by_what_they_are(path: str, kind: Kind) -> None:
    assert kind_of(path) is kind


def test_the_report_is_the_page_that_speaks_of_the_whole() -> None:
    def report(*paths: str) -> str:
        made = (
            Artifact(path=path, size_bytes=1, sha256="0" * 64, role=ArtifactRole.REPORT) for path in paths
        )
        return report_of(made, "ja")

    assert report("fastqc/a_R1_fastqc.html", "fastqc/a_R2_fastqc.html", "multiqc.html") == "multiqc.html"
    assert report("report.html", "report.ja.html") == "report.ja.html"
    assert report("fastqc/b.html", "fastqc/a.html", "notes.md") == "fastqc/a.html"
    assert report("notes.md") == ""


def test_a_minus_strand_is_shown_and_only_an_empty_cell_is_without_value(tmp_path: Path) -> None:
    table = tmp_path / "sites.csv"
    table.write_text("contig,position,strand,gene\nchr1,10,+,NA\nchr1,20,-,\n")

    shown = read_previewed(table, "tables/sites.csv").table

    assert shown is not None
    assert shown.frame["strand"].to_list() == ["+", "-"]
    assert shown.frame["gene"].to_list() == ["NA", None]
    assert shown.frame["position"].to_list() == [10, 20]


def test_long_tables_and_texts_are_cut_and_say_so(tmp_path: Path) -> None:
    table, text = tmp_path / "a", tmp_path / "b"
    table.write_text("n\n" + "".join(f"{n}\n" for n in range(SHOWN_ROWS + 5)))
    text.write_bytes("摩耗量".encode() * SHOWN_BYTES)

    rows, words = read_previewed(table, "a.csv"), read_previewed(text, "b.txt")

    assert rows.table is not None
    assert rows.cut
    assert words.cut
    assert words.text.startswith("摩耗量")


def test_a_workbook_whose_first_sheet_has_no_rows_says_that_and_a_table_of_text_shows_its_heading(
    tmp_path: Path,
) -> None:
    book, text = tmp_path / "a", tmp_path / "b"
    with xlsxwriter.Workbook(book) as made:
        made.add_worksheet("sites").write_row(0, 0, ["sample", "position"])
    text.write_text("sample,position\n")

    empty, heading = read_previewed(book, "sites.xlsx"), read_previewed(text, "sites.csv")

    assert (empty.kind, empty.empty) == (Kind.NOTHING, True)
    assert (heading.kind, heading.empty, heading.text) == (Kind.TEXT, False, "sample,position\n")


def test_packed_reads_are_unpacked_as_far_as_they_are_shown(tmp_path: Path) -> None:
    bomb, torn = tmp_path / "bomb", tmp_path / "torn"
    bomb.write_bytes(gzip.compress(b"A" * 50_000_000))
    torn.write_bytes(gzip.compress(b"ACGT" * 50_000)[:40])

    assert len(read_previewed(bomb, "a.fastq.gz").text) == SHOWN_BYTES
    assert read_previewed(torn, "b.fastq.gz").kind is Kind.NOTHING


def test_what_is_no_text_is_not_shown_as_one(tmp_path: Path) -> None:
    place = tmp_path / "a"
    place.write_bytes(b"\x7fELF\0\0\0")

    assert read_previewed(place, "a.txt").kind is Kind.NOTHING

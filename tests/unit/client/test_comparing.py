"""Files that say the same, nearly the same, or something else."""

import base64
import gzip
import zipfile
from pathlib import Path
from uuid import uuid4

import pysam
import pytest

from zerosec_client.comparing import Verdict, compare_files

TOLERANCE = 1e-6


def verdict(folder: Path, one: bytes, two: bytes) -> Verdict:
    (folder / "one").write_bytes(one)
    (folder / "two").write_bytes(two)
    return compare_files(folder / "one", folder / "two", TOLERANCE)


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        (b"", b"", Verdict.IDENTICAL),
        (b"a,1.5\n", b"a,1.5\n", Verdict.IDENTICAL),
        (b"a,1.5\n", b"a,1.5000001\n", Verdict.WITHIN_TOLERANCE),
        (b'{"x": [0, 1e3]}', b'{"x": [1e-9, 1000.0]}', Verdict.WITHIN_TOLERANCE),
        (b"a,1.5\n", b"a,1.6\n", Verdict.DIFFERENT),
        (b"a,1.5\n", b"b,1.5\n", Verdict.DIFFERENT),
        (b"a,1.5\n", b"a,1.5\nb,2\n", Verdict.DIFFERENT),
        (b"a,nan\n", b"a,1\n", Verdict.DIFFERENT),
        (b"1 2", b"12", Verdict.DIFFERENT),
        (b"\xff\xfe1", b"\xff\xfe2", Verdict.DIFFERENT),
        ("摩耗 1.0".encode(), "摩耗 1.00".encode(), Verdict.WITHIN_TOLERANCE),
    ],
)
def test_texts_are_compared_word_by_word(tmp_path: Path, one: bytes, two: bytes, expected: Verdict) -> None:
    assert verdict(tmp_path, one, two) is expected


def test_compressed_files_are_compared_by_what_is_in_them(tmp_path: Path) -> None:
    early, late = gzip.compress(b"ACGT\n", mtime=1), gzip.compress(b"ACGT\n", mtime=2)
    assert early != late
    assert verdict(tmp_path, early, late) is Verdict.IDENTICAL
    assert verdict(tmp_path, early, gzip.compress(b"ACGA\n")) is Verdict.DIFFERENT
    assert verdict(tmp_path, early, late[:-6]) is Verdict.DIFFERENT


def test_workbooks_may_differ_by_the_time_they_were_written(tmp_path: Path) -> None:
    for name, written, number in (("one", "monday", "1"), ("two", "tuesday", "1"), ("three", "friday", "2")):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("docProps/core.xml", written)
            archive.writestr("xl/sheet1.xml", f"<v>{number}</v>")

    assert compare_files(tmp_path / "one", tmp_path / "two", TOLERANCE) is Verdict.IDENTICAL
    assert compare_files(tmp_path / "one", tmp_path / "three", TOLERANCE) is Verdict.DIFFERENT


@pytest.mark.parametrize(
    ("name", "one", "other", "verdict"),
    [
        ("r.html", "<p>Sun 22 Nov 2026</p>", "<p>Mon 23 Nov 2026</p>", Verdict.BUT_FOR_TIMES),
        ("r.html", "<p>Sun 22 Nov 2026</p>5", "<p>Mon 23 Nov 2026</p>6", Verdict.DIFFERENT),
        ("t.csv", "a,Sun 22 Nov 2026", "a,Mon 23 Nov 2026", Verdict.DIFFERENT),
        ("t.csv", "a,2026-11-22", "a,2026-11-23", Verdict.DIFFERENT),
        (
            "f.json",
            '{"command": "fastp -i /a/workspaces/01a202d3-9336-7000-8000-000000000001/1/scratch/x"}',
            '{"command": "fastp -i /b/workspaces/01a202d3-9336-7000-8000-000000000002/2/scratch/x"}',
            Verdict.BUT_FOR_TIMES,
        ),
    ],
)
def test_times_and_places_count_in_tables_and_not_in_reports(
    tmp_path: Path, name: str, one: str, other: str, verdict: Verdict
) -> None:
    (tmp_path / "one").write_text(one)
    (tmp_path / "two").write_text(other)

    assert compare_files(tmp_path / "one", tmp_path / "two", TOLERANCE, name) is verdict


@pytest.mark.parametrize(
    ("data", "verdict"), [(b"plots", Verdict.BUT_FOR_TIMES), (b"other", Verdict.DIFFERENT)]
)
def test_reports_of_multiqc_differ_in_times_and_the_number_of_the_report_alone(
    tmp_path: Path, data: bytes, verdict: Verdict
) -> None:
    paths = tmp_path / "first", tmp_path / "second"
    for path, at, held in zip(paths, (1_795_000_000, 1_795_400_000), (b"plots", data), strict=True):
        packed = base64.b64encode(gzip.compress(held, mtime=at)).decode()
        path.write_text(
            f'<script type="text/plain" id="mqc_compressed_plotdata">{packed}</script>\n'
            f'reportUuid = "{uuid4()}";\nconfigCreationDate = "{at // 100_000 - 17_940} Nov 2026, 00:05 UTC";\n'
        )

    assert compare_files(*paths, 1e-9, "multiqc.html") is verdict
    assert compare_files(*paths, 1e-9, "a_table.csv") is Verdict.DIFFERENT


@pytest.mark.parametrize(
    ("reads", "verdict"), [(b"same", Verdict.BUT_FOR_TIMES), (b"else", Verdict.DIFFERENT)]
)
def test_alignments_are_the_same_wherever_their_program_worked(
    tmp_path: Path, reads: bytes, verdict: Verdict
) -> None:
    for name, place, content in (("one", b"/a", b"same"), ("two", b"/bcd", reads)):
        head = b"@SQ\tSN:chr1\tLN:9\n@PG\tID:bwa\tCL:bwa mem " + place + b"\n"
        whole = b"BAM\1" + len(head).to_bytes(4, "little") + head + content
        (tmp_path / name).write_bytes(gzip.compress(whole))

    assert compare_files(tmp_path / "one", tmp_path / "two", TOLERANCE, "a.bam") is verdict


@pytest.mark.parametrize(
    ("called", "reads", "verdict"),
    [
        ("/a/b", 300, Verdict.IDENTICAL),
        ("/another" * 400, 300, Verdict.BUT_FOR_TIMES),
        ("/a/b", 301, Verdict.DIFFERENT),
    ],
)
def test_indexes_of_alignments_are_the_same_where_only_their_head_has_moved_them(
    tmp_path: Path, called: str, reads: int, verdict: Verdict
) -> None:
    for name, place, count in (("one", "/a/b", 300), ("two", called, reads)):
        head = {
            "HD": {"VN": "1.6", "SO": "coordinate"},
            "SQ": [{"SN": "chr1", "LN": 900_000}, {"SN": "chr2", "LN": 900}],
            "PG": [{"ID": "bwa", "CL": f"bwa mem {place}"}],
        }
        path = tmp_path / f"{name}.bam"
        with pysam.AlignmentFile(str(path), "wb", header=head) as made:
            for number in range(count):
                fields = (
                    f"r{number}",
                    "0",
                    "chr1",
                    str(100 + 2000 * number),
                    "60",
                    "4M",
                    "*",
                    "0",
                    "0",
                    "ACGT",
                    "FFFF",
                )
                made.write(pysam.AlignedSegment.fromstring("\t".join(fields), made.header))
        pysam.index(str(path))

    found = compare_files(tmp_path / "one.bam.bai", tmp_path / "two.bam.bai", TOLERANCE, "a.bam.bai")

    assert found is verdict

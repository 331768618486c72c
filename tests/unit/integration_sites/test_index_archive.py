"""References that come as an archive of their index: unpacked under our own names, refused where they are not what they seem."""

import io
import shutil
import subprocess
import tarfile
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from zerosec_analyses.integration_sites.index_archive import index_program, is_archive
from zerosec_analyses.integration_sites.reference import IndexedReference, ReferenceStore
from zerosec_analyses.sdk import InputError, JobInput

ENDINGS = ("amb", "ann", "bwt", "pac", "sa")


def of(kept: AbstractContextManager[IndexedReference]) -> IndexedReference:
    """An index, which is not held any longer."""
    with kept as found:
        return found


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a real index."""
    if shutil.which("bwa") is None:
        pytest.skip("bwa is not installed")
    folder = tmp_path_factory.mktemp("index")
    fasta = folder / "genome.fa"
    fasta.write_text(">chr1\n" + "ACGTTGCA" * 40 + "\n>chr2\n" + "GATTACA" * 30 + "\n")
    subprocess.run(["bwa", "index", str(fasta)], check=True, capture_output=True)
    return {f"genome.fa.{ending}": (folder / f"genome.fa.{ending}").read_bytes() for ending in ENDINGS}


def packed(place: Path, members: Sequence[tuple[str, bytes]], mode: str = "w:gz") -> JobInput:
    with tarfile.open(place, mode) as archive:  # type: ignore[call-overload]
        for name, content in members:
            told = tarfile.TarInfo(name)
            told.size = len(content)
            archive.addfile(told, io.BytesIO(content))
    return JobInput(path=place, name="index.tar.gz")


@pytest.mark.parametrize(("mode", "folder"), [("w:gz", ""), ("w", "bwa/"), ("w:gz", "../../../tmp/")])
def test_an_index_is_unpacked_under_names_of_our_own(
    tmp_path: Path, index: dict[str, bytes], mode: str, folder: str
) -> None:
    extra = [("README", b"hello"), ("/etc/cron.d/x", b"no")]
    given = packed(tmp_path / "a", [*((folder + name, data) for name, data in index.items()), *extra], mode)
    store = ReferenceStore(tmp_path / "store")

    assert is_archive(given.path)
    found = index_program(given)
    made, again = of(store.unpacked(given, found)), of(store.unpacked(given, found))

    assert found.program.name == "bwa"
    assert (made.contigs, made.bases, made.made_now, again.made_now) == (2, 530, True, False)
    names = {path.name for path in made.prefix.parent.iterdir()}
    assert names == {"manifest.json", *(f"index.{ending}" for ending in ENDINGS)}
    assert Path(f"{made.prefix}.bwt").read_bytes() == index["genome.fa.bwt"]
    assert not any("cron" in str(path) for path in tmp_path.rglob("*"))


def test_the_files_of_an_index_of_bwa_mem2_are_known_by_their_names(
    tmp_path: Path, index: dict[str, bytes]
) -> None:
    """The names are those that `bwa-mem2 index` is documented to write; .amb, .ann and .pac are the same files as bwa's."""
    common = [(name, data) for name, data in index.items() if not name.endswith((".bwt", ".sa"))]
    given = packed(
        tmp_path / "a", [*common, ("genome.fa.0123", b"text"), ("genome.fa.bwt.2bit.64", b"index")]
    )

    found = index_program(given)
    made = of(ReferenceStore(tmp_path / "store").unpacked(given, found))

    assert found.program.name == "bwa-mem2"
    assert (made.contigs, made.bases) == (2, 530)
    assert Path(f"{made.prefix}.0123").read_bytes() == b"text"
    assert Path(f"{made.prefix}.bwt.2bit.64").read_bytes() == b"index"


def test_an_index_that_was_changed_on_the_disk_is_unpacked_anew(
    tmp_path: Path, index: dict[str, bytes]
) -> None:
    given = packed(tmp_path / "a", list(index.items()))
    store, found = ReferenceStore(tmp_path / "store"), index_program(given)
    made = of(store.unpacked(given, found))
    Path(f"{made.prefix}.pac").write_bytes(b"something else")

    assert of(store.unpacked(given, found)).made_now
    assert Path(f"{made.prefix}.pac").read_bytes() == index["genome.fa.pac"]


def test_what_is_no_whole_index_is_refused(tmp_path: Path, index: dict[str, bytes]) -> None:
    whole = list(index.items())
    wrong = {
        "no whole index": whole[:-1],
        "several references": [*whole, *((f"other.{name}", data) for name, data in whole)],
        "twice": [*whole, whole[0]],
        "more than": [(f"{number}.txt", b"") for number in range(1100)],
    }
    for number, (words, members) in enumerate(wrong.items()):
        with pytest.raises(InputError, match=words):
            index_program(packed(tmp_path / str(number), members))


def test_links_and_files_that_do_not_belong_together_are_refused(
    tmp_path: Path, index: dict[str, bytes]
) -> None:
    links = tmp_path / "links"
    with tarfile.open(links, "w:gz") as archive:
        for name in index:
            link = tarfile.TarInfo(name)
            link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
            archive.addfile(link)
    with pytest.raises(InputError, match="no whole index"):
        index_program(JobInput(path=links, name="index.tar.gz"))

    mixed = packed(
        tmp_path / "mixed", [*list(index.items())[:3], ("genome.fa.pac", b"x"), ("genome.fa.sa", b"")]
    )
    with pytest.raises(InputError, match="do not belong together"):
        of(ReferenceStore(tmp_path / "store").unpacked(mixed, index_program(mixed)))
    assert not list((tmp_path / "store").glob("*.making"))


def test_a_torn_archive_is_said_to_be_one(tmp_path: Path, index: dict[str, bytes]) -> None:
    given = packed(tmp_path / "a", list(index.items()))
    given.path.write_bytes(given.path.read_bytes()[:-200])

    assert is_archive(given.path)
    with pytest.raises(InputError, match="damaged or cut off"):
        index_program(given)


def test_fasta_is_no_archive(tmp_path: Path) -> None:
    fasta = tmp_path / "a.fa"
    fasta.write_text(">chr1\n" + "ACGT" * 200)

    assert not is_archive(fasta)

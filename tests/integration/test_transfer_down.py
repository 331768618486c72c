"""Downloads from a real server: resumable, checked before the file gets its name, and never outside the folder."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import RunningServer, start_server
from tests.network import faulty_proxy
from tests.transfers import Client, connected, content, made, sha256

from zerosec_client.errors import LocalFileError, NotFoundError, ServerUnreachableError
from zerosec_client.transfer import TransferProgress, download, inside, upload
from zerosec_shared.files import DownloadRequest, FileRecord
from zerosec_shared.ids import new_id

RANGE = 16 * 1024**2
SIZE = 3 * RANGE + 1234


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    running = start_server(tmp_path_factory.mktemp("downloads"))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("source") / "data.bin", SIZE)


async def stored(client: Client, source: Path) -> FileRecord:
    return await upload(client.api, source, record=client.record)


async def fetched(client: Client, file: FileRecord, to: Path, *, handover: bool = False) -> None:
    await download(client.api, DownloadRequest(sha256=file.sha256), to, handover=handover, patience_s=0.0)


def left(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir() if not entry.name.startswith("outbox"))


async def test_a_download_goes_on_where_it_broke(server: RunningServer, source: Path, tmp_path: Path) -> None:
    with faulty_proxy(server.url) as proxy:
        async with connected(server, tmp_path, url=proxy.url) as client:
            file = await stored(client, source)
            proxy.faults.cut_after_down_bytes = RANGE + RANGE // 2
            with pytest.raises(ServerUnreachableError):
                await fetched(client, file, tmp_path / "back")
            kept = json.loads((tmp_path / "back.part.json").read_text())["spans"]
            come = sum(end - start for start, end in kept)
            assert RANGE <= come < SIZE
            assert not (tmp_path / "back").exists()
            seen: list[TransferProgress] = []
            await download(
                client.api,
                DownloadRequest(sha256=file.sha256),
                tmp_path / "back",
                handover=False,
                progress=seen.append,
            )
    assert next(told.done_bytes for told in seen if told.done_bytes) >= come
    assert sha256((tmp_path / "back").read_bytes()) == file.sha256
    assert left(tmp_path) == ["back"]


@pytest.mark.parametrize("handover", [False, True])
async def test_a_file_that_is_there_is_replaced_only_by_a_whole_one(
    server: RunningServer, source: Path, tmp_path: Path, handover: bool
) -> None:
    (tmp_path / "back").write_text("precious")
    async with connected(server, tmp_path) as client:
        file = await stored(client, source)
        with pytest.raises(NotFoundError):
            await download(client.api, DownloadRequest(sha256=sha256(b"none")), tmp_path / "back")
        assert (tmp_path / "back").read_text() == "precious"
        await fetched(client, file, tmp_path / "back", handover=handover)
    assert sha256((tmp_path / "back").read_bytes()) == file.sha256


async def test_a_damaged_part_file_is_noticed_and_fetched_anew(
    server: RunningServer, source: Path, tmp_path: Path
) -> None:
    async with connected(server, tmp_path) as client:
        file = await stored(client, source)
        (tmp_path / "back.part").write_bytes(bytes(SIZE))
        identity = {"sha256": file.sha256, "size_bytes": SIZE}
        (tmp_path / "back.part.json").write_text(json.dumps({"of": identity, "spans": [[0, RANGE]]}))
        await fetched(client, file, tmp_path / "back")
    assert sha256((tmp_path / "back").read_bytes()) == file.sha256
    assert left(tmp_path) == ["back"]


@pytest.mark.parametrize(
    "kept", ["", "{", '{"of": 1}', '{"of": {"sha256": "x", "size_bytes": 1}, "spans": [[0, 1]]}', "[]"]
)
async def test_a_record_of_other_bytes_is_not_believed(
    server: RunningServer, tmp_path: Path, kept: str
) -> None:
    async with connected(server, tmp_path) as client:
        file = await stored(client, made(tmp_path / "small", 1000, seed=5))
        (tmp_path / "back.part").write_bytes(bytes(2000))
        (tmp_path / "back.part.json").write_text(kept)
        await fetched(client, file, tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == content(1000, 5)


async def test_bytes_that_are_damaged_in_the_store_never_get_a_name(
    server: RunningServer, tmp_path: Path
) -> None:
    async with connected(server, tmp_path) as client:
        file = await stored(client, made(tmp_path / "small", 1000, seed=6))
        blob = server.data_dir / "storage" / "files" / file.sha256[:2] / file.sha256
        blob.chmod(0o600)
        blob.write_bytes(bytes(1000))
        for handover in (False, True):
            with pytest.raises(LocalFileError, match="did not arrive intact"):
                await fetched(client, file, tmp_path / "back", handover=handover)
    assert left(tmp_path) == ["small"]


async def test_a_cancelled_download_leaves_the_name_free_and_can_go_on(
    server: RunningServer, source: Path, tmp_path: Path
) -> None:
    with faulty_proxy(server.url) as proxy:
        async with connected(server, tmp_path, url=proxy.url) as client:
            file = await stored(client, source)
            proxy.faults.black_hole = False
            proxy.faults.seen.clear()
            some = asyncio.Event()

            def watch(progress: TransferProgress) -> None:
                if progress.done_bytes:
                    proxy.faults.black_hole = True
                    some.set()

            request = DownloadRequest(sha256=file.sha256)
            job = asyncio.create_task(
                download(client.api, request, tmp_path / "back", handover=False, progress=watch)
            )
            await some.wait()
            job.cancel()
            await asyncio.gather(job, return_exceptions=True)
            proxy.faults.black_hole = False
            proxy.cut()
            await fetched(client, file, tmp_path / "back")
    assert sha256((tmp_path / "back").read_bytes()) == file.sha256


async def test_what_cannot_be_written_is_told_in_words(server: RunningServer, tmp_path: Path) -> None:
    async with connected(server, tmp_path) as client:
        file = await stored(client, made(tmp_path / "small", 1000, seed=7))
        (tmp_path / "folder").mkdir()
        for handover in (False, True):
            with pytest.raises(LocalFileError, match="written"):
                await fetched(client, file, tmp_path / "folder", handover=handover)
            with pytest.raises(LocalFileError, match="written"):
                await fetched(client, file, tmp_path / "small" / "below", handover=handover)


async def test_neither_or_both_ways_to_name_a_file_are_refused(server: RunningServer, tmp_path: Path) -> None:
    from zerosec_client.errors import ValidationFailedError

    async with connected(server, tmp_path) as client:
        for request in (
            DownloadRequest(),
            DownloadRequest(job_id=new_id()),
            DownloadRequest(sha256="0" * 64, job_id=new_id(), path="a"),
        ):
            with pytest.raises(ValidationFailedError):
                await client.api.presign_download(request)
        with pytest.raises(NotFoundError):
            await client.api.presign_download(DownloadRequest(job_id=new_id(), path="a/b.csv"))


@given(
    st.text(min_size=1, max_size=30)
    | st.lists(st.sampled_from(["..", ".", "", "a", "C:", "con", "nul.txt", "b "])).map("/".join)
)
def test_no_path_leads_out_of_the_folder(relative: str) -> None:
    folder = Path("results").resolve()
    try:
        target = inside(folder, relative)
    except LocalFileError:
        return
    assert target.is_relative_to(folder)
    assert target != folder
    assert ".." not in target.parts


@pytest.mark.parametrize(
    "relative",
    ["../x", "/etc/passwd", "a/../../x", "a\\..\\x", "C:/x", "a//b", "con", "aux.txt", "a\x00b", "x."],
)
def test_hostile_paths_are_refused(tmp_path: Path, relative: str) -> None:
    with pytest.raises(LocalFileError, match="would not lie in your folder"):
        inside(tmp_path, relative)


def test_a_link_in_the_folder_does_not_lead_out(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "away").symlink_to("/")
    with pytest.raises(LocalFileError):
        inside(tmp_path / "out", "away/file")


def test_folders_are_kept(tmp_path: Path) -> None:
    assert inside(tmp_path, "plots/残差.png") == tmp_path / "plots" / "残差.png"

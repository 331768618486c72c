"""Signed URLs of a real server: they move exactly the bytes they name, and refuse everything else in problem+json."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from tests.conftest import RunningServer
from tests.transfers import RawAnswer, connected, content, made, opened, raw, ticket_for

from zerosec_client.transfer import upload
from zerosec_shared.files import DownloadRequest, PartRequest, PartsRequest

DATA = content(100_000)


def code_of(answer: RawAnswer) -> str:
    assert answer.headers["content-type"] == "application/problem+json"
    code = json.loads(answer.body)["code"]
    assert isinstance(code, str)
    return code


async def part_url(server: RunningServer, folder: Path, data: bytes = DATA) -> str:
    async with connected(server, folder) as client:
        ticket = await opened(client, len(data))
        return (await ticket_for(client, ticket.upload_id, 1, data)).url


async def blob_url(server: RunningServer, folder: Path, name: str | None = None) -> str:
    async with connected(server, folder) as client:
        file = await upload(client.api, made(folder / "data", len(DATA)), record=client.record)
        return (await client.api.presign_download(DownloadRequest(sha256=file.sha256, name=name))).url


def altered(url: str, **fields: str) -> str:
    parts = urlsplit(url)
    return parts._replace(
        query=urlencode({**dict(parse_qsl(parts.query, keep_blank_values=True)), **fields})
    ).geturl()


async def test_a_part_goes_up_without_a_token_and_again_with_the_same_answer(
    shared_server: RunningServer, tmp_path: Path
) -> None:
    url = await part_url(shared_server, tmp_path)
    first, second = (raw(shared_server, "PUT", url, DATA) for _ in range(2))
    assert (first.status, second.status) == (200, 200)
    assert first.body == second.body


async def test_the_wrong_length_is_refused_before_anything_is_read(
    shared_server: RunningServer, tmp_path: Path
) -> None:
    url = await part_url(shared_server, tmp_path)
    for body in (DATA[:-1], DATA + b"x", b""):
        answer = raw(shared_server, "PUT", url, body)
        assert (answer.status, code_of(answer)) == (422, "size_mismatch")
        assert answer.headers["connection"] == "close"
    chunked = raw(shared_server, "PUT", url, None, {"Transfer-Encoding": "chunked"})
    assert (chunked.status, code_of(chunked)) == (422, "size_mismatch")


async def test_wrong_bytes_are_not_kept(shared_server: RunningServer, tmp_path: Path) -> None:
    async with connected(shared_server, tmp_path) as client:
        ticket = await opened(client, len(DATA))
        part = await ticket_for(client, ticket.upload_id, 1, DATA)
        answer = raw(shared_server, "PUT", part.url, bytes(len(DATA)))
        assert (answer.status, code_of(answer)) == (422, "checksum_mismatch")
        assert ticket.upload_id
        assert (await client.api.presign_parts(ticket.upload_id, PartsRequest())).stored_parts == ()


@pytest.mark.parametrize("field", ["size_bytes", "crc32", "expires", "signature"])
async def test_an_altered_url_is_refused(shared_server: RunningServer, tmp_path: Path, field: str) -> None:
    url = await part_url(shared_server, tmp_path)
    answer = raw(shared_server, "PUT", altered(url, **{field: "1"}), DATA)
    assert (answer.status, code_of(answer)) == (403, "forbidden")
    other_part = url.replace("/1?", "/2?")
    assert raw(shared_server, "PUT", other_part, DATA).status == 403


async def test_an_expired_url_says_so(server_factory: Callable[..., RunningServer], tmp_path: Path) -> None:
    server = server_factory(url_ttl_s="0.001")
    url = await part_url(server, tmp_path)
    expires = int(dict(parse_qsl(urlsplit(url).query))["expires"])
    while time.time() < expires:
        pass
    answer = raw(server, "PUT", url, DATA)
    assert (answer.status, code_of(answer)) == (403, "url_expired")


async def test_ranges_of_a_blob(shared_server: RunningServer, tmp_path: Path) -> None:
    url = await blob_url(shared_server, tmp_path, "結果 1.csv")
    whole = raw(shared_server, "GET", url)
    assert (whole.status, whole.body) == (200, DATA)
    assert whole.headers["content-disposition"] == "attachment; filename*=UTF-8''%E7%B5%90%E6%9E%9C%201.csv"
    size = len(DATA)
    for header, start, end in [
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        (f"bytes={size - 1}-", size - 1, size),
        ("bytes=-7", size - 7, size),
        ("bytes=5-99999999", 5, size),
        ("bytes=-99999999", 0, size),
    ]:
        answer = raw(shared_server, "GET", url, headers={"Range": header})
        assert (answer.status, answer.body) == (206, DATA[start:end])
        assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{size}"
    for header in (f"bytes={size}-", "bytes=-0"):
        answer = raw(shared_server, "GET", url, headers={"Range": header})
        assert (answer.status, answer.headers["content-range"]) == (416, f"bytes */{size}")
    for header in ("bytes=-", "bytes=1-2,5-6", "lines=1-2", "bytes=x-"):
        assert raw(shared_server, "GET", url, headers={"Range": header}).status == 200


async def test_a_blob_is_known_by_its_etag(shared_server: RunningServer, tmp_path: Path) -> None:
    url = await blob_url(shared_server, tmp_path)
    head = raw(shared_server, "HEAD", url)
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", str(len(DATA)))
    etag = head.headers["etag"]
    assert raw(shared_server, "GET", url, headers={"If-None-Match": etag}).status == 304
    part = {"Range": "bytes=0-9"}
    assert raw(shared_server, "GET", url, headers={**part, "If-Range": etag}).status == 206
    assert raw(shared_server, "GET", url, headers={**part, "If-Range": '"other"'}).status == 200


async def test_a_download_url_gives_no_other_blob(shared_server: RunningServer, tmp_path: Path) -> None:
    url = await blob_url(shared_server, tmp_path)
    assert raw(shared_server, "GET", altered(url, name="x")).status == 403
    assert raw(shared_server, "GET", altered(url, expires="99999999999")).status == 403
    assert raw(shared_server, "GET", url.replace("/files/", "/artifacts/")).status == 403
    assert raw(shared_server, "PUT", url, b"").status in {403, 405}


async def test_parts_that_do_not_exist_get_no_ticket(shared_server: RunningServer, tmp_path: Path) -> None:
    from zerosec_client.errors import FileRefusedError, NotFoundError

    async with connected(shared_server, tmp_path) as client:
        ticket = await opened(client, 10)
        asked = PartsRequest(parts=(PartRequest(part_number=2, crc32="00000000"),))
        with pytest.raises(FileRefusedError):
            await client.api.presign_parts(ticket.upload_id or "", asked)
        for unknown in ("0" * 36, "x", "..%2F..%2Fetc"):
            with pytest.raises(NotFoundError):
                await client.api.presign_parts(unknown, asked)

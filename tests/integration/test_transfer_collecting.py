"""Files that nothing refers to go after their time; what a job uses, or somebody brought again, stays."""

import sqlite3
import threading
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import httpx2
from tests.api_calls import connect, job_request, store_file
from tests.conftest import RunningServer
from tests.transfers import PART, SMALL_PARTS

from zerosec_server.storage.base import file_key

YEAR = {"year": 366 * 86400}


def stored(server: RunningServer, file: dict[str, str]) -> bool:
    return (server.data_dir / "storage" / file_key(file["sha256"])).exists()


def years_pass(server: RunningServer) -> None:
    """What a stopped server holds is a year older."""
    with closing(sqlite3.connect(server.data_dir / "zerosec.db")) as database, database:
        database.execute("UPDATE files SET created_at = created_at - :year", YEAR)
        database.execute(
            "UPDATE uploads SET created_at = created_at - :year, expires_at = expires_at - :year", YEAR
        )


def test_uploads_that_nobody_went_on_with_are_collected(server_factory: Callable[..., RunningServer]) -> None:
    server = server_factory(**SMALL_PARTS)
    with connect(server) as api:
        abandoned = begun_upload(api)
    folder = server.data_dir / "storage" / "uploads"
    assert names_in(folder) == [abandoned]
    server.stop()
    years_pass(server)
    again = server_factory(server.data_dir, **SMALL_PARTS)
    with connect(again) as api:
        fresh = begun_upload(api)
        assert becomes(lambda: names_in(folder) == [fresh])


def begun_upload(api: httpx2.Client) -> str:
    """One part of two has arrived."""
    answer = api.post("presign/upload", json={"size_bytes": 2 * PART, "name": "data.bin"})
    upload_id: str = answer.raise_for_status().json()["upload_id"]
    asked = {"parts": [{"part_number": 1, "crc32": f"{zlib.crc32(bytes(PART)):08x}"}]}
    answer = api.post(f"presign/upload/{upload_id}/parts", json=asked)
    (ticket,) = answer.raise_for_status().json()["tickets"]
    url = api.base_url.join(ticket["url"])
    api.put(url, content=bytes(PART), headers=ticket["headers"]).raise_for_status()
    return upload_id


def names_in(folder: Path) -> list[str]:
    return [entry.name for entry in folder.iterdir()]


def test_only_files_that_nothing_uses_are_collected(server_factory: Callable[..., RunningServer]) -> None:
    server = server_factory()
    with connect(server) as api:
        used, unused = store_file(api, b"used"), store_file(api, b"unused")
        named = store_file(api, b">chr1\nACGT\n", "named.fa")
        reference = {"name": "named", "genome_build": "toy1", "file_name": "named.fa"}
        api.post("references", json={**reference, "sha256": named["sha256"]}).raise_for_status()
        body = job_request()
        body["run"]["inputs"] = {"data": [used]}
        api.post("jobs", json=body).raise_for_status()
    server.stop()
    years_pass(server)
    again = server_factory(server.data_dir)
    with connect(again) as api:
        fresh = store_file(api, b"fresh")  # a call that looks after old files
        assert becomes(lambda: not stored(again, unused))
        assert stored(again, used)
        assert stored(again, named)
        assert stored(again, fresh)
        body = job_request()
        body["run"]["inputs"] = {"data": [unused]}
        assert api.post("jobs", json=body).json()["code"] == "file_missing"
        assert store_file(api, b"unused") == unused
        assert stored(again, unused)
        assert api.post("jobs", json=body).status_code < 300


def test_a_file_that_is_brought_again_counts_as_new(server_factory: Callable[..., RunningServer]) -> None:
    server = server_factory()
    with connect(server) as api:
        old, brought = store_file(api, b"old"), store_file(api, b"brought again")
    server.stop()
    years_pass(server)
    again = server_factory(server.data_dir)
    with connect(again) as api:
        assert store_file(api, b"brought again") == brought
        assert becomes(lambda: not stored(again, old))
        assert stored(again, brought)


def test_the_input_files_of_a_deleted_run_go_unless_another_run_uses_them(
    server_factory: Callable[..., RunningServer],
) -> None:
    server = server_factory()
    with connect(server) as api:
        own, common = store_file(api, b"of one run"), store_file(api, b"of two runs")
        for files in ([own, common], [common]):
            body = job_request()
            body["run"]["inputs"] = {"data": files}
            api.post("jobs", json=body, headers={"Prefer": "wait=30"}).raise_for_status()
            if own in files:
                deleted, request = body["run"]["id"], body
        assert api.delete(f"runs/{deleted}").status_code == 204
    server.stop()
    years_pass(server)
    again = server_factory(server.data_dir)
    with connect(again) as api:
        store_file(api, b"fresh")  # a call that looks after old files
        assert becomes(lambda: not stored(again, own))
        assert stored(again, common)
        assert api.get(f"runs/{deleted}").status_code == 404
        assert api.post("jobs", json=request).json()["code"] == "conflict", "a deleted run's id stays taken"


def becomes(condition: Callable[[], bool]) -> bool:
    for _ in range(1200):
        if condition():
            return True
        threading.Event().wait(0.05)
    return False

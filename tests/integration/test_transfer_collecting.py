"""Files that nothing refers to go after their time; what a job uses, or somebody brought again, stays."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing

from tests.api_calls import connect, job_request, store_file
from tests.conftest import RunningServer

from zerosec_server.storage.base import file_key


def stored(server: RunningServer, file: dict[str, str]) -> bool:
    return (server.data_dir / "storage" / file_key(file["sha256"])).exists()


def test_only_files_that_nothing_uses_are_collected(server_factory: Callable[..., RunningServer]) -> None:
    server = server_factory(upload_ttl_s="0.01")
    with connect(server) as api:
        used, unused = store_file(api, b"used"), store_file(api, b"unused")
        named = store_file(api, b">chr1\nACGT\n", "named.fa")
        reference = {"name": "named", "genome_build": "toy1", "file_name": "named.fa"}
        api.post("references", json={**reference, "sha256": named["sha256"]}).raise_for_status()
        body = job_request()
        body["run"]["inputs"] = {"data": [used]}
        api.post("jobs", json=body).raise_for_status()
    server.stop()
    again = server_factory(server.data_dir, unreferenced_file_ttl_s="0.001")
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
    server = server_factory(upload_ttl_s="0.01")
    with connect(server) as api:
        old, brought = store_file(api, b"old"), store_file(api, b"brought again")
    server.stop()
    with closing(sqlite3.connect(server.data_dir / "zerosec.db")) as database, database:
        database.execute("UPDATE files SET created_at = created_at - 7200")
    again = server_factory(server.data_dir, unreferenced_file_ttl_s="3600")
    with connect(again) as api:
        assert store_file(api, b"brought again") == brought
        assert becomes(lambda: not stored(again, old))
        assert stored(again, brought)


def test_the_input_files_of_a_deleted_run_go_unless_another_run_uses_them(
    server_factory: Callable[..., RunningServer],
) -> None:
    server = server_factory(upload_ttl_s="0.01")
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
    again = server_factory(server.data_dir, unreferenced_file_ttl_s="0.001")
    with connect(again) as api:
        store_file(api, b"fresh")  # a call that looks after old files
        assert becomes(lambda: not stored(again, own))
        assert stored(again, common)
        assert api.get(f"runs/{deleted}").status_code == 404
        assert api.post("jobs", json=request).json()["code"] == "conflict", "a deleted run's id stays taken"


def becomes(condition: Callable[[], bool]) -> bool:
    for _ in range(200):
        if condition():
            return True
        threading.Event().wait(0.05)
    return False

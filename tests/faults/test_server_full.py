"""A data folder without a byte left: what was accepted ends once, what cannot be kept is refused with words, and then all is well."""

import hashlib
import io
import os
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.api_calls import connect, store_file
from tests.conftest import RunningServer
from tests.faults.jobs import Barrier, Jobs, eventually
from tests.faults.results import new_project, rows_read, state_of
from tests.step_calls import make_run
from zerosec_shared.ids import new_id

pytestmark = pytest.mark.faults

MIB = 1024**2
SETTINGS = {"lease_ttl_s": "4", "retry_delay_s": "0.1", "slots": "1", "storage_reserve_bytes": "0"}


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("this machine lets nobody mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path, leave_bytes: int = 0) -> Path:
    """Write one file until the disk is full but for so much."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as target:
        left = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize - leave_bytes
        while left > 0:
            try:
                left -= target.write(b"\x01" * min(left, 65536))
            except OSError:
                break
    return filler


def test_results_that_do_not_fit_fail_the_job_with_words(
    server_factory: Callable[..., RunningServer], small: Path
) -> None:
    jobs = Jobs(server_factory(small / "data", **SETTINGS))
    jobs.still_works()
    filler = fill(small, leave_bytes=12 * MIB)

    job = jobs.ended(jobs.submit("noop", files=2, file_bytes=4 * MIB))  # fits as output, not a second time

    assert job["status"] == "failed"
    assert job["failure"]["code"] in {"storage_full", "workspace_full"}
    assert "full" in job["failure"]["title"]
    filler.unlink()
    again = jobs.ended(jobs.submit("noop", files=2, file_bytes=4 * MIB))
    assert again["status"] == "succeeded"
    jobs.server.stop()


def test_an_archive_that_does_not_fit_unpacked_is_refused_with_words_and_leaves_nothing(
    server_factory: Callable[..., RunningServer], small: Path
) -> None:
    server = server_factory(small / "data", **SETTINGS)
    with connect(server) as api:
        run = make_run(api, b"ax\n")
        record = api.get(f"runs/{run}/export", params={"content": "record"}).raise_for_status().content
        large = os.urandom(10 * MIB)
        before, now = (hashlib.sha256(content).hexdigest().encode() for content in (b"ax\n", large))
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("run.json", record.replace(before, now))
            archive.writestr(f"inputs/{now.decode()}", large)
        request = {"run_id": str(new_id()), "file": store_file(api, packed.getvalue())["sha256"]}
        filler = fill(small, leave_bytes=5 * MIB)
        left_bytes = os.statvfs(small).f_bavail

        refused = api.post("runs/import", json=request)

        assert (refused.status_code, refused.json()["code"]) == (507, "storage_full")
        assert os.statvfs(small).f_bavail >= left_bytes - MIB // os.statvfs(small).f_frsize
        filler.unlink()
        assert api.post("runs/import", json=request).status_code == 201
    server.stop()


def test_a_database_that_cannot_grow_refuses_submits_and_keeps_what_it_accepted(
    server_factory: Callable[..., RunningServer], small: Path, tmp_path: Path
) -> None:
    jobs = Jobs(server_factory(small / "data", **SETTINGS))
    barrier = Barrier(tmp_path / "barrier")
    running = jobs.submit(barrier=str(barrier.folder))
    child = barrier.reached()
    waiting = jobs.submit("noop")
    filler = fill(small)

    refused = [_submit(jobs, "x" * 100_000) for _ in range(2)]
    barrier.open()
    eventually(lambda: not psutil.pid_exists(child))
    filler.unlink()

    assert {status for status, _ in refused} <= {503, 507}
    assert b"Traceback" not in b"".join(body for _, body in refused)
    assert jobs.ended(running)["status"] in {"succeeded", "failed"}
    assert jobs.ended(waiting)["status"] == "succeeded"
    assert len(jobs.get("/jobs")["items"]) == 2
    jobs.still_works()
    jobs.server.stop()


def test_an_import_and_a_backup_that_do_not_fit_change_nothing(
    server_factory: Callable[..., RunningServer], small: Path
) -> None:
    server = server_factory(small / "data", **SETTINGS)
    with connect(server) as api:
        project, job = new_project(api), rows_read(api, 3000)
        body = {"id": str(new_id()), "job_id": job, "revision": 0}
        filler = fill(small)

        refused = [
            api.post(f"projects/{project}/imports", json=body),
            api.post(f"projects/{project}/backups"),
        ]

        assert {each.status_code for each in refused} <= {503, 507}
        assert state_of(api, project) == (0, 0)
        filler.unlink()
        assert api.get(f"projects/{project}/backups").json() == []
        assert not list((small / "data" / "backups").rglob("*.part"))
        assert api.post(f"projects/{project}/imports", json=body).status_code == 201
        assert state_of(api, project) == (1, 3000)
        assert api.post(f"projects/{project}/backups").status_code == 201
    server.stop()


def _submit(jobs: Jobs, ballast: str) -> tuple[int, bytes]:
    parameters: dict[str, Any] = {"barrier": ballast}
    run = {"id": str(new_id()), "analysis": "faulty", "name": "too late", "parameters": parameters}
    return jobs.call("POST", "/jobs", {"id": str(new_id()), "run": run})

"""kill -9 of the server in the middle of an import, an undo, a restore and a backup: all or nothing, and asked again, done once."""

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.api_calls import connect
from tests.conftest import RunningServer
from tests.faults.jobs import Jobs, eventually
from tests.faults.results import new_project, rows_read, state_of
from zerosec_shared.ids import new_id

pytestmark = pytest.mark.faults

ROWS = 3000


@pytest.fixture
def jobs(server_factory: Callable[..., RunningServer]) -> Jobs:
    return Jobs(server_factory())


@pytest.fixture
def api(jobs: Jobs) -> Iterator[httpx2.Client]:
    with connect(jobs.server) as client:
        yield client


def killed_while_writing(jobs: Jobs, path: str, body: dict[str, Any]) -> None:
    """Send a request, and kill the process that serves it once it has begun to write to the database's log."""
    log = Path(jobs.server.data_dir / "zerosec.db-wal")
    process = jobs.process("api")
    before = log.stat().st_size, log.stat().st_mtime_ns

    def ask() -> None:
        with connect(jobs.server) as client, suppress(httpx2.TransportError):
            client.post(path, json=body)

    asking = threading.Thread(target=ask)
    asking.start()
    eventually(lambda: (log.stat().st_size, log.stat().st_mtime_ns) != before or not asking.is_alive())
    process.kill()
    asking.join()
    eventually(lambda: jobs.process("api").pid != process.pid)


def again(api: httpx2.Client, path: str, body: dict[str, Any]) -> httpx2.Response:
    """The same request once more, as a client sends it until it has an answer."""

    def sent() -> httpx2.Response | None:
        with suppress(httpx2.TransportError):
            return api.post(path, json=body)
        return None

    found = eventually(sent)
    assert found is not None
    return found


def test_an_import_an_undo_and_a_restore_are_whole_or_not_there_and_done_once(
    jobs: Jobs, api: httpx2.Client
) -> None:
    project, job = new_project(api), rows_read(api, ROWS)
    imported = {"id": str(new_id()), "job_id": job, "revision": 0}

    killed_while_writing(jobs, f"projects/{project}/imports", imported)

    answers = [again(api, f"projects/{project}/imports", imported) for _ in range(2)]
    assert [each.status_code for each in answers] in ([201, 200], [200, 200])
    assert answers[0].json() == answers[1].json()
    assert state_of(api, project) == (1, ROWS)

    backup = api.post(f"projects/{project}/backups").json()["id"]
    undo, path = {"id": str(new_id())}, f"projects/{project}/imports/{imported['id']}/undo"

    killed_while_writing(jobs, path, undo)

    assert again(api, path, undo).status_code in {200, 201}
    assert again(api, path, undo).status_code == 200
    assert state_of(api, project) == (2, 0)

    restore, path = {"id": str(new_id())}, f"projects/{project}/backups/{backup}/restore"

    killed_while_writing(jobs, path, restore)

    assert again(api, path, restore).status_code == 200
    assert again(api, path, restore).status_code == 200
    assert state_of(api, project) == (3, ROWS)
    kinds = [each["kind"] for each in api.get(f"projects/{project}/imports").json()]
    assert kinds == ["restore", "undo", "import"]


def test_a_backup_that_was_cut_off_is_not_there(jobs: Jobs, api: httpx2.Client) -> None:
    project, job = new_project(api), rows_read(api, ROWS)
    body = {"id": str(new_id()), "job_id": job, "revision": 0}
    assert api.post(f"projects/{project}/imports", json=body).status_code == 201
    folder, process = jobs.server.data_dir / "backups" / project, jobs.process("api")

    def ask() -> None:
        with connect(jobs.server) as client, suppress(httpx2.TransportError):
            client.post(f"projects/{project}/backups")

    asking = threading.Thread(target=ask)
    asking.start()
    eventually(lambda: list(folder.glob(".*.part")) if folder.is_dir() else False)
    process.kill()
    asking.join()

    eventually(lambda: jobs.process("api").pid != process.pid)
    made = again(api, f"projects/{project}/backups", {}).json()
    listed = api.get(f"projects/{project}/backups").json()
    assert made["id"] in {each["id"] for each in listed}
    # The server that was started anew may have made its daily one. Whatever is listed is whole.
    for each in listed:
        restored = again(api, f"projects/{project}/backups/{each['id']}/restore", {"id": str(new_id())})
        assert (restored.status_code, restored.json()["experiments"]) == (200, ROWS)

"""kill -9 of the client at every step of a submission: `zerosec resume` finishes it, as one job and no more."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command import Command, kill
from tests.conftest import RunningServer
from tests.network import FaultyProxy, faulty_proxy
from zerosec_client.outbox import Outbox, State

pytestmark = pytest.mark.faults


@pytest.fixture
def proxy(shared_server: RunningServer) -> Iterator[FaultyProxy]:
    with faulty_proxy(shared_server.url) as between:
        yield between


@pytest.fixture
def zerosec(tmp_path: Path, proxy: FaultyProxy, shared_server: RunningServer) -> Command:
    return Command(tmp_path / "client", url=proxy.url, token=shared_server.token)


def only_entry(zerosec: Command) -> tuple[str, State]:
    with Outbox(zerosec.client_dir / "outbox.db") as box:
        (entry,) = box.recent()
        return str(entry.intent.job_id), entry.state


@pytest.mark.parametrize(
    ("step", "state"),
    [
        (("request", b"POST /api/v1/presign/upload HTTP"), State.INTENDED),
        (("request", b"/complete HTTP"), State.INTENDED),
        (("reply", b"/complete HTTP"), State.INTENDED),
        (("request", b"POST /api/v1/jobs HTTP"), State.FROZEN),
        (("reply", b"POST /api/v1/jobs HTTP"), State.FROZEN),
        (("request", b"GET /api/v1/ws HTTP"), State.ACCEPTED),
        (("request", b"POST /api/v1/presign/download HTTP"), State.ACCEPTED),
        (("reply", b"POST /api/v1/presign/download HTTP"), State.ACCEPTED),
    ],
    ids=lambda value: (
        b" ".join(value[1].split()[:2]).decode() + f" ({value[0]})" if isinstance(value, tuple) else value
    ),
)
def test_a_client_killed_at_any_step_loses_nothing_and_doubles_nothing(
    step: tuple[str, bytes], state: State, tmp_path: Path, proxy: FaultyProxy, zerosec: Command
) -> None:
    side, marker = step
    data = tmp_path / "data.csv"
    data.write_text(f"x,y\n1,2\n{tmp_path},4\n")
    out = tmp_path / "out"
    if side == "request":
        proxy.faults.hold_requests_to = marker
    else:
        proxy.faults.hold_replies_to = marker

    process = zerosec.start(
        "run", "noop", str(data), "--files", "3", "--out", str(out), "--name", str(tmp_path)
    )
    proxy.wait_for(lambda faults: faults.held > 0, timeout_s=60)
    kill(process)
    job_id, reached = only_entry(zerosec)
    proxy.faults.hold_requests_to = proxy.faults.hold_replies_to = None
    resumed = zerosec("resume", "--wait", "--json")

    assert reached is state
    assert resumed.code == 0, resumed.err
    (told,) = resumed.json["resumed"]
    assert told["job_id"] == job_id
    assert told["status"] == "succeeded"
    assert told["metrics"] == {"files": 3, "input_0_bytes": data.stat().st_size}
    assert sorted(path.name for path in out.rglob("file*")) == ["file0.txt", "file1.txt", "file2.txt"]
    assert not list(out.rglob("*.part*"))
    assert only_entry(zerosec) == (job_id, State.DONE)
    listed = zerosec("jobs", "--json", "--limit", "1000").json["jobs"]
    assert [job["id"] for job in listed if job["run_name"] == str(tmp_path)] == [job_id]
    assert zerosec("resume", "--json").json == {"resumed": []}


def test_a_lost_reply_to_the_submit_gives_one_job(
    tmp_path: Path, proxy: FaultyProxy, zerosec: Command
) -> None:
    proxy.faults.drop_replies_to = b"POST /api/v1/jobs HTTP"

    done = zerosec("run", "noop", "--files", "1", "--out", "out", "--name", str(tmp_path), "--json")

    assert done.code == 0, done.err
    proxy.wait_for(lambda faults: faults.drop_replies_to is None)
    assert sum(line.startswith(b"POST /api/v1/jobs HTTP") for line in proxy.faults.seen) == 2
    listed = zerosec("jobs", "--json", "--limit", "1000").json["jobs"]
    assert [job["id"] for job in listed if job["run_name"] == str(tmp_path)] == [done.json["job_id"]]


def test_a_file_that_changed_after_run_was_pressed_is_not_computed_with(
    tmp_path: Path, proxy: FaultyProxy, zerosec: Command
) -> None:
    data = tmp_path / "data.csv"
    data.write_text("x,y\n1,2\n")
    proxy.faults.hold_requests_to = b"POST /api/v1/presign/upload HTTP"
    process = zerosec.start("run", "noop", str(data), "--out", "out")
    proxy.wait_for(lambda faults: faults.held > 0, timeout_s=60)
    kill(process)
    proxy.faults.hold_requests_to = None
    data.write_text("x,y\n1,2\n3,4\n")

    resumed = zerosec("resume", "--json")

    assert resumed.code == 5
    (told,) = resumed.json["resumed"]
    assert told["failure"]["code"] == "file_changed"
    assert only_entry(zerosec)[1] is State.REFUSED
    assert zerosec("resume", "--json").json == {"resumed": []}


def test_what_was_not_sent_is_told_by_the_next_command(
    tmp_path: Path, proxy: FaultyProxy, zerosec: Command
) -> None:
    proxy.faults.hold_requests_to = b"POST /api/v1/jobs HTTP"
    process = zerosec.start("run", "noop", "--out", "out", "--name", "Forgotten")
    proxy.wait_for(lambda faults: faults.held > 0, timeout_s=60)
    kill(process)
    proxy.faults.hold_requests_to = None

    listed = zerosec("jobs")

    assert "“Forgotten”" in listed.err
    assert "zerosec resume" in listed.err
    assert "not sent" in listed.out

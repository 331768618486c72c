"""What happens around a waiting `zerosec`: its server dies, its disk is full, its network is cut. The results still come home."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.command import Command, ended
from tests.conftest import RunningServer
from tests.network import faulty_proxy

pytestmark = pytest.mark.faults


@pytest.fixture
def barrier(tmp_path: Path) -> Path:
    folder = tmp_path / "barrier"
    folder.mkdir()
    return folder


def until_said(process: subprocess.Popen[str], line: str) -> None:
    assert process.stderr
    for said in process.stderr:
        if said.strip() == line:
            return
    raise AssertionError(f"“{line}” was never said")


@pytest.fixture
def bundled(tmp_path: Path) -> Iterator[Command]:
    command = Command(tmp_path / "client", data_dir=tmp_path / "data", ZEROSEC_LEASE_TTL_S="2")
    yield command
    assert command("server", "stop").code == 0


def test_a_bundled_server_killed_under_a_running_job_is_started_again_and_the_job_ends(
    tmp_path: Path, barrier: Path, bundled: Command
) -> None:
    process = bundled.start(
        "run", "faulty", "--fault", "none", "--barrier", str(barrier), "--out", "out", "--json"
    )
    until_said(process, "Running")
    first = bundled("server", "--json").json["pid"]

    tree = [psutil.Process(first), *psutil.Process(first).children(recursive=True)]
    os.kill(first, signal.SIGKILL)
    psutil.wait_procs(tree, timeout=120)
    (barrier / "go").touch()
    done = ended(process)

    assert done.code == 0, done.err
    assert (done.json["status"], done.json["metrics"]) == ("succeeded", {"survived": 1})
    assert bundled("server", "--json").json["pid"] != first


def test_a_network_that_is_cut_and_comes_back_costs_nothing(
    tmp_path: Path, barrier: Path, shared_server: RunningServer
) -> None:
    with faulty_proxy(shared_server.url) as proxy:
        zerosec = Command(tmp_path / "client", url=proxy.url, token=shared_server.token)
        process = zerosec.start(
            "run", "faulty", "--fault", "none", "--barrier", str(barrier), "--out", "out", "--json"
        )
        until_said(process, "Running")
        proxy.faults.refuse = True
        proxy.cut()
        until_said(process, "The server cannot be reached at the moment; the job is safe, still trying.")
        (barrier / "go").touch()
        proxy.faults.refuse = False
        done = ended(process)

    assert done.code == 0, done.err
    assert done.json["metrics"] == {"survived": 1}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    if os.name == "nt" or os.geteuid() != 0:
        pytest.skip("only the administrator may mount a small disk")
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)], check=False)
    if mounted.returncode != 0:
        pytest.skip("no small disk can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_said_and_the_results_are_fetched_elsewhere(
    tmp_path: Path, small_disk: Path, shared_server: RunningServer
) -> None:
    zerosec = Command(tmp_path / "client", data_dir=shared_server.data_dir)

    full = zerosec(
        "run", "noop", "--files", "2", "--file-bytes", "300000", "--out", str(small_disk / "out"), "--json"
    )
    fetched = zerosec("fetch", "last", "--out", "elsewhere", "--json")

    assert (full.code, full.json["failure"]["code"]) == (5, "no_space_left")
    assert full.json["job_id"] == fetched.json["job_id"]
    assert f"zerosec watch {full.json['job_id']}" in full.err
    assert fetched.code == 0
    assert [path.stat().st_size for path in (tmp_path / "elsewhere").rglob("file*.txt")] == [300000] * 2


def test_an_outbox_on_a_full_disk_sends_nothing(
    tmp_path: Path, small_disk: Path, shared_server: RunningServer
) -> None:
    with (small_disk / "ballast").open("wb") as ballast:
        size = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
        ballast.write(b"x" * size)
    zerosec = Command(small_disk / "client", data_dir=shared_server.data_dir)
    elsewhere = Command(tmp_path / "client", data_dir=shared_server.data_dir)

    refused = zerosec(
        "run", "noop", "--name", str(tmp_path), "--out", str(tmp_path / "out"), "--json", cwd=tmp_path
    )

    assert refused.code == 5
    assert "Nothing is sent without it" in refused.err
    listed = elsewhere("jobs", "--json", "--text", str(tmp_path)).json["jobs"]
    assert listed == []

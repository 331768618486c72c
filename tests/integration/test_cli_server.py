"""The bundled server as the command finds, starts and ends it; targets and their tokens."""

import json
import os
import signal
import stat
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from tests.command import Command, ended
from tests.conftest import RunningServer
from tests.faults.jobs import eventually

from zerosec_server.door import lock_folder


@pytest.fixture
def zerosec(tmp_path: Path) -> Iterator[Command]:
    """A command with a data folder in which no server runs yet."""
    command = Command(tmp_path / "client", data_dir=tmp_path / "data")
    yield command
    assert command("server", "stop").code == 0


def ended_or_unburied(pid: int) -> bool:
    """Ended; its entry may stay where the first process of a container buries nobody."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_a_run_starts_the_bundled_server_and_leaves_it_running(tmp_path: Path, zerosec: Command) -> None:
    before = zerosec("server", "--json").json

    done = zerosec("run", "noop", "--out", "out", "--json")

    assert before["running"] is False
    assert (done.code, done.json["status"]) == (0, "succeeded")
    after = zerosec("server", "status", "--json").json
    assert after["running"] is True
    assert after["status"]["jobs"]["succeeded"] == 1
    assert zerosec("server", "stop", "--json").json["stopped"] is True
    assert ended_or_unburied(after["pid"])
    assert zerosec("server", "--json").json["running"] is False


def test_commands_that_start_at_once_start_one_server(zerosec: Command) -> None:
    started = [zerosec.start("server", "start", "--json") for _ in range(3)]

    answers = [ended(process).json for process in started]

    assert len({answer["pid"] for answer in answers}) == 1
    assert all(answer["running"] for answer in answers)


def test_a_server_that_has_the_folder_and_is_not_ready_is_waited_for(
    tmp_path: Path, zerosec: Command
) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    held = lock_folder(folder / "server.lock")  # as one that ends holds it to its last moment
    try:
        starting = zerosec.start("server", "start", "--json")
        log = folder / "server.log"
        eventually(lambda: log.exists() and "Another server uses" in log.read_text())
        assert starting.poll() is None
    finally:
        os.close(held)

    assert ended(starting).json["running"] is True


def test_what_a_killed_server_left_behind_is_no_server(tmp_path: Path, zerosec: Command) -> None:
    first = zerosec("server", "start", "--json").json
    tree = [psutil.Process(first["pid"]), *psutil.Process(first["pid"]).children(recursive=True)]
    os.kill(first["pid"], signal.SIGKILL)
    psutil.wait_procs(tree, timeout=120)
    assert (tmp_path / "data" / "server.json").exists()
    half_done = tmp_path / "data" / "scratch" / "import-of-the-killed" / "part"
    half_done.parent.mkdir(parents=True)
    half_done.touch()

    gone = zerosec("server", "--json").json
    second = zerosec("server", "start", "--json").json

    assert gone["running"] is False
    assert second["running"] is True
    assert second["pid"] != first["pid"]
    assert not half_done.parent.exists()


def test_a_server_of_another_series_is_named_with_the_way_out(tmp_path: Path, zerosec: Command) -> None:
    zerosec("server", "start")
    site = tmp_path / "site"
    info = site / "zerosec_client-9.9.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: zerosec-client\nVersion: 9.9.0\n")
    newer = Command(zerosec.client_dir, data_dir=tmp_path / "data")
    newer.env["PYTHONPATH"] = f"{site}{os.pathsep}{newer.env['PYTHONPATH']}"

    done = newer("jobs", "--json")

    assert (done.code, done.json["failure"]["code"]) == (7, "version_mismatch")
    assert "zerosec server stop" in done.err


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    command = Command(
        tmp_path / "client", data_dir=tmp_path / "data", ZEROSEC_ANALYSIS_SPEC_MODULES='["no.such.module"]'
    )
    absent = Command(tmp_path / "client", data_dir=tmp_path / "data", ZEROSEC_SERVER=str(tmp_path / "none"))
    (tmp_path / "file").write_text("")
    nowhere = Command(tmp_path / "client", data_dir=tmp_path / "file")

    failed, missing, homeless = (each("jobs", "--json") for each in (command, absent, nowhere))

    assert (failed.code, failed.json["failure"]["code"]) == (3, "server_not_started")
    assert "server.log" in failed.json["failure"]["hint"]
    assert (missing.code, missing.json["failure"]["code"]) == (3, "server_not_started")
    assert homeless.code == 5


@pytest.mark.parametrize("left", [b"", b"\n", b"\xff\xfe", b"short"])
def test_a_token_that_is_none_any_more_is_replaced(tmp_path: Path, zerosec: Command, left: bytes) -> None:
    token = tmp_path / "data" / "token"
    token.parent.mkdir()
    token.write_bytes(left)

    done = zerosec("jobs", "--json")

    assert done.code == 0, done.err
    assert len(token.read_text().strip()) >= 32
    assert stat.S_IMODE(token.stat().st_mode) == 0o600


def test_a_token_that_vanished_under_a_running_server_is_told_with_the_way_out(
    tmp_path: Path, zerosec: Command
) -> None:
    zerosec("server", "start")
    (tmp_path / "data" / "token").unlink()

    lost = zerosec("jobs", "--json")
    zerosec("server", "stop")
    again = zerosec("jobs", "--json")

    assert lost.code == 3
    assert lost.json["failure"]["title"] == "The bundled server runs, but its token cannot be read."
    assert "zerosec server stop" in lost.json["failure"]["hint"]
    assert again.code == 0, again.err


def test_a_damaged_database_is_named_in_words(tmp_path: Path, zerosec: Command) -> None:
    damaged = tmp_path / "data" / "zerosec.db"
    damaged.parent.mkdir()
    damaged.write_bytes(b"\x07" * 20_000)

    done = zerosec("jobs", "--json")

    assert done.code == 3
    detail = done.json["failure"]["detail"]
    assert f"The database {damaged} cannot be used: file is not a database." in detail
    assert "sqlalchemy" not in done.out + done.err
    assert damaged.read_bytes() == b"\x07" * 20_000


def test_targets_and_resume_speak_japanese(tmp_path: Path, shared_server: RunningServer) -> None:
    japanese = Command(tmp_path / "client", data_dir=shared_server.data_dir, ZEROSEC_LANGUAGE="ja")

    added = japanese("targets", "add", "lab", "http://127.0.0.1:1").out
    listed = japanese("targets").out
    used = [japanese("targets", "use", name).out for name in ("lab", "this-computer")]
    removed = japanese("targets", "remove", "lab").out
    nothing = japanese("resume").out
    japanese("run", "noop", "--detach", "--out", "out")
    resumed = japanese("resume", "--wait")

    assert added.splitlines()[0] == "lab を登録しました。"
    assert added.splitlines()[1].startswith("今は利用できません：")
    assert [
        word
        for word in ("名前", "アドレス", "状態", "このコンピューター", "利用可能、")
        if word not in listed
    ] == []
    assert used == [
        "サーバーを指定しないときは lab を使います。\n",
        "サーバーを指定しないときは このコンピューター を使います。\n",
    ]
    assert removed == "lab の登録を消しました。\n"
    assert nothing == "残っている作業はありません。\n"
    assert resumed.out == f"Nothing：成功。結果は {tmp_path / 'out'} にあります\n"
    assert "ready" not in listed


def test_targets_are_remembered_with_their_tokens_apart(tmp_path: Path, shared_server: RunningServer) -> None:
    zerosec = Command(tmp_path / "client", data_dir=tmp_path / "data")
    token_file = shared_server.token_file

    added = zerosec(
        "targets", "add", "lab", shared_server.url, "--token-file", str(token_file), "--use", "--json"
    )
    listed = zerosec("targets", "--json").json
    done = zerosec("run", "noop", "--out", "out", "--json")
    removed = zerosec("targets", "remove", "lab")

    assert added.json["reachable"] is True
    assert listed["default"] == "lab"
    assert [(each["name"], each["reachable"]) for each in listed["targets"]] == [
        ("this-computer", False),
        ("lab", True),
    ]
    assert (done.json["status"], done.json["target"]) == ("succeeded", "lab")
    tokens = zerosec.client_dir / "tokens.json"
    assert stat.S_IMODE(tokens.stat().st_mode) == 0o600
    assert shared_server.token not in (zerosec.client_dir / "targets.json").read_text()
    assert removed.code == 0
    assert json.loads(tokens.read_text()) == {}
    assert zerosec("targets", "--json").json["default"] == "this-computer"
    assert zerosec("targets", "add", "this-computer", "http://x:1").code == 2
    assert zerosec("targets", "add", "lab", "ftp://x").code == 2

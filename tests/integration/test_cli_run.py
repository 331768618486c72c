"""The `zerosec` command against a real server: what it prints, leaves and returns."""

import hashlib
import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest
from tests.command import Command, ended
from tests.conftest import RunningServer

from zerosec_client.outbox import LocalInput, Outbox, State
from zerosec_shared.ids import new_id


@pytest.fixture
def zerosec(tmp_path: Path, shared_server: RunningServer) -> Command:
    return Command(tmp_path / "client", data_dir=shared_server.data_dir)


@pytest.fixture
def barrier(tmp_path: Path) -> Path:
    folder = tmp_path / "barrier"
    folder.mkdir()
    return folder


def test_a_run_brings_its_files_back_and_prints_one_json_object(tmp_path: Path, zerosec: Command) -> None:
    data = tmp_path / "測定 データ.csv"
    data.write_text("x,y\n1,2\n", encoding="utf-8")

    done = zerosec("run", "noop", "--files", "12", str(data), "--out", "out/deep", "--json", "--tag", "a b")

    assert done.code == 0, done.err
    told = done.json
    assert told["status"] == "succeeded"
    assert told["metrics"] == {"files": 12, "input_0_bytes": 8}
    assert told["failure"] is None
    assert told["warnings"] == []
    out = Path(told["out"])
    assert out == tmp_path / "out" / "deep"
    for artifact in told["artifacts"]:
        content = (out / artifact["path"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == artifact["sha256"]
    assert {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()} == {
        artifact["path"] for artifact in told["artifacts"]
    }
    assert "group1/file11.txt" in {artifact["path"] for artifact in told["artifacts"]}
    job = zerosec("jobs", "--json", "--text", data.name).json["jobs"][0]
    assert (job["id"], job["inputs"]["data"][0]["name"]) == (told["job_id"], data.name)


def test_without_json_a_person_reads_progress_and_the_result(tmp_path: Path, zerosec: Command) -> None:
    done = zerosec("run", "noop", "--files", "1", "--log-lines", "2", "--out", "out")

    assert done.code == 0
    assert done.out.splitlines()[0].startswith("Nothing: succeeded in ")
    assert "files  1" in done.out
    assert "group0/file0.txt" in done.out
    for line in ("Queued", "Running", "line 1", "Succeeded"):
        assert line in done.err.splitlines()


def test_without_a_folder_the_results_get_one_of_their_own(tmp_path: Path, zerosec: Command) -> None:
    (tmp_path / "noop").mkdir()

    done = zerosec("run", "noop", "--json", cwd=tmp_path)

    assert done.json["out"] == str(tmp_path / "noop-2")


def test_a_setting_that_has_no_effect_with_the_others_is_said_also_to_whoever_wants_no_progress(
    zerosec: Command,
) -> None:
    words = ("preview", "combinations", "--variables", "a=1", "--derived", "--quiet")

    done = zerosec(*words)

    assert done.code == 0, done.err
    assert done.err.splitlines() == [
        "--derived has no effect here: it applies only with --profile deburring."
    ]


def test_a_preview_tells_what_is_not_right_from_what_is_not_given_yet(
    tmp_path: Path, zerosec: Command
) -> None:
    data = tmp_path / "parts.csv"
    rows = "\n".join(f"{at},{'OK' if at % 3 else 'NG'}" for at in range(40))
    data.write_text(f"x,ok\n{rows}\n", encoding="utf-8")
    costs = ("--target", "ok", "--decision", "costs", "--ok-class", "OK", "--cost-false-ok", "-1")

    nothing = zerosec("preview", "classification", str(data))
    wrong = zerosec("preview", "classification", str(data), *costs)

    assert (nothing.code, "Choose “Target” first." in nothing.out) == (0, True), nothing.err
    assert (wrong.code, "“Cost of a false OK” is not right yet." in wrong.out) == (1, True), wrong.err


def test_a_failed_job_ends_with_1_and_says_why(zerosec: Command) -> None:
    done = zerosec("run", "faulty", "--fault", "bad_input", "--out", "out", "--json")

    assert done.code == 1
    assert done.json["status"] == "failed"
    assert done.json["failure"] == {
        "code": "input_invalid",
        "title": "The column y holds text.",
        "detail": "Row 7 reads “n/a”.",
        "hint": "Correct row 7 and try again.",
    }
    assert [artifact["path"] for artifact in done.json["artifacts"]] == ["log.txt"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("run", "nop"), "There is no analysis called “nop” here."),
        (("run", "linaer"), "Did you mean “linear” or “nonlinear”?"),
        (("run", "../jobs"), "There is no analysis called “../jobs” here."),
        (("run",), "Which analysis?"),
        (("run", "noop", "--fils", "3"), "Did you mean “--files”"),
        (("run", "noop", "--files", "three"), "--files takes a whole number, and “three” is not."),
        (("run", "noop", "--files", "-1"), "--files: This must be at least 0."),
        (("run", "faulty", "--fault", "nonsense"), "invalid choice: 'nonsense'"),
        (("run", "linear", "--target", "y"), "A file is missing: "),
        (("run", "linear", "--target", "y", "a.csv", "b.csv"), "one file, and 2 were given: a.csv, b.csv"),
        (
            ("run", "integration-sites", "--step", "cutadapt", "--reads2", "a2.fq", "b2.fq", "a1.fq"),
            "a2.fq, b2.fq, a1.fq were all taken for “Read 2”.",
        ),
        (("jobs", "--param", "genome"), "--param takes NAME=VALUE"),
        (("watch", "ffff"), "“ffff” is not the id of a job"),
        (("watch", "last"), "Nothing was submitted from here yet."),
        (("run", "noop", "--target-server", "lab"), "There is no target called “lab”."),
        (("nonsense",), "invalid choice: 'nonsense'"),
    ],
)
def test_what_makes_no_sense_ends_with_2_and_names_what_does(
    words: tuple[str, ...], sentence: str, zerosec: Command
) -> None:
    done = zerosec(*words, "--json")

    assert done.code == 2
    assert sentence in done.err
    assert done.json["status"] == "error"
    assert done.json["failure"]["title"]
    assert "Traceback" not in done.err


def test_files_and_folders_that_cannot_be_used_end_with_5_before_anything_is_sent(
    tmp_path: Path, zerosec: Command
) -> None:
    (tmp_path / "measured.csv").write_text("x\n1\n")
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine.txt").write_text("keep")
    cases = {
        ("measurd.csv", "out"): "In its folder there is: measured.csv.",
        ("nowhere/a.csv", "out"): "There is no file nowhere/a.csv.",
        (".", "out"): "is a folder, and a file is needed",
        ("measured.csv", "full"): "The folder full holds files already.",
        ("measured.csv", "measured.csv"): "is a file, and a folder is needed",
        ("measured.csv", "measured.csv/out"): "cannot be made or written",
    }

    for (data, out), sentence in cases.items():
        done = zerosec("run", "noop", data, "--out", out, "--json", cwd=tmp_path)
        assert (done.code, done.json["failure"]["code"]) == (5, "local_file")
        assert sentence in done.err

    named = ("integration-sites", "--step", "reference_index", "--reference", "GRCh38")
    done = zerosec("run", *named, "--json", cwd=tmp_path)
    assert (done.code, done.json["failure"]["code"]) == (5, "local_file")
    assert "If it is registered on the server, say @GRCh38" in done.err

    with Outbox(zerosec.client_dir / "outbox.db") as box:
        assert box.recent() == []
    assert (full / "mine.txt").read_text() == "keep"
    assert zerosec("run", "noop", "--out", "full", "--overwrite", "--files", "1", cwd=tmp_path).code == 0


@pytest.mark.skipif(os.name == "nt", reason="rights are other things there")
def test_missing_rights_are_said(tmp_path: Path, zerosec: Command) -> None:
    zerosec.as_one_with_no_special_rights()
    data = tmp_path / "data.csv"
    data.write_text("x\n1\n")
    data.chmod(0)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "data.csv").write_text("x\n1\n")
    hidden.chmod(0)

    no_file = zerosec("run", "noop", str(data), "--out", "out", "--json")
    no_way = zerosec("run", "noop", str(hidden / "data.csv"), "--out", "out", "--json")
    no_folder = zerosec("run", "noop", "--out", str(closed / "out"), "--json")
    hidden.chmod(0o700)

    assert (no_file.code, no_way.code, no_folder.code) == (5, 5, 5), no_way.err
    assert "no right to read" in no_file.err
    assert "no right to read" in no_way.err
    assert "no right to write" in no_folder.err


def test_a_server_that_is_not_there_ends_with_3(tmp_path: Path) -> None:
    away = Command(tmp_path / "client", url="http://127.0.0.1:9", token="x")

    done = away("targets", "list", "--json")
    run = away("analyses", "--json")

    assert done.code == 0
    assert done.json["targets"][1]["reachable"] is False
    assert run.code == 3
    assert run.json["failure"]["code"] == "server_unreachable"


def test_a_wrong_token_and_an_unknown_job_end_with_6(
    tmp_path: Path, zerosec: Command, shared_server: RunningServer
) -> None:
    stranger = Command(tmp_path / "stranger", url=shared_server.url, token="wrong")

    refused = stranger("jobs", "--json")
    unknown = zerosec("watch", "01a2007d-e7e5-797c-b153-c249a5ea8a8b", "--json")

    assert (refused.code, refused.json["failure"]["code"]) == (6, "unauthorized")
    assert (unknown.code, unknown.json["failure"]["code"]) == (6, "not_found")
    assert "wrong" not in refused.err + refused.out
    assert "does not accept the token" in refused.err
    assert "--token-file FILE" in refused.err
    tokenless = Command(tmp_path / "stranger", url=shared_server.url)("jobs", "--json")
    assert "wants a token, and none is known here" in tokenless.err


def test_ctrl_c_leaves_the_job_running_and_watch_brings_it_home(
    tmp_path: Path, barrier: Path, zerosec: Command
) -> None:
    process = zerosec.start(
        "run", "faulty", "--fault", "none", "--barrier", str(barrier), "--out", "out", "--json"
    )
    assert process.stderr
    for line in process.stderr:
        if line.strip() == "Running":
            break
    process.send_signal(signal.SIGINT)
    left = ended(process)

    assert left.code == 4
    assert left.json["status"] == "submitted"
    assert f"zerosec watch {left.json['job_id']}" in left.err
    early = zerosec("fetch", "last", "--out", "out", "--json")
    assert early.code == 2
    assert "has no results yet" in early.err
    (barrier / "go").touch()
    watched = zerosec("watch", "last", "--json")
    assert watched.code == 0
    assert watched.json["job_id"] == left.json["job_id"]
    assert watched.json["out"] == str(tmp_path / "out")
    assert {each["path"] for each in watched.json["artifacts"]} == {
        path.name for path in (tmp_path / "out").iterdir()
    }
    with Outbox(zerosec.client_dir / "outbox.db") as box:
        assert box.recent()[0].state is State.DONE


def test_a_cancelled_job_ends_with_4(tmp_path: Path, barrier: Path, zerosec: Command) -> None:
    submitted = zerosec(
        "run", "faulty", "--fault", "none", "--barrier", str(barrier), "--out", "out", "--detach", "--json"
    )
    job_id = submitted.json["job_id"]

    asked = zerosec("cancel", job_id[-12:], "--json")
    watched = zerosec("watch", job_id, "--json")
    again = zerosec("cancel", job_id, "--json")

    assert submitted.code == 0
    assert submitted.json["status"] == "queued"
    assert asked.code == 0
    assert (watched.code, watched.json["status"]) == (4, "cancelled")
    assert (again.code, again.json["status"]) == (0, "cancelled")


def test_a_job_that_has_ended_is_not_cancelled_and_says_how_it_ended(zerosec: Command) -> None:
    assert zerosec("run", "noop", "--out", "out").code == 0

    asked = zerosec("cancel", "last")

    assert (asked.code, asked.out) == (0, "It has ended already: succeeded.\n")


def test_results_of_two_jobs_never_meet_in_one_folder(tmp_path: Path, zerosec: Command) -> None:
    first = zerosec("run", "noop", "--files", "2", "--detach", "--out", "out", "--json").json["job_id"]

    second = zerosec("run", "noop", "--files", "3", "--out", "out", "--overwrite", "--json")
    assert (second.code, second.json["failure"]["code"]) == (5, "folder_taken")
    other = zerosec("run", "noop", "--files", "3", "--out", "other", "--json").json["job_id"]
    fetched = zerosec("fetch", other, "--out", "out", "--json")
    assert (fetched.code, fetched.json["failure"]["code"]) == (5, "folder_taken")
    assert zerosec("fetch", other, "--out", "out", "--overwrite").code == 0
    before = sorted(path for path in (tmp_path / "out").rglob("*"))

    resumed = zerosec("resume", "--wait", "--json")

    assert resumed.code == 5
    assert resumed.json["resumed"][0]["failure"]["code"] == "folder_taken"
    assert sorted(path for path in (tmp_path / "out").rglob("*")) == before
    assert zerosec("fetch", first, "--out", "mine").code == 0
    assert zerosec("resume", "--json").json == {"resumed": [], "set_aside": []}


def test_what_another_version_wrote_down_stops_nothing(tmp_path: Path, zerosec: Command) -> None:
    strange = zerosec("run", "noop", "--detach", "--out", "out", "--json").json["job_id"]
    with closing(sqlite3.connect(zerosec.client_dir / "outbox.db")) as box, box:
        box.execute("UPDATE submissions SET intent_json='{}'")
    assert zerosec("run", "noop", "--detach", "--out", "out2").code == 0

    listed = zerosec("jobs")
    resumed = zerosec("resume", "--wait", "--json")

    assert listed.code == 0
    assert strange in listed.err
    assert resumed.code == 0, resumed.err
    assert [each["status"] for each in resumed.json["resumed"]] == ["succeeded"]
    assert resumed.json["set_aside"] == [strange]


def test_fetch_brings_back_what_was_lost_and_repairs_what_was_damaged(
    tmp_path: Path, zerosec: Command
) -> None:
    done = zerosec("run", "noop", "--files", "3", "--out", "out", "--json")
    first = done.json
    assert done.code == 0, done.err
    damaged = tmp_path / "out" / "group1" / "file1.txt"
    damaged.write_bytes(b"y" * damaged.stat().st_size)
    (tmp_path / "out" / "group2" / "file2.txt").unlink()

    fetched = zerosec("fetch", "last", "--out", "out", "--overwrite", "--json")

    assert fetched.json["artifacts"] == first["artifacts"]
    assert [(tmp_path / "out" / f"group{n}" / f"file{n}.txt").read_bytes() for n in range(3)] == [
        b"x" * 100
    ] * 3


def test_parameters_find_jobs_again(zerosec: Command) -> None:
    job_id = zerosec("run", "noop", "--seed", "987654", "--out", "out", "--json").json["job_id"]

    found = zerosec("jobs", "--param", "seed=987654", "--analysis", "noop", "--json").json["jobs"]

    assert [job["id"] for job in found] == [job_id]
    assert found[0]["parameters"]["seed"] == 987654


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--name", "a\nb"), "The name of the run cannot be used."),
        (("--tag", "a\nb"), "A tag cannot be used."),
        (("--tag", "x" * 300), "A tag cannot be used."),
        (tuple(word for n in range(60) for word in ("--tag", f"t{n}")), "The list of tags cannot be used."),
        (("--name", "a\udcff"), "The name of the run cannot be used."),
        (("--out", "a\udcff"), "A name or a parameter holds signs that are no valid text."),
    ],
)
def test_names_that_no_server_takes_are_refused_and_leave_nothing_behind(
    tmp_path: Path, zerosec: Command, options: tuple[str, ...], said: str
) -> None:
    before = set(tmp_path.iterdir())

    refused = zerosec("run", "noop", *options, "--json")

    assert refused.code == 2, refused.err
    assert refused.json["failure"]["title"] == said
    assert set(tmp_path.iterdir()) - before <= {zerosec.client_dir}
    assert zerosec("resume", "--json").json["resumed"] == []


def test_what_an_earlier_version_wrote_down_and_no_server_takes_does_not_stand_in_the_way_of_the_rest(
    tmp_path: Path, zerosec: Command
) -> None:
    left = zerosec("run", "noop", "--detach", "--out", "out", "--json").json
    with Outbox(zerosec.client_dir / "outbox.db") as box:
        good = box.entry(UUID(left["job_id"]))
        assert good is not None
        bad = good.intent.model_copy(
            update={"job_id": new_id(), "run_id": new_id(), "name": "a\nb", "destination": None}
        )
        box.intend(bad)
        later = good.intent.model_copy(
            update={"job_id": new_id(), "run_id": new_id(), "name": "later", "destination": None}
        )
        box.intend(later)

    resumed = zerosec("resume", "--wait", "--json")

    assert resumed.code == 2
    assert [each["status"] for each in resumed.json["resumed"]] == ["succeeded", "not_sent", "succeeded"]
    with Outbox(zerosec.client_dir / "outbox.db") as box:
        refused = box.entry(bad.job_id)
        assert refused is not None
        assert refused.state is State.REFUSED


def test_a_mistake_of_our_own_in_one_submission_leaves_the_others_their_turn(zerosec: Command) -> None:
    zerosec("run", "noop", "--detach", "--out", "out")
    with Outbox(zerosec.client_dir / "outbox.db") as box:
        (good,) = box.unfinished()
        file = LocalInput(path="no\0file", name="a.csv", size_bytes=1, modified_ns=1)
        new = {"job_id": new_id(), "run_id": new_id(), "destination": None}
        later = {"job_id": new_id(), "run_id": new_id(), "destination": None}
        box.intend(good.intent.model_copy(update={**new, "inputs": {"data": (file,)}}))
        box.intend(good.intent.model_copy(update=later))

    resumed = zerosec("resume", "--wait", "--json")

    assert resumed.code == 70
    assert [each["status"] for each in resumed.json["resumed"]] == ["succeeded", "not_sent", "succeeded"]
    assert resumed.json["resumed"][1]["failure"]["code"] == "defect"


@pytest.mark.parametrize(
    ("name", "shown"),
    [("two\nlines.csv", "two_lines.csv"), ("x" * 250 + ".csv", "x" * 195 + "….csv")],
)
def test_any_file_name_can_be_sent(tmp_path: Path, zerosec: Command, name: str, shown: str) -> None:
    (tmp_path / name).write_text("x,y\n1,2\n")

    done = zerosec("run", "noop", name, "--json")

    assert done.code == 0, done.err
    job = zerosec("jobs", "--json", "--limit", "1").json["jobs"][0]
    assert job["inputs"]["data"][0]["name"] == shown


def test_a_file_whose_name_is_no_text_is_named_and_refused(tmp_path: Path, zerosec: Command) -> None:
    (tmp_path / "a\udcff.csv").write_text("x,y\n1,2\n")

    refused = zerosec("run", "noop", "a\udcff.csv", "--out", "out", "--json")

    assert refused.code == 5, refused.err
    assert "a?.csv" in refused.json["failure"]["title"]
    assert zerosec("resume", "--json").json["resumed"] == []

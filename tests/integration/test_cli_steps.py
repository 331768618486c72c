"""The commands of runs of several steps, as a user types them."""

import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from tests.api_calls import connect
from tests.command import Command
from tests.conftest import RunningServer
from tests.step_calls import make_run


@pytest.fixture(scope="module")
def api(shared_server: RunningServer) -> Iterator[httpx2.Client]:
    with connect(shared_server) as client:
        yield client


@pytest.fixture
def zerosec(shared_server: RunningServer, tmp_path: Path) -> Command:
    return Command(tmp_path / "client", url=shared_server.url, token=shared_server.token)


def test_steps_are_planned_run_all_exported_verified_and_imported(
    zerosec: Command, api: httpx2.Client, tmp_path: Path
) -> None:
    run = make_run(api, b"ax\nbx\n")

    one = zerosec("steps", run, "run", "drop", "--set", "letters=b", "--json")
    assert (one.code, one.json["status"]) == (0, "succeeded")
    plan = zerosec("steps", run, "plan", "count")
    assert "drop" in plan.out
    assert "The newest output of “Dropping”." in plan.out
    everything = zerosec("steps", run, "all")
    assert everything.code == 0, everything.err
    assert "Run all has ended with success." in everything.out

    archive = tmp_path / "run.zip"
    assert zerosec("export", run, "--out", str(archive)).code == 0
    assert zipfile.is_zipfile(archive)
    assert zerosec("export", run, "--out", str(archive)).code == 5
    verified = zerosec("verify", str(archive), "--json")
    assert verified.code == 0, verified.out + verified.err
    assert verified.json["same"]
    assert {each["verdict"] for each in verified.json["files"]} == {"identical"}

    nothing = zerosec("steps", "last")
    assert (nothing.code, "Nothing was submitted or imported from here yet." in nothing.err) == (2, True)
    imported = zerosec("import", str(archive), "--name", "elsewhere", "--json")
    assert imported.json["name"] == "elsewhere"
    assert zerosec("steps", "last", "--json").json["id"] == imported.json["id"]
    assert "Step “Counting” used sort" in zerosec("methods", run).out
    assert zerosec("steps", run, "clean", "--json").json["files"] > 0


def test_verify_finds_what_differs(zerosec: Command, api: httpx2.Client, tmp_path: Path) -> None:
    run = make_run(api)
    zerosec("steps", run, "run", "upper")
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    zerosec("export", run, "--out", str(good))
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(bad, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "run.json":
                content = content.replace(b'"letters":"a-z"', b'"letters":"a-a"')
                content = content.replace(b'"letters": "a-z"', b'"letters": "a-a"')
            target.writestr(name, content)

    verified = zerosec("verify", str(bad))

    assert verified.code == 1, verified.err
    assert "different" in verified.out


def test_verify_finds_what_was_changed_in_the_archive_though_the_repeat_gives_the_same(
    zerosec: Command, api: httpx2.Client, tmp_path: Path
) -> None:
    run = make_run(api)
    zerosec("steps", run, "run", "upper")
    good, bad, broken = (tmp_path / name for name in ("good.zip", "bad.zip", "broken.zip"))
    zerosec("export", run, "--out", str(good))
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(bad, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, b"AY\nB\n" if name.endswith("text0.txt") else content)
    content = good.read_bytes()
    broken.write_bytes(content.replace(b"AX\nB\n", b"AY\nB\n"))

    for archive in (bad, broken):
        verified = zerosec("verify", str(archive), "--json")
        assert verified.code == 1, verified.err
        assert not verified.json["same"]
        assert [each["verdict"] for each in verified.json["files"]] == ["damaged or changed in the archive"]


def test_failures_pauses_and_wrong_words_are_told(
    zerosec: Command, api: httpx2.Client, tmp_path: Path
) -> None:
    run = make_run(api, parameters={"drop.fail": True})

    failed = zerosec("steps", run, "all")
    assert failed.code == 1
    assert "The step “Dropping” failed." in failed.out
    assert zerosec("steps", run, "run", "nothing").code == 6
    assert zerosec("steps", run, "run", "upper", "--set", "nonsense").code == 2
    assert zerosec("steps", run, "run", "impossible").code == 7
    as_elsewhere = zerosec("steps", run, "run", "upper", "--text", "a.txt")
    assert as_elsewhere.code == 2
    assert "--input text=FILE" in as_elsewhere.err
    text = tmp_path / "no-archive.zip"
    text.write_text("nothing")
    assert zerosec("verify", str(text)).code == 5
    assert zerosec("import", str(text)).code in {2, 7}
    assert zerosec("import", str(tmp_path / "gone.zip")).code == 5


def test_a_setting_that_was_refused_does_not_stay_with_the_run(zerosec: Command, api: httpx2.Client) -> None:
    run = make_run(api, b"ax\n")

    refused = zerosec("steps", run, "run", "drop", "--set", f"letters={'b' * 61}")
    again = zerosec("steps", run, "run", "drop")

    assert refused.code == 2
    assert again.code == 0, again.err
    assert "drop.letters" not in api.get(f"runs/{run}").json()["parameters"]


def test_programs_are_listed(zerosec: Command) -> None:
    listed = zerosec("programs")

    assert listed.code == 0
    assert str(shutil.which("sort")) in listed.out
    assert "a-program-nobody-has" in listed.out

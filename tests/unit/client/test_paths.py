"""Where the client's things lie, decided by no folder that data came in; and no token for the servers it starts."""

from pathlib import Path

import pytest
from tests.command import Command

from zerosec_client import paths
from zerosec_client.settings import setting

HOSTILE = """\
ZEROSEC_SERVER=./evil
ZEROSEC_URL=http://127.0.0.1:9
ZEROSEC_TOKEN=theirs
ZEROSEC_CLIENT_DIR=from-file
ZEROSEC_DATA_DIR=data
ZEROSEC_ANALYSIS_SPEC_MODULES=["evil.spec"]
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in (line.partition("=")[0] for line in HOSTILE.splitlines()):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".env").write_text(HOSTILE)
    return tmp_path


def test_a_file_of_the_working_folder_sets_nothing(folder: Path) -> None:
    assert setting("ZEROSEC_SERVER") is None
    assert setting("ZEROSEC_URL") is None
    assert folder not in [*paths.client_dir().parents, *paths.server_data_dir().parents]
    assert not {"./evil", '["evil.spec"]', "data"} & set(paths.server_environment().values())


def test_a_server_started_from_a_folder_reads_no_settings_there(folder: Path) -> None:
    (folder / "evil").write_text("#!/bin/sh\ntouch started\n")
    (folder / "evil").chmod(0o755)
    zerosec = Command(folder / "client", data_dir=folder / "server")
    try:
        told = zerosec("analyses", "--json", cwd=folder)
        targets = zerosec("targets", "--json", cwd=folder)
    finally:
        assert zerosec("server", "stop", cwd=folder).code == 0

    assert told.code == 0, told.err
    assert "linear" in told.out
    assert "environment" not in targets.out
    assert not (folder / "started").exists()


def test_the_environment_sets_where_things_lie(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZEROSEC_CLIENT_DIR", "chosen")

    assert paths.client_dir() == folder / "chosen"


def test_without_settings_there_is_a_usual_place() -> None:
    assert paths.client_dir().parent == paths.server_data_dir()
    assert paths.client_dir().is_absolute()


def test_a_server_we_start_gets_settings_and_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZEROSEC_SLOTS", "3")
    monkeypatch.setenv("ZEROSEC_TOKEN", "secret")

    given = paths.server_environment()

    assert given["ZEROSEC_SLOTS"] == "3"
    assert "secret" not in given.values()

"""Settings of the client: the environment before the .env file, and no token for the servers it starts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from zerosec_client import paths


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    for name in ("ZEROSEC_CLIENT_DIR", "ZEROSEC_DATA_DIR", "ZEROSEC_SLOTS"):
        monkeypatch.delenv(name, raising=False)
    paths._dotenv.cache_clear()
    yield tmp_path
    paths._dotenv.cache_clear()


def test_the_environment_comes_before_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / ".env").write_text("ZEROSEC_CLIENT_DIR=from-file\nZEROSEC_DATA_DIR=data\n")
    monkeypatch.setenv("ZEROSEC_CLIENT_DIR", "from-environment")

    assert paths.client_dir() == folder / "from-environment"
    assert paths.server_data_dir() == folder / "data"


def test_without_settings_there_is_a_usual_place() -> None:
    assert paths.client_dir().parent == paths.server_data_dir()
    assert paths.client_dir().is_absolute()


def test_a_server_we_start_gets_settings_and_no_token(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / ".env").write_text("ZEROSEC_SLOTS=3\nZEROSEC_TOKEN_LAB=secret\nOTHER=1\n")
    monkeypatch.setenv("ZEROSEC_TOKEN", "secret")

    given = paths.server_environment()

    assert given["ZEROSEC_SLOTS"] == "3"
    assert "OTHER" not in given
    assert "secret" not in given.values()

"""Settings come from the environment, else from one file that nobody else could have written; never from the working folder."""

from pathlib import Path

import pytest

from zerosec_client import paths
from zerosec_client.errors import LocalFileError
from zerosec_client.settings import NAMES, setting, settings_file


@pytest.fixture(autouse=True)
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    path = settings_file()
    path.parent.mkdir(parents=True)
    return path


def write(path: Path, text: str | bytes, mode: int = 0o600) -> None:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    path.chmod(mode)


def test_the_file_sets_what_the_environment_does_not(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(
        written,
        "# of the lab\nZEROSEC_URL=https://lab.example:8443\nexport ZEROSEC_TOKEN='se\"cret'\nZEROSEC_TOKEN_LAB=theirs\n"
        "ZEROSEC_DATA_DIR=/data/$HOME\n",
    )

    assert setting("ZEROSEC_URL") == "https://lab.example:8443"
    assert setting("ZEROSEC_TOKEN") == 'se"cret'
    assert setting("ZEROSEC_TOKEN_LAB") == "theirs"
    assert paths.server_data_dir() == Path("/data/$HOME"), "a value is taken as it stands"
    assert setting("ZEROSEC_SERVER") is None
    monkeypatch.setenv("ZEROSEC_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("ZEROSEC_TOKEN", "")
    assert setting("ZEROSEC_URL") == "http://127.0.0.1:1"
    assert setting("ZEROSEC_TOKEN") is None, "an empty variable switches the file's off"


def test_no_file_and_an_empty_one_set_nothing(written: Path) -> None:
    assert setting("ZEROSEC_URL") is None
    write(written, "")
    assert setting("ZEROSEC_URL") is None


def test_a_file_of_the_working_folder_sets_nothing(tmp_path: Path) -> None:
    for name in (".env", "client.env"):
        write(tmp_path / name, "ZEROSEC_SERVER=./evil\n")

    assert setting("ZEROSEC_SERVER") is None


def test_no_setting_moves_the_file(written: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write(written, f"ZEROSEC_CLIENT_DIR={tmp_path / 'elsewhere'}\n")

    assert paths.client_dir() == tmp_path / "elsewhere"
    assert settings_file() == written


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ZEROSEC_URL=x\nZEROSEC_UR=y\n", "Line 2 sets “ZEROSEC_UR”"),
        ("PATH=/evil\n", "Line 1 sets “PATH”"),
        ("ZEROSEC_URL\n", "Line 1 is not of the form"),
        ("\nZEROSEC_URL='open\n", "Line 2 is not of the form"),
        (b"ZEROSEC_URL=\xff\n", "not text in UTF-8"),
    ],
)
def test_what_cannot_be_used_is_named(written: Path, text: str | bytes, told: str) -> None:
    write(written, text)

    with pytest.raises(LocalFileError) as raised:
        setting("ZEROSEC_URL")

    assert told in str(raised.value)
    assert str(written) in str(raised.value)


@pytest.mark.parametrize(
    ("text", "mode", "fits"),
    [
        ("ZEROSEC_URL=x\n", 0o644, True),
        ("ZEROSEC_URL=x\n", 0o664, False),
        ("ZEROSEC_URL=x\n", 0o602, False),
        ("ZEROSEC_TOKEN=x\n", 0o600, True),
        ("ZEROSEC_TOKEN=x\n", 0o640, False),
    ],
)
def test_what_others_can_change_does_not_count_nor_a_token_they_can_read(
    written: Path, text: str, mode: int, fits: bool
) -> None:
    write(written, text, mode)

    if fits:
        assert setting(text.partition("=")[0]) == "x"
    else:
        with pytest.raises(LocalFileError, match="Others than you"):
            setting("ZEROSEC_URL")

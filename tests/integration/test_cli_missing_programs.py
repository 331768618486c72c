"""A step whose programs are missing is refused before a large file travels."""

from pathlib import Path

from tests.command import Command
from tests.conftest import RunningServer


def test_a_missing_program_is_told_before_the_upload(shared_server: RunningServer, tmp_path: Path) -> None:
    zerosec = Command(tmp_path / "client", url=shared_server.url, token=shared_server.token)
    large = tmp_path / "large.bin"
    large.write_bytes(b"x" * (9 * 2**20))

    refused = zerosec(
        "run", "stepped", "--text", str(large), "--step", "impossible", "--out", str(tmp_path / "out")
    )
    small = zerosec("run", "stepped", "--step", "impossible", "--out", str(tmp_path / "out2"))

    assert refused.code != 0
    assert small.code != 0
    assert "Nobody" in small.err
    assert "Ask whoever wrote it." in refused.err

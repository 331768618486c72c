"""The job's log: whole although a write may take only a part, and cut where it is said."""

import os
from pathlib import Path

import pytest

from zerosec_server.worker import shim
from zerosec_server.worker.shim import CUT, _Log


def test_a_write_that_took_only_a_part_is_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    monkeypatch.setattr(shim.os, "write", lambda number, data: write(number, bytes(data[:7])))
    log = _Log(tmp_path / "log.txt", 1000)

    log.write(b"what the job has printed\n" * 3)
    log.close()

    assert (tmp_path / "log.txt").read_bytes() == b"what the job has printed\n" * 3


def test_a_log_is_cut_at_its_size_and_says_so(tmp_path: Path) -> None:
    log = _Log(tmp_path / "log.txt", 10)

    for _ in range(3):
        log.write(b"1234567")
    log.close()

    assert (tmp_path / "log.txt").read_bytes() == b"1234567123" + CUT


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_loses_lines_and_never_the_job() -> None:
    log = _Log(Path("/dev/full"), 1000)

    log.write(b"lost")
    log.close()

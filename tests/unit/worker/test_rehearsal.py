"""The rehearsal before a zygote is forked leaves nothing of itself to the jobs."""

import os
from pathlib import Path

import pytest

from zerosec_server.worker.rehearsal import rehearse


def test_a_rehearsal_leaves_no_file_no_open_descriptor_and_the_environment_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    open_before, environment_before = sorted(Path("/proc/self/fd").iterdir()), dict(os.environ)

    rehearse()

    assert sorted(Path("/proc/self/fd").iterdir()) == open_before
    assert dict(os.environ) == environment_before
    assert list(tmp_path.iterdir()) == []

"""The end a killed worker has left behind is adopted, and one that cannot be read keeps no other from it."""

from pathlib import Path

import pytest

from zerosec_server.settings import Settings
from zerosec_server.storage.local import LocalStorage
from zerosec_server.worker.recovery import _kept_end
from zerosec_server.worker.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    found = Workspace(tmp_path / "workspaces", "a-job", 1)
    found.path.mkdir(parents=True)
    return found


@pytest.fixture
def storage(tmp_path: Path) -> LocalStorage:
    return LocalStorage(Settings(data_dir=tmp_path / "data"))


def test_none_and_a_torn_one_are_no_end(workspace: Workspace, storage: LocalStorage) -> None:
    assert _kept_end(workspace, storage) is None
    workspace.finish_record.write_text('{"status": "succe')
    assert _kept_end(workspace, storage) is None


def test_one_that_cannot_be_read_is_told_and_left(
    workspace: Workspace, storage: LocalStorage, caplog: pytest.LogCaptureFixture
) -> None:
    workspace.finish_record.mkdir()  # any error of the disk will do; a folder cannot be read by anybody

    assert _kept_end(workspace, storage) is None
    assert "a-job" in caplog.text

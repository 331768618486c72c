"""Folders that a lost worker has left are removed, however its last processes behave meanwhile."""

import shutil
from pathlib import Path
from uuid import uuid4

import pytest

from zerosec_server.database.connection import Database
from zerosec_server.worker.recovery import remove_left_workspaces
from zerosec_server.worker.workspace import Workspace, workspaces_below


def left(root: Path) -> Workspace:
    workspace = Workspace(root, str(uuid4()), 1)
    workspace.output.mkdir(parents=True)
    (workspace.output / "table.csv").write_text("a\n1\n", encoding="ascii")
    return workspace


def test_what_nobody_runs_is_removed_and_what_is_ours_stays(database: Database, tmp_path: Path) -> None:
    root = tmp_path / "workspaces"
    over, ours = left(root), left(root)

    assert remove_left_workspaces(database, root, [(ours.job_id, ours.attempt)])

    assert not over.path.parent.exists()
    assert [found.job_id for found in workspaces_below(root)] == [ours.job_id]


def test_a_folder_in_which_somebody_still_writes_is_said_to_be_left(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "workspaces"
    over = left(root)
    remove_all = shutil.rmtree

    def written_meanwhile(path: Path, *, ignore_errors: bool) -> None:
        remove_all(path, ignore_errors=ignore_errors)
        path.mkdir(parents=True)
        (path / "outcome.json").write_text("{}", encoding="ascii")

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", written_meanwhile)
        assert not remove_left_workspaces(database, root, [])
    assert over.path.exists()

    assert remove_left_workspaces(database, root, [])
    assert not over.path.parent.exists()

"""Folders that a lost worker has left are removed, however its last processes behave meanwhile."""

import shutil
from pathlib import Path
from uuid import uuid4

import pytest

from zerosec_server.database.connection import Database
from zerosec_server.database.tables import jobs, runs
from zerosec_server.worker.recovery import remove_left_workspaces
from zerosec_server.worker.workspace import Workspace, workspaces_below


def left(root: Path) -> Workspace:
    workspace = Workspace(root, str(uuid4()), 1)
    workspace.output.mkdir(parents=True)
    (workspace.output / "table.csv").write_text("a\n1\n", encoding="ascii")
    return workspace


def a_queued_job(database: Database) -> str:
    run_id, job_id = str(uuid4()), str(uuid4())
    both = {
        "owner": "local",
        "analysis": "noop",
        "analysis_version": "1",
        "request_digest": "0",
        "created_at": 1,
    }
    run = {**both, "id": run_id, "name": "a run", "pinned": False}
    job = {
        **both,
        "id": job_id,
        "run_id": run_id,
        "step": "noop",
        "status": "queued",
        "attempt": 0,
        "max_attempts": 3,
        "cancel_requested": False,
        "available_at": 1,
        "last_seq": 0,
    }
    database.write(lambda c: (c.execute(runs.insert(), run), c.execute(jobs.insert(), job)))
    return job_id


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


def test_the_empty_folder_of_a_job_goes_unless_an_attempt_of_it_may_begin(
    database: Database, tmp_path: Path
) -> None:
    root = tmp_path / "workspaces"
    waiting, over = a_queued_job(database), str(uuid4())
    for job_id in (waiting, over):
        (root / job_id).mkdir(parents=True)

    assert remove_left_workspaces(database, root, [])

    assert [folder.name for folder in root.iterdir()] == [waiting]

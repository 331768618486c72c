"""The backup nobody has to think of: made once a day when results changed, for each project whatever befalls another."""

import asyncio
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast
from uuid import UUID

import pytest
from tests.unit.experiments.conftest import Lab

from zerosec_server.experiments.backup_file import read_backup
from zerosec_server.experiments.backups import backup_path, backups_of
from zerosec_server.experiments.daily_backups import back_up_what_is_due
from zerosec_server.services import Services
from zerosec_shared.experiments import Value

STEEL: dict[str, Value] = {"送り速度": 300.0, "材料": "Steel", "摩耗量": 0.1}


def made(lab: Lab, root: Path, now: datetime) -> int:
    """Make what is due; how many backups of this project there are then."""
    services = SimpleNamespace(settings=SimpleNamespace(backups_dir=root), database=lab.database)
    asyncio.run(back_up_what_is_due(cast("Services", services), now))
    return len(backups_of(root, UUID(lab.id)))


def test_a_project_is_backed_up_once_a_day_while_its_results_change(
    new_lab: Callable[[], Lab], tmp_path: Path
) -> None:
    lab, day = new_lab(), timedelta(days=1)
    lab.take_in([STEEL])
    now = datetime.now(UTC) + timedelta(seconds=5)

    counts = [made(lab, tmp_path, now + hours * timedelta(hours=1)) for hours in (0, 1, 30)]
    lab.take_in([{**STEEL, "摩耗量": 0.2}])
    counts += [made(lab, tmp_path, now + timedelta(hours=2)), made(lab, tmp_path, now + day)]

    known = backups_of(tmp_path, UUID(lab.id))
    assert counts == [1, 1, 1, 1, 2]
    assert [backup.reason for backup in known] == ["daily", "daily"]
    newest = read_backup(backup_path(tmp_path, UUID(lab.id), known[0].id), lab.id)
    assert [values["摩耗量"] for values in newest.values.values()] == [0.2]


def test_a_project_that_cannot_be_backed_up_keeps_no_other_from_it(
    new_lab: Callable[[], Lab], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    labs = [new_lab(), new_lab(), new_lab()]
    for lab in labs:
        lab.take_in([STEEL])
    (tmp_path / labs[1].id).write_text("a file where a folder should be")

    made(labs[0], tmp_path, datetime.now(UTC) + timedelta(seconds=5))

    assert [len(backups_of(tmp_path, UUID(lab.id))) for lab in labs] == [1, 0, 1]
    assert labs[1].id in caplog.text


def test_what_a_backup_that_was_cut_off_has_left_goes_the_day_after(lab: Lab, tmp_path: Path) -> None:
    lab.take_in([STEEL])
    now = datetime.now(UTC) + timedelta(seconds=5)
    folder = tmp_path / lab.id
    folder.mkdir()
    old, young = (folder / f".2026{name}T000000000000Z-asked.jsonl.gz.part" for name in ("0101", "0102"))
    for path, age in ((old, 2), (young, 0)):
        path.write_bytes(b"half")
        at = (now - timedelta(days=age)).timestamp()
        os.utime(path, (at, at))

    made(lab, tmp_path, now)

    assert (old.exists(), young.exists()) == (False, True)

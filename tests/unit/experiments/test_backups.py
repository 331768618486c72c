"""Backups hold everything, are refused when damaged, are thinned out by age, and are tested by restoring them."""

import gzip
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, insert
from tests.unit.experiments.conftest import COLUMNS, Lab

from zerosec_server.database.experiment_tables import projects, saved_filters
from zerosec_server.experiments.backup_file import BackupDamagedError, read_backup, read_header
from zerosec_server.experiments.backups import backup_path, backups_of, due, make_backup, restore, thin_out
from zerosec_server.experiments.history import NewImport, list_imports
from zerosec_server.experiments.retention import superfluous
from zerosec_server.experiments.taking_in import ProfileChangedError, ResultsChangedError
from zerosec_shared.experiments import Backup, ImportKind, Value
from zerosec_shared.ids import new_id

NOW = datetime(2026, 11, 22, 3, 4, 5, 678901, UTC)
STEEL: dict[str, Value] = {"送り速度": 300.0, "材料": "Steel", "摩耗量": 0.1}
ALUMI: dict[str, Value] = {"送り速度": 300.0, "材料": "Alumi", "実験日": "2025-10-29"}


def backed_up(lab: Lab, root: Path, now: datetime = NOW, reason: str = "asked") -> Backup:
    return lab.database.read(lambda c: make_backup(c, root, UUID(lab.id), reason, now))


def restored(lab: Lab, root: Path, backup: Backup, revision: int) -> str:
    """Restore it into results of this revision; the id of the record."""
    content = read_backup(backup_path(root, UUID(lab.id), backup.id), lab.id)
    request = NewImport(
        id=str(new_id()),
        project_id=lab.id,
        kind=ImportKind.RESTORE,
        by="local",
        revision=revision,
        digest="1" * 64,
        counts={},
    )
    assert lab.database.write(lambda c: restore(c, request, content, "local"))
    return request.id


def test_restoring_puts_everything_back_as_it_was(lab: Lab, tmp_path: Path) -> None:
    lab.take_in([STEEL, ALUMI])
    before = lab.content()
    backup = backed_up(lab, tmp_path)
    lab.take_in([{**STEEL, "摩耗量": 0.2}, {"送り速度": 400.0, "材料": "Steel"}])

    restored(lab, tmp_path, backup, revision=2)

    assert lab.content() == before
    assert (backup.experiments, backup.revision, lab.project.revision) == (2, 1, 3)


def test_a_restore_is_written_into_the_history_and_can_be_taken_back(lab: Lab, tmp_path: Path) -> None:
    lab.take_in([STEEL])
    backup = backed_up(lab, tmp_path)
    lab.take_in([ALUMI])
    before = lab.content()

    record = restored(lab, tmp_path, backup, revision=2)
    lab.take_back(record)

    assert lab.content() == before
    kinds = [each.kind for each in lab.database.read(lambda c: list_imports(c, lab.id, None, 10))]
    assert kinds == [ImportKind.UNDO, ImportKind.RESTORE, ImportKind.IMPORT, ImportKind.IMPORT]


def test_a_project_the_database_has_lost_comes_back_with_its_whole_history(lab: Lab, tmp_path: Path) -> None:
    first = lab.take_in([STEEL])
    lab.take_back(first)
    lab.take_in([STEEL, ALUMI])
    before, history = lab.content(), lab.database.read(lambda c: list_imports(c, lab.id, None, 10))
    backup = backed_up(lab, tmp_path)
    lab.database.write(lambda c: c.execute(delete(projects).where(projects.c.id == lab.id)))

    restored(lab, tmp_path, backup, revision=0)

    assert lab.content() == before
    restore_record, *before_it = lab.database.read(lambda c: list_imports(c, lab.id, None, 10))
    assert (restore_record.kind, restore_record.revision) == (ImportKind.RESTORE, 4)
    assert before_it == history


def test_a_restore_for_other_results_than_those_seen_is_refused(lab: Lab, tmp_path: Path) -> None:
    lab.take_in([STEEL])
    backup = backed_up(lab, tmp_path)
    lab.take_in([ALUMI])

    with pytest.raises(ResultsChangedError):
        restored(lab, tmp_path, backup, revision=1)

    assert len(lab.rows()) == 2


@pytest.mark.parametrize("damage", ["cut", "flipped", "joined", "no backup"])
def test_a_damaged_backup_is_refused_whole(lab: Lab, tmp_path: Path, damage: str) -> None:
    lab.take_in([STEEL, ALUMI])
    path = backup_path(tmp_path, UUID(lab.id), backed_up(lab, tmp_path).id)
    lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    path.chmod(0o600)
    match damage:
        case "cut":
            path.write_bytes(path.read_bytes()[:-40])
        case "flipped":
            path.write_bytes(gzip.compress(b"".join(lines).replace(b"Steel", b"Stool", 1)))
        case "joined":
            path.write_bytes(gzip.compress(b"".join(lines[:-2] + lines[-1:])))
        case "no backup":
            path.write_bytes(b"x")

    with pytest.raises(BackupDamagedError):
        read_backup(path, lab.id)


def test_nothing_but_a_backup_can_be_named(tmp_path: Path) -> None:
    for name in ("../../etc/passwd", "20261122T030405678901Z-daily/..", "", "20261122T030405678901Z-other"):
        with pytest.raises(FileNotFoundError):
            backup_path(tmp_path, UUID(int=1), name)


def test_a_daily_backup_is_due_when_results_changed_and_the_newest_is_a_day_old(
    lab: Lab, tmp_path: Path
) -> None:
    lab.take_in([STEEL])
    root = UUID(lab.id)
    assert due(backups_of(tmp_path, root), 1, NOW, NOW)

    backed_up(lab, tmp_path, reason="daily")
    known = backups_of(tmp_path, root)

    before, day = NOW - timedelta(hours=1), NOW + timedelta(hours=24)
    assert not due(known, 2, NOW, NOW + timedelta(hours=1))
    assert due(known, 2, NOW, day)
    assert not due(known, 1, before, NOW + timedelta(days=30))
    assert due(known, 1, NOW + timedelta(hours=2), day), "lost and restored: the same revision, other results"


def test_a_backup_made_while_the_clock_was_a_year_ahead_keeps_none_from_being_made(
    lab: Lab, tmp_path: Path
) -> None:
    lab.take_in([STEEL])
    backed_up(lab, tmp_path, NOW + timedelta(days=365), "daily")

    assert due(backups_of(tmp_path, UUID(lab.id)), 2, NOW, NOW)


def edited(lab: Lab, root: Path, change: Callable[[list[Any]], None]) -> Path:
    """A backup whose lines were changed, with a checksum that fits: its path."""
    path = backup_path(root, UUID(lab.id), backed_up(lab, root).id)
    lines = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()[:-1]]
    change(lines)
    raw = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    end = {"end": len(lines), "sha256": hashlib.sha256(raw).hexdigest()}
    path.chmod(0o600)
    path.write_bytes(gzip.compress(raw + json.dumps(end).encode() + b"\n"))
    return path


def with_row(table: str, **values: object) -> Callable[[list[Any]], None]:
    """Change the first row of a table."""

    def change(lines: list[Any]) -> None:
        row: dict[str, object] = next(
            line[1] for line in lines if isinstance(line, list) and line[0] == table
        )
        row.update(values)

    return change


@pytest.mark.parametrize(
    "change",
    [
        with_row("experiments", key=5),
        with_row("experiments", key='{"a": 1}'),
        with_row("experiments", project_id=str(UUID(int=1))),
        with_row("experiments", another_column=1),
        with_row("experiment_values", number_value="1.5"),
        with_row("experiment_values", number_value=float("inf")),
        with_row("experiment_values", number_value=1.0, text_value="both"),
        with_row("experiment_values", column_name="a\x00b"),
        with_row("experiment_values", experiment_id=10**9),
        with_row("imports", kind="gift"),
        with_row("imports", undoes=str(UUID(int=1))),
        with_row("changes", cells_json='{"a": [1, 2, 3]}'),
        with_row("changes", import_id=str(UUID(int=1))),
        with_row("saved_filters", filter_json="[]"),
        lambda lines: lines[0]["project"].update(id=str(UUID(int=1))),
        lambda lines: lines[0]["project"].update(columns_json="{}"),
        lambda lines: lines[0]["project"].update(revision=-1),
        lambda lines: lines.append(lines[-1]),
        lambda lines: lines.append(["projects", {}]),
        lambda lines: lines.append(["experiments"]),
    ],
)
def test_a_backup_somebody_changed_is_refused_even_with_a_checksum_that_fits(
    lab: Lab, tmp_path: Path, change: Callable[[list[Any]], None]
) -> None:
    lab.take_in([STEEL, ALUMI])
    row = {"project_id": lab.id, "name": "mine", "filter_json": "{}"}
    lab.database.write(lambda c: c.execute(insert(saved_filters).values(**row)))
    read_backup(edited(lab, tmp_path, lambda lines: None), lab.id)

    with pytest.raises(BackupDamagedError):
        read_backup(edited(lab, tmp_path, change), lab.id)


def test_what_unpacks_without_end_or_nests_without_end_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "20261122T030405678901Z-daily.jsonl.gz"
    for line in (b"[" * 1_000_000 + b"\n", b"\n" * 10_000_000, b" " * 100_000_000):
        path.write_bytes(gzip.compress(line, compresslevel=1))
        with pytest.raises(BackupDamagedError):
            read_backup(path, str(UUID(int=1)))
        with pytest.raises(BackupDamagedError):
            read_header(path)


def test_a_backup_does_not_come_back_into_columns_that_are_gone(lab: Lab, tmp_path: Path) -> None:
    lab.take_in([STEEL])
    backup = backed_up(lab, tmp_path)
    lab.take_back(str(lab.database.read(lambda c: list_imports(c, lab.id, None, 1))[0].id))
    lab.set_columns([column for column in COLUMNS if column.name != "摩耗量"])

    with pytest.raises(ProfileChangedError, match="摩耗量"):
        restored(lab, tmp_path, backup, lab.project.revision)

    assert lab.rows() == []


def test_thirty_days_and_twelve_months_stay(lab: Lab) -> None:
    made = [NOW - timedelta(days=day) for day in range(500)]

    gone = superfluous(made)

    kept = sorted(set(made) - set(gone), reverse=True)
    assert kept[:30] == made[:30]
    assert len({f"{at:%Y-%m}" for at in kept}) == 12
    assert len(kept) == 30 + 10
    assert superfluous(kept) == []


def test_only_daily_backups_are_thinned_out(lab: Lab, tmp_path: Path) -> None:
    lab.take_in([STEEL])
    asked = backed_up(lab, tmp_path, NOW - timedelta(days=900))
    for day in range(35):
        backed_up(lab, tmp_path, NOW - timedelta(days=day), "daily")

    removed = thin_out(tmp_path, UUID(lab.id), NOW)

    left = backups_of(tmp_path, UUID(lab.id))
    assert removed == 5
    assert asked in left
    assert [backup.at for backup in left[:30]] == [NOW - timedelta(days=day) for day in range(30)]

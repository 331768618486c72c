"""The outbox: what was written is there after a crash, and what was perhaps sent is never changed."""

import os
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest

from zerosec_client.errors import GivenUpError, OutboxError
from zerosec_client.fingerprint import Fingerprint
from zerosec_client.outbox import FolderTakenError, Intent, LocalInput, Outbox, State
from zerosec_client.submission import HeldError, hold
from zerosec_shared.ids import new_id
from zerosec_shared.runs import JobCreate, RunCreate


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "client" / "outbox.db"


def intent(**changes: object) -> Intent:
    chosen = LocalInput(path="/data/測定.csv", name="測定.csv", size_bytes=3, modified_ns=2**62)
    return Intent(
        job_id=new_id(),
        run_id=new_id(),
        target="this-computer",
        analysis="linear",
        name="測定",
        parameters={"target": "y", "nested": {"a": [1, 2.5, None, True]}},
        inputs={"data": (chosen,)},
        destination=f"/results/{new_id()}",
    ).model_copy(update=changes)


def request(of: Intent, name: str = "first") -> JobCreate:
    return JobCreate(id=of.job_id, run=RunCreate(id=of.run_id, analysis=of.analysis, name=name))


def test_an_intent_survives_this_process(path: Path) -> None:
    wish = intent()
    with Outbox(path) as box:
        box.intend(wish)

    with Outbox(path) as box:
        (entry,) = box.unfinished()

    assert (entry.intent, entry.state, entry.request) == (wish, State.INTENDED, None)


def test_what_was_given_up_while_its_files_went_up_is_not_sent(path: Path) -> None:
    wish = intent()
    with Outbox(path) as box:
        box.intend(wish)
        box.mark(wish.job_id, State.DISCARDED)
        with pytest.raises(GivenUpError):
            box.freeze(request(wish))
        box.mark(wish.job_id, State.DONE)

        entry = box.entry(wish.job_id)

    assert entry is not None
    assert (entry.state, entry.request) == (State.DISCARDED, None)


def test_a_wish_to_repeat_a_step_survives_and_says_nothing_that_an_earlier_version_would_not_know(
    path: Path,
) -> None:
    new, again = intent(), intent(again=True, step="fit", inputs={}, parameters={})
    with Outbox(path) as box:
        box.intend(new)
        box.intend(again)

    with Outbox(path) as box, closing(sqlite3.connect(path)) as raw:
        assert [entry.intent for entry in box.unfinished()] == [new, again]
        (written,) = raw.execute(
            "SELECT intent_json FROM submissions WHERE job_id=?", (str(new.job_id),)
        ).fetchone()
    assert "again" not in written


def test_a_frozen_request_is_never_changed(path: Path) -> None:
    wish = intent()
    with Outbox(path) as box:
        box.intend(wish)

        first = box.freeze(request(wish, "first"))
        second = box.freeze(request(wish, "second"))

        assert first == second == request(wish, "first")
        assert box.unfinished()[0].request == first


@pytest.mark.parametrize("end", [State.DONE, State.REFUSED, State.DISCARDED])
def test_what_is_finished_stays_finished(path: Path, end: State) -> None:
    wish = intent()
    with Outbox(path) as box:
        box.intend(wish)
        box.mark(wish.job_id, end, "why")
        box.mark(wish.job_id, State.ACCEPTED)

        entry = box.entry(wish.job_id)

        assert entry
        assert (entry.state, entry.trouble) == (end, "why")
        assert box.unfinished() == []


def test_an_id_is_taken_once(path: Path) -> None:
    wish = intent()
    with Outbox(path) as box:
        box.intend(wish)
        with pytest.raises(OutboxError):
            box.intend(wish)


def test_an_upload_is_found_for_exactly_the_file_it_was_opened_for(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("1")
    before = Fingerprint.of(file)
    with Outbox(path) as box:
        box.transfers("lab").remember_upload(before, "u1")
        file.write_text("22")

        assert box.transfers("lab").find_upload(before) == "u1"
        assert box.transfers("lab").find_upload(Fingerprint.of(file)) is None
        assert box.transfers("cloud").find_upload(before) is None
        box.transfers("lab").forget_upload(before)
        assert box.transfers("lab").find_upload(before) is None


def test_a_hash_is_remembered_only_of_a_file_at_rest(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("1")
    fresh = Fingerprint.of(file)
    long_ago = time.time_ns() - 10**12
    old = Fingerprint("/a", 2**63, 2**64 - 1, 1, long_ago, long_ago)
    with Outbox(path) as box:
        record = box.transfers("lab")
        record.remember_hash(fresh, "f" * 64)
        record.remember_hash(old, "0" * 64)

        assert record.find_hash(fresh) is None
        assert record.find_hash(old) == "0" * 64
        assert box.transfers("cloud").find_hash(old) == "0" * 64
        assert record.find_hash(Fingerprint("/a", 2**63, 2**64 - 1, 1, long_ago, long_ago + 1)) is None


def test_a_copy_that_keeps_its_dates_is_another_file(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("1")
    before = Fingerprint.of(file)
    file.write_text("2")
    deadline = time.monotonic() + 60

    # The clock of a file system may tick only every few milliseconds.
    os.utime(file, ns=(before.modified_ns, before.modified_ns))
    while (after := Fingerprint.of(file)).changed_ns == before.changed_ns:
        assert time.monotonic() < deadline
        os.utime(file, ns=(before.modified_ns, before.modified_ns))

    assert (after.modified_ns, after.size_bytes) == (before.modified_ns, before.size_bytes)
    assert after != before


def intend_many(box: Outbox) -> None:
    for _ in range(20):
        box.intend(intent())


def test_threads_and_processes_share_one_outbox(path: Path) -> None:
    program = (
        "import sys\nfrom pathlib import Path\nfrom tests.unit.client.test_outbox import intend_many\n"
        "from zerosec_client.outbox import Outbox\n"
        "with Outbox(Path(sys.argv[1])) as box:\n    intend_many(box)\n"
    )
    with Outbox(path) as box:
        others = [subprocess.Popen([sys.executable, "-c", program, str(path)]) for _ in range(2)]
        threads = [threading.Thread(target=intend_many, args=(box,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert [process.wait(timeout=60) for process in others] == [0, 0]
        assert len(box.unfinished()) == 80


def test_one_program_at_a_time_works_on_a_submission(path: Path) -> None:
    wish = intent()
    with Outbox(path) as box, Outbox(path) as other:
        box.intend(wish)
        with hold(box, wish.job_id), pytest.raises(HeldError), hold(other, wish.job_id):
            pass
        with hold(other, wish.job_id):
            pass


def test_the_lock_of_a_finished_submission_is_cleared_away(path: Path) -> None:
    wish = intent()
    with Outbox(path) as box:
        box.intend(wish)
        with hold(box, wish.job_id):
            box.mark(wish.job_id, State.DONE)

    assert list((path.parent / "held").iterdir()) == []


def test_an_outbox_that_cannot_be_used_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    garbage = tmp_path / "outbox.db"
    garbage.write_bytes(b"not a database" * 100)

    for place in (tmp_path / "file" / "outbox.db", garbage):
        with pytest.raises(OutboxError) as caught:
            Outbox(place)
        assert str(place) in caught.value.title


def test_an_unknown_submission_is_none(path: Path) -> None:
    with Outbox(path) as box:
        assert box.entry(UUID(int=0)) is None


def test_a_folder_belongs_to_one_job(path: Path, tmp_path: Path) -> None:
    folder, link = tmp_path / "out", tmp_path / "link"
    folder.mkdir()
    link.symlink_to(folder)
    first, second = intent(destination=str(folder)), intent(destination=str(link))
    with Outbox(path) as box:
        box.intend(first)
        with pytest.raises(FolderTakenError, match="waits for the results"):
            box.intend(second, overwrite=True)
        with pytest.raises(FolderTakenError, match="waits for the results"):
            box.claim_folder(link, second.job_id)
        assert box.entry(second.job_id) is None

        box.claim_folder(folder, first.job_id)
        (folder / "report.html").write_text("first")
        box.mark(first.job_id, State.DONE)
        with pytest.raises(FolderTakenError, match="holds the results"):
            box.claim_folder(folder, second.job_id)
        box.intend(second, overwrite=True)
        with pytest.raises(FolderTakenError):
            box.claim_folder(folder, first.job_id)


def test_a_folder_that_was_emptied_is_free(path: Path, tmp_path: Path) -> None:
    first, second = (intent(destination=str(tmp_path / "out")) for _ in range(2))
    with Outbox(path) as box:
        box.intend(first)
        box.mark(first.job_id, State.DONE)

        box.intend(second)

        assert [entry.intent for entry in box.unfinished()] == [second]


def test_what_another_version_wrote_is_set_aside_and_kept(path: Path) -> None:
    ours, newer, stranger = intent(), intent(), intent()
    with Outbox(path) as box:
        for wish in (ours, newer, stranger):
            box.intend(wish)
        with closing(sqlite3.connect(path)) as other, other:
            other.execute(
                "UPDATE submissions SET intent_json='{\"new\": 1}' WHERE job_id=?", (str(newer.job_id),)
            )
            other.execute("UPDATE submissions SET state='paused' WHERE job_id=?", (str(stranger.job_id),))

        assert [entry.intent for entry in box.unfinished()] == [ours]
        assert [entry.intent for entry in box.recent()] == [ours]
        assert box.entry(newer.job_id) is None
        assert set(box.set_aside()) == {str(newer.job_id), str(stranger.job_id)}


def test_the_last_run_is_the_one_submitted_or_imported_last(path: Path) -> None:
    first, second, imported = intent(), intent(), new_id()
    with Outbox(path) as box:
        assert box.last_run() is None
        box.note_import(imported)
        assert box.last_run() == imported
        box.intend(first)
        assert box.last_run() == first.run_id
        box.note_import(later := new_id())
        assert box.last_run() == later
        box.intend(second)
        assert box.last_run() == second.run_id

"""*Run again* when the server refuses it, or the disk does: it is said, and nothing is left that would be sent for ever."""

from collections.abc import Callable
from datetime import UTC, datetime

from pytestqt.qtbot import QtBot

from tests.desktop.conftest import RunningApp
from zerosec_client.errors import NotFoundError, OutboxError
from zerosec_client.paths import client_dir
from zerosec_desktop.session.repeats import Repeat
from zerosec_shared.ids import new_id


def test_a_repetition_that_is_refused_or_cannot_be_kept_is_said_and_forgotten(
    start_app: Callable[[], RunningApp], qtbot: QtBot
) -> None:
    app = start_app()
    app.connected()
    repeats = app.session.submissions.repeats
    refused: list[Exception] = []

    def submit() -> Repeat:
        wish = Repeat(
            job_id=new_id(),
            run_id=new_id(),
            target=app.session.current_target,
            analysis="noop",
            step="run",
            name="Of a run that is gone",
            created_at=datetime.now(UTC),
        )
        app.app.bridge.start(repeats.submit(wish), name="retry", failed=refused.append)
        return wish

    gone = submit()
    qtbot.waitUntil(lambda: len(refused) == 1, timeout=20_000)
    assert isinstance(refused[0], NotFoundError)
    assert repeats.kept() == []
    qtbot.waitUntil(lambda: app.session.entry(gone.key) is None, timeout=20_000)

    folder = client_dir() / "again"
    folder.rmdir()
    folder.write_text("a file where the folder should be")
    unkept = submit()
    qtbot.waitUntil(lambda: len(refused) == 2, timeout=20_000)
    assert isinstance(refused[1], OutboxError)
    assert app.session.entry(unkept.key) is None, "never sent"

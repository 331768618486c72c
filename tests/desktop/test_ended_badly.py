"""The card of a run that did not succeed: why and what can be done in words; what is for support is folded away."""

from datetime import UTC, datetime

from pytestqt.qtbot import QtBot

from zerosec_desktop.jobs import JobEntry, Phase
from zerosec_desktop.navigation import JobKey
from zerosec_desktop.screens.run.ended_badly import EndedBadly
from zerosec_shared.errors import ProblemCode
from zerosec_shared.ids import new_id
from zerosec_shared.runs import JobFailure, JobState, JobStatus

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def shown(qtbot: QtBot, entry: JobEntry) -> EndedBadly:
    card = EndedBadly()
    qtbot.addWidget(card)
    card.show_entry(entry)
    card.show()
    return card


def entry_of(phase: Phase, **changes: object) -> JobEntry:
    key = JobKey("local", new_id())
    return JobEntry(key, "Body mass", "linear", "", "", phase, NOW, **changes)  # type: ignore[arg-type]


def test_the_code_of_a_failure_is_folded_away(qtbot: QtBot) -> None:
    failure = JobFailure(
        code=ProblemCode.INPUT_INVALID,
        title="The target “mass” is not in the table",
        hint="Choose one of its columns.",
    )
    state = JobState(
        id=new_id(),
        run_id=new_id(),
        status=JobStatus.FAILED,
        attempt=1,
        created_at=NOW,
        started_at=NOW,
        ended_at=NOW,
        last_event=3,
        failure=failure,
    )
    card = shown(qtbot, entry_of(Phase.FAILED, state=state))
    assert not card._code.isVisible()
    card._fold.click()
    assert card._code.isVisible()
    assert "input_invalid" in card._code.text()
    card._fold.click()
    assert not card._code.isVisible()


def test_a_refusal_says_what_can_be_done_and_has_nothing_folded(qtbot: QtBot) -> None:
    card = shown(
        qtbot,
        entry_of(
            Phase.REFUSED, trouble="The server has no space left", advice="Delete runs you no longer need."
        ),
    )
    assert card._detail.text() == "The server has no space left"
    assert card._hint.isVisible()
    assert card._hint.text() == "Delete runs you no longer need."
    assert not card._fold.isVisible()

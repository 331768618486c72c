"""Which files a step reads by itself, and what becomes stale."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from zerosec_analyses.sdk import FromStep, InputSlot
from zerosec_server.steps.choosing import Execution, History, choices_for
from zerosec_shared.files import InputFile, MadeBy
from zerosec_shared.ids import new_id
from zerosec_shared.runs import Artifact, ArtifactRole
from zerosec_shared.steps import StaleReason

START = datetime(2026, 1, 1, tzinfo=UTC)
RAW = InputFile(sha256="0" * 64, name="raw.txt")
SLOT = InputSlot(
    name="reads",
    title="Reads",
    multiple=True,
    from_steps=(FromStep(step="cutadapt", files="*.fq"), FromStep(step="fastp", files="*.fq")),
)


class Story:
    """Steps executed one after another, a minute each."""

    def __init__(self) -> None:
        self.executions: list[Execution] = []

    def did(
        self,
        step: str,
        reads: Sequence[UUID] = (),
        *,
        files: Sequence[str] = ("a.fq",),
        begins_after: int | None = None,
    ) -> UUID:
        number = len(self.executions)
        began = START + timedelta(minutes=10 * number if begins_after is None else begins_after)
        sources = tuple(
            InputFile(
                sha256="1" * 64, name="x", made_by=MadeBy(job_id=job, step=self._step(job), path="a.fq")
            )
            for job in reads
        )
        made = Execution(
            job_id=new_id(),
            step=step,
            created_at=began,
            ended_at=START + timedelta(minutes=10 * number + 5),
            inputs={"reads": sources or (RAW,)},
            outputs=[Artifact(path=path, size_bytes=1, sha256="2" * 64) for path in files],
        )
        self.executions.append(made)
        return made.job_id

    def _step(self, job: UUID) -> str:
        return next(execution.step for execution in self.executions if execution.job_id == job)

    def history(
        self,
        *,
        changed_at: datetime | None = None,
        skipped: frozenset[str] = frozenset(),
        raw: InputFile = RAW,
    ) -> History:
        return History(
            executions=self.executions,
            files={"reads": (raw,)},
            files_changed_at=changed_at,
            skipped=skipped,
            prepared_by={"fastp": frozenset({"cutadapt"}), "mapping": frozenset({"cutadapt", "fastp"})},
        )

    def taken(self, **how: frozenset[str]) -> UUID | None:
        return choices_for(SLOT, self.history(**how))[0].job_id  # type: ignore[arg-type]


def test_without_any_output_the_runs_own_files_are_read() -> None:
    assert Story().taken() is None


def test_the_chain_decides_before_the_order_of_the_declaration() -> None:
    story = Story()
    first_fastp = story.did("fastp")
    assert story.taken() == first_fastp
    cutadapt = story.did("cutadapt")
    assert story.taken() == cutadapt
    both = story.did("fastp", [cutadapt])
    assert story.taken() == both


def test_of_one_way_the_newest_is_read_and_older_attempts_stay_choices() -> None:
    story = Story()
    older = story.did("cutadapt")
    newer = story.did("cutadapt")

    choices = choices_for(SLOT, story.history())

    assert [choice.job_id for choice in choices] == [newer, None, older]


def test_an_output_whose_source_was_repeated_is_stale_and_comes_after_one_that_is_not() -> None:
    story = Story()
    cutadapt = story.did("cutadapt")
    both = story.did("fastp", [cutadapt])
    again = story.did("cutadapt")

    history = story.history()

    assert history.stale(both) == (StaleReason.SOURCE_REPEATED,)
    assert [choice.job_id for choice in choices_for(SLOT, history)[:2]] == [again, both]


def test_reading_an_older_attempt_on_purpose_is_not_stale() -> None:
    story = Story()
    older = story.did("cutadapt")
    story.did("cutadapt")
    both = story.did("fastp", [older])

    assert story.history().stale(both) == ()


def test_a_repeat_that_ended_after_the_start_makes_stale_although_it_began_before() -> None:
    story = Story()
    older = story.did("cutadapt")
    both = story.did("fastp", [older])
    story.did("cutadapt", begins_after=1)

    assert story.history().stale(both) == (StaleReason.SOURCE_REPEATED,)


def test_what_read_unprepared_files_is_stale_once_a_step_has_prepared_them() -> None:
    story = Story()
    cutadapt = story.did("cutadapt")
    mapped = story.did("mapping", [cutadapt])
    unprepared = story.did("mapping")
    story.did("qc", [cutadapt])
    assert story.history().stale(mapped) == story.history().stale(unprepared) == ()

    story.did("fastp", [cutadapt])

    assert story.history().stale(mapped) == (StaleReason.PREPARED_SINCE,)
    assert story.history().stale(unprepared) == ()
    assert story.history(skipped=frozenset({"fastp"})).stale(mapped) == ()


def test_an_output_that_could_be_made_of_prepared_files_is_still_read_by_itself() -> None:
    story = Story()
    fastp = story.did("fastp")
    cutadapt = story.did("cutadapt")

    assert story.history().stale(fastp) == (StaleReason.PREPARED_SINCE,)
    assert not story.history().outdated(fastp)
    assert story.taken() == cutadapt


def test_a_further_step_on_other_files_makes_nothing_stale() -> None:
    story = Story()
    cutadapt = story.did("cutadapt")
    mapped = story.did("mapping", [cutadapt])
    story.did("fastp")

    assert story.history().stale(mapped) == ()


def test_staleness_goes_on_to_what_was_made_from_it() -> None:
    story = Story()
    cutadapt = story.did("cutadapt")
    both = story.did("fastp", [cutadapt])
    mapped = story.did("mapping", [both])
    story.did("cutadapt")

    assert story.history().stale(mapped) == (StaleReason.SOURCE_STALE,)


def test_other_files_of_the_run_make_stale_what_was_made_from_the_former() -> None:
    story = Story()
    before = story.did("cutadapt")
    changed = START + timedelta(minutes=7)
    other = InputFile(sha256="9" * 64, name="other.txt")

    assert story.history(changed_at=changed, raw=other).stale(before) == (StaleReason.FILES_CHANGED,)
    assert story.history(changed_at=changed).stale(before) == ()


def test_steps_that_are_left_out_are_not_read_by_themselves() -> None:
    story = Story()
    cutadapt = story.did("cutadapt")

    choices = choices_for(SLOT, story.history(skipped=frozenset({"cutadapt"})))

    assert [choice.job_id for choice in choices] == [None, cutadapt]


def test_all_files_that_match_are_read_in_order_and_logs_never() -> None:
    story = Story()
    story.did("cutadapt", files=["s2/b.fq", "s1/a.fq", "report.json"])
    story.executions[0].outputs.append(  # type: ignore[attr-defined]
        Artifact(path="log.fq", size_bytes=1, sha256="2" * 64, role=ArtifactRole.LOG)
    )

    taken = choices_for(SLOT, story.history())[0]

    assert [file.made_by.path for file in taken.files if file.made_by] == ["s1/a.fq", "s2/b.fq"]


def test_an_output_without_such_files_is_passed_over() -> None:
    story = Story()
    story.did("cutadapt", files=["report.json"])

    assert story.taken() is None

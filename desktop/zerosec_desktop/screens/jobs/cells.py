"""What the cells of the job list say."""

from datetime import date

from PySide6.QtCore import QDate, QLocale, QObject

from zerosec_desktop.counters import counter_texts
from zerosec_desktop.jobs import JobEntry, Phase
from zerosec_desktop.screens.jobs.order import Column, Grouping
from zerosec_desktop.session import Session
from zerosec_desktop.wording import duration, phase_title, remaining, since, target_title

__all__ = ["Cells"]


class Cells(QObject):
    """Words for entries, columns and groups."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session

    def group_title(self, name: str, grouping: Grouping) -> str:
        """The heading of a group."""
        if grouping is Grouping.PHASE:
            return phase_title(Phase(name))
        if grouping is Grouping.TARGET:
            state = self._session.target_state(name)
            return target_title(state) if state is not None else name
        if grouping is Grouping.DAY:
            on = date.fromisoformat(name)
            return QLocale().toString(QDate(on.year, on.month, on.day), QLocale.FormatType.LongFormat)
        return self._session.title_of(name, self._session.current_target)

    def text(self, entry: JobEntry, column: Column) -> str:
        """What a cell says."""
        if column is Column.STATE:
            return phase_title(entry.phase)
        if column is Column.NAME:
            return entry.name
        if column is Column.ANALYSIS:
            return self._session.title_of(entry.analysis, entry.key.target)
        if column is Column.STAGE:
            return _stage(entry)
        if column is Column.PROGRESS:
            if entry.phase is Phase.SUCCEEDED:
                return "100%"
            return "" if entry.fraction is None or entry.phase.ended else f"{entry.fraction * 100:.0f}%"
        if column is Column.ELAPSED:
            return "" if entry.elapsed_s is None else duration(entry.elapsed_s)
        if column is Column.LEFT:
            return remaining(entry)
        if column is Column.CREATED:
            return since(entry.created_at)
        if column is Column.TARGET:
            state = self._session.target_state(entry.key.target)
            return target_title(state) if state is not None else entry.key.target
        if column is Column.ATTEMPT:
            return str(entry.state.attempt) if entry.state is not None else ""
        return entry.owner if column is Column.OWNER else entry.step

    def tip(self, entry: JobEntry, column: Column) -> str | None:
        """More than fits in the cell."""
        if entry.trouble:
            return entry.trouble
        if entry.state is not None and entry.state.failure is not None:
            return entry.state.failure.title
        return self.text(entry, column) if column in {Column.NAME, Column.STAGE} else None

    def column_title(self, column: Column) -> str:
        """The heading of a column."""
        return {
            Column.STATE: self.tr("State"),
            Column.NAME: self.tr("Name"),
            Column.ANALYSIS: self.tr("Analysis"),
            Column.PROGRESS: self.tr("Progress"),
            Column.STAGE: self.tr("Stage"),
            Column.ELAPSED: self.tr("Elapsed"),
            Column.LEFT: self.tr("Time left"),
            Column.CREATED: self.tr("Submitted"),
            Column.TARGET: self.tr("Target"),
            Column.OWNER: self.tr("Owner"),
            Column.STEP: self.tr("Step"),
            Column.ATTEMPT: self.tr("Attempt"),
        }[column]


def _stage(entry: JobEntry) -> str:
    if entry.trouble:
        return entry.trouble
    if entry.phase is Phase.FAILED and entry.state is not None and entry.state.failure is not None:
        return entry.state.failure.title
    if entry.phase is Phase.QUEUED and entry.state is not None and entry.state.queue_position:
        return f"#{entry.state.queue_position + 1}"
    if entry.phase.ended:
        return ""
    counters = counter_texts(entry.counters)[:3]
    return " · ".join(part for part in (entry.stage, entry.message, *counters) if part)

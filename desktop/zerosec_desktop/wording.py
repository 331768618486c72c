"""Numbers, sizes, times and states as people read them, in the window's language."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QDateTime, QLocale, QObject, QTimeZone

from zerosec_desktop.jobs import Condition, JobEntry, Phase, TargetState, remaining_s
from zerosec_desktop.resources.language import translate
from zerosec_shared.kinds import ReferenceKind

if TYPE_CHECKING:
    from zerosec_shared.analyses import AnalysisInfo
    from zerosec_shared.files import InputFile, Origin, Registered

__all__ = [
    "PHASE_ICON",
    "clock",
    "columns_text",
    "condition_title",
    "day",
    "duration",
    "file_title",
    "headline",
    "milliseconds",
    "moment",
    "origin_text",
    "phase_title",
    "place",
    "rate",
    "reference_title",
    "registered_text",
    "remaining",
    "rows_text",
    "since",
    "size",
    "slot_titles",
    "target_title",
]

PHASE_ICON: dict[Phase, tuple[str, str]] = {
    Phase.SENDING: ("upload", "accent"),
    Phase.WAITING: ("hourglass", "warning"),
    Phase.REFUSED: ("error", "error"),
    Phase.QUEUED: ("queued", "muted"),
    Phase.RUNNING: ("running", "accent"),
    Phase.CANCELLING: ("stop", "warning"),
    Phase.SUCCEEDED: ("check-circle", "success"),
    Phase.FAILED: ("error", "error"),
    Phase.CANCELLED: ("cancelled", "muted"),
}
"""Sign and colour of each phase; the word always stands beside it."""


def phase_title(phase: Phase) -> str:
    """The word for a phase."""
    return {
        Phase.SENDING: translate("Words", "Sending"),
        Phase.WAITING: translate("Words", "Waiting to send"),
        Phase.REFUSED: translate("Words", "Refused"),
        Phase.QUEUED: translate("Words", "Queued"),
        Phase.RUNNING: translate("Words", "Running"),
        Phase.CANCELLING: translate("Words", "Cancelling"),
        Phase.SUCCEEDED: translate("Words", "Succeeded"),
        Phase.FAILED: translate("Words", "Failed"),
        Phase.CANCELLED: translate("Words", "Cancelled"),
    }[phase]


def condition_title(condition: Condition) -> str:
    """The word for how a target is."""
    return {
        Condition.UNKNOWN: translate("Words", "Connecting"),
        Condition.STARTING: translate("Words", "Starting"),
        Condition.ONLINE: translate("Words", "Ready"),
        Condition.AWAY: translate("Words", "Away"),
        Condition.REFUSED: translate("Words", "Access refused"),
        Condition.STOPPED: translate("Words", "Stopped"),
        Condition.OLD: translate("Words", "Other version"),
    }[condition]


def target_title(state: TargetState) -> str:
    """The name of a target as people read it."""
    return translate("Words", "This computer") if state.bundled else state.title


def milliseconds(value: float) -> str:
    """How long an answer took: 12 ms, or 1.4 s."""
    if value >= 1000:
        return f"{value / 1000:.1f} s"
    return f"{value:.0f} ms" if value >= 1 else "<1 ms"


def size(size_bytes: float) -> str:
    """A size in decimal units: 4.2 MB."""
    if size_bytes < 1000:
        return translate("Words", "{n} bytes").format(n=int(size_bytes))
    return QLocale().formattedDataSize(int(size_bytes), 1, QLocale.DataSizeFormat.DataSizeSIFormat)


def rate(bytes_per_s: float) -> str:
    """A speed: 4.2 MB/s."""
    return translate("Words", "{size}/s").format(size=size(bytes_per_s))


def duration(seconds: float) -> str:
    """A time span in at most two units: 4 s, 3 min 20 s, 2 h 5 min, 3 d 4 h."""
    whole = int(seconds)
    if seconds < 10:
        return translate("Words", "{n} s").format(n=f"{seconds:.1f}" if seconds < 9.95 else "10")
    if whole < 60:
        return translate("Words", "{n} s").format(n=whole)
    if whole < 3600:
        return translate("Words", "{m} min {s} s").format(m=whole // 60, s=whole % 60)
    if whole < 86400:
        return translate("Words", "{h} h {m} min").format(h=whole // 3600, m=whole % 3600 // 60)
    return translate("Words", "{d} d {h} h").format(d=whole // 86400, h=whole % 86400 // 3600)


def _rough(seconds: float) -> str:
    """A time span in one unit, for estimates."""
    if seconds < 60:
        return translate("Words", "{n} s").format(n=max(1, round(seconds)))
    if seconds < 3600:
        return translate("Words", "{n} min").format(n=round(seconds / 60))
    return translate("Words", "{n} h").format(n=round(seconds / 3600))


def remaining(entry: JobEntry) -> str:
    """The range of time left; empty where nothing can be said."""
    left = remaining_s(entry)
    if left is None:
        return ""
    low, high = _rough(left[0]), _rough(left[1])
    return low if low == high else translate("Words", "{low} – {high}").format(low=low, high=high)


def headline(text: str) -> str:
    """What a summary says before it goes into detail: its words up to the first colon or full stop."""
    return re.split(r"(?:[:.](?=\s)|[。：])", text, maxsplit=1)[0].removesuffix(".")


def place(folder: Path) -> str:
    """A folder as people name it: what is below their own begins with ~."""
    home = Path.home()
    return str(Path("~") / folder.relative_to(home)) if folder.is_relative_to(home) else str(folder)


def unlisted_title(analysis: str) -> str:
    """What an analysis that no server offers in its list is called: the ones that screens start themselves have names."""
    return {
        "results-table": translate("Wording", "Results read into a project"),
        "prediction-database": translate("Wording", "Prediction database"),
    }.get(analysis, analysis)


def slot_titles(info: AnalysisInfo | None, step: str) -> dict[str, str]:
    """What the inputs of a step are called in its form, by their names."""
    steps = () if info is None else info.steps
    titles = {slot.name: slot.title for each in steps for slot in each.inputs}
    return titles | {slot.name: slot.title for each in steps if each.id == step for slot in each.inputs}


def file_title(file: InputFile, title: str) -> str:
    """The name the user knows a file by. One that a program gave, an id, is what the file is (`title`)."""
    stem, dot, ending = file.name.rpartition(".")
    try:
        UUID(stem)
    except ValueError:
        return file.name
    return f"{title}{dot}{ending}"


def origin_text(origin: Origin) -> str:
    """Which experiments a file holds: of which project, by which filter."""
    return (
        _Counts()
        .experiments_of(origin.rows)
        .format(
            project=origin.project,
            revision=origin.revision,
            filter=origin.filter_text or translate("Words", "all of them"),
        )
    )


def registered_text(registered: Registered) -> str:
    """Under which name the server has a reference, and of which build."""
    return translate("Words", "registered on the server as {name}, genome build {build}").format(
        name=registered.name, build=registered.genome_build
    )


def reference_title(kind: ReferenceKind) -> str:
    """What a registered reference is."""
    return {
        ReferenceKind.GENOME: translate("Words", "Genome"),
        ReferenceKind.GENES: translate("Words", "Genes"),
        ReferenceKind.SPIKE_INS: translate("Words", "Spike-in sites"),
    }[kind]


def _local(at: datetime) -> QDateTime:
    return QDateTime.fromMSecsSinceEpoch(int(at.timestamp() * 1000), QTimeZone.systemTimeZone())


def moment(at: datetime) -> str:
    """Date and time, short. In English the month is a word: 3/4 is April to some and March to others."""
    local = _local(at)
    if QLocale().language() is QLocale.Language.English:
        return QLocale().toString(local, "d MMM yyyy, HH:mm")
    return QLocale().toString(local, QLocale.FormatType.ShortFormat)


def clock(at: datetime) -> str:
    """Time of day."""
    return QLocale().toString(_local(at).time(), QLocale.FormatType.ShortFormat)


def day(at: datetime) -> str:
    """Today, yesterday, or the date."""
    date = _local(at).date()
    back = date.daysTo(QDateTime.currentDateTime().date())
    if back == 0:
        return translate("Words", "Today")
    if back == 1:
        return translate("Words", "Yesterday")
    return QLocale().toString(date, QLocale.FormatType.LongFormat)


def since(at: datetime) -> str:
    """How long ago, roughly; the date when it is more than a week."""
    seconds = (datetime.now(UTC) - at).total_seconds()
    if seconds < 60:
        return translate("Words", "just now")
    if seconds < 7 * 86400:
        return _Ago().words(seconds)
    return QLocale().toString(_local(at).date(), QLocale.FormatType.ShortFormat)


def rows_text(count: int) -> str:
    """1 row, 344 rows."""
    return _Counts().rows(count)


def columns_text(count: int) -> str:
    """1 column, 8 columns."""
    return _Counts().columns(count)


class _Counts(QObject):
    """Plurals: only within a QObject are they found by the translation tools."""

    def experiments_of(self, count: int) -> str:
        return self.tr("%Ln experiment(s) of {project}, revision {revision}: {filter}", "", count)

    def rows(self, count: int) -> str:
        return self.tr("%Ln row(s)", "", count)

    def columns(self, count: int) -> str:
        return self.tr("%Ln column(s)", "", count)


class _Ago(QObject):
    """Plurals: only within a QObject are they found by the translation tools."""

    def words(self, seconds: float) -> str:
        """Less than a week ago, in one unit."""
        if seconds < 3600:
            return self.tr("%Ln min ago", "", int(seconds / 60))
        if seconds < 86400:
            return self.tr("%Ln h ago", "", int(seconds / 3600))
        return self.tr("%Ln day(s) ago", "", int(seconds / 86400))

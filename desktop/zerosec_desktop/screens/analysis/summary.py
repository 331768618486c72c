"""What will happen, beside the form: from which data, where, how long it usually takes, and the button that starts it."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from zerosec_desktop.controls import Card, IconLabel, breakable, button, label, line, row
from zerosec_desktop.jobs import JobEntry, Phase, TargetState
from zerosec_desktop.resources.language import translate
from zerosec_desktop.resources.tokens import Control, Space
from zerosec_desktop.screens.analysis.check_pane import CheckPane
from zerosec_desktop.wording import duration, target_title
from zerosec_shared.analyses import AnalysisInfo, StepInfo
from zerosec_shared.views import Result

__all__ = ["Fact", "SummaryPane", "time_sentence", "usual_duration"]

SAME_WITHIN = 0.1
"""Times that differ by no more than this share are said as one."""
FORESEEN = "seconds"
"""The figure of a preview that says how long the run would take."""
Fact = tuple[str, str, str]
"""Icon, its colour, sentence."""


def usual_duration(
    entries: Sequence[JobEntry], info: AnalysisInfo, step: StepInfo, target: str
) -> tuple[float, float, int] | None:
    """Range of the seconds the last ten succeeded jobs of a step took on a target, and how many they were."""
    steps = {step.id, ""} if step.id == info.steps[0].id else {step.id}  # unnamed, a job is of the first
    done = [
        entry
        for entry in entries
        if entry.analysis == info.id
        and entry.step in steps
        and entry.key.target == target
        and entry.phase is Phase.SUCCEEDED
    ]
    done.sort(key=lambda entry: entry.created_at, reverse=True)
    times = sorted(seconds for entry in done[:10] if (seconds := entry.elapsed_s) is not None)
    return (times[0], times[-1], len(times)) if times else None


class _FittingScroll(QScrollArea):
    """As high as what it holds, as long as there is room; beyond that it scrolls, so that *Run* stays in sight."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self._content = content
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(translate("SummaryPane", "What will happen"))
        content.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What it holds may have become higher."""
        if watched is self.widget() and event.type() in {QEvent.Type.LayoutRequest, QEvent.Type.Resize}:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def sizeHint(self) -> QSize:
        content = self._content
        width = self.viewport().width()
        return QSize(
            content.sizeHint().width(), max(content.heightForWidth(width), content.sizeHint().height())
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(0, Control.HEIGHT_LARGE)


class SummaryPane(Card):
    """The pane at the right of the form."""

    run_wanted = Signal()
    check_wanted = Signal()
    name_edited = Signal(str)
    target_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__(margins=Space.LARGE, spacing=Space.SMALL)
        self.body.addWidget(label(self.tr("What will happen"), "subtitle"))
        self.body.addSpacing(Space.SMALL)
        self.name = QLineEdit()
        self.name.setMaxLength(200)
        self.name.setAccessibleName(self.tr("Name of the run"))
        self.name.textEdited.connect(self.name_edited)
        name_label = label(self.tr("Name of the run"), "caption")
        name_label.setBuddy(self.name)
        self.body.addWidget(name_label)
        self.body.addWidget(self.name)
        self._where = QComboBox()
        self._where.setAccessibleName(self.tr("Where it runs"))
        self._where.activated.connect(self._target_activated)
        self._where_label = label(self.tr("Where it runs"), "caption")
        self.body.addWidget(self._where_label)
        self.body.addWidget(self._where)
        self.body.addSpacing(Space.SMALL)
        self.body.addWidget(line())
        self.body.addSpacing(Space.SMALL)
        said = QWidget()
        said.setProperty("surface", "clear")
        self._facts = QVBoxLayout()
        self._facts.setSpacing(12)
        self.check = CheckPane()
        self.check.ask_wanted.connect(self.check_wanted)
        inner = QVBoxLayout(said)
        inner.setContentsMargins(0, 0, Space.TINY, 0)
        inner.setSpacing(12)
        inner.addLayout(self._facts)
        inner.addWidget(self.check)
        inner.addStretch(1)
        self.body.addWidget(_FittingScroll(said))
        self.body.addSpacing(Space.MEDIUM)
        self.run = button(self.tr("Run"), "primary", icon_name="play", clicked=self._run)
        self.run.setMinimumHeight(Control.HEIGHT_LARGE)
        self.run.setToolTip(self.tr("Ctrl+Enter"))
        self.body.addWidget(self.run)
        self.hint = label("", "caption", wrap=True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.body.addWidget(self.hint)
        self.set_narrow(False)
        self._shown: tuple[Fact, ...] = ()

    def set_narrow(self, narrow: bool) -> None:
        """Take less room."""
        self.setFixedWidth(232 if narrow else 320)
        margin = Space.MEDIUM if narrow else Space.LARGE
        self.body.setContentsMargins(margin, margin, margin, margin)

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Replace the sentences."""
        if tuple(facts) == self._shown:
            return
        self._shown = tuple(facts)
        while (item := self._facts.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for icon_name, token, text in facts:
            holder = QWidget()
            line_up = row(spacing=12)
            line_up.addWidget(IconLabel(icon_name, token, Control.ICON), 0, Qt.AlignmentFlag.AlignTop)
            line_up.addWidget(label(breakable(text), wrap=True), 1)
            holder.setLayout(line_up)
            self._facts.addWidget(holder)

    def show_targets(self, states: Sequence[TargetState], current: str) -> None:
        """Offer the places it can run; with one there is nothing to choose."""
        self._where.blockSignals(True)
        self._where.clear()
        for state in states:
            self._where.addItem(target_title(state), state.name)
        self._where.setCurrentIndex(self._where.findData(current))
        self._where.blockSignals(False)
        for widget in (self._where, self._where_label):
            widget.setVisible(len(states) > 1)

    def set_busy(self, busy: bool) -> None:
        """While the run is being written down and sent."""
        self.run.setEnabled(not busy)
        self.run.setText(self.tr("Sending…") if busy else self.tr("Run"))
        self.run.setToolTip(self.tr("The run is being sent.") if busy else self.tr("Ctrl+Enter"))

    @Slot()
    def _run(self) -> None:
        self.run_wanted.emit()

    @Slot(int)
    def _target_activated(self, number: int) -> None:
        self.target_chosen.emit(str(self._where.itemData(number)))


def time_sentence(usual: tuple[float, float, int] | None, checked: Result | None) -> str:
    """How long it usually takes; empty where only the analysis, asked beforehand, can say, and has said it (`checked`)."""
    if usual is None and checked is not None and any(one.name == FORESEEN for one in checked.metrics):
        return ""
    if usual is None:
        return translate("SummaryPane", "The time it takes is not known yet: this is the first run here.")
    low, high, count = usual
    alike = duration(low) == duration(high) or high - low < SAME_WITHIN * high
    span = duration(high) if alike else f"{duration(low)} – {duration(high)}"
    if count == 1:
        return translate("SummaryPane", "Took {0} the last time").format(span)
    return translate("SummaryPane", "Took {0} in the last {1} runs").format(span, count)

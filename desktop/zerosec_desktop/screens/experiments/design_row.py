"""One design of the project as a line: chosen for comparison, its progress with the best so far, what can be done with it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from zerosec_desktop.controls import ElidedLabel, IconLabel, button, column, label, row
from zerosec_desktop.jobs import JobEntry, Phase
from zerosec_desktop.navigation import JobKey
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.home.progress_row import ProgressRow
from zerosec_desktop.views.answer import metric_texts
from zerosec_desktop.widgets.number_format import format_number
from zerosec_desktop.wording import PHASE_ICON, clock, day, phase_title
from zerosec_shared.runs import Job

__all__ = ["DesignRow"]


class DesignRow(QWidget):
    """Shows `ProgressRow` while it goes on, and what it came to afterwards."""

    show_wanted = Signal(object)  # JobKey
    cancel_wanted = Signal(object)  # JobKey
    open_wanted = Signal(object)  # JobKey
    leave_wanted = Signal(object)  # JobKey
    compared = Signal()

    def __init__(self, key: JobKey) -> None:
        super().__init__()
        self.key = key
        self._progress: ProgressRow | None = None
        self.compare = QCheckBox()
        self.compare.setAccessibleName(self.tr("Compare this design"))
        self.compare.setToolTip(self.tr("Compare this design"))
        self.compare.toggled.connect(self.compared)
        self.best = label("", "caption")
        self._sign = IconLabel("hourglass", "muted")
        self._name = ElidedLabel("", "strong")
        self._told = ElidedLabel("", "caption")
        self._accepted = label(self.tr("accepted"), "success")
        self._accepted.hide()
        self.show_it = button(self.tr("Show"), clicked=self._show)
        self._leave = button(self.tr("Take off the list"), "quiet", clicked=self._left)
        self._ended = QWidget()
        across = row(self.compare, self._sign, spacing=12)
        across.addLayout(column(self._name, self._told, spacing=0), 1)
        for widget in (self._accepted, self._leave, self.show_it):
            across.addWidget(widget)
        self._ended.setLayout(across)
        self._stack = QVBoxLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.setSpacing(Space.HAIR)
        self._stack.addWidget(self._ended)
        self._stack.addWidget(self.best)
        self.best.hide()

    def show_entry(self, entry: JobEntry | None, job: Job | None, *, accepted: bool) -> None:
        """Show where it stands now."""
        going = entry is not None and not entry.phase.ended
        if going and entry is not None:
            if self._progress is None:
                self._progress = ProgressRow(entry)
                self._progress.open.connect(self.open_wanted)
                self._progress.cancel.connect(self.cancel_wanted)
                self._stack.insertWidget(0, self._progress)
            self._progress.show_entry(entry)
            best = entry.counters.get("best")
            told = isinstance(best, int | float)
            self.best.setText(
                self.tr("Best so far: {best}").format(best=format_number(float(best)))
                if isinstance(best, int | float)
                else ""
            )
            self.best.setVisible(told)
        elif self._progress is not None:
            self._stack.removeWidget(self._progress)
            self._progress.hide()
            self._progress.deleteLater()
            self._progress = None
            self.best.hide()
        self._ended.setVisible(not going)
        self._accepted.setVisible(accepted)
        done = job is not None
        self.compare.setEnabled(done)
        self.show_it.setEnabled(entry is not None)
        if entry is None:
            self._name.set_full_text(self.tr("Asking for the design…"))
            return
        self._sign.set_icon(*PHASE_ICON[entry.phase])
        self._name.set_full_text(entry.name)
        if job is not None and job.result is not None:
            figures = [metric for metric in job.result.metrics if metric.headline]
            parts = [f"{metric.label} {metric_texts(metric)[0]}" for metric in figures]
            when = f"{day(entry.created_at)} {clock(entry.created_at)}"
            self._told.set_full_text(" · ".join([when, *parts]))
        elif entry.phase is not Phase.SUCCEEDED:
            failure = entry.state.failure if entry.state is not None else None
            self._told.set_full_text(
                entry.trouble or (failure.title if failure else phase_title(entry.phase))
            )

    def _show(self) -> None:
        self.show_wanted.emit(self.key)

    def _left(self) -> None:
        self.leave_wanted.emit(self.key)

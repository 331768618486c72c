"""A job that is going on, as one line: sign, name, stage, bar, time left, and the way to stop it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from zerosec_desktop.controls import ElidedLabel, IconLabel, button, column, label, row, tool_button
from zerosec_desktop.jobs import JobEntry, Phase
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.wording import PHASE_ICON, duration, phase_title, remaining


class ProgressRow(QWidget):
    """Shows an entry; call `show_entry` for each change."""

    open = Signal(object)  # JobKey
    cancel = Signal(object)  # JobKey

    def __init__(self, entry: JobEntry) -> None:
        super().__init__()
        self.key = entry.key
        self._sign = IconLabel("running", "accent")
        self._name = ElidedLabel(entry.name, "strong")
        self._stage = ElidedLabel("", "caption")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Progress of {name}").format(name=entry.name))
        self._percent = label("", "caption")
        self._percent.setFixedWidth(128)
        self._stop = tool_button("stop", self.tr("Cancel this job"), clicked=self._cancel)
        show = button(self.tr("Show"), clicked=self._open)
        names = column(self._name, self._stage, spacing=0)
        across = row(self._sign, spacing=12)
        across.addLayout(names, 3)
        across.addWidget(self._bar, 2)
        across.addWidget(self._percent)
        across.addWidget(show)
        across.addWidget(self._stop)
        across.setContentsMargins(0, Space.TINY, 0, Space.TINY)
        self.setLayout(across)
        self.show_entry(entry)

    def show_entry(self, entry: JobEntry) -> None:
        """Show where it stands now."""
        self._sign.set_icon(*PHASE_ICON[entry.phase])
        self._name.set_full_text(entry.name)
        doing = "" if entry.phase is Phase.QUEUED else entry.message or entry.stage
        self._stage.set_full_text(entry.trouble or doing or phase_title(entry.phase))
        known = entry.fraction is not None
        self._bar.setRange(0, 1000 if known or entry.phase is not Phase.RUNNING else 0)
        self._bar.setValue(round((entry.fraction or 0) * 1000))
        parts = []
        if known and entry.phase is Phase.RUNNING:
            parts.append(f"{(entry.fraction or 0) * 100:.0f}%")
        left = remaining(entry)
        if left:
            parts.append(self.tr("{time} left").format(time=left))
        elif entry.elapsed_s is not None:
            parts.append(duration(entry.elapsed_s))
        self._percent.setText(" · ".join(parts))
        self._stop.setEnabled(entry.phase is not Phase.CANCELLING)
        self._stop.setToolTip(
            self.tr("It is being cancelled already")
            if entry.phase is Phase.CANCELLING
            else self.tr("Cancel this job")
        )

    def _open(self) -> None:
        self.open.emit(self.key)

    def _cancel(self) -> None:
        self.cancel.emit(self.key)

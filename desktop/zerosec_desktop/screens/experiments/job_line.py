"""A job as one line on a step's page: its progress with rate and time left, and the way to stop it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from zerosec_desktop.controls import label
from zerosec_desktop.jobs import JobEntry
from zerosec_desktop.navigation import JobKey
from zerosec_desktop.screens.home.progress_row import ProgressRow
from zerosec_desktop.wording import duration

__all__ = ["JobLine"]


class JobLine(QWidget):
    """Hidden until a job is shown."""

    open = Signal(object)  # JobKey
    cancel = Signal(object)  # JobKey

    def __init__(self) -> None:
        super().__init__()
        self._row: ProgressRow | None = None
        self._rate = label("", "caption")
        self._stack = QVBoxLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.setSpacing(0)
        self._stack.addWidget(self._rate)
        self.hide()

    @property
    def key(self) -> JobKey | None:
        """Of the job that is shown."""
        return None if self._row is None else self._row.key

    def show_entry(self, entry: JobEntry) -> None:
        """Show where it stands now."""
        if self._row is None or self._row.key != entry.key:
            if self._row is not None:
                self._stack.removeWidget(self._row)
                self._row.hide()
                self._row.deleteLater()
            self._row = ProgressRow(entry)
            self._row.open.connect(self.open)
            self._row.cancel.connect(self.cancel)
            self._stack.insertWidget(0, self._row)
        self._row.show_entry(entry)
        rate, left = entry.counters.get("rows_per_second"), entry.counters.get("seconds_left")
        told = ""
        if isinstance(rate, int | float) and isinstance(left, int | float) and rate > 0:
            told = self.tr("{rate} rows a second, {time} left").format(
                rate=f"{rate:,.0f}", time=duration(left)
            )
        self._rate.setText(told)
        self._rate.setVisible(bool(told))
        self.show()

    def say(self, text: str) -> None:
        """Say what happens after the job."""
        self._rate.setText(text)
        self._rate.show()
        self.show()

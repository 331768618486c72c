"""While a job goes on its page is kept true: time that passes, signs of life, files on their way, events as they come."""

from PySide6.QtCore import QObject, QTimer, Slot

from zerosec_desktop.bridge import Work
from zerosec_desktop.jobs import Phase
from zerosec_desktop.navigation import JobKey
from zerosec_desktop.screens.run.actions import RunOnScreen
from zerosec_desktop.screens.run.progress import ProgressPage
from zerosec_shared.events import Event
from zerosec_shared.runs import Job

__all__ = ["LiveProgress"]

LOOK_EVERY_MS = 5000
TICK_MS = 1000


class LiveProgress(QObject):
    """Feeds the progress page of the screen's job."""

    def __init__(self, screen: RunOnScreen, page: ProgressPage) -> None:
        super().__init__(screen)
        self._screen, self._page = screen, page
        self._session = screen.context.session
        self._asked: list[Work] = []
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self.show)
        self._look = QTimer(self, interval=LOOK_EVERY_MS)
        self._look.timeout.connect(self._ask_pulse)
        self._session.event_arrived.connect(self._event_arrived)
        self._session.transfer_changed.connect(self._transfer_changed)

    def forget(self) -> None:
        """Another job, or none, is on the screen."""
        for work in self._asked:
            work.cancel()
        self._asked.clear()
        self._page.clear()

    def catch_up(self) -> None:
        """Show what happened before the page was opened."""
        if self._screen.key is not None:
            self._asked.append(self._session.events(self._screen.key, self._got_events, _quiet))

    def keep_up(self) -> None:
        """Go with the time as long as the job goes on and is looked at."""
        entry = self._screen.entry
        going = entry is not None and not entry.phase.ended and self._screen.isVisible()
        for timer in (self._tick, self._look):
            if going and not timer.isActive():
                timer.start()
            elif not going:
                timer.stop()

    def stop(self) -> None:
        """Nobody looks."""
        self._tick.stop()
        self._look.stop()

    @Slot()
    def show(self) -> None:
        """Show the job as it is known now."""
        entry = self._screen.entry
        if entry is not None and not entry.phase.ended:
            self._page.show_entry(
                entry,
                self._session.transfers(),
                self._session.target_state(entry.key.target),
                finishable=self._session.finishable(entry),
            )

    @Slot()
    def _ask_pulse(self) -> None:
        key, entry = self._screen.key, self._screen.entry
        if key is not None and entry is not None and entry.phase is Phase.RUNNING:
            self._asked = [work for work in self._asked if not work.ended]
            self._asked.append(self._session.job(key, self._got_pulse, _quiet))

    def _got_pulse(self, job: Job) -> None:
        self._page.show_pulse(job.heartbeat_age_s, job.progress_age_s)

    def _got_events(self, events: list[Event]) -> None:
        for event in events:
            self._page.show_event(event)

    @Slot(object, object)
    def _event_arrived(self, key: JobKey, event: Event) -> None:
        if key == self._screen.key:
            self._page.show_event(event)

    @Slot(object)
    def _transfer_changed(self, _transfer: object) -> None:
        if self._screen.entry is not None and self._screen.entry.phase is Phase.SENDING:
            self.show()


def _quiet(_error: Exception) -> None:
    """What follows anyway shows it: the target's state, or the next look."""

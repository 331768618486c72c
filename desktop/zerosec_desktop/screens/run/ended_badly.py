"""A run that did not succeed: why, in words, and the ways on."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from zerosec_desktop.controls import Card, IconLabel, button, label, row
from zerosec_desktop.jobs import JobEntry, Phase
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.wording import PHASE_ICON, phase_title

__all__ = ["EndedBadly"]


class EndedBadly(QWidget):
    """A job that did not succeed: why, in words, and the ways on."""

    change_wanted = Signal()
    retry_wanted = Signal()
    log_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        card = Card(margins=Space.LARGE, spacing=Space.SMALL)
        self._icon = IconLabel("error", "error", 32)
        self._title = label("", "title", wrap=True)
        head = row(self._icon, self._title, spacing=12)
        head.setStretch(1, 1)
        card.body.addLayout(head)
        self._detail = label("", wrap=True)
        self._hint = label("", "muted", wrap=True)
        for text in (self._detail, self._hint):
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            card.body.addWidget(text)
        self._change = button(
            self.tr("Change and run again"), "primary", icon_name="edit", clicked=self._changed
        )
        self._retry = button(self.tr("Run again as it is"), icon_name="retry", clicked=self._retried)
        self._log = button(self.tr("Look at the log"), icon_name="text", clicked=self._logged)
        self._fold = button(self.tr("Details"), "link", clicked=self._unfold)
        self._code = label("", "caption", wrap=True)
        self._code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        card.body.addSpacing(Space.SMALL)
        card.body.addLayout(row(self._change, self._retry, self._log, None, self._fold))
        card.body.addWidget(self._code)
        layout.addWidget(card)
        layout.addStretch(1)

    def show_entry(self, entry: JobEntry) -> None:
        """Say what happened."""
        failure = entry.state.failure if entry.state is not None else None
        name, token = PHASE_ICON[entry.phase]
        self._icon.set_icon(name, token)
        title, detail, hint, code = phase_title(entry.phase), "", "", ""
        if failure is not None:
            title, detail, hint, code = failure.title, failure.detail, failure.hint, failure.code.value
        elif entry.phase is Phase.REFUSED:
            title, detail, hint = self.tr("This run did not begin"), entry.trouble, entry.advice
        elif entry.phase is Phase.CANCELLED:
            title = self.tr("This run was cancelled")
            detail = self.tr("It left no results. Its settings and data are kept, so it can be run again.")
        self._title.setText(title)
        for part, text in ((self._detail, detail), (self._hint, hint)):
            part.setText(text)
            part.setVisible(bool(text))
        self._code.setText(
            self.tr("For whoever looks after the server: code {code}, job {job}").format(
                code=code, job=entry.key.job_id
            )
        )
        self._fold.setVisible(bool(code))
        self._code.hide()
        self._log.setVisible(entry.state is not None and entry.state.started_at is not None)

    @Slot()
    def _unfold(self) -> None:
        self._code.setVisible(self._code.isHidden())

    @Slot()
    def _changed(self) -> None:
        self.change_wanted.emit()

    @Slot()
    def _retried(self) -> None:
        self.retry_wanted.emit()

    @Slot()
    def _logged(self) -> None:
        self.log_wanted.emit()

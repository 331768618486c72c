"""Toasts for what has just happened, and the panel that keeps it all. Both only listen to the notification centre."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCursor, QGuiApplication, QKeyEvent, QTextOption
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from zerosec_desktop.controls import (
    Card,
    EmptyState,
    IconLabel,
    breakable,
    button,
    column,
    label,
    line,
    row,
    set_property,
    tool_button,
)
from zerosec_desktop.notifications import Notification, NotificationCentre
from zerosec_desktop.resources.theme import monospace
from zerosec_desktop.resources.tokens import Control, Space
from zerosec_desktop.wording import clock
from zerosec_shared.severity import Severity

SIGNS = {
    Severity.INFO: ("info", "accent"),
    Severity.WARNING: ("warning", "warning"),
    Severity.ERROR: ("error", "error"),
}
SHOWN_MS = {Severity.INFO: 5000, Severity.WARNING: 10_000, Severity.ERROR: 20_000}
TOASTS = 3
TITLE_DOWN, SIGN_DOWN = 4, 5
"""The first line of a title, its sign and the button that closes stand in one line."""
DETAIL_LINES = 10


class NoticeCard(Card):
    """One notification: sign, words, what can be done, details folded."""

    def __init__(self, notification: Notification, *, surface: str = "raised") -> None:
        super().__init__(surface=surface, margins=12, spacing=Space.TINY)
        self.notification = notification
        sign = IconLabel(*SIGNS[notification.severity])
        self.close_button = tool_button("close", self.tr("Dismiss"))
        set_property(self.close_button, "size", "small")
        self.close_button.setIconSize(QSize(Control.ICON, Control.ICON))
        title = label(breakable(notification.title), "strong", wrap=True)
        title.setContentsMargins(0, TITLE_DOWN, 0, TITLE_DOWN)
        top = Qt.AlignmentFlag.AlignTop
        head = row(spacing=Space.SMALL)
        head.addWidget(_in_line(sign), 0, top)
        head.addWidget(title, 1, top)
        head.addWidget(self.close_button, 0, top)
        self.body.addLayout(head)
        for text, role in ((notification.detail, ""), (notification.hint, "muted")):
            if text:
                shown = label(breakable(text), role, wrap=True)
                shown.setContentsMargins(28, 0, 0, 0)
                self.body.addWidget(shown)
        self.details = _details(notification.technical)
        foot = row(28, spacing=Space.TINY)
        for action in notification.actions:
            made = button(action.title)
            made.clicked.connect(action.call)
            made.clicked.connect(self.close_button.click)
            foot.addWidget(made)
        if notification.technical:
            self._fold = button(self.tr("Details"), "link", clicked=self.unfold)
            foot.addWidget(self._fold)
        if notification.severity is not Severity.INFO:
            foot.addWidget(button(self.tr("Copy"), "link", clicked=self._copy))
        foot.addStretch(1)
        foot.addWidget(label(clock(notification.at), "caption"))
        self.body.addLayout(foot)
        self.body.addWidget(self.details)
        self.setAccessibleName(notification.title)
        self.setAccessibleDescription(" ".join(filter(None, (notification.detail, notification.hint))))

    def unfold(self) -> None:
        """Show the details, or fold them again."""
        self.details.setVisible(self.details.isHidden())
        self.adjustSize()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.notification.text)


def _in_line(sign: QWidget) -> QWidget:
    """A sign at the height of the first line of a title."""
    holder = QWidget()
    stack = column(sign)
    stack.setContentsMargins(0, SIGN_DOWN, 0, 0)
    holder.setLayout(stack)
    return holder


def _details(text: str) -> QPlainTextEdit:
    """What is technical: in letters of equal width, wrapped wherever a line ends, scrolled where it is long; hidden."""
    shown = QPlainTextEdit(text)
    shown.setReadOnly(True)
    shown.setFont(monospace())
    shown.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    lines = min(DETAIL_LINES, text.count("\n") + 2)
    shown.setFixedHeight(lines * shown.fontMetrics().lineSpacing() + 2 * Space.SMALL)
    shown.hide()
    return shown


def _pointed_at(card: QWidget) -> bool:
    """Where the pointer is now. Qt's own note of it is of its last move, and the card may have been placed since."""
    return card.rect().contains(card.mapFromGlobal(QCursor.pos()))


class Toasts(QObject):
    """At the lower right of the window, newest lowest; each goes by itself unless the pointer is on it."""

    def __init__(self, window: QWidget, centre: NotificationCentre) -> None:
        super().__init__(window)
        self._window = window
        self._shown: list[NoticeCard] = []
        centre.posted.connect(self._show)
        centre.withdrawn.connect(self._withdraw)
        window.installEventFilter(self)

    def _show(self, notification: Notification) -> None:
        if notification.key:
            self._withdraw(notification.key)
        card = NoticeCard(notification)
        card.setParent(self._window)
        card.setFixedWidth(400)
        card.close_button.clicked.connect(lambda: self._drop(card))
        timer = QTimer(card)
        timer.setInterval(SHOWN_MS[notification.severity])
        timer.timeout.connect(lambda: None if _pointed_at(card) else self._drop(card))
        timer.start()
        self._shown.append(card)
        while len(self._shown) > TOASTS:
            self._drop(self._shown[0])
        card.adjustSize()
        self.place()  # before it is shown: at the corner it is made in the pointer may rest
        card.show()
        card.raise_()
        self.place()

    def _withdraw(self, key: str) -> None:
        for card in list(self._shown):
            if card.notification.key == key:
                self._drop(card)

    def _drop(self, card: NoticeCard) -> None:
        if card in self._shown:
            self._shown.remove(card)
            card.hide()
            card.deleteLater()
            self.place()

    def clear(self) -> None:
        """Take all off: the panel shows them."""
        for card in list(self._shown):
            self._drop(card)

    def place(self) -> None:
        """Stack them up from the lower right corner."""
        bottom = self._window.height() - 32 - Space.MEDIUM
        for card in reversed(self._shown):
            height = max(card.sizeHint().height(), card.heightForWidth(card.width()))
            card.setGeometry(
                self._window.width() - card.width() - Space.MEDIUM, bottom - height, card.width(), height
            )
            bottom -= height + Space.SMALL

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == QEvent.Type.Resize:
            self.place()
        return False


class NoticePanel(QFrame):
    """All notifications, at the right edge; Escape or the bell closes it."""

    WIDTH = 400
    opened = Signal()

    def __init__(self, centre: NotificationCentre) -> None:
        super().__init__()
        self._centre = centre
        self.setProperty("surface", "pane")
        self.setFixedWidth(self.WIDTH)
        self._clear = button(self.tr("Clear all"), "link", clicked=centre.clear)
        head = row(
            label(self.tr("Notifications"), "subtitle"),
            None,
            self._clear,
            tool_button("close", self.tr("Close"), clicked=self.hide),
        )
        head.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.SMALL, Space.SMALL)
        self._list = QWidget()
        self._list.setProperty("surface", "clear")
        self._stack = QVBoxLayout(self._list)
        self._stack.setContentsMargins(Space.MEDIUM, Space.MEDIUM, Space.MEDIUM, Space.MEDIUM)
        self._stack.setSpacing(Space.SMALL)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._list)
        whole = column(spacing=0)
        whole.addLayout(head)
        whole.addWidget(line())
        whole.addWidget(scroll, 1)
        self.setLayout(whole)
        centre.changed.connect(self.refresh)
        self.hide()

    def refresh(self) -> None:
        """Show what there is; costs nothing while hidden."""
        if self.isHidden():
            return
        unfolded = set()
        while (item := self._stack.takeAt(0)) is not None:
            widget = item.widget()
            if isinstance(widget, NoticeCard) and not widget.details.isHidden():
                unfolded.add(widget.notification.number)
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._clear.setVisible(bool(self._centre.items))
        if not self._centre.items:
            self._stack.addWidget(
                EmptyState(
                    "bell",
                    self.tr("Nothing to report"),
                    self.tr("What ends, fails or needs a look is listed here."),
                )
            )
            return
        for notification in self._centre.items[:50]:
            card = NoticeCard(notification, surface="card")
            key = notification.number
            card.close_button.clicked.connect(lambda _=False, number=key: self._dismiss(number))
            self._stack.addWidget(card)
            if key in unfolded:
                card.unfold()
        self._stack.addStretch(1)

    def _dismiss(self, number: int) -> None:
        self._centre.items = [item for item in self._centre.items if item.number != number]
        self._centre.changed.emit()

    def toggle(self) -> None:
        """Open or close."""
        self.setVisible(self.isHidden())
        if not self.isHidden():
            self._centre.read_all()  # which has them shown
            self.setFocus()
            self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)


class Bell(QPushButton):
    """Opens the panel; says how many are unread."""

    def __init__(self, centre: NotificationCentre) -> None:
        super().__init__()
        self._centre = centre
        self.setProperty("kind", "quiet")
        self.setAutoDefault(False)
        centre.changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        from zerosec_desktop.resources.icon import icon

        unread = self._centre.unread
        self.setIcon(icon("bell", "accent" if unread else "muted"))
        self.setText(str(unread) if unread else "")
        name = self.tr("%Ln unread notification(s)", "", unread) if unread else self.tr("Notifications")
        self.setToolTip(name)
        self.setAccessibleName(name)

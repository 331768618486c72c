"""What a form says of where its values come from, with the way to have others: start afresh, or take those of the last run."""

from PySide6.QtCore import Signal

from zerosec_desktop.controls import Message, button

__all__ = ["FormNotice"]


class FormNotice(Message):
    """Hidden while there is nothing to say."""

    afresh_wanted = Signal()
    last_wanted = Signal()

    def __init__(self) -> None:
        self.afresh = button("")
        self.last = button("")
        super().__init__("info", "", "", self.afresh, self.last)
        self.afresh.setText(self.tr("Start afresh"))
        self.last.setText(self.tr("As last used"))
        self.afresh.clicked.connect(self.afresh_wanted)
        self.last.clicked.connect(self.last_wanted)
        self.hide()

    def tell(self, title: str, detail: str = "") -> None:
        """Say what the form begins with."""
        self._show(title, detail, offers_last=False)

    def offer_last(self) -> None:
        """Say that the form begins anew, and that what was run last can be had again."""
        self._show(self.tr("Settings and files of your last run can be taken again."), "", offers_last=True)

    def _show(self, title: str, detail: str, *, offers_last: bool) -> None:
        self.title.setText(title)
        self.detail.setText(detail)
        self.detail.setVisible(bool(detail))
        self.afresh.setVisible(not offers_last)
        self.last.setVisible(offers_last)
        self.setAccessibleName(title)
        self.show()

"""Dialogs and notices: whole whatever names they hold, and nothing is done by a hasty Enter."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.desktop.test_export_figures import PLOTS
from zerosec_desktop.context import Context
from zerosec_desktop.controls import IconLabel, label
from zerosec_desktop.dialogs import confirm, open_files
from zerosec_desktop.export.dialog import FigureDialog
from zerosec_desktop.export.figure import FigureFormat
from zerosec_desktop.notifications import Notification, NotificationCentre
from zerosec_desktop.screens.home.screen import RowButton
from zerosec_desktop.screens.page import Page
from zerosec_desktop.shell.notices import SHOWN_MS, NoticeCard, NoticePanel, Toasts
from zerosec_desktop.widgets.form.editors import QuietCombo
from zerosec_shared.severity import Severity

LONG = "a_very_long_reference_name_that_goes_on_and_on_and_on_until_2026.fa"
UNBROKEN = "f204db2c753b0937caac3cb35258562c14f073e4bbc76be24b4c51ce22767a93"


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(1280, 800)
    return made


@pytest.fixture
def asked(parent: QWidget, qtbot: QtBot) -> Callable[[str, list[str]], QDialog]:
    def ask(name: str, done: list[str]) -> QDialog:
        dialog = confirm(
            parent, f"Remove {name}?", f"It is {name}.", "Remove", lambda: done.append("removed")
        )
        qtbot.waitUntil(dialog.isVisible)
        return dialog

    return ask


@pytest.mark.parametrize("name", ["x", LONG, UNBROKEN])
def test_a_question_is_whole_whatever_it_is_about(
    asked: Callable[[str, list[str]], QDialog], name: str
) -> None:
    dialog = asked(name, [])
    for text in dialog.findChildren(QLabel):
        if text.wordWrap():
            assert text.height() >= text.heightForWidth(text.width()), text.text()
            assert text.minimumSizeHint().width() <= text.width()
            assert text.text().replace("\u200b", "").count(name) == 1
    heading = next(text for text in dialog.findChildren(QLabel) if text.wordWrap())
    sign = dialog.findChild(IconLabel)
    assert isinstance(sign, IconLabel)
    assert sign.geometry().top() <= heading.geometry().top() + 4
    assert dialog.width() <= 640
    assert dialog.height() <= 400
    dialog.reject()


def test_enter_presses_the_button_that_has_the_focus_and_that_is_the_harmless_one(
    asked: Callable[[str, list[str]], QDialog], qtbot: QtBot
) -> None:
    done: list[str] = []
    dialog = asked("x", done)
    qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    assert dialog.result() == QDialog.DialogCode.Rejected
    assert not done
    dialog = asked("x", done)
    act = next(each for each in dialog.findChildren(QPushButton) if each.text() == "Remove")
    act.setFocus()
    qtbot.keyClick(act, Qt.Key.Key_Return)
    assert done == ["removed"]


def test_all_of_what_can_be_chosen_for_a_figure_can_be_read(context: Context, parent: QWidget) -> None:
    dialog = FigureDialog(parent, context.bridge, PLOTS[0], FigureFormat.SVG, lambda _form, _data: None)
    dialog.open()
    for combo in dialog.findChildren(QuietCombo):
        assert combo.width() >= combo.sizeHint().width()
    focused = dialog.focusWidget()
    assert isinstance(focused, QPushButton)
    assert focused.text() == "SVG"
    dialog.reject()


def test_a_dialog_that_is_closed_while_its_figure_is_drawn_is_not_drawn_into(
    context: Context, parent: QWidget, qtbot: QtBot
) -> None:
    dialog = FigureDialog(parent, context.bridge, PLOTS[0], FigureFormat.PNG, lambda _form, _data: None)
    dialog.open()
    with qtbot.waitSignal(dialog.destroyed):
        dialog.reject()
    qtbot.waitUntil(lambda: not context.bridge.pending)  # an exception in the callback fails the test


def test_files_are_chosen_with_signs_and_words_of_ours(parent: QWidget) -> None:
    dialog = open_files(parent, "Open", (), lambda _files: None)
    assert dialog.width() >= 800
    assert dialog.labelText(QFileDialog.DialogLabel.FileType) == "Kind:"
    dialog.reject()


def test_a_notice_wraps_long_names_and_details_and_stays_unfolded_when_others_come(qtbot: QtBot) -> None:
    centre = NotificationCentre()
    panel = NoticePanel(centre)
    qtbot.addWidget(panel)
    panel.resize(400, 700)
    centre.post(
        Notification(f"You may not read “{LONG}”", UNBROKEN, "", Severity.ERROR, f"line\n/{UNBROKEN * 3}")
    )
    panel.toggle()
    card = panel.findChild(NoticeCard)
    assert isinstance(card, NoticeCard)
    card.unfold()
    qtbot.waitUntil(lambda: card.details.isVisible() and card.width() > 100)
    assert card.minimumSizeHint().width() <= NoticePanel.WIDTH - 32
    centre.info("Another")
    qtbot.waitUntil(
        lambda: (
            [shown.details.isHidden() for shown in panel.findChildren(NoticeCard) if shown.isVisible()]
            == [True, False]
        )
    )
    panel.hide()


def test_what_the_panel_shows_stands_nowhere_else(qtbot: QtBot) -> None:
    window, centre = label(), NotificationCentre()
    qtbot.addWidget(window)
    panel, toasts = NoticePanel(centre), Toasts(window, centre)
    qtbot.addWidget(panel)
    panel.opened.connect(toasts.clear)
    centre.warn("The file has changed")
    assert len(window.findChildren(NoticeCard)) == 1
    panel.toggle()
    assert not [card for card in window.findChildren(NoticeCard) if not card.isHidden()]
    panel.hide()


def test_rows_keep_their_height_however_many_there_are(qtbot: QtBot) -> None:
    page = Page()
    qtbot.addWidget(page)
    rows = [RowButton("runs", "accent", f"Run {number}", "21:09", "Succeeded") for number in range(40)]
    for row in rows:
        page.body.addWidget(row)
    page.resize(800, 400)
    page.show()
    qtbot.waitUntil(lambda: page.verticalScrollBar().maximum() > 40 * 40)
    assert {row.height() for row in rows} == {rows[0].sizeHint().height()}
    page.hide()


def test_a_toast_goes_by_itself_unless_the_pointer_is_on_it(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is made where the pointer may rest, and placed elsewhere: what counts is where the pointer is when its time is over."""
    monkeypatch.setitem(SHOWN_MS, Severity.INFO, 20)
    centre, window = NotificationCentre(), QWidget()
    qtbot.addWidget(window)
    window.resize(900, 700)
    window.show()
    toasts = Toasts(window, centre)
    pointer = window.mapToGlobal(QPoint(10, 10))
    monkeypatch.setattr(QCursor, "pos", lambda: pointer)
    centre.info("Done")
    (card,) = toasts._shown
    card.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    qtbot.waitUntil(lambda: not toasts._shown)
    centre.info("Done again")
    (card,) = toasts._shown
    pointer = card.mapToGlobal(card.rect().center())
    (timer,) = [each for each in card.children() if isinstance(each, QTimer)]
    with qtbot.waitSignal(timer.timeout):
        pass
    assert toasts._shown == [card]
    window.close()

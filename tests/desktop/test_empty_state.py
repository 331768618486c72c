"""A screen that has nothing to show says the whole of what it is for."""

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from zerosec_desktop.controls import EmptyState

WORDS = "完了、失敗、確認が必要なことがここに並びます。" * 3


@pytest.mark.parametrize("width", [368, 500, 900])
def test_its_text_is_given_as_many_lines_as_it_needs(qtbot: QtBot, width: int) -> None:
    shown = EmptyState("bell", "お知らせはありません", WORDS)
    qtbot.addWidget(shown)
    shown.resize(width, 600)
    with qtbot.waitExposed(shown):
        shown.show()
    assert 320 <= shown.body.width() <= 480
    assert shown.body.height() >= shown.body.heightForWidth(shown.body.width())
    shown.hide()


def test_its_lines_are_of_like_length(qtbot: QtBot) -> None:
    """No syllable stands alone in the last line."""
    shown = EmptyState(
        "bell",
        "計画はまだありません",
        "実施できるすべての実験の中から、最も多くを学べる少数の実験を選びます。",
    )
    qtbot.addWidget(shown)
    shown.resize(900, 600)
    with qtbot.waitExposed(shown):
        shown.show()
    body = shown.body
    margins = body.contentsMargins()
    room = body.width() - margins.left() - margins.right()
    text, lines = (
        body.fontMetrics().horizontalAdvance(body.text()),
        round(body.heightForWidth(body.width()) / body.fontMetrics().lineSpacing()),
    )
    assert lines > 1
    assert text > 0.8 * room * lines
    shown.hide()


def test_another_text_is_measured_anew(qtbot: QtBot) -> None:
    shown = EmptyState("bell", "Reading", "A word.")
    qtbot.addWidget(shown)
    shown.resize(900, 600)
    with qtbot.waitExposed(shown):
        shown.show()
    line = shown.body.fontMetrics().lineSpacing()
    shown.body.setText("The first rows appear in a moment, as soon as they come.")
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    assert shown.body.heightForWidth(shown.body.width()) < 2 * line, "one line is enough"
    shown.body.setText(WORDS)
    qtbot.waitUntil(lambda: shown.body.height() >= shown.body.heightForWidth(shown.body.width()) > line)
    shown.hide()

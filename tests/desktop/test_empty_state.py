"""A screen that has nothing to show says the whole of what it is for."""

import pytest
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

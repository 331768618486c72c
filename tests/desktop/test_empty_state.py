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

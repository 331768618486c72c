"""The head of a run in every width: the facts stand whole, and what can be done is all there."""

from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from zerosec_analyses.nonlinear.spec import ANALYSIS
from zerosec_desktop.context import Context
from zerosec_desktop.resources.language import apply_language
from zerosec_desktop.screens.run.head import RunHead

OFFERS = [step for step in ANALYSIS.info().steps if step.offer]
FACTS = "Nonlinear model · 22 Nov 2026, 20:44 · 1 min 23 s · This computer"


def all_whole(head: RunHead) -> bool:
    return all(
        head.rect().contains(made.geometry().translated(head._doing.pos()))
        and made.width() >= made.sizeHint().width()
        for made in (*head.offers.values(), head.report, head.again, head._more)
    )


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_facts_stand_whole_and_every_control_in_the_window(qtbot: QtBot, language: str) -> None:
    apply_language(language)
    try:
        head = RunHead(cast(Context, None))
    finally:
        apply_language("en")
    qtbot.addWidget(head)
    head._state.setText("Succeeded")
    head._facts.set_full_text(FACTS)
    words = [made.accessibleName() or made.text().strip() for made in (head.report, head.again)]
    head.show()
    found = []
    for width, count in ((1700, 2), (1012, 1), (1012, 2), (1012, 3), (620, 2), (620, 3), (1700, 2)):
        head.show_offers(OFFERS[:count])
        head.resize(width, 200)
        qtbot.waitUntil(lambda: all(made.isVisible() for made in head.offers.values()))
        qtbot.waitUntil(lambda: head._facts.width() >= head._facts.sizeHint().width())
        qtbot.waitUntil(lambda: all_whole(head))
        beside = head._doing.y() < head._said.geometry().bottom()
        in_words = bool(head.again.text())
        found.append((width, count, beside, in_words))
        assert [made.accessibleName() for made in (head.report, head.again)] == words
        assert all(bool(made.toolTip()) is not in_words for made in (head.report, head.again))
    assert found[0] == (1700, 2, True, True)
    assert found[-1] == found[0], "and back again"
    assert [beside for width, _, beside, _ in found if width == 620] == [False, False]
    assert [in_words for width, _, _, in_words in found if width == 620] == [False, False]

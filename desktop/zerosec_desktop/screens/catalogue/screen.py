"""All analyses of the current target, by group."""

from functools import partial

from PySide6.QtWidgets import QLineEdit, QVBoxLayout

from zerosec_desktop.context import Context
from zerosec_desktop.controls import Card, EmptyState, button, label, row
from zerosec_desktop.examples import example_file
from zerosec_desktop.jobs import TargetState
from zerosec_desktop.navigation import AnalysisRoute, TargetsRoute
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.base import Screen
from zerosec_desktop.screens.page import Page
from zerosec_desktop.widgets.target_band import waiting_page
from zerosec_desktop.widgets.two_columns import TwoColumns
from zerosec_shared.analyses import AnalysisInfo

__all__ = ["CatalogueScreen"]


class CatalogueScreen(Screen):
    """What each is for, what it needs, its sources, and the way in."""

    icon_name = "analysis"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._page = Page()
        self._search = QLineEdit()
        self._search.setPlaceholderText(self.tr("Find an analysis"))
        self._search.setAccessibleName(self._search.placeholderText())
        self._search.setClearButtonEnabled(True)
        self._search.setFixedWidth(320)
        self._search.textChanged.connect(self._fill)
        self._page.body.addLayout(row(self._search, None))
        self._cards = QVBoxLayout()
        self._cards.setSpacing(Space.MEDIUM)
        self._page.body.addLayout(self._cards)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._page)
        context.session.catalogue_changed.connect(self._fill)
        context.session.targets_changed.connect(self._fill)
        context.session.target_changed.connect(self._target_changed)
        self._fill()

    def title(self) -> str:
        return self.tr("Analyses")

    def activated(self) -> None:
        self._search.setFocus()

    def _to_targets(self) -> None:
        self.navigate.emit(TargetsRoute(self.context.session.current_target))

    def _target_changed(self, state: TargetState) -> None:
        if not state.usable:
            self._fill()

    def _fill(self, *_: object) -> None:
        while (item := self._cards.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        session = self.context.session
        catalogue = session.catalogue()
        wanted = self._search.text().casefold().split()
        shown = [
            a for a in catalogue if all(w in f"{a.title} {a.summary} {a.group}".casefold() for w in wanted)
        ]
        if not shown:
            self._cards.addWidget(
                EmptyState("filter", self.tr("No analysis fits"), self.tr("Look for another word."))
                if catalogue
                else waiting_page(
                    session.target_state(session.current_target),
                    self.tr("The list is on its way"),
                    self.tr("It appears as soon as the server answers."),
                    self._to_targets,
                )
            )
            return
        groups: dict[str, list[AnalysisInfo]] = {}
        for analysis in shown:
            groups.setdefault(analysis.group, []).append(analysis)
        # Two a row, group after group: groups of one would leave half the page empty.
        self._cards.addWidget(
            TwoColumns([self._card(each) for several in groups.values() for each in several])
        )

    def _card(self, analysis: AnalysisInfo) -> Card:
        card = Card()
        card.body.addWidget(label(analysis.group, "overline"))
        card.body.addLayout(row(label(analysis.title, "subtitle"), None, label(analysis.version, "caption")))
        card.body.addWidget(label(analysis.summary, wrap=True))
        needs = [slot.title for step in analysis.steps[:1] for slot in step.inputs if slot.required]
        if needs:
            card.body.addWidget(
                label(self.tr("Needs: {what}").format(what=self.tr(", ").join(needs)), "muted", wrap=True)
            )
        if analysis.citations:
            card.body.addWidget(label(analysis.citations[0].text, "caption", wrap=True))
        card.body.addStretch(1)
        start = button(
            self.tr("Start"), "primary", clicked=partial(self.navigate.emit, AnalysisRoute(analysis.id))
        )
        start.setAccessibleName(self.tr("Start {name}").format(name=analysis.title))
        foot = row(start)
        for number, example in enumerate(analysis.examples):
            if all(example_file(name) for names in example.inputs.values() for name in names):
                foot.addWidget(
                    button(
                        self.tr("Try an example"),
                        clicked=partial(self.navigate.emit, AnalysisRoute(analysis.id, example=number)),
                        tip=example.title,
                    )
                )
                break
        foot.addStretch(1)
        card.body.addLayout(foot)
        return card

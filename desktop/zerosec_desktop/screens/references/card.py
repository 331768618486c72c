"""A registered reference as a card: what it is, its file, its index, who uses it; and what can be done with it."""

from collections.abc import Callable

from PySide6.QtWidgets import QGridLayout

from zerosec_desktop.controls import Card, ElidedLabel, IconLabel, button, label, row
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.wording import moment, reference_title, size
from zerosec_shared.references import Reference

__all__ = ["ReferenceCard"]


class ReferenceCard(Card):
    """One reference. `prepared` says whether something is made of its kind for all runs, as the index of a genome is."""

    def __init__(
        self, reference: Reference, *, prepared: bool, prepare: Callable[[], None], remove: Callable[[], None]
    ) -> None:
        super().__init__(margins=Space.MEDIUM, spacing=Space.SMALL)
        self.reference = reference
        self._prepared = prepared
        kind = self.tr("{kind}, genome build {build}").format(
            kind=reference_title(reference.kind), build=reference.genome_build
        )
        self.prepare_button = button(self.tr("Make the index"), clicked=prepare)
        self.remove_button = button(self.tr("Remove…"), "danger", clicked=remove)
        for each in (self.prepare_button, self.remove_button):
            each.setAccessibleName(f"{each.text()} {reference.name}")
        self.body.addLayout(
            row(
                IconLabel("disk"),
                label(reference.name, "subtitle"),
                label(kind, "muted"),
                None,
                self.prepare_button,
                self.remove_button,
                spacing=12,
            )
        )
        self._file = ElidedLabel(reference.file_name, "strong")
        self.index = label("", "strong")
        facts = QGridLayout()
        facts.setHorizontalSpacing(Space.XLARGE)
        facts.setVerticalSpacing(0)
        for number, (title, value) in enumerate(
            (
                (self.tr("File"), self._file),
                (self.tr("Size"), label(size(reference.size_bytes), "strong")),
                (self.tr("Registered"), label(moment(reference.created_at), "strong")),
                (self.tr("Index"), self.index),
                (self.tr("Used by"), label(self.tr("%Ln run(s)", "", reference.runs), "strong")),
            )
        ):
            facts.addWidget(label(title, "caption"), 0, number)
            facts.addWidget(value, 1, number)
        facts.setColumnStretch(0, 1)
        self.body.addLayout(facts)
        self.show_making(False)

    def show_making(self, making: bool) -> None:
        """Whether its index is being made now."""
        known = self.reference
        if known.prepared_bytes:
            text = self.tr("made, {size}").format(size=size(known.prepared_bytes))
        elif making:
            text = self.tr("being made…")
        else:
            text = self.tr("not made yet") if self._prepared else "–"
        self.index.setText(text)
        self.prepare_button.setVisible(self._prepared and not known.prepared_bytes and not making)

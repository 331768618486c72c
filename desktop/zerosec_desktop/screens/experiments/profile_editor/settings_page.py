"""What the forms of analyses begin with, chosen from what the server offers: an analysis, one of its settings, and a value."""

from collections.abc import Callable, Sequence
from typing import Any

from zerosec_desktop.resources.language import translate
from zerosec_desktop.screens.experiments.profile_editor.draft import DefaultDraft
from zerosec_desktop.screens.experiments.profile_editor.entries_pane import Chosen, EntriesPane, Written
from zerosec_shared.analyses import AnalysisInfo

__all__ = ["Offer", "settings_pane"]

LAB_SHEET = "lab-sheet"
"""No analysis of the catalogue, but its settings stand in profiles too."""
Offer = Callable[[], Sequence[AnalysisInfo]]
"""The analyses there are to choose from, in the language of the window; none before the server answered."""


def settings_pane(
    offer: Offer, changed: Callable[[tuple[DefaultDraft, ...], object], None]
) -> EntriesPane[DefaultDraft]:
    """What the forms of analyses begin with. What the server does not know is shown as it was written."""

    def analyses(_: DefaultDraft) -> list[tuple[str, str]]:
        known = [(each.id, each.title) for each in offer()]
        return [*known, (LAB_SHEET, translate("Experiments", "Lab sheet"))] if known else []

    def parameters(draft: DefaultDraft) -> list[tuple[str, str]]:
        if draft.analysis.strip() == LAB_SHEET:
            return [("conditions", translate("Experiments", "Conditions with a column of their own"))]
        return [(name, str(schema.get("title") or name)) for name, schema in _settings(offer, draft).items()]

    def explained(draft: DefaultDraft) -> str:
        schema = _settings(offer, draft).get(draft.parameter.strip(), {})
        words = [str(schema.get("description") or "")]
        choices = _choices(schema)
        if choices:
            told = translate("Experiments", "One of: {values}.")
            words.append(told.format(values=", ".join(choices)))
        return " ".join(word for word in words if word)

    rows = (
        (
            Chosen("analysis", translate("Experiments", "Analysis"), analyses, stretch=2),
            Chosen("parameter", translate("Experiments", "Parameter"), parameters, stretch=2),
            Written("value", translate("Experiments", "Value"), example="15", stretch=3, explained=explained),
        ),
    )
    return EntriesPane(
        rows,
        DefaultDraft,
        translate("Experiments", "What the form of an analysis begins with in this project."),
        translate("Experiments", "Add a setting"),
        translate("Experiments", "Remove this setting"),
        changed,
    )


def _settings(offer: Offer, draft: DefaultDraft) -> dict[str, dict[str, Any]]:
    """The settings of an entry's analysis, all steps: name to JSON schema."""
    found: dict[str, dict[str, Any]] = {}
    for analysis in offer():
        if analysis.id == draft.analysis.strip():
            for step in analysis.steps:
                properties = step.parameters_schema.get("properties")
                if isinstance(properties, dict):
                    found |= {name: each for name, each in properties.items() if isinstance(each, dict)}
    return found


def _choices(schema: dict[str, Any]) -> list[str]:
    values = schema.get("enum")
    return [str(value) for value in values] if isinstance(values, list) else []

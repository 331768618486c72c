"""What stands in the place of a form that cannot be shown."""

from collections.abc import Callable

from zerosec_desktop.controls import EmptyState, button
from zerosec_desktop.jobs import TargetState
from zerosec_desktop.resources.language import translate
from zerosec_desktop.widgets.target_band import waiting_page

__all__ = ["not_known_yet", "not_offered"]


def not_offered(to_catalogue: Callable[[], object]) -> EmptyState:
    """The server answers, and does not have the analysis."""
    return EmptyState(
        "analysis",
        translate("AnalysisScreen", "This analysis is not offered here"),
        translate(
            "AnalysisScreen",
            "The server new work goes to does not have it. Another server may, or another version.",
        ),
        button(translate("AnalysisScreen", "See all analyses"), "primary", clicked=to_catalogue),
    )


def not_known_yet(state: TargetState | None, to_targets: Callable[[], object]) -> EmptyState:
    """The server has not answered yet."""
    return waiting_page(
        state,
        translate("AnalysisScreen", "Waiting for the server"),
        translate("AnalysisScreen", "The form appears as soon as the server says what it offers."),
        to_targets,
    )

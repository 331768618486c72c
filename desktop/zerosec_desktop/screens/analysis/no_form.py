"""What stands in the place of a form that cannot be shown."""

from collections.abc import Callable

from zerosec_desktop.controls import EmptyState, button
from zerosec_desktop.resources.language import translate

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


def not_known_yet() -> EmptyState:
    """The server has not answered yet."""
    return EmptyState(
        "hourglass",
        translate("AnalysisScreen", "Waiting for the server"),
        translate("AnalysisScreen", "The form appears as soon as the server says what it offers."),
    )

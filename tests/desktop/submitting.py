"""Wishes of a user in a running window, and where they stand."""

from tests.desktop.conftest import EXAMPLES, RunningApp
from zerosec_desktop.jobs import Phase
from zerosec_desktop.navigation import JobKey

__all__ = ["phase", "submit_linear", "submit_noop"]

LINEAR = {"target": "body_mass_g", "terms": "flipper_length_mm + species"}


def submit_linear(app: RunningApp) -> JobKey:
    """Submit the linear analysis of the penguins."""
    return app.session.submit(
        analysis="linear",
        step=None,
        name="Body mass",
        parameters=LINEAR,
        inputs={"data": [(EXAMPLES / "penguins.csv", None)]},
    )


def submit_noop(app: RunningApp, **parameters: int | float | str) -> JobKey:
    """Submit an analysis that does nothing."""
    return app.session.submit(analysis="noop", step=None, name="Nothing", parameters=parameters, inputs={})


def phase(app: RunningApp, key: JobKey) -> Phase | None:
    """Where a job stands, as the window knows it."""
    entry = app.session.entry(key)
    return entry.phase if entry is not None else None

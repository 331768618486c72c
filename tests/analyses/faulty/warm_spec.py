"""The faulty analysis once more, with libraries to keep in memory: one that can be, one whose import starts threads, one not there."""

from tests.analyses.faulty.spec import FaultyParameters
from zerosec_analyses.sdk import Analysis, Step

__all__ = ["ANALYSIS"]

ANALYSIS = Analysis(
    id="faulty-warm",
    version="1.0.0",
    title="Faulty, warm",
    summary="Misbehaves as asked, in a process with libraries in memory.",
    group="Tests",
    hidden=True,
    steps=(
        Step(
            id="faulty",
            title="Faulty",
            method="tests.analyses.faulty.method:run",
            parameters=FaultyParameters,
            warm=("numpy", "polars", "there_is_no_such_module"),
        ),
    ),
)

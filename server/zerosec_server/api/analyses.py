"""The catalogue of analyses: all that is needed to draw a form, build a command line and check a request."""

from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from zerosec_server.api.answers import answer, answer_list, missing, router
from zerosec_server.api.dependencies import ServicesOf
from zerosec_server.api.errors import problems
from zerosec_shared.analyses import AnalysisInfo
from zerosec_shared.errors import ProblemCode

__all__ = ["analyses"]

analyses = router("analyses")


@analyses.get("/analyses", responses={200: {"model": list[AnalysisInfo]}})
async def list_analyses(services: ServicesOf) -> Response:
    """All analyses that are offered; hidden ones run, but are not listed."""
    return answer_list(analysis.info() for analysis in services.catalogue if not analysis.hidden)


@analyses.get(
    "/analyses/{analysis_id}",
    responses={200: {"model": AnalysisInfo}, **problems(ProblemCode.NOT_FOUND)},
)
async def get_analysis(services: ServicesOf, analysis_id: Annotated[str, Path(max_length=60)]) -> Response:
    """One analysis, hidden or not."""
    if analysis_id not in services.catalogue:
        raise missing("analysis", id=analysis_id)
    return answer(services.catalogue[analysis_id].info())

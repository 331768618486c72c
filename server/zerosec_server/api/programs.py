"""The external programs that analyses use: which are here, in which version, how to get the others."""

import asyncio

from starlette.responses import Response

from zerosec_analyses.catalogue import Catalogue
from zerosec_analyses.programs import FoundProgram, Program, find_program, known_programs
from zerosec_server.api.answers import answer_list, router
from zerosec_server.api.dependencies import ServicesOf
from zerosec_server.steps.program_versions import ProgramVersions
from zerosec_shared.programs import ProgramInfo
from zerosec_shared.translations import with_translations

__all__ = ["programs"]

programs = router("system")

VERSIONS = ProgramVersions()
ANSWER_WITHIN_S = 15.0
"""Half of what a client waits for."""


@programs.get("/system/programs", responses={200: {"model": list[ProgramInfo]}})
async def get_programs(services: ServicesOf) -> Response:
    """Every external program that is known here: whether it is found, where, its version, its citation, how to install it."""
    settings = services.settings.programs
    known = {program.name: program for program in known_programs()}
    for analysis in services.catalogue:
        known |= {program.name: program for program in analysis.programs()}
    found = await asyncio.to_thread(
        lambda: {name: find_program(one, settings) for name, one in known.items()}
    )
    versions = await VERSIONS.told([one for one in found.values() if one is not None], ANSWER_WITHIN_S)
    return answer_list(
        [
            _info(program, found[program.name], versions.get(program.name, ""), services.catalogue)
            for program in sorted(known.values(), key=lambda program: program.title.lower())
        ]
    )


def _info(program: Program, found: FoundProgram | None, version: str, catalogue: Catalogue) -> ProgramInfo:
    users = [a for a in catalogue if any(used.name == program.name for used in a.programs())]
    info = ProgramInfo(
        name=program.name,
        title=program.title,
        summary=program.summary,
        found=found is not None,
        found_by=None if found is None else found.found_by,
        path="" if found is None else str(found.path),
        version=version,
        citations=program.citations,
        help=program.install,
        used_by=tuple(analysis.id for analysis in users),
    )
    texts = [analysis.texts for analysis in users] or [analysis.texts for analysis in catalogue][:1]
    for table in texts:
        info = with_translations(info, table)
    return info

"""The external programs that analyses use: which are here, in which version, how to get the others."""

import asyncio
from functools import lru_cache
from pathlib import Path

from starlette.responses import Response

from zerosec_analyses.catalogue import Catalogue
from zerosec_analyses.programs import FoundProgram, Program, find_program, known_programs, version_of
from zerosec_server.api.answers import answer_list, router
from zerosec_server.api.dependencies import ServicesOf
from zerosec_shared.programs import ProgramInfo
from zerosec_shared.translations import with_translations

__all__ = ["programs"]

programs = router("system")


@programs.get("/system/programs", responses={200: {"model": list[ProgramInfo]}})
async def get_programs(services: ServicesOf) -> Response:
    """Every external program that is known here: whether it is found, where, its version, its citation, how to install it."""
    settings = services.settings.programs
    known = {program.name: program for program in known_programs()}
    for analysis in services.catalogue:
        known |= {program.name: program for program in analysis.programs()}
    told = [
        asyncio.to_thread(_info, program, find_program(program, settings), services.catalogue)
        for program in sorted(known.values(), key=lambda program: program.title.lower())
    ]
    return answer_list(await asyncio.gather(*told))


def _info(program: Program, found: FoundProgram | None, catalogue: Catalogue) -> ProgramInfo:
    users = [a for a in catalogue if any(used.name == program.name for used in a.programs())]
    info = ProgramInfo(
        name=program.name,
        title=program.title,
        summary=program.summary,
        found=found is not None,
        found_by=None if found is None else found.found_by,
        path="" if found is None else str(found.path),
        version="" if found is None else _version(found, _changed_at(found.path)),
        citations=program.citations,
        help=program.install,
        used_by=tuple(analysis.id for analysis in users),
    )
    texts = [analysis.texts for analysis in users] or [analysis.texts for analysis in catalogue][:1]
    for table in texts:
        info = with_translations(info, table)
    return info


def _changed_at(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=200)
def _version(found: FoundProgram, changed_at: int) -> str:
    """Asked once for each file as it is: some programs take a second to tell."""
    return version_of(found)

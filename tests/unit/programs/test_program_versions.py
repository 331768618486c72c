"""Versions of programs: told in time, asked on where that takes longer, and asked again where nothing was told."""

import asyncio
import os
from pathlib import Path

from zerosec_analyses.programs import FoundProgram, Program
from zerosec_server.steps.program_versions import ProgramVersions
from zerosec_shared.programs import FoundBy

LONG_S = 120.0


def script(path: Path, text: str) -> FoundProgram:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    program = Program(name=path.name, title=path.name, summary="", install="Ask.")
    return FoundProgram(program=program, path=path, found_by=FoundBy.PATH)


async def test_a_program_that_takes_its_time_holds_up_no_other_and_is_told_later(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "go")
    slow = script(tmp_path / "slow", f"read word < {tmp_path}/go; echo slow 2.5")
    quick = script(tmp_path / "quick", "echo quick 1.0")
    versions = ProgramVersions()
    assert await versions.told([quick], LONG_S) == {"quick": "1.0"}

    assert await versions.told([slow, quick], 0.01) == {"slow": "", "quick": "1.0"}
    waiting = asyncio.create_task(versions.told([slow], LONG_S))
    await asyncio.to_thread((tmp_path / "go").write_text, "go\n")

    assert await waiting == {"slow": "2.5"}
    assert await versions.told([slow], LONG_S) == {
        "slow": "2.5"
    }  # it would wait for ever if it was asked again


async def test_what_was_not_told_is_asked_again_and_what_was_told_only_when_the_file_has_changed(
    tmp_path: Path,
) -> None:
    asked = tmp_path / "asked"
    found = script(tmp_path / "program", f"echo >> {asked}; test -e {tmp_path}/well && echo program 1.2")
    versions = ProgramVersions()

    assert await versions.told([found], LONG_S) == {"program": ""}
    (tmp_path / "well").touch()
    assert await versions.told([found], LONG_S) == {"program": "1.2"}
    assert await versions.told([found], LONG_S) == {"program": "1.2"}
    assert asked.read_text() == "\n\n"

    os.utime(found.path, (1, 1))
    assert await versions.told([found], LONG_S) == {"program": "1.2"}
    assert asked.read_text() == "\n\n\n"

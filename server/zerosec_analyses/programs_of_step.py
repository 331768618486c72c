"""The external programs of one step: looked up once, run, and remembered with versions, command lines and ends."""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from zerosec_analyses.errors import MissingProgramError
from zerosec_analyses.program_runs import Call, ProgramResult, failed_call, run_calls
from zerosec_analyses.programs import FoundProgram, Program, find_program, version_of
from zerosec_shared.programs import RanProgram

__all__ = ["ProgramsOfStep"]


class ProgramsOfStep:
    """What a step runs. `root` is the folder that recorded paths are relative to, `paths` says where programs lie.

    `log` is told each command line, `changed` is called with the programs just started, and with none when they have ended.
    """

    def __init__(
        self,
        *,
        root: Path,
        scratch: Path,
        paths: Mapping[str, str],
        log: Callable[[str], None],
        changed: Callable[[Sequence[RanProgram]], None],
    ) -> None:
        self._root, self._scratch = root, scratch
        self._paths = dict(paths)
        self._log, self._changed = log, changed
        self._found: dict[str, tuple[FoundProgram, str]] = {}
        self._ran: list[RanProgram] = []

    @property
    def ran(self) -> tuple[RanProgram, ...]:
        """All that have ended, in order."""
        return tuple(self._ran)

    @property
    def versions(self) -> dict[str, str]:
        """Versions of the programs found, by name."""
        return {name: version for name, (_, version) in self._found.items()}

    def find(self, *any_of: Program) -> FoundProgram | None:
        """The first of these programs that is installed; None if none is."""
        for program in any_of:
            if program.name in self._found:
                return self._found[program.name][0]
            found = find_program(program, self._paths)
            if found is not None:
                self._found[program.name] = (found, version_of(found))
                return found
        return None

    def need(self, *any_of: Program) -> FoundProgram:
        """The first of these programs that is installed. Raises MissingProgramError."""
        found = self.find(*any_of)
        if found is None:
            raise MissingProgramError(any_of[0].title, any_of[0].install)
        return found

    def call(self, program: Program | FoundProgram, arguments: Sequence[str | Path]) -> Call:
        """A call of a declared program. Raises MissingProgramError."""
        found = program if isinstance(program, FoundProgram) else self.need(program)
        return Call(
            name=found.program.name,
            arguments=(str(found.path), *(str(argument) for argument in arguments)),
            version=self.versions.get(found.program.name, ""),
        )

    def run(
        self,
        calls: Sequence[Call],
        *,
        cwd: Path | None,
        env: Mapping[str, str] | None,
        check: bool,
        stdin: Path | None = None,
        stdout: Path | None = None,
        on_line: Callable[[str, str], None] | None = None,
    ) -> tuple[ProgramResult, ...]:
        """Run programs as one pipe. Raises MissingProgramError and, with `check`, ProgramError when one ends with an error."""
        started = [call.ran(None, self._root) for call in calls]
        for one in started:
            self._log("$ " + " ".join(json.dumps(part) if " " in part else part for part in one.arguments))

        def say_line(program: str, line: str) -> None:
            sys.stdout.write(f"{line}\n")
            if on_line is not None:
                on_line(program, line)

        self._changed(started)
        results = run_calls(
            calls, cwd=cwd or self._scratch, env=env, stdin=stdin, stdout=stdout, say_line=say_line
        )
        self._ran += [call.ran(result, self._root) for call, result in zip(calls, results, strict=True)]
        self._changed(())
        failure = failed_call(calls, results) if check else None
        if failure is not None:
            raise failure
        return results

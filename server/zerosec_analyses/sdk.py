"""What an analysis works with: its inputs, an output folder, progress, a seeded generator, programs and views.

`def run(ctx: Context, params: P) -> None` is a whole analysis. It knows no database, HTTP or Qt, and runs as well in a
notebook: `Context.for_notebook(output, data=path)`.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from zerosec_analyses.declaration import (
    Analysis,
    Citation,
    Example,
    FromStep,
    InputSlot,
    Parameters,
    SlotKind,
    Step,
)
from zerosec_analyses.draft import NotYetError
from zerosec_analyses.environment import environment
from zerosec_analyses.errors import (
    AnalysisError,
    InputError,
    MissingInputError,
    MissingProgramError,
    ProgramError,
)
from zerosec_analyses.handed import JobInput, Outcome, ReadAs
from zerosec_analyses.program_runs import Call, ProgramResult
from zerosec_analyses.programs import FoundProgram, Need, Program
from zerosec_analyses.programs_of_step import ProgramsOfStep
from zerosec_analyses.report_of_step import ReportOfStep
from zerosec_analyses.reporter import ConsoleReporter, Reporter
from zerosec_shared.files import Dialect
from zerosec_shared.programs import RanProgram
from zerosec_shared.texts import Said, Texts, cut, joined, ours, say
from zerosec_shared.views import Column, Result, RowKey, Series

if TYPE_CHECKING:
    import numpy

__all__ = [
    "Analysis",
    "AnalysisError",
    "Citation",
    "Column",
    "ConsoleReporter",
    "Context",
    "Example",
    "FoundProgram",
    "FromStep",
    "InputError",
    "InputSlot",
    "JobInput",
    "MissingInputError",
    "MissingProgramError",
    "Need",
    "NotYetError",
    "Outcome",
    "Parameters",
    "Program",
    "ProgramError",
    "ProgramResult",
    "ReadAs",
    "Reporter",
    "RowKey",
    "Said",
    "Series",
    "SlotKind",
    "Step",
    "cut",
    "joined",
    "ours",
    "say",
]


def _at_its_place(file: JobInput) -> JobInput:
    return file if file.path.is_absolute() else replace(file, path=file.path.absolute())


class Context(ReportOfStep):
    """One execution of one step.

    `inputs` maps slot names to files; `output` is an empty folder whose whole content becomes artifacts, folders kept;
    `scratch` is thrown away. `seed` is recorded; `rng` is numpy's PCG64 generator made from it. An analysis that declares no
    parameter `seed` has none: what it does is not random. `texts` are the translations that everything reported takes along.
    `finish_file` is a file that appears when the user asks to finish early, `record_file` where what ran is kept for jobs that end badly. `threads` and `memory_bytes` are what the step, its programs
    included, may use; `programs` says where external programs lie that are not to be looked for. `cache` is a folder of the analysis that
    outlasts the job and is shared with other jobs, for what is costly to make again; it may be emptied at any time; None: there is none.
    `kept` is a folder of this job alone, not made yet, that a new attempt at it finds as a killed one left it: for what is found on the
    way. It is gone when the job has ended, and may be empty where another machine goes on; None: there is none.
    """

    def __init__(
        self,
        *,
        inputs: Mapping[str, Sequence[JobInput]],
        output: Path,
        scratch: Path,
        reporter: Reporter,
        seed: int | None = None,
        threads: int = 1,
        texts: Texts | None = None,
        finish_file: Path | None = None,
        record_file: Path | None = None,
        programs: Mapping[str, str] | None = None,
        memory_bytes: int = 8 * 1024**3,
        cache: Path | None = None,
        kept: Path | None = None,
    ) -> None:
        super().__init__(output=output, reporter=reporter, texts=texts)
        # Programs run in folders of their own, where a relative path would mean another place.
        self.inputs = {slot: tuple(map(_at_its_place, files)) for slot, files in inputs.items()}
        self.scratch, self.seed, self.threads = scratch.absolute(), seed, threads
        self.missing_libraries: tuple[str, ...] = ()
        """Libraries that the step would have used, had they been installed: recorded beside the versions of the others."""
        self.memory_bytes, self.cache, self.kept = memory_bytes, cache and cache.absolute(), kept
        self._programs = ProgramsOfStep(
            root=output.parent,
            scratch=scratch,
            paths=programs or {},
            log=self.log,
            changed=self._keep_record,
        )
        self._finish_file, self._to_finish = finish_file, False
        self._record_file = record_file
        self._read_as: dict[tuple[str, int], ReadAs] = {}

    @classmethod
    def for_notebook(cls, output: Path, *, seed: int = 0, **inputs: Path | Sequence[Path]) -> "Context":
        """A context without a server: `Context.for_notebook(Path("out"), data=Path("a.csv"))`."""
        scratch = output / ".scratch"
        scratch.mkdir(parents=True, exist_ok=True)
        files = {slot: [paths] if isinstance(paths, Path) else list(paths) for slot, paths in inputs.items()}
        return cls(
            inputs={slot: [JobInput(path=p, name=p.name) for p in paths] for slot, paths in files.items()},
            output=output,
            scratch=scratch,
            reporter=ConsoleReporter(),
            seed=seed,
            threads=os.cpu_count() or 1,
        )

    def input(self, slot: str) -> JobInput:
        """The single file of a slot; InputError if there is none or more than one."""
        files = self.inputs.get(slot, ())
        if not files:
            raise MissingInputError(slot)
        if len(files) != 1:
            raise InputError(
                say("The input “{slot}” takes one file, and {count} were given.", slot=slot, count=len(files))
            )
        return files[0]

    @property
    def finish_requested(self) -> bool:
        """Whether the user asks to stop now and keep the best so far. Look once an iteration: it costs some microseconds.

        Only for steps that are declared `finishable`: end soon and in order, and say in the result that it was stopped.
        """
        if not self._to_finish and self._finish_file is not None:
            self._to_finish = self._finish_file.exists()
        return self._to_finish

    def read_as(self, slot: str, dialect: Dialect, position: int = 0) -> None:
        """Say how a file of a slot was read. Where none was given, the job's record then tells this dialect.

        Raises KeyError and IndexError when there is no such file.
        """
        self.inputs[slot][position]
        self._read_as[slot, position] = ReadAs(slot=slot, position=position, dialect=dialect)

    @cached_property
    def rng(self) -> "numpy.random.Generator":
        """The seeded random generator; use nothing else that is random. RuntimeError where no seed is declared."""
        import numpy as np

        if self.seed is None:
            raise RuntimeError("The analysis uses random numbers and declares no parameter “seed”.")
        return np.random.default_rng(self.seed)

    def program(self, *any_of: Program) -> FoundProgram:
        """The first of these programs that is installed. Raises MissingProgramError."""
        return self._programs.need(*any_of)

    def program_if_there(self, *any_of: Program) -> FoundProgram | None:
        """The first of these programs that is installed; None if none is."""
        return self._programs.find(*any_of)

    def run_program(
        self,
        program: Program | FoundProgram,
        arguments: Sequence[str | Path],
        *,
        stdin: Path | None = None,
        stdout: Path | None = None,
        on_line: Callable[[str], None] | None = None,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        check: bool = True,
    ) -> ProgramResult:
        """Run one program: as `pipe` does. `on_line` gets each line that it says."""
        heard = None if on_line is None else (lambda _, line: on_line(line))
        return self.pipe(
            [(program, arguments)], stdin=stdin, stdout=stdout, on_line=heard, cwd=cwd, env=env, check=check
        )[0]

    def pipe(
        self,
        calls: Sequence[tuple[Program | FoundProgram, Sequence[str | Path]]],
        *,
        stdin: Path | None = None,
        stdout: Path | None = None,
        on_line: Callable[[str, str], None] | None = None,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        check: bool = True,
    ) -> tuple[ProgramResult, ...]:
        """Run programs, each reading what the one before writes, the last into the file `stdout`: argument lists, never a shell.

        What they say goes to the job's log, and each line to `on_line(program's name, line)`, which may report progress and warnings.
        They run in one process group and die with the step. Raises MissingProgramError, and, with `check`, ProgramError when one
        ends with an error. Command lines, versions and ends are recorded.
        """
        made = [self._programs.call(program, arguments) for program, arguments in calls]
        return self._programs.run(
            made, stdin=stdin, stdout=stdout, on_line=on_line, cwd=cwd, env=env, check=check
        )

    def exec(
        self,
        arguments: Sequence[str | Path],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        check: bool = True,
    ) -> ProgramResult:
        """Run a program that is declared nowhere, by its path or name; otherwise as `run_program`."""
        command = tuple(str(argument) for argument in arguments)
        return self._programs.run([Call(name=command[0], arguments=command)], cwd=cwd, env=env, check=check)[
            0
        ]

    def _keep_record(self, running: Sequence[RanProgram] = ()) -> None:
        """Write down what has run so far, for a job that does not end well."""
        if self._record_file is None:
            return
        so_far = Outcome(
            result=Result(), environment=self._environment(), ran=(*self._programs.ran, *running)
        )
        draft = self._record_file.with_suffix(".part")
        with suppress(OSError):  # a full disk costs this record; what the program says of it is not masked
            draft.write_text(so_far.model_dump_json(), encoding="utf-8")
            draft.rename(self._record_file)

    def _environment(self) -> dict[str, str]:
        without = dict.fromkeys(self.missing_libraries, "not installed")
        return environment(self.seed, self._programs.versions) | without

    def outcome(self) -> Outcome:
        """All that was reported, for whoever runs the step."""
        return Outcome(
            result=self._result(),
            roles=dict(self._roles),
            environment=self._environment(),
            read_as=tuple(self._read_as.values()),
            ran=self._programs.ran,
        )

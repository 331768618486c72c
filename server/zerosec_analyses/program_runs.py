"""Runs external programs: argument lists, never a shell; one process group; what they say, line by line; pipes without files between.

Guards against programs that outlive the step: whatever ends it, an error of ours or of another program of the pipe, the whole group is
killed and waited for before the error goes on. (When the job itself is killed, its guardian kills all descendants.)
"""

import errno
import os
import queue
import re
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from zerosec_analyses.errors import MissingProgramError, NoSpaceError, ProgramError
from zerosec_shared.programs import RanProgram
from zerosec_shared.texts import say

__all__ = ["Call", "ProgramResult", "failed_call", "run_calls"]

CHUNK = 1 << 16
SIGPIPE = 13  # not a name everywhere
LONGEST_LINE = 8192
LAST_LINES = 5
LINE_END = re.compile(rb"[\r\n]+")


@dataclass(frozen=True, kw_only=True)
class ProgramResult:
    """How an external program ended. `last_lines` are the last it said."""

    exit_code: int
    seconds: float
    last_lines: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Call:
    """A program with its arguments; `name` is what the user knows it by."""

    name: str
    arguments: tuple[str, ...]
    version: str = ""

    def ran(self, result: ProgramResult | None, root: Path) -> RanProgram:
        """The record of it, paths below `root` made relative to it. Without a result it has not ended yet."""
        prefix = f"{root}{os.sep}"
        return RanProgram(
            program=self.name[:200],
            version=self.version[:200],
            arguments=tuple(argument.replace(prefix, "") for argument in self.arguments),
            exit_code=None if result is None else result.exit_code,
            seconds=0.0 if result is None else result.seconds,
        )


@dataclass
class _Running:
    """A started program of a pipe, and what it said last."""

    call: Call
    process: subprocess.Popen[bytes]
    last: deque[str]
    ended_at: float = 0.0


def run_calls(
    calls: Sequence[Call],
    *,
    cwd: Path,
    say_line: Callable[[str, str], None],
    env: Mapping[str, str] | None = None,
    stdin: Path | None = None,
    stdout: Path | None = None,
) -> tuple[ProgramResult, ...]:
    """Run programs, each reading what the one before writes; the last writes to `stdout`, or, without that, lines.

    `say_line(program, line)` is called in this thread with every line that any of them says. Raises MissingProgramError.
    """
    started = time.monotonic()
    lines: queue.SimpleQueue[tuple[_Running, str] | None] = queue.SimpleQueue()
    running: list[_Running] = []
    with ExitStack() as files:
        source: IO[bytes] | int = (
            subprocess.DEVNULL if stdin is None else files.enter_context(stdin.open("rb"))
        )
        sink: IO[bytes] | int = subprocess.PIPE if stdout is None else files.enter_context(stdout.open("wb"))
        try:
            readers = 0
            for call in calls:
                last = call is calls[-1]
                process = _start(
                    call,
                    cwd=cwd,
                    env=env,
                    stdin=source,
                    stdout=sink if last else subprocess.PIPE,
                    group=running[0].process.pid if running else 0,
                )
                if not isinstance(source, int):
                    source.close()  # the program has its own; an open end here would hide that a reader is gone
                one = _Running(call, process, deque(maxlen=LAST_LINES))
                running.append(one)
                heard = [process.stderr, process.stdout if last and stdout is None else None]
                for stream in heard:
                    if stream is not None:
                        readers += 1
                        threading.Thread(
                            target=_read, args=(stream, one, lines), name=f"lines of {call.name}"
                        ).start()
                if not last:
                    assert process.stdout is not None
                    source = process.stdout
            for one in running:  # only now: the group lives as long as its first program is not waited for
                readers += 1
                threading.Thread(target=_wait, args=(one, lines), name=f"end of {one.call.name}").start()
            while readers:
                said = lines.get()
                if said is None:
                    readers -= 1
                    continue
                one, line = said
                one.last.append(line)
                say_line(one.call.name, line)
            return tuple(
                ProgramResult(
                    exit_code=one.process.returncode,
                    seconds=one.ended_at - started,
                    last_lines=tuple(one.last),
                )
                for one in running
            )
        finally:
            _end(running)
            if not isinstance(source, int):
                source.close()


def _start(
    call: Call,
    *,
    cwd: Path,
    env: Mapping[str, str] | None,
    stdin: IO[bytes] | int,
    stdout: IO[bytes] | int,
    group: int,
) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # a list, and no shell
            call.arguments,
            cwd=cwd,
            env=None if env is None else {**os.environ, **env},
            stdin=stdin,
            stdout=stdout,
            stderr=subprocess.PIPE,
            process_group=group,
        )
    except (FileNotFoundError, PermissionError) as missing:
        raise MissingProgramError(call.name) from missing


def _read(stream: IO[bytes], one: _Running, lines: "queue.SimpleQueue[tuple[_Running, str] | None]") -> None:
    """Hand on each line of a stream, cut where one never ends; a carriage return, as in progress bars, ends a line too."""
    rest = b""
    try:
        while chunk := os.read(stream.fileno(), CHUNK):
            *whole, rest = LINE_END.split(rest + chunk)
            for line in whole:
                if line:
                    lines.put((one, line[:LONGEST_LINE].decode("utf-8", "replace")))
            if len(rest) > LONGEST_LINE:
                lines.put((one, rest[:LONGEST_LINE].decode("utf-8", "replace")))
                rest = b""
        if rest:
            lines.put((one, rest.decode("utf-8", "replace")))
    finally:
        stream.close()
        lines.put(None)


def _wait(one: _Running, lines: "queue.SimpleQueue[tuple[_Running, str] | None]") -> None:
    one.process.wait()
    one.ended_at = time.monotonic()
    lines.put(None)


def _end(running: Sequence[_Running]) -> None:
    """Nothing of the group is left when this returns."""
    if any(one.process.poll() is None for one in running):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(running[0].process.pid, signal.SIGKILL)
        for one in running:
            if one.process.poll() is None:
                one.process.kill()
    for one in running:
        one.process.wait()


def _lost_its_reader(result: ProgramResult) -> bool:
    if result.exit_code in (-SIGPIPE, 128 + SIGPIPE):
        return True
    return bool(result.last_lines) and os.strerror(errno.EPIPE) in result.last_lines[-1]


def _says(result: ProgramResult, *numbers: int) -> bool:
    return any(os.strerror(number) in line for number in numbers for line in result.last_lines)


def failed_call(calls: Sequence[Call], results: Sequence[ProgramResult]) -> ProgramError | None:
    """What to say of the program that failed; None if none did.

    Of several it is the one that ended first: the others lost what they read. One that lost whom it wrote to is named only
    if no other failed: it may be seen to end before its reader is. A full disk is said as one, whoever met it.
    """
    failed = [(call, result) for call, result in zip(calls, results, strict=True) if result.exit_code != 0]
    if not failed:
        return None
    if any(_says(result, errno.ENOSPC, errno.EDQUOT) for _, result in failed):
        return NoSpaceError()
    call, result = min(failed, key=lambda pair: (_lost_its_reader(pair[1]), pair[1].seconds))
    detail = say("It said last: {line}", line=result.last_lines[-1][:1000]) if result.last_lines else ""
    return ProgramError(
        say(
            "{program} ended with an error (exit code {exit_code}).",
            program=Path(call.name).name,
            exit_code=result.exit_code,
        ),
        detail,
        "Its own messages are in the job's log.",
    )

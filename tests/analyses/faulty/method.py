"""Misbehaves: each function is one way in which real analyses and programs have failed."""

import ctypes
import gc
import json
import mmap
import os
import select
import signal
import socket
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.analyses.faulty.spec import Fault, FaultyParameters
from zerosec_analyses.sdk import Context, InputError


def run(ctx: Context, params: FaultyParameters) -> None:
    prepare = BEFORE_THE_BARRIER.get(params.fault)
    if prepare is not None:
        prepare(ctx, params)
    if params.barrier is not None:
        folder = Path(params.barrier)
        (folder / f"started.{os.getpid()}").touch()
        (folder / "started").touch()
        while not (folder / "go").exists():
            select.select([], [], [], 0.005)  # under faketime, sleep fails
    misbehave = AFTER_THE_BARRIER.get(params.fault)
    if misbehave is not None:
        misbehave(ctx, params)
    ctx.metric("survived", 1)


def ignore_term(_ctx: Context, _params: FaultyParameters) -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def daemon(_ctx: Context, params: FaultyParameters) -> None:
    """Fork twice with a session between, as daemons do; the grandchild closes everything and sleeps."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.closerange(0, 1024)
            if params.barrier is not None:
                (Path(params.barrier) / f"daemon.{os.getpid()}").touch()
            for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
                signal.signal(number, signal.SIG_IGN)
            while True:
                time.sleep(60)
        os._exit(0)
    os.wait()


def hold_pipe(_ctx: Context, _params: FaultyParameters) -> None:
    """A background process keeps standard output open after the job's own end."""
    if os.fork() == 0:
        while True:
            time.sleep(60)


def bad_input(_ctx: Context, _params: FaultyParameters) -> None:
    raise InputError("The column y holds text.", "Row 7 reads “n/a”.", "Correct row 7 and try again.")


def exception(_ctx: Context, _params: FaultyParameters) -> None:
    raise ZeroDivisionError("a secret detail of the code")


def import_error(_ctx: Context, _params: FaultyParameters) -> None:
    __import__("a_module_that_is_not_installed")


def exit_without_result(_ctx: Context, _params: FaultyParameters) -> None:
    os._exit(0)


def exit_with_code(_ctx: Context, _params: FaultyParameters) -> None:
    print("last words", flush=True)
    os._exit(7)


def crash(_ctx: Context, _params: FaultyParameters) -> None:
    ctypes.string_at(0)


def kill_itself(_ctx: Context, _params: FaultyParameters) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fill_pipe(_ctx: Context, params: FaultyParameters) -> None:
    line = b"." * 65535 + b"\n"
    for _ in range(params.amount // len(line) + 1):
        os.write(1, line)
        os.write(2, line)


def invalid_utf8(_ctx: Context, _params: FaultyParameters) -> None:
    os.write(1, b"before \xff\xfe\x80 after\n")
    os.write(2, "摩耗量".encode("shift_jis") + b"\n")


def _progress_pipe() -> int:
    """The pipe that is not standard input, output or error and can be written: frames go there."""
    for number in range(3, 256):
        try:
            if stat.S_ISFIFO(os.fstat(number).st_mode):
                return number
        except OSError:
            continue
    raise AssertionError("there is no progress pipe")


def garbage_frames(_ctx: Context, _params: FaultyParameters) -> None:
    os.write(_progress_pipe(), b"\x00\x00\x00\x08not json")
    time.sleep(600)


def enormous_frame(_ctx: Context, _params: FaultyParameters) -> None:
    os.write(_progress_pipe(), b"\x7f\xff\xff\xff" + b"x" * 1000)
    time.sleep(600)


def garbage_outcome(ctx: Context, _params: FaultyParameters) -> None:
    (ctx.output.parent / "outcome.json").write_bytes(b"{\xff")
    os._exit(0)


def fill_disk(ctx: Context, params: FaultyParameters) -> None:
    with (ctx.output / "large.bin").open("wb") as target:
        left = params.amount or 2**40
        while left > 0:
            left -= target.write(b"\x01" * min(left, 1 << 20))


def allocate(_ctx: Context, params: FaultyParameters) -> None:
    kept = []
    for _ in range(0, params.amount, 1 << 23):
        block = mmap.mmap(-1, 1 << 23)
        block.write(b"\x01" * (1 << 23))
        kept.append(block)
        time.sleep(0.002)
    time.sleep(600)


def allocate_in_children(ctx: Context, params: FaultyParameters) -> None:
    gc.collect()
    for _ in range(4):
        if os.fork() == 0:
            allocate(ctx, FaultyParameters(amount=params.amount // 4))
    time.sleep(600)


def many_files(ctx: Context, params: FaultyParameters) -> None:
    for number in range(params.amount):
        (ctx.output / f"{number}.txt").write_bytes(b"")


def odd_files(ctx: Context, _params: FaultyParameters) -> None:
    """A link out, a pipe, a socket, an empty folder, names that are not text, and one good file in a folder."""
    (ctx.output / "passwd").symlink_to("/etc/passwd")
    (ctx.output / "root").symlink_to("/")
    os.mkfifo(ctx.output / "pipe")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(os.path.relpath(ctx.output / "socket"))  # a socket's whole path may have 107 bytes
    (ctx.output / "empty").mkdir()
    Path(os.fsdecode(bytes(ctx.output) + b"/\xff\xfe.txt")).write_bytes(b"unreadable name")
    (ctx.output / "back\\slash.txt").write_bytes(b"no way out")
    (ctx.output / "表").mkdir()
    (ctx.output / "表" / "結果.csv").write_bytes(b"a,b\n1,2\n")


def program_missing(ctx: Context, _params: FaultyParameters) -> None:
    ctx.exec(["a-program-that-is-not-installed"])


def program_fails(ctx: Context, _params: FaultyParameters) -> None:
    ctx.exec([sys.executable, "-c", "import sys; print('its own words'); sys.exit(3)"])


def spin(_ctx: Context, _params: FaultyParameters) -> None:
    while True:
        pass


def environment(ctx: Context, _params: FaultyParameters) -> None:
    """Leave what a job can see of the server: environment, open files, session."""
    seen = {
        "environment": dict(os.environ),
        "cwd": str(Path.cwd()),
        "descriptors": {
            entry.name: os.fspath(entry.readlink())
            for entry in Path("/proc/self/fd").iterdir()
            if entry.is_symlink()
        },
        "session": os.getsid(0),
        "pid": os.getpid(),
        "umask": os.umask(0o077),
        "threads": ctx.threads,
        "modules": sorted(name for name in sys.modules if "." not in name),
    }
    (ctx.output / "seen.json").write_text(json.dumps(seen), encoding="utf-8")


Way = Callable[[Context, FaultyParameters], None]
BEFORE_THE_BARRIER: dict[Fault, Way] = {
    Fault.IGNORE_TERM: ignore_term,
    Fault.DAEMON: daemon,
    Fault.HOLD_PIPE: hold_pipe,
}
AFTER_THE_BARRIER: dict[Fault, Way] = {
    Fault.BAD_INPUT: bad_input,
    Fault.EXCEPTION: exception,
    Fault.IMPORT_ERROR: import_error,
    Fault.EXIT_WITHOUT_RESULT: exit_without_result,
    Fault.EXIT_WITH_CODE: exit_with_code,
    Fault.CRASH: crash,
    Fault.KILL_ITSELF: kill_itself,
    Fault.FILL_PIPE: fill_pipe,
    Fault.INVALID_UTF8: invalid_utf8,
    Fault.GARBAGE_FRAMES: garbage_frames,
    Fault.ENORMOUS_FRAME: enormous_frame,
    Fault.GARBAGE_OUTCOME: garbage_outcome,
    Fault.FILL_DISK: fill_disk,
    Fault.ALLOCATE: allocate,
    Fault.ALLOCATE_IN_CHILDREN: allocate_in_children,
    Fault.MANY_FILES: many_files,
    Fault.ODD_FILES: odd_files,
    Fault.PROGRAM_MISSING: program_missing,
    Fault.PROGRAM_FAILS: program_fails,
    Fault.SPIN: spin,
    Fault.ENVIRONMENT: environment,
}

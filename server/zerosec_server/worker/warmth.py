"""Heavy libraries in memory before a job needs them: imported once in a science zygote, and there in every fork of it.

Guards against a fork that copies half of a thread pool: a library whose import starts a thread is refused, and jobs import it
themselves as ever. Whatever goes wrong here costs a job the seconds of an import and nothing else.
"""

import gc
import importlib
import logging
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from pydantic import ValidationError

from zerosec_server.worker.shared_cache import give_back_fonts, take_fonts
from zerosec_shared.contract import Contract

__all__ = ["MAX_NOTE_BYTES", "THREAD_VARIABLES", "Warmth", "WarmthNote", "become_ones_own", "import_warm"]

log = logging.getLogger("zerosec.warmth")

MAX_NOTE_BYTES = 60_000
THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "POLARS_MAX_THREADS",
    "RAYON_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


class WarmthNote(Contract):
    """Between worker, parent and science zygote: names of modules that are wanted, or that are in memory now."""

    modules: tuple[str, ...] = ()
    refused: str = ""


def import_warm(modules: Iterable[str], cache: str, scratch: Path) -> WarmthNote:
    """In the science zygote: import modules with one thread a library; returns what is in memory now. What they write meanwhile
    lies below `scratch`.

    A module that does not import is left to the jobs, which then fail with its name in their log. One that starts a thread
    cannot be taken back: its name is returned as refused, and this process must not be forked.
    """
    os.environ.update(dict.fromkeys(THREAD_VARIABLES, "1"))
    os.environ["MPLBACKEND"] = "Agg"
    scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = Path(tempfile.mkdtemp(prefix="science-", dir=scratch))
    os.environ.update({"MPLCONFIGDIR": str(folder / "matplotlib"), "NUMBA_CACHE_DIR": str(folder)})
    take_fonts(cache, folder / "matplotlib")
    warm: list[str] = []
    try:
        for name in modules:
            try:
                importlib.import_module(name)
            except (ImportError, OSError) as error:
                log.warning("%s cannot be kept in memory: %s", name, error)
                continue
            if len(os.listdir("/proc/self/task")) > 1:  # noqa: PTH208
                return WarmthNote(refused=name)
            warm.append(name)
        give_back_fonts(cache, folder / "matplotlib")
        gc.collect()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return WarmthNote(modules=tuple(warm))


def become_ones_own(threads: int) -> None:
    """In a job: what it inherited warm is as if imported afresh: its own random state, its own number of threads."""
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()
        if threads > 1:
            with suppress(ImportError):
                importlib.import_module("threadpoolctl").threadpool_limits(limits=threads)


class Warmth:
    """The worker's side: which socket to hand an order to. All methods belong to the event loop's thread."""

    def __init__(self, plain: socket.socket, science: socket.socket, line: socket.socket | None) -> None:
        """`plain` and `science` are the sockets that shims wait on; `line` leads to the parent, None if nothing is kept warm."""
        self._plain, self._science, self._line = plain, science, line
        self._warm: frozenset[str] = frozenset()
        self._asked: set[str] = set()

    def requests_for(self, modules: Sequence[str]) -> socket.socket:
        """Where a job that imports these modules is best handed to; asks for them to be kept in memory from now on."""
        if self._line is None or not modules:
            return self._plain
        self._listen(self._line)
        missing = set(modules) - self._warm
        if missing - self._asked or self._warm.isdisjoint(modules):
            note = WarmthNote(modules=tuple(modules)).model_dump_json().encode()
            with suppress(OSError):
                self._line.send(note)
                self._asked |= missing
        return self._plain if self._warm.isdisjoint(modules) else self._science

    def _listen(self, line: socket.socket) -> None:
        with suppress(BlockingIOError):
            while data := line.recv(MAX_NOTE_BYTES):
                with suppress(ValidationError):
                    self._warm = frozenset(WarmthNote.model_validate_json(data).modules)
                    self._asked.clear()

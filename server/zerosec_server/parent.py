"""The parent of a server's processes: holds what must outlive them, starts them, restarts them, ends them in order.

It owns the listening socket (so that a restart of the API loses no connection), the ends of the nudge lines, the socket on which
shims wait for orders, and the lock on the data folder. It has one thread, and what it forks shares its memory:

    parent ── zygote ── shims, each with its job
           ├─ science   a zygote with heavy libraries in memory, while jobs need them
           ├─ loader    imports what API and worker need, forks both and ends: then they are the parent's
           ├─ worker    claims, heartbeats, finishes
           └─ API       answers

The parent stays as small as the zygote, because every shim and job is a copy of that, and because whatever it imported it would
keep. An API or worker that dies is forked from the parent and imports for itself. Linux only for now: on other systems `serve` says
so and ends.
"""

import gc
import json
import logging
import os
import select
import shutil
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from zerosec_analyses.catalogue import load_catalogue
from zerosec_server.activity import SharedActivity
from zerosec_server.door import FolderTakenError, ServerStartError, listen, lock_folder, make_token
from zerosec_server.loading import NO_DATABASE, load_app, load_both
from zerosec_server.nudge import nudge_pair
from zerosec_server.science import ScienceZygote
from zerosec_server.settings import PREVIEW_SLOTS, Deployment, Settings
from zerosec_server.siblings import Sibling, fork_process
from zerosec_server.worker.processes import (
    SHIM_NAME,
    SUPPORTED,
    become_subreaper,
    children,
    kill_descendants,
    kill_trees,
    process_name,
    reap_children,
    settle_memory,
    use_one_heap,
)
from zerosec_server.worker.rehearsal import rehearse
from zerosec_server.worker.warmth import Warmth, WarmthNote, import_warm
from zerosec_server.worker.zygote import run_zygote
from zerosec_shared.causes import cause
from zerosec_shared.system import ReadyLine

if TYPE_CHECKING:
    from fastapi import FastAPI

    from zerosec_server.api.gate import Activity

__all__ = ["FolderTakenError", "ServerStartError", "serve"]

log = logging.getLogger("zerosec.parent")

WARM_SHIMS = 1
"""One that waits is enough: as soon as it has a job the next is forked, so that one is always ahead of need."""
WARM_SCIENCE_SHIMS = 1
STOP_PATIENCE_S = 25.0
DEATHS_BEFORE_READY = 5
IDLE_LOOKS = 20
PIDS = struct.Struct("=ii")
"""What the loader tells: the API's process and the worker's."""


def serve(settings: Settings) -> int:
    """Run a server until it is told to stop or has been idle for long enough; returns the exit code.

    Raises ServerStartError.
    """
    if not SUPPORTED:
        raise ServerStartError(
            f"The bundled server does not run on {sys.platform} yet: it guards every job's processes, and that part exists"
            " for Linux only. Use a server on a Linux machine."
        )
    os.umask(0o077)
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = lock_folder(settings.data_dir / "server.lock")
    except OSError as error:
        raise ServerStartError(
            f"The data folder {settings.data_dir} cannot be made or written: {cause(error)}."
            " Make it writable, or name another one with --data-dir or ZEROSEC_DATA_DIR."
        ) from error
    try:
        shutil.rmtree(settings.scratch_dir, ignore_errors=True)
        with listen(settings) as listening:
            make_token(settings.token_path)
            return _Parent(settings, listening).run()
    finally:
        os.close(lock)


class _Parent:
    """The running parent."""

    def __init__(self, settings: Settings, listening: socket.socket) -> None:
        self.settings, self.listening = settings, listening
        self.orders_in, self.orders_out = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.orders_in.setblocking(False)
        self.ready_out, self.ready_in = os.pipe()
        self.woken_out, self.woken_in = os.pipe()
        self.loaded_out, self.loaded_in = os.pipe()
        for number in (self.ready_out, self.woken_out, self.woken_in, self.loaded_out):
            os.set_blocking(number, False)
        self.to_worker, self.worker_nudged = nudge_pair()
        self.to_api, self.api_nudged = nudge_pair()
        self.activity = SharedActivity()
        self.pid = os.getpid()
        self.stopping = self.ready = self.loaded = False
        embedded = settings.deployment is Deployment.EMBEDDED
        self.idle_timeout_s = settings.idle_timeout_s if embedded else 0.0
        self.exit_code = 0

    def run(self) -> int:
        become_subreaper()
        use_one_heap()
        self._handle_signals()
        self.catalogue = load_catalogue(self.settings.analysis_spec_modules)
        self.science = ScienceZygote(self._be_science)
        self.zygote = Sibling("zerosec-zygote", self._be_zygote, die_with=None)
        self.loader = Sibling("zerosec-loader", self._load, die_with=signal.SIGKILL)
        self.worker = Sibling("zerosec-worker", self._be_worker)
        self.api = Sibling("zerosec-api", self._be_api)
        rehearse()
        settle_memory()
        self.zygote.start()
        self.loader.start()
        try:
            while not self.stopping or self.loader.pid:
                self._wait()
                self._look_after_children()
        finally:
            self._end()
        return self.exit_code

    def _handle_signals(self) -> None:
        def stop(_number: int, _frame: object) -> None:
            self.stopping = True

        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, stop)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        signal.set_wakeup_fd(self.woken_in, warn_on_full_buffer=False)

    # What the processes below run.

    def _be_zygote(self) -> None:
        self.science.close_other_ends()
        self.orders_in.close()
        self.listening.close()
        os.close(self.ready_in)
        os.close(self.loaded_in)
        slots = self.settings.slots
        run_zygote(self.orders_out, self.catalogue, WARM_SHIMS, slots + PREVIEW_SLOTS)

    def _be_science(self, modules: tuple[str, ...], tell: Callable[[WarmthNote], None]) -> None:
        self.orders_in.close()
        self.orders_out.close()
        self.listening.close()
        os.close(self.ready_in)
        os.close(self.loaded_in)
        slots, cache = self.settings.slots, str(self.settings.cache_dir.absolute())
        scratch = self.settings.scratch_dir.absolute()

        def warm_up() -> None:
            note = import_warm(modules, cache, scratch)
            tell(note)
            if note.refused:
                raise SystemExit(1)

        requests, patience_s = self.science.orders_out, self.settings.warm_idle_s
        run_zygote(requests, self.catalogue, WARM_SCIENCE_SHIMS, slots + PREVIEW_SLOTS, warm_up, patience_s)

    def _load(self) -> None:
        """In the loader. It tells of both at once, so that one that is killed meanwhile has started neither or both."""
        gc.disable()
        app = load_both(self.settings.database_path, self._make_app)
        settle_memory()
        pids = (
            fork_process("zerosec-api", lambda: self._be_api(app), signal.SIGTERM, self.pid),
            fork_process("zerosec-worker", self._be_worker, signal.SIGTERM, self.pid),
        )
        os.write(self.loaded_in, PIDS.pack(*pids))

    def _make_app(self) -> "FastAPI":
        from zerosec_server.app import create_app

        return create_app(
            self.settings,
            nudge_worker=self.to_worker.nudge,
            nudged=self.api_nudged,
            activity=cast("Activity", self.activity),
            catalogue=self.catalogue,
            rest_later=True,
            on_whole=settle_memory,
        )

    def _be_api(self, app: "FastAPI | None" = None) -> None:
        self.science.close_other_ends()
        self.orders_in.close()
        self.orders_out.close()
        self.activity.open_calls = 0  # an API that was killed could not count its calls down
        gc.disable()
        app = app or load_app(self._make_app)
        from zerosec_server.api_process import run_api

        run_api(self.settings, self.listening, app, self._note_ready)

    def _note_ready(self) -> None:
        os.write(self.ready_in, b"r")

    def _be_worker(self) -> None:
        self.science.close_other_ends(worker=True)
        self.orders_out.close()
        self.listening.close()
        gc.disable()
        from zerosec_server.worker.process import run_worker

        line = self.science.worker_line if self.settings.warm_idle_s else None
        warmth = Warmth(self.orders_in, self.science.orders_in, line)
        run_worker(
            self.settings, self.catalogue, warmth, self.worker_nudged, self.to_api.nudge, self.activity
        )

    # While it runs.

    def _wait(self) -> None:
        now = time.monotonic()
        due = [sibling.restart_at - now for sibling in self._siblings() if not sibling.pid]
        if (science_at := self.science.restart_at()) is not None:
            due.append(science_at - now)
        if self.idle_timeout_s:
            due.append(self.idle_timeout_s / IDLE_LOOKS)
            if self.ready and self.worker.pid and self.activity.unused_s() > self.idle_timeout_s:
                log.info(
                    "nobody has called and nothing has run for %s s: the server ends", self.idle_timeout_s
                )
                self.stopping = True
                return
        watched: list[Any] = [self.ready_out, self.woken_out, *self.science.watched()]
        readable, _, _ = select.select(watched, [], [], max(0.0, min(due)) if due else None)
        self.science.look(readable)
        if self.woken_out in readable:
            os.read(self.woken_out, 4096)
        if self.ready_out in readable and os.read(self.ready_out, 4096) and not self.ready:
            self.ready = True
            self.activity.note_work()  # idle time counts from here, however long the start took
            self._announce()

    def _siblings(self) -> tuple[Sibling, ...]:
        """What is to be kept alive."""
        return (self.zygote, self.worker, self.api) if self.loaded else (self.zygote, self.loader)

    def _look_after_children(self) -> None:
        statuses: dict[int, int] = {}
        reap_children(statuses)
        self._adopt()
        loaded = statuses.pop(self.loader.pid, None)
        by_pid = {sibling.pid: sibling for sibling in self._siblings() if sibling.pid}
        for pid, status in statuses.items():
            sibling = by_pid.pop(pid, None)
            if sibling is not None:
                sibling.died(status)
            else:
                self.science.died(pid, status)
        if loaded is not None:
            self._loader_ended(loaded)
        self._kill_strangers()
        if not self.ready and max(self.api.deaths, self.loader.deaths) >= DEATHS_BEFORE_READY:
            sys.stderr.write(
                "The server cannot start: one of its processes ended several times; see the lines above.\n"
            )
            self.stopping, self.exit_code = True, 1
        for sibling in self._siblings():
            if not sibling.pid and not self.stopping and time.monotonic() >= sibling.restart_at:
                sibling.start()

    def _adopt(self) -> None:
        """Take in API and worker if the loader has told of them, which it does before they can come to us or end."""
        with suppress(BlockingIOError):
            self.api.pid, self.worker.pid = PIDS.unpack(os.read(self.loaded_out, PIDS.size))
            self.api.started_at = self.worker.started_at = time.monotonic()
            self.loaded = True

    def _loader_ended(self, status: int) -> None:
        if self.loaded:
            self.loader.pid = 0
        elif os.WIFSIGNALED(status):
            self.loader.died(status)
        elif os.WEXITSTATUS(status) == NO_DATABASE:
            raise ServerStartError("The server cannot start without its database; see the lines above.")
        else:
            raise ServerStartError("The server cannot start: it could not be loaded; see the lines above.")

    def _kill_strangers(self) -> None:
        """What a killed shim of a killed zygote guarded has come here; living shims of it have too, and go on."""
        found = children(self.pid)
        self._adopt()
        known = {sibling.pid for sibling in (*self._siblings(), self.loader)} | self.science.pids
        kill_trees(pid for pid in found if pid not in known and process_name(pid) != SHIM_NAME)

    def _announce(self) -> None:
        host, port = self.listening.getsockname()[:2]
        url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        line = ReadyLine(
            port=port,
            pid=os.getpid(),
            version=metadata.version("zerosec-server"),
            url=url,
            token_file=str(self.settings.token_path),
        ).model_dump_json()
        draft = self.settings.ready_path.with_suffix(".part")
        draft.write_text(line, encoding="utf-8")
        draft.rename(self.settings.ready_path)
        with suppress(OSError):  # whoever started us may have gone; the file tells the next
            sys.stdout.write(line + "\n")
            sys.stdout.flush()

    # The end.

    def _end(self) -> None:
        """Stop API and worker in order, then whatever is left, by force."""
        if self._is_ours(self.settings.ready_path):
            self.settings.ready_path.unlink(missing_ok=True)
        for sibling in (self.api, self.worker):
            with suppress(ProcessLookupError):
                sibling.signal(signal.SIGTERM)
        waiting = {sibling.pid for sibling in (self.api, self.worker) if sibling.pid}
        deadline = time.monotonic() + STOP_PATIENCE_S
        statuses: dict[int, int] = {}
        while (
            reap_children(statuses) and waiting - set(statuses) and (left := deadline - time.monotonic()) > 0
        ):
            select.select([self.woken_out], [], [], left)
            with suppress(BlockingIOError):
                os.read(self.woken_out, 4096)
        self.orders_in.close()
        self.orders_out.close()
        self.science.close()
        kill_descendants(statuses)

    def _is_ours(self, path: Path) -> bool:
        try:
            return bool(json.loads(path.read_bytes())["pid"] == os.getpid())
        except (OSError, ValueError, KeyError, TypeError):
            return False

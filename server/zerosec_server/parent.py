"""The parent of a server's processes: holds what must outlive them, starts them, restarts them, ends them in order.

It owns the listening socket (so that a restart of the API loses no connection), the ends of the nudge lines, the socket on which
shims wait for orders, and the lock on the data folder. It has one thread and forks everything from its own warm memory:

    parent ── zygote ── shims, each with its job
           ├─ science   a zygote with heavy libraries in memory, while jobs need them
           ├─ worker    claims, heartbeats, finishes
           └─ API       answers

The zygote comes first, while the memory is small, because every shim and job is a copy of it. Linux only for now: on other
systems `serve` says so and ends.
"""

import gc
import importlib
import json
import logging
import os
import select
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from zerosec_analyses.catalogue import Catalogue, load_catalogue
from zerosec_server.activity import SharedActivity
from zerosec_server.door import FolderTakenError, ServerStartError, listen, lock_folder, make_token
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
from zerosec_server.worker.warmth import Warmth, WarmthNote, import_warm
from zerosec_server.worker.zygote import run_zygote
from zerosec_shared.causes import cause
from zerosec_shared.system import ReadyLine

if TYPE_CHECKING:
    from fastapi import FastAPI

    from zerosec_server.api.gate import Activity

__all__ = ["FolderTakenError", "ServerStartError", "import_api", "serve"]

log = logging.getLogger("zerosec.parent")

WARM_SHIMS = 1
"""One that waits is enough: as soon as it has a job the next is forked, so that one is always ahead of need."""
WARM_SCIENCE_SHIMS = 1
STOP_PATIENCE_S = 25.0
DEATHS_BEFORE_READY = 5
IDLE_LOOKS = 20
API_MODULES = (
    "zerosec_server.api_process",
    "zerosec_server.api.later",
    "uvicorn.loops.auto",
    "uvicorn.lifespan.on",
    "uvloop",
)


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
        for number in (self.ready_out, self.woken_out, self.woken_in):
            os.set_blocking(number, False)
        self.activity = SharedActivity()
        self.stopping = self.ready = False
        embedded = settings.deployment is Deployment.EMBEDDED
        self.idle_timeout_s = settings.idle_timeout_s if embedded else 0.0
        self.exit_code = 0

    def run(self) -> int:
        become_subreaper()
        use_one_heap()
        self._handle_signals()
        catalogue = load_catalogue(self.settings.analysis_spec_modules)
        self.science = ScienceZygote(lambda modules, tell: self._be_science(catalogue, modules, tell))
        self.zygote = Sibling("zerosec-zygote", lambda: self._be_zygote(catalogue), die_with=None)
        settle_memory()
        self.zygote.start()
        gc.disable()
        importlib.import_module("zerosec_server.worker.process")
        migration = self._begin_migration()
        self._prepare_siblings(catalogue)
        try:
            self._end_migration(migration)
            self.api.start()
            self.worker.start()
            while not self.stopping:
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

    def _be_zygote(self, catalogue: Catalogue) -> None:
        self.science.close_other_ends()
        self.orders_in.close()
        self.listening.close()
        os.close(self.ready_in)
        slots = self.settings.slots
        run_zygote(self.orders_out, catalogue, WARM_SHIMS, slots + PREVIEW_SLOTS)

    def _be_science(
        self, catalogue: Catalogue, modules: tuple[str, ...], tell: Callable[[WarmthNote], None]
    ) -> None:
        self.orders_in.close()
        self.orders_out.close()
        self.listening.close()
        os.close(self.ready_in)
        slots, cache = self.settings.slots, str(self.settings.cache_dir.absolute())
        scratch = self.settings.scratch_dir.absolute()

        def warm_up() -> None:
            note = import_warm(modules, cache, scratch)
            tell(note)
            if note.refused:
                raise SystemExit(1)

        requests, patience_s = self.science.orders_out, self.settings.warm_idle_s
        run_zygote(requests, catalogue, WARM_SCIENCE_SHIMS, slots + PREVIEW_SLOTS, warm_up, patience_s)

    def _prepare_siblings(self, catalogue: Catalogue) -> None:
        """Import what API and worker need, so that they share its memory; the zygote, forked before, needs none of it.

        What the API alone needs as well: whoever imports counts references to nearly everything that is there, and after a fork
        would hold a copy of those pages, more than what it imports.
        """
        from zerosec_server.api.lean_import import without_first_pydantic
        from zerosec_server.worker.process import run_worker

        to_worker, worker_nudged = nudge_pair()
        to_api, api_nudged = nudge_pair()

        def app() -> "FastAPI":
            from zerosec_server.app import create_app

            return create_app(
                self.settings,
                nudge_worker=to_worker.nudge,
                nudged=api_nudged,
                activity=cast("Activity", self.activity),
                catalogue=catalogue,
                rest_later=True,
                on_whole=settle_memory,
            )

        with without_first_pydantic():
            made = app() if import_api() else None

        def on_ready() -> None:
            os.write(self.ready_in, b"r")

        def be_api() -> None:
            self.science.close_other_ends()
            self.orders_in.close()
            self.orders_out.close()
            self.activity.open_calls = 0  # an API that was killed could not count its calls down
            gc.disable()
            from zerosec_server.api_process import run_api

            run_api(self.settings, self.listening, made or app(), on_ready)

        def be_worker() -> None:
            self.science.close_other_ends(worker=True)
            self.orders_out.close()
            self.listening.close()
            line = self.science.worker_line if self.settings.warm_idle_s else None
            warmth = Warmth(self.orders_in, self.science.orders_in, line)
            run_worker(self.settings, catalogue, warmth, worker_nudged, to_api.nudge, self.activity)

        self.worker = Sibling("zerosec-worker", be_worker)
        self.api = Sibling("zerosec-api", be_api)
        settle_memory()

    def _begin_migration(self) -> int:
        """In a process of its own, beside what is still to be imported: what Alembic and the first connection need in memory goes with it."""

        def upgrade_database() -> None:
            from sqlalchemy.exc import DBAPIError

            from zerosec_server.database.connection import Database, sqlite_url
            from zerosec_server.database.migrations import DatabaseTooNewError, upgrade

            path = self.settings.database_path
            try:
                database = Database(sqlite_url(path))
                try:
                    upgrade(database)
                finally:
                    database.close()
            except DatabaseTooNewError as too_new:
                sys.stderr.write(f"{too_new}\n")
                raise SystemExit(3) from too_new
            except DBAPIError as error:
                log.debug("the migration failed", exc_info=True)
                sys.stderr.write(
                    f"The database {path} cannot be used: {error.orig}.\nNothing was changed in it. Put a copy of it"
                    " back, or move it away to begin with an empty one; files and results stay in the folder.\n"
                )
                raise SystemExit(4) from error

        return fork_process("zerosec-migrate", upgrade_database, signal.SIGKILL)

    def _end_migration(self, pid: int) -> None:
        _, status = os.waitpid(pid, 0)
        if status != 0:
            raise ServerStartError("The server cannot start without its database; see the lines above.")

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

    def _siblings(self) -> tuple[Sibling, Sibling, Sibling]:
        return self.zygote, self.worker, self.api

    def _look_after_children(self) -> None:
        by_pid = {sibling.pid: sibling for sibling in self._siblings() if sibling.pid}
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                break
            if pid == 0:
                break
            sibling = by_pid.pop(pid, None)
            if sibling is not None:
                sibling.died(status)
            else:
                self.science.died(pid, status)
        # What a killed shim of a killed zygote guarded has come here; living shims of it have too, and go on.
        known = set(by_pid) | self.science.pids
        kill_trees(
            pid for pid in children(os.getpid()) if pid not in known and process_name(pid) != SHIM_NAME
        )
        if not self.ready and self.api.deaths >= DEATHS_BEFORE_READY:
            sys.stderr.write("The server cannot start: its API ended several times; see the lines above.\n")
            self.stopping, self.exit_code = True, 1
        for sibling in self._siblings():
            if not sibling.pid and not self.stopping and time.monotonic() >= sibling.restart_at:
                sibling.start()

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


def import_api() -> bool:
    """Whether all of it could be imported. What cannot be the API tries once more, and says what is wrong."""
    from zerosec_server.api.lean_import import import_fastapi, import_uvicorn

    try:
        import_fastapi()
        import_uvicorn()
        for module in API_MODULES:
            importlib.import_module(module)
    except Exception:
        log.debug("the API could not be imported before it starts", exc_info=True)
        return False
    return True

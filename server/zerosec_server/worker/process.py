"""The worker process: claims jobs and sees them through, beside the API and not inside it."""

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from zerosec_analyses.catalogue import Catalogue
from zerosec_server.activity import SharedActivity
from zerosec_server.database.connection import Database, sqlite_url
from zerosec_server.engine.local import LocalEngine
from zerosec_server.nudge import NudgeReceiver
from zerosec_server.settings import Settings
from zerosec_server.storage.local import LocalStorage
from zerosec_server.worker.attempt import Surroundings
from zerosec_server.worker.processes import settle_memory
from zerosec_server.worker.warmth import Warmth
from zerosec_shared.ids import new_id

__all__ = ["run_worker"]

log = logging.getLogger("zerosec.worker")

DISK_THREADS = 4


def run_worker(
    settings: Settings,
    catalogue: Catalogue,
    warmth: Warmth,
    nudged: NudgeReceiver,
    nudge_api: Callable[[], None],
    activity: SharedActivity,
) -> None:
    """Work until SIGTERM. `warmth` leads to the shims that wait for orders."""
    asyncio.run(_work(settings, catalogue, warmth, nudged, nudge_api, activity))


async def _work(
    settings: Settings,
    catalogue: Catalogue,
    warmth: Warmth,
    nudged: NudgeReceiver,
    nudge_api: Callable[[], None],
    activity: SharedActivity,
) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    database = Database(sqlite_url(settings.database_path))
    storage = LocalStorage(settings)
    disk = ThreadPoolExecutor(max(DISK_THREADS, settings.slots), thread_name_prefix="worker-disk")
    surroundings = Surroundings(
        settings=settings,
        database=database,
        storage=storage,
        catalogue=catalogue,
        warmth=warmth,
        disk=disk,
        nudge_api=nudge_api,
        threads=max(1, (os.cpu_count() or 1) // settings.slots),
    )
    engine = LocalEngine(
        surroundings,
        note_work=activity.note_work,
        worker_id=f"{socket.gethostname()[:50]}-{os.getpid()}-{new_id()}",
    )

    def on_nudge() -> None:
        nudged.clear()  # before the queries: what is written after them nudges again
        engine.look()

    settle_memory()
    loop.add_reader(nudged.fileno(), on_nudge)
    try:
        await engine.run(stop)
    finally:
        loop.remove_reader(nudged.fileno())
        disk.shutdown()
        storage.close()
        database.close()

"""What is not needed any more goes: uploads nobody went on with, and files that no run, job or upload refers to.

A file's row goes first, in one transaction that sees every reference; then its bytes. Guards against a file of the same content that
is completed meanwhile and counts on bytes that are about to go: while uploads are completed nothing is collected, and the other way round.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from weakref import WeakKeyDictionary

from zerosec_server.database import uploads as rows
from zerosec_server.services import Services
from zerosec_server.storage.base import file_key
from zerosec_server.storage.local import LocalStorage, local_storage

__all__ = ["Collector", "collector_of"]

EVERY_S = 300.0

log = logging.getLogger("zerosec.files")
_pool = ThreadPoolExecutor(1, thread_name_prefix="files-collect")


class Collector:
    """Collects for one store; lives on the event loop."""

    def __init__(self) -> None:
        self._changed = asyncio.Condition()
        self._completing = 0
        self._collecting = False
        self._last_s = float("-inf")
        self._task: asyncio.Task[None] | None = None

    def now_and_then(self, services: Services) -> None:
        """Collect in the background, if the last time is five minutes ago."""
        loop = asyncio.get_running_loop()
        if loop.time() - self._last_s < EVERY_S or (self._task is not None and not self._task.done()):
            return
        self._last_s = loop.time()
        self._task = loop.create_task(self._run(services))

    @asynccontextmanager
    async def nothing_collected(self) -> AsyncIterator[None]:
        """No file goes while the block runs."""
        async with self._changed:
            await self._changed.wait_for(lambda: not self._collecting)
            self._completing += 1
        try:
            yield
        finally:
            self._completing -= 1
            await self._notify()

    async def collect_uploads(self, services: Services) -> int:
        """Forget uploads that nobody went on with for `upload_ttl_s`; tells how many."""
        loop, database, storage = (
            asyncio.get_running_loop(),
            services.database,
            local_storage(services.storage),
        )
        expired = await database.aread(rows.expired_uploads)
        for upload_id in expired:
            await loop.run_in_executor(_pool, storage.abort_upload, upload_id)
            await database.awrite(partial(rows.forget_upload, upload_id=upload_id))
        await loop.run_in_executor(_pool, storage.remove_stale_drafts)
        return len(expired)

    async def collect_files(self, services: Services) -> int:
        """Forget files that nothing has referred to for `unreferenced_file_ttl_s`; tells how many."""
        async with self._changed:
            await self._changed.wait_for(lambda: not self._completing and not self._collecting)
            self._collecting = True
        try:
            older_than_s = services.settings.unreferenced_file_ttl_s
            gone = await services.database.awrite(partial(rows.collect_files, older_than_s=older_than_s))
            await asyncio.get_running_loop().run_in_executor(
                _pool, _delete, local_storage(services.storage), gone
            )
        finally:
            self._collecting = False
            await self._notify()
        if gone:
            log.info("%d files that nothing referred to were removed", len(gone))
        return len(gone)

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def _run(self, services: Services) -> None:
        try:
            await self.collect_uploads(services)
            await self.collect_files(services)
        except Exception:
            log.exception("what is not needed any more could not be collected")
            raise


def _delete(storage: LocalStorage, gone: list[str]) -> None:
    for sha256 in gone:
        storage.delete(file_key(sha256))


_collectors: WeakKeyDictionary[LocalStorage, Collector] = WeakKeyDictionary()


def collector_of(storage: LocalStorage) -> Collector:
    """The one collector of a store."""
    return _collectors.setdefault(storage, Collector())

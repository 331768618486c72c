"""Transactions: many writers in one process share one durable commit; readers never wait for them.

An fsync costs milliseconds, so writes are queued to one thread that runs all that have gathered in a single
`BEGIN IMMEDIATE … COMMIT`, each in a savepoint of its own. A write returns after the commit that holds it is on the disk;
if the commit fails, every write in it fails.
"""

import asyncio
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, nullcontext, suppress
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar
from unicodedata import normalize

from sqlalchemy import Connection, Engine, create_engine, event, func
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.sql.functions import Function

__all__ = ["Database", "db_now", "search_key", "sqlite_url"]

T = TypeVar("T")
GATHER_AT_MOST = 200
READERS = 4


def db_now() -> Function[Any]:
    """The database's own clock, in seconds since 1970: the only clock that leases are compared by."""
    return func.db_now()


def search_key(text: str | None) -> str | None:
    """What texts are searched by: upper and lower case are one in every script, and so are full and half width (Unicode NFKC
    and case folding). The database knows it as `search_key(text)`.
    """
    return None if text is None else normalize("NFKC", normalize("NFKC", text).casefold())


def sqlite_url(path: Path) -> str:
    """The address of an SQLite file."""
    return f"sqlite:///{path}"


class Database:
    """One database, for any number of threads and coroutines of one process.

    `read` and `write` take a function of a SQLAlchemy Connection. They may be called from any thread; `aread` and `awrite`
    are the same for coroutines and never block the event loop. A function given to `write` must be quick and touch nothing
    but the database: others wait behind it.
    """

    def __init__(self, url: str) -> None:
        self._engine = _sqlite_engine(url)
        self._queue: queue.SimpleQueue[_Write | None] = queue.SimpleQueue()
        self._waiting_since: float | None = None
        self._writer = threading.Thread(target=self._write_loop, name="database-writer", daemon=True)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="database-reader")
        self._writer.start()

    @property
    def engine(self) -> Engine:
        """For migrations."""
        return self._engine

    @property
    def waiting_since(self) -> float | None:
        """Since when (monotonic) the writes of this process have waited for another process's; None: they do not."""
        return self._waiting_since

    def read(self, work: Callable[[Connection], T]) -> T:
        """Run in a read transaction: one consistent snapshot."""
        with self._engine.connect() as connection:
            return work(connection)

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run in a write transaction and return once it is durable. Raises what `work` raises, undoing its changes."""
        return self.submit_write(work).result()

    def write_laid(self, lay: Callable[[Connection], None], work: Callable[[Connection], T]) -> T:
        """`write`, on a connection on which `lay` has made temporary tables before: nobody waits for that. They go with it."""
        with self._engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("PRAGMA temp_store = MEMORY")  # no transaction has begun
            connection.detach()  # not one of the pool any more: closed for good at the end
            with connection.begin():
                lay(connection)
            future: Future[T] = Future()
            self._queue.put(_Write(work, future, connection))
            return future.result()

    def submit_write(self, work: Callable[[Connection], T]) -> "Future[T]":
        """Queue a write; the future resolves once it is durable."""
        future: Future[T] = Future()
        self._queue.put(_Write(work, future))
        return future

    async def aread(self, work: Callable[[Connection], T]) -> T:
        """`read`, for coroutines."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self.read, work)

    async def awrite_laid(self, lay: Callable[[Connection], None], work: Callable[[Connection], T]) -> T:
        """`write_laid`, for coroutines. A cancelled caller does not undo a write that is on its way."""
        return await asyncio.to_thread(self.write_laid, lay, work)

    async def awrite(self, work: Callable[[Connection], T]) -> T:
        """`write`, for coroutines. A cancelled caller does not undo a write that is on its way."""
        return await asyncio.shield(asyncio.wrap_future(self.submit_write(work)))

    def close(self) -> None:
        """Finish all queued writes, then close."""
        self._queue.put(None)
        self._writer.join()
        self._readers.shutdown()
        self._engine.dispose()

    def _write_loop(self) -> None:
        with closing(_WriterConnection(self._engine)) as ours:
            self._write_all(ours)

    def _write_all(self, ours: "_WriterConnection") -> None:
        open_ = True
        while open_:
            first = self._queue.get()
            batch = [] if first is None else [first]
            open_ = first is not None
            with suppress(queue.Empty):
                while open_ and len(batch) < GATHER_AT_MOST:
                    following = self._queue.get_nowait()
                    if following is None:
                        open_ = False
                    else:
                        batch.append(following)
            for laid, together in groupby(batch, key=lambda write: write.on):
                for some in [list(together)] if laid is None else [[write] for write in together]:
                    self._commit_together(some, laid or ours)

    def _commit_together(self, batch: "list[_Write]", on: "Connection | _WriterConnection") -> None:
        batch = [write for write in batch if write.future.set_running_or_notify_cancel()]
        done: list[tuple[_Write, Any, BaseException | None]] = []
        self._waiting_since = time.monotonic()
        try:
            with (
                nullcontext(on) if isinstance(on, Connection) else on.lent() as connection,
                connection.execution_options(begin="BEGIN IMMEDIATE").begin(),
            ):
                self._waiting_since = None
                for write in batch:
                    if len(batch) == 1:  # nobody else's work to protect: what fails undoes it all
                        done.append((write, write.work(connection), None))
                        continue
                    _tell(connection, "SAVEPOINT one")
                    try:
                        answer = write.work(connection)
                        _tell(connection, "RELEASE one")
                    except Exception as failure:  # noqa: BLE001 - handed to whoever asked for this write
                        try:
                            _tell(connection, "ROLLBACK TO one")
                            _tell(connection, "RELEASE one")
                        except OperationalError:
                            # On a full disk SQLite undoes the whole transaction: the batch failed, for this reason.
                            raise failure from None
                        done.append((write, None, failure))
                    else:
                        done.append((write, answer, None))
        except BaseException as failure:
            for write in batch:
                write.future.set_exception(failure)
            if not isinstance(failure, Exception):
                raise
            return
        finally:
            self._waiting_since = None
        for write, answer, error in done:
            if error is None:
                write.future.set_result(answer)
            else:
                write.future.set_exception(error)


class _WriterConnection:
    """The writer's own connection, kept from write to write: to take one from the pool and give it back costs as much as a small write
    does. One on which a write has failed is not used again.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._kept: Connection | None = None

    @contextmanager
    def lent(self) -> Iterator[Connection]:
        """The connection, for one transaction."""
        if self._kept is None:
            self._kept = self._engine.connect()
        try:
            yield self._kept
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Give it back."""
        if self._kept is not None:
            kept, self._kept = self._kept, None
            kept.close()


class _Write:
    """One queued write: the work, where its answer goes, and the connection on which something lies ready for it."""

    __slots__ = ("future", "on", "work")

    def __init__(
        self, work: Callable[[Connection], Any], future: "Future[Any]", on: Connection | None = None
    ) -> None:
        self.work, self.future, self.on = work, future, on


def _tell(connection: Connection, statement: str) -> None:
    """Say a word about transactions, without SQLAlchemy's context: making that costs more than the word does."""
    try:
        connection.connection.cursor().execute(statement)
    except sqlite3.Error as error:
        raise DBAPIError.instance(statement, None, error, sqlite3.Error) from error


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # BEGIN is said below, so that a write can say IMMEDIATE
        connection.create_function("db_now", 0, time.time)
        connection.create_function("search_key", 1, search_key, deterministic=True)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        _tell(connection, connection.get_execution_options().get("begin", "BEGIN"))

    return engine

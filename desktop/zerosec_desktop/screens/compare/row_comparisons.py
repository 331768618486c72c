"""Compares the keyed tables of two jobs, in a thread; tables that are longer than what is shown are fetched whole before."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from zerosec_desktop.bridge import Work
from zerosec_desktop.context import Context
from zerosec_desktop.navigation import JobKey
from zerosec_desktop.screens.compare.rows import ComparedRows, Row, compare_rows, keyed_tables, rows_of_file
from zerosec_desktop.screens.run.cache import ArtifactCache
from zerosec_shared.runs import Artifact, Job
from zerosec_shared.views import TableView

__all__ = ["RowComparisons"]

Done = Callable[[TableView, ComparedRows], None]
Failed = Callable[[TableView, Exception], None]


class RowComparisons(QObject):
    """Asks for what it needs, and tells each comparison once it is made."""

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._cache = ArtifactCache(context, self)
        self._works: list[Work] = []
        self._number = 0

    def stop(self) -> None:
        """What is still on its way is of no interest any more."""
        self._number += 1
        for work in self._works:
            work.cancel()
        self._works.clear()

    def start(self, keys: tuple[JobKey, JobKey], jobs: tuple[Job, Job], done: Done, failed: Failed) -> bool:
        """Compare all tables of two jobs that can be; False where there are none."""
        self.stop()
        first, second = (job.result.views if job.result else () for job in jobs)
        found = keyed_tables(first, second)
        for pair in found:
            _OneTable(self, self._number, keys, pair, done, failed).begin()
        return bool(found)

    def current(self, number: int) -> bool:
        """Whether a comparison is still wanted."""
        return number == self._number


class _OneTable:
    """The two tables of one comparison, until both are whole."""

    def __init__(
        self,
        owner: RowComparisons,
        number: int,
        keys: tuple[JobKey, JobKey],
        views: tuple[TableView, TableView],
        done: Done,
        failed: Failed,
    ) -> None:
        self._owner, self._number, self._keys, self._views = owner, number, keys, views
        self._done, self._failed = done, failed
        self._paths: dict[int, Path] = {}

    def begin(self) -> None:
        """Compare at once what is here whole; else fetch the files first."""
        if all(len(view.rows) == view.total_rows for view in self._views):
            self._compare()
            return
        for side, key in enumerate(self._keys):
            self._owner._works.append(
                self._owner._context.session.artifacts(key, partial(self._fetch, side), self._fail)
            )

    def _fetch(self, side: int, artifacts: tuple[Artifact, ...]) -> None:
        source = self._views[side].source
        artifact = next((each for each in artifacts if each.path == source), None)
        if artifact is None:
            self._fail(FileNotFoundError(source or self._views[side].title))
            return

        def here(path: Path) -> None:
            self._paths[side] = path
            if len(self._paths) == 2:
                self._compare()

        self._owner._cache.fetch(self._keys[side], artifact, here, self._fail)

    def _compare(self) -> None:
        if not self._owner.current(self._number):
            return
        paths, views = self._paths, self._views

        def work() -> ComparedRows:
            rows: list[list[Row]] = [
                rows_of_file(paths[side], view) if paths else list(view.rows)
                for side, view in enumerate(views)
            ]
            return compare_rows(views[0], views[1], *rows)

        async def compare() -> ComparedRows:
            return await asyncio.to_thread(work)

        self._owner._works.append(
            self._owner._context.bridge.start(
                compare(), name="compare tables", done=self._tell, failed=self._fail
            )
        )

    def _tell(self, compared: ComparedRows) -> None:
        if self._owner.current(self._number):
            self._done(self._views[0], compared)

    def _fail(self, error: Exception) -> None:
        if self._owner.current(self._number):
            self._failed(self._views[0], error)

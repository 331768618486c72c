"""Download of one blob: a shared disk is copied from, anything else comes in ranges side by side, into a .part file first.

Guards against: a broken connection or a killed program (what is there stays, a small file beside it says what), bytes damaged on
the way or by a power cut (the SHA-256 of the whole is checked before the file gets its name), a full disk (told before the first
byte; nothing incomplete stays), and names from the server that lead out of the folder. The finished file is not forced to the
disk: the server still has it.
"""

import asyncio
import json
import os
import re
import shutil
import threading
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from zerosec_client.api import Api
from zerosec_client.errors import LocalFileError, UrlExpiredError
from zerosec_client.http import is_loopback
from zerosec_client.transfer.channel import Buffers, Channel
from zerosec_client.transfer.handover import open_shared
from zerosec_client.transfer.lanes import PATIENCE_S, Lanes, signed_address
from zerosec_client.transfer.local import no_space, told_in_words
from zerosec_client.transfer.pace import Pace, ProgressCallback
from zerosec_client.turns import transfer_turns
from zerosec_shared.content import FollowingHash, copy_content, write_at
from zerosec_shared.files import DownloadRequest, DownloadTicket
from zerosec_shared.texts import say

__all__ = ["download", "inside"]

LANES_HERE = 1  # on one machine the hash decides, and more connections only take its time
LANES_AWAY = 4
RANGE_BYTES = 16 * 1024**2
NOTE_BYTES = 64 * 1024**2
SPARE_BUFFERS = 3
BUFFER_HERE_BYTES = 2 * 1024**2  # each costs two threads a word with each other
BUFFER_AWAY_BYTES = 512 * 1024  # a slow connection fills one in a moment, so that progress is seen
UNSAFE_NAME = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\]')
RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}


def inside(folder: Path, relative: str) -> Path:
    """Where a file of a job belongs in `folder`, its own folders kept. Raises LocalFileError for a path that leads out."""
    parts = relative.split("/")
    hostile = any(
        part in {"", ".", ".."}
        or UNSAFE_NAME.search(part)
        or part != part.rstrip(". ")
        or part.split(".")[0].lower() in RESERVED
        for part in parts
    )
    target = folder.joinpath(*parts)
    if hostile or not target.resolve().is_relative_to(folder.resolve()):
        raise LocalFileError(
            "The server named a file that would not lie in your folder.",
            say("It is called {relative}. Nothing was written.", relative=relative),
            "Do not trust this server before its operator has explained it.",
        )
    return target


async def download(
    api: Api,
    request: DownloadRequest,
    destination: Path,
    *,
    progress: ProgressCallback | None = None,
    handover: bool = True,
    patience_s: float = PATIENCE_S,
) -> DownloadTicket:
    """Bring a blob to `destination`, replacing what is there once all of it has come and its SHA-256 is right.

    Cancelling leaves `destination` as it was, and beside it what has come, for the next call to go on with. Raises LocalFileError,
    NoSpaceLeftError, ServerUnreachableError after `patience_s` without progress, and what the server says.
    """
    ticket = await api.presign_download(request)
    here = is_loopback(api.http.endpoint.url)
    async with transfer_turns.turn(ticket.size_bytes):
        lanes = Lanes(api, LANES_HERE if here else LANES_AWAY, patience_s)
        pace = Pace(ticket.size_bytes, progress)
        async with lanes.running(), pace.told():
            job = _Download(api, request, ticket, destination, lanes, pace)
            await job.run(handover=handover and here)
    return ticket


class _Arrivals:
    """Which bytes have come: kept beside the .part file, for exactly these contents."""

    def __init__(self, path: Path, ticket: DownloadTicket) -> None:
        self._path, self._size_bytes = path, ticket.size_bytes
        self._identity = {"sha256": ticket.sha256, "size_bytes": ticket.size_bytes}
        self.spans: list[tuple[int, int]] = []

    def load(self) -> None:
        """Take up what an earlier call left; nothing if it was of other bytes."""
        try:
            kept = json.loads(self._path.read_text(encoding="ascii"))
            if isinstance(kept, dict) and kept.get("of") == self._identity:
                for start, end in kept["spans"]:
                    self.add(int(start), int(end))
        except FileNotFoundError:
            return
        except (ValueError, KeyError, TypeError):
            self.spans = []

    def add(self, start: int, end: int) -> None:
        """These bytes have come."""
        merged: list[tuple[int, int]] = []
        for first, last in sorted([*self.spans, (start, end)]):
            if not 0 <= first < last <= self._size_bytes:
                continue
            if merged and first <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
            else:
                merged.append((first, last))
        self.spans = merged

    def save(self) -> None:
        """Write down what has come."""
        draft = self._path.with_name(f"{self._path.name}.new")
        draft.write_text(json.dumps({"of": self._identity, "spans": self.spans}), encoding="ascii")
        draft.replace(self._path)

    def missing(self, longest: int) -> Iterator[tuple[int, int]]:
        """What has not come, in ranges of at most so many bytes."""
        at = 0
        for first, last in [*self.spans, (self._size_bytes, self._size_bytes)]:
            while at < first:
                end = min(first, at + longest)
                yield at, end
                at = end
            at = last


class _Download:
    def __init__(
        self,
        api: Api,
        request: DownloadRequest,
        ticket: DownloadTicket,
        destination: Path,
        lanes: Lanes,
        pace: Pace,
    ) -> None:
        self._api, self._request, self._ticket = api, request, ticket
        self._lanes, self._pace = lanes, pace
        self._destination = destination
        self._part = destination.with_name(f"{destination.name}.part")
        self._sidecar = destination.with_name(f"{destination.name}.part.json")
        self._arrivals = _Arrivals(self._sidecar, ticket)
        self._noting = threading.Lock()
        # One connection is one within this machine.
        most_bytes = BUFFER_HERE_BYTES if lanes.count == LANES_HERE else BUFFER_AWAY_BYTES
        size_bytes = min(most_bytes, max(1, ticket.size_bytes))
        self._buffers = Buffers(lanes.count + SPARE_BUFFERS, size_bytes)
        self._copied_bytes = 0

    async def run(self, *, handover: bool) -> None:
        try:
            if handover and await self._lanes.off_loop(self._copy_shared):
                return
            if not await self._fetch():
                # What an earlier call left was damaged by a power cut: once more from the start.
                await self._lanes.off_loop(self._discard)
                if not await self._fetch():
                    await self._lanes.off_loop(self._discard)
                    raise LocalFileError(
                        say("{name} did not arrive intact.", name=self._destination.name),
                        "Its SHA-256 is not the one the server named, twice; nothing was kept.",
                        "Something between you and the server, or a disk, may be damaged.",
                    )
        except LocalFileError as error:
            if error.code == "no_space_left":
                await self._lanes.off_loop(self._discard)
            raise

    # In ranges.

    async def _fetch(self) -> bool:
        descriptor = await self._lanes.off_loop(self._prepare)
        try:
            digest = FollowingHash(self._part, self._lanes.pool)
            for start, end in self._arrivals.spans:
                digest.arrived(start, end)
            # One connection asks for all at once; several share the work in ranges.
            alone = self._lanes.count == 1
            ranges = deque(self._arrivals.missing(self._ticket.size_bytes if alone else RANGE_BYTES))

            async def drive(channel: Channel) -> None:
                while ranges:
                    start, end = ranges.popleft()
                    await self._fetch_range(_Landing(self, descriptor, digest, start, end), channel)

            await self._lanes.each(drive)
        finally:
            await self._lanes.off_loop(partial(os.close, descriptor))
        with told_in_words(self._part):
            found = await asyncio.to_thread(digest.hexdigest, self._ticket.size_bytes)
        if found != self._ticket.sha256:
            return False
        await self._lanes.off_loop(self._publish)
        return True

    async def _fetch_range(self, landing: "_Landing", channel: Channel) -> None:
        async def once() -> None:
            url = signed_address(self._api, self._ticket.url)
            try:
                await self._lanes.off_loop(
                    partial(channel.get, url, landing.at, landing.end, self._buffers, landing.take)
                )
            except UrlExpiredError:
                self._ticket = await self._api.presign_download(self._request)
                raise

        try:
            await self._lanes.persist(once)
        finally:
            await self._lanes.off_loop(landing.note)

    def arrived(self, start: int, end: int) -> None:
        """Bytes are in the .part file; write that down."""
        with self._noting, told_in_words(self._sidecar, writing=True):
            self._arrivals.add(start, end)
            self._arrivals.save()

    def count(self, length: int) -> None:
        """So many bytes more have come."""
        self._pace.add(length)
        self._lanes.moved()

    @property
    def part(self) -> Path:
        """The file that is being filled."""
        return self._part

    def _prepare(self) -> int:
        with told_in_words(self._destination, writing=True):
            if self._destination.is_dir():
                raise IsADirectoryError(str(self._destination))
            self._destination.parent.mkdir(parents=True, exist_ok=True)
            self._arrivals.spans = []
            if self._part.is_file():
                self._arrivals.load()
            come = sum(end - start for start, end in self._arrivals.spans)
            self._check_space(self._ticket.size_bytes - come)
            self._pace.begin(come)
            descriptor = os.open(self._part, os.O_RDWR | os.O_CREAT | _SAFE, 0o666)
            try:
                os.ftruncate(descriptor, self._ticket.size_bytes)
            except BaseException:
                os.close(descriptor)
                raise
            return descriptor

    def _check_space(self, needed_bytes: int) -> None:
        if needed_bytes > shutil.disk_usage(self._destination.parent).free:
            raise no_space(self._destination)

    def _publish(self) -> None:
        with told_in_words(self._destination, writing=True):
            self._part.replace(self._destination)
            self._sidecar.unlink(missing_ok=True)

    def _discard(self) -> None:
        with told_in_words(self._part, writing=True):
            self._part.unlink(missing_ok=True)
            self._sidecar.unlink(missing_ok=True)
            self._sidecar.with_name(f"{self._sidecar.name}.new").unlink(missing_ok=True)

    # From a shared disk.

    def _copy_shared(self) -> bool:
        source = (
            None
            if self._ticket.handover_url is None
            else open_shared(self._ticket.handover_url, self._ticket.size_bytes)
        )
        if source is None:
            return False
        try:
            self._discard()
            target = self._prepare()
            try:
                os.ftruncate(target, 0)
                digest = FollowingHash(self._part, self._lanes.pool)
                with told_in_words(self._destination, writing=True):
                    copy_content(source, target, partial(self._copied, digest))
            finally:
                os.close(target)
        finally:
            os.close(source)
        if digest.hexdigest(self._ticket.size_bytes) != self._ticket.sha256:
            self._discard()
            return False
        self._publish()
        return True

    def _copied(self, digest: FollowingHash, done_bytes: int) -> None:
        if self._lanes.stopped:
            raise InterruptedError
        digest.arrived(self._copied_bytes, done_bytes)
        self._pace.add(done_bytes - self._copied_bytes)
        self._copied_bytes = done_bytes


class _Landing:
    """Where the bytes of one range go; keeps its place when the connection breaks."""

    def __init__(
        self, download: _Download, descriptor: int, digest: FollowingHash, start: int, end: int
    ) -> None:
        self._download, self._descriptor, self._digest = download, descriptor, digest
        self._start, self.at, self.end = start, start, end
        self._noted_at = start

    def take(self, piece: memoryview, done: Callable[[], None]) -> None:
        """Write the next piece, and have it hashed; `done` is called once it is not needed any more."""
        try:
            with told_in_words(self._download.part, writing=True):
                write_at(self._descriptor, [piece], self.at)
        except BaseException:
            done()
            raise
        before, self.at = self.at, self.at + len(piece)
        self._download.count(len(piece))
        self._digest.given(before, piece, done)
        if self.at - self._noted_at >= NOTE_BYTES:
            self.note()

    def note(self) -> None:
        """Remember what has come."""
        if self.at > self._noted_at:
            self._noted_at = self.at
            self._download.arrived(self._start, self.at)


_SAFE = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)

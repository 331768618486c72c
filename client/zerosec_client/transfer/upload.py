"""Upload of one file: known bytes cost one request, a shared disk a copy, anything else goes up in parts.

Guards against: a broken connection or a killed program (what is stored stays; the missing parts are sent), bytes damaged on the way
(CRC-32 of each part, SHA-256 of the whole), a file that changes while it is read (FileChangedError; nothing is kept), addresses
that expire. The file is read once for all checksums while it goes up; memory does not grow with its size.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from zerosec_client.api import Api
from zerosec_client.errors import BadAnswerError, ConflictError, FileRefusedError, NotFoundError
from zerosec_client.fingerprint import TransferRecord
from zerosec_client.http import is_loopback
from zerosec_client.transfer.channel import Channel
from zerosec_client.transfer.handover import fill_staging
from zerosec_client.transfer.lanes import PATIENCE_S, Lanes, signed_address
from zerosec_client.transfer.local import FileChangedError, SourceFile
from zerosec_client.transfer.pace import Pace, ProgressCallback
from zerosec_client.transfer.reading import OnePass
from zerosec_client.turns import transfer_turns
from zerosec_shared.content import CHUNK_BYTES, crc32_of_range
from zerosec_shared.errors import ProblemCode
from zerosec_shared.files import (
    FileRecord,
    PartRequest,
    PartsRequest,
    PartTicket,
    UploadCompletion,
    UploadRequest,
    UploadState,
)

__all__ = ["upload"]

LANES_HERE = 1  # on one machine reading decides, and more connections only take its time
LANES_AWAY = 4
BATCH_HERE_PARTS = 2  # a small batch follows closely behind the reading
BATCH_AWAY_PARTS = 4  # a large one asks less often over a slow network
HASH_FIRST_BYTES = 32 * CHUNK_BYTES
SLOWEST_CHECK_BYTES_S = 50e6
MOST_ROUNDS = 3


async def upload(
    api: Api,
    path: Path,
    *,
    record: TransferRecord,
    name: str | None = None,
    progress: ProgressCallback | None = None,
    handover: bool = True,
    patience_s: float = PATIENCE_S,
) -> FileRecord:
    """Bring a file to the server; returns its record once the server has it durably.

    Cancelling leaves what has arrived, for the next call to go on with. `handover` False: never share the disk. Raises
    LocalFileError (FileChangedError), ServerUnreachableError after `patience_s` without progress, and what the server says.
    """
    source = await asyncio.to_thread(SourceFile, path)
    here = is_loopback(api.http.endpoint.url)
    lanes = Lanes(api, LANES_HERE if here else LANES_AWAY, patience_s)
    pace = Pace(source.size_bytes, progress)
    try:
        async with lanes.running(), pace.told():
            job = _Upload(api, source, record, lanes, pace, name or path.name, handover and here)
            return await job.run()
    finally:
        source.close()


@dataclass
class _Session:
    """An open upload, as the server describes it."""

    upload_id: str
    part_size_bytes: int
    part_count: int
    stored: dict[int, str] = field(default_factory=dict)


class _Upload:
    def __init__(
        self,
        api: Api,
        source: SourceFile,
        record: TransferRecord,
        lanes: Lanes,
        pace: Pace,
        name: str,
        handover: bool,
    ) -> None:
        self._api, self._source, self._record, self._lanes, self._pace = api, source, record, lanes, pace
        self._name = name
        self._handover = handover
        self._fingerprint = source.fingerprint
        self._reading: OnePass | None = None
        self._copied_bytes = 0

    async def run(self) -> FileRecord:
        known = await asyncio.to_thread(self._record.find_hash, self._fingerprint)
        try:
            return await self._bring(known)
        except FileChangedError:
            # The file itself stayed as it was: then the remembered hash was of other bytes.
            if known is None:
                raise
            known = await self._hash()
        except (ConflictError, NotFoundError):
            # The upload that was begun earlier is gone, or is one of other bytes: once more from the start.
            await asyncio.to_thread(self._record.forget_upload, self._fingerprint)
        return await self._bring(known)

    async def _bring(self, sha256: str | None) -> FileRecord:
        if sha256 is None and self._source.size_bytes <= HASH_FIRST_BYTES:
            sha256 = await self._hash()
        session = await self._resumed()
        if session is None:
            request = UploadRequest(
                size_bytes=self._source.size_bytes, name=self._name, sha256=sha256, handover=self._handover
            )
            ticket = await self._api.presign_upload(request)
            if ticket.state is UploadState.STORED and ticket.file is not None:
                self._pace.begin(self._source.size_bytes)
                return await self._done(ticket.file)
            if ticket.upload_id is None:
                raise BadAnswerError("The server opened an upload without saying which.")
            if ticket.handover_url and ticket.handover_proof:
                async with self._turn():
                    handed = await self._hand_over(
                        ticket.upload_id, ticket.handover_url, ticket.handover_proof, sha256
                    )
                if handed is not None:
                    return await self._done(handed)
            session = _Session(ticket.upload_id, ticket.part_size_bytes, ticket.part_count)
            await asyncio.to_thread(self._record.remember_upload, self._fingerprint, session.upload_id)
        async with self._turn():
            return await self._done(await self._send_and_complete(session, sha256))

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Only so many files go at the same time; the wait for it is no sign of a broken connection."""
        async with transfer_turns.turn(self._source.size_bytes):
            self._lanes.moved()
            yield

    async def _done(self, file: FileRecord) -> FileRecord:
        if file.size_bytes != self._source.size_bytes:
            raise BadAnswerError("The server stored another number of bytes than were sent.")
        await asyncio.to_thread(self._record.remember_hash, self._fingerprint, file.sha256)
        await asyncio.to_thread(self._record.forget_upload, self._fingerprint)
        return file

    async def _resumed(self) -> _Session | None:
        """The upload that an earlier call began, if the server still has it."""
        upload_id = await asyncio.to_thread(self._record.find_upload, self._fingerprint)
        if upload_id is None:
            return None
        try:
            return await self._look(upload_id)
        except NotFoundError:
            await asyncio.to_thread(self._record.forget_upload, self._fingerprint)
            return None

    async def _look(self, upload_id: str) -> _Session:
        ticket = await self._api.presign_parts(upload_id, PartsRequest())
        stored = {part.part_number: part.crc32 for part in ticket.stored_parts}
        return _Session(upload_id, ticket.part_size_bytes, ticket.part_count, stored)

    # Parts.

    async def _send_and_complete(self, session: _Session, sha256: str | None) -> FileRecord:
        for _ in range(MOST_ROUNDS):
            reading = self._read_once(session.part_size_bytes) if sha256 is None else None
            await self._send_missing(session, reading)
            digest = sha256 or await self._hash()
            await self._look_at_file()
            try:
                return await self._complete(session.upload_id, UploadCompletion(sha256=digest))
            except FileRefusedError as error:
                if error.code != ProblemCode.UPLOAD_INCOMPLETE:
                    raise
            session = await self._look(session.upload_id)  # the server lost parts: a power cut
        raise BadAnswerError("The server keeps losing parts of this file.", hint="Tell its operator.")

    async def _send_missing(self, session: _Session, reading: OnePass | None) -> None:
        self._pace.begin(0)
        numbers = deque(range(1, session.part_count + 1))
        most = BATCH_HERE_PARTS if self._lanes.count == LANES_HERE else BATCH_AWAY_PARTS

        async def drive(channel: Channel) -> None:
            while numbers:
                batch = [numbers.popleft() for _ in range(min(most, len(numbers)))]
                await self._send_batch(session, batch, channel, reading)

        await self._lanes.each(drive)

    async def _send_batch(
        self, session: _Session, numbers: Sequence[int], channel: Channel, reading: OnePass | None
    ) -> None:
        missing: list[PartRequest] = []
        for number in numbers:
            start = (number - 1) * session.part_size_bytes
            crc32, length = (
                await reading.crc32(number)
                if reading is not None
                else await self._lanes.off_loop(
                    partial(crc32_of_range, self._source.descriptor, start, session.part_size_bytes)
                )
            )
            if length != min(session.part_size_bytes, self._source.size_bytes - start):
                raise FileChangedError(self._source.path)
            if session.stored.get(number) == crc32:
                self._pace.add(length)
            else:
                missing.append(PartRequest(part_number=number, crc32=crc32))
        if not missing:
            return
        tickets = await self._tickets(session, missing)
        for part in missing:
            await self._send_part(session, part, tickets, channel)

    async def _tickets(self, session: _Session, parts: Sequence[PartRequest]) -> dict[int, PartTicket]:
        answer = await self._api.presign_parts(session.upload_id, PartsRequest(parts=tuple(parts)))
        return {ticket.part_number: ticket for ticket in answer.tickets}

    async def _send_part(
        self, session: _Session, part: PartRequest, tickets: dict[int, PartTicket], channel: Channel
    ) -> None:
        ticket: PartTicket | None = tickets[part.part_number]

        async def once() -> None:
            nonlocal ticket
            if ticket is None:
                await self._look_at_file()
                ticket = (await self._tickets(session, [part]))[part.part_number]
            current, ticket = ticket, None  # one that failed is asked for anew: it may have expired
            url = signed_address(self._api, current.url)
            start = (part.part_number - 1) * session.part_size_bytes
            with self._counted() as sent:
                await self._lanes.off_loop(
                    partial(
                        channel.put,
                        url,
                        current.headers,
                        self._source.descriptor,
                        start,
                        current.size_bytes,
                        sent,
                    )
                )

        with self._told_if_changed():
            await self._lanes.persist(once)

    @contextmanager
    def _counted(self) -> Iterator["_Count"]:
        count = _Count(self._pace)
        try:
            yield count
        except BaseException:
            count.take_back()
            raise

    @contextmanager
    def _told_if_changed(self) -> Iterator[None]:
        """Wrong bytes arrived: if the file changed meanwhile that is why, and what the user needs to know."""
        try:
            yield
        except FileRefusedError as error:
            if error.code in {ProblemCode.CHECKSUM_MISMATCH, ProblemCode.SIZE_MISMATCH}:
                raise FileChangedError(self._source.path) from error
            raise

    async def _complete(self, upload_id: str, completion: UploadCompletion) -> FileRecord:
        wait_s = self._source.size_bytes / SLOWEST_CHECK_BYTES_S
        with self._told_if_changed():
            return (await self._api.complete_upload(upload_id, completion, wait_s=wait_s)).file

    # Hand-over.

    async def _hand_over(self, upload_id: str, url: str, proof: str, sha256: str | None) -> FileRecord | None:
        """Fill the staging file; None if the disk is not shared after all.

        The server hashes what was copied; here it is not hashed a second time: that the file stayed as it was is looked at before
        and after, and a SHA-256 that is known already must be the server's.
        """
        self._pace.begin(0)
        self._copied_bytes = 0
        filled = await self._lanes.off_loop(
            partial(fill_staging, self._source, url, proof, upload_id, self._copied)
        )
        if not filled:
            return None
        await self._look_at_file()
        try:
            file = await self._complete(upload_id, UploadCompletion(sha256=sha256, handover=True))
        except FileRefusedError as error:
            if error.code == ProblemCode.UPLOAD_INCOMPLETE:
                return None  # the staging file is held open by something else: send the bytes instead
            raise
        await self._look_at_file()
        return file

    def _copied(self, done_bytes: int) -> None:
        if self._lanes.stopped:
            raise InterruptedError
        self._pace.add(done_bytes - self._copied_bytes)
        self._copied_bytes = done_bytes

    async def _look_at_file(self) -> None:
        """Raises FileChangedError if it changed. Not on the event loop: a share that went away answers late, or never."""
        await self._lanes.off_loop(self._source.check_unchanged)

    # The SHA-256 of the whole.

    def _read_once(self, part_size_bytes: int) -> OnePass:
        """The pass over the file in parts of this size, begun if need be."""
        if self._reading is None or self._reading.part_size_bytes != part_size_bytes:
            self._reading = OnePass(
                self._source.descriptor,
                self._source.size_bytes,
                part_size_bytes,
                self._lanes.pool,
                lambda: self._lanes.stopped,
            )
        return self._reading

    async def _hash(self) -> str:
        digest = await (self._reading or self._read_once(max(1, self._source.size_bytes))).sha256()
        await self._look_at_file()
        return digest


class _Count:
    """Counts bytes of one attempt, so that a failed one can be taken back."""

    def __init__(self, pace: Pace) -> None:
        self._pace, self._counted = pace, 0

    def __call__(self, count: int) -> None:
        self._counted += count
        self._pace.add(count)

    def take_back(self) -> None:
        self._pace.add(-self._counted)

"""Transfers of 1 GiB against curl and cp: the same bytes, the same server, the same run, in an order drawn anew each round.

Upload: curl PUTs the same 16 MiB parts one after another over one kept connection from 64 files, and then the same completion is asked
for; the checksums it needs are computed beforehand and not counted, while ours are. Download: curl GETs the blob into a
file on the same disk; ours also checks its SHA-256. Hand-over: against `cp`, and against `cp` and then `sync` of the copy, since what
we store is on the disk before it is called stored. Every round starts with a clean disk queue (`sync`).
"""

import asyncio
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from tests.bench.figures import Figure, figure
from tests.conftest import ROOT, RunningServer, start_server
from tests.transfers import peak_memory, reset_peak_memory
from zerosec_client.api import Api
from zerosec_client.http import Endpoint, Http
from zerosec_client.outbox import Outbox
from zerosec_client.transfer import download, upload
from zerosec_shared.content import crc32_of_range, sha256_of_file
from zerosec_shared.files import DownloadRequest, PartRequest, PartsRequest, UploadCompletion, UploadRequest

__all__ = ["measure"]

SIZE = 1024**3
STEP = 2**24
ROUNDS = 7
MEMORY_TARGET_MIB = 60


@dataclass(frozen=True)
class _Taken:
    """What one transfer cost. `over_idle_mib` is the peak of the client's memory over what it had before."""

    wall_s: float
    cpu_s: float
    over_idle_mib: float = 0.0
    server_cpu_s: float = 0.0


def measure() -> list[Figure]:
    """Run all rounds; needs curl and 8 GiB of disk."""
    if shutil.which("curl") is None:
        raise RuntimeError("curl is needed to compare with; packaging/system-packages.sh installs it")
    with tempfile.TemporaryDirectory(
        prefix="zerosec-bench-", dir=os.environ.get("ZEROSEC_BENCH_DIR")
    ) as name:
        folder = Path(name)
        server = start_server(folder / "data")
        try:
            return _Rounds(server, folder).figures()
        finally:
            server.stop()


class _Rounds:
    def __init__(self, server: RunningServer, folder: Path) -> None:
        self._server, self._folder = server, folder
        self._source = folder / "source"
        self._back = folder / "back"
        with self._source.open("wb") as file:
            for _ in range(SIZE // STEP):
                file.write(os.urandom(STEP))
        self._sha256, _ = sha256_of_file(self._source)
        self._blob = server.data_dir / "storage" / "files" / self._sha256[:2] / self._sha256

    def figures(self) -> list[Figure]:
        works: dict[str, Callable[[], _Taken]] = {
            "curl up": self._curl_up,
            "ours up": lambda: self._ours("up"),
            "curl down": self._curl_down,
            "ours down": lambda: self._ours("down"),
            "cp": lambda: self._cp(durable=False),
            "cp, sync": lambda: self._cp(durable=True),
            "hand-over": lambda: self._ours("hand-over"),
        }
        taken: dict[str, list[_Taken]] = {name: [] for name in works}
        order = random.Random(1)
        for number in range(ROUNDS):
            # what comes before one has an effect on it
            for name in works if number == 0 else order.sample(list(works), len(works)):
                taken[name].append(self._fresh(name, works[name]))
        return [
            _ratio("upload, speed of curl's", taken["curl up"], taken["ours up"], 0.9),
            _ratio("download, speed of curl's", taken["curl down"], taken["ours down"], 1.0),
            _ratio("hand-over, speed of cp's", taken["cp"], taken["hand-over"], 0.9),
            _ratio("hand-over, speed of cp's and sync's", taken["cp, sync"], taken["hand-over"], 0.9),
            *(figure(f"1 GiB, {name}", "s", [one.wall_s for one in all_]) for name, all_ in taken.items()),
            *(
                figure(f"1 GiB, {name}: CPU of the client", "s", [one.cpu_s for one in all_])
                for name, all_ in taken.items()
            ),
            *(
                figure(f"1 GiB, {name}: CPU of the server", "s", [one.server_cpu_s for one in all_])
                for name, all_ in taken.items()
                if not name.startswith("cp")
            ),
            *(_memory(name, taken[name]) for name in ("ours up", "ours down", "hand-over")),
        ]

    def _fresh(self, name: str, work: Callable[[], _Taken]) -> _Taken:
        self._back.unlink(missing_ok=True)
        if name in {"curl up", "ours up", "hand-over"}:
            self._blob.unlink(missing_ok=True)
        os.sync()
        before = self._server_cpu_s()
        taken = work()
        return replace(taken, server_cpu_s=self._server_cpu_s() - before)

    def _server_cpu_s(self) -> float:
        times = [process.cpu_times() for process in self._server.tree()]
        return float(sum(one.user + one.system for one in times))

    def _ours(self, what: str) -> _Taken:
        arguments = [
            self._server.url,
            str(self._server.token_file),
            what,
            str(self._source),
            str(self._back),
            self._sha256,
        ]
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.transfer", *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            check=True,
        )
        return _Taken(**json.loads(done.stdout))

    def _curl_up(self) -> _Taken:
        return asyncio.run(self._curl_parts())

    async def _curl_parts(self) -> _Taken:
        async with Http(Endpoint(self._server.url, self._server.token)) as http:
            api = Api(http)
            upload_ticket = await api.presign_upload(UploadRequest(size_bytes=SIZE, name="source"))
            assert upload_ticket.upload_id
            with self._source.open("rb") as source:
                size = upload_ticket.part_size_bytes
                parts = tuple(
                    PartRequest(part_number=n + 1, crc32=crc32_of_range(source.fileno(), n * size, size)[0])
                    for n in range(upload_ticket.part_count)
                )
                for part in parts:
                    path = self._part(part.part_number)
                    if not path.exists():
                        path.write_bytes(os.pread(source.fileno(), size, (part.part_number - 1) * size))
            tickets = (await api.presign_parts(upload_ticket.upload_id, PartsRequest(parts=parts))).tickets
            config = "\n".join(
                f'url = "{http.absolute(ticket.url)}"\nupload-file = "{self._part(ticket.part_number)}"\noutput = "{os.devnull}"'
                for ticket in tickets
            )
            os.sync()
            _warm(self._folder)
            before = time.perf_counter()
            # No Expect: it would cost curl a round trip a part, and ours does not send it either.
            curl = await asyncio.to_thread(_curl, ["-H", "Expect:", "-K", "-"], config)
            await api.complete_upload(
                upload_ticket.upload_id, UploadCompletion(sha256=self._sha256), wait_s=60
            )
            return _Taken(time.perf_counter() - before, curl.cpu_s)

    def _part(self, number: int) -> Path:
        return self._folder / f"part-{number}"

    def _curl_down(self) -> _Taken:
        async def ticket() -> str:
            async with Http(Endpoint(self._server.url, self._server.token)) as http:
                return http.absolute(
                    (await Api(http).presign_download(DownloadRequest(sha256=self._sha256))).url
                )

        address = asyncio.run(ticket())
        _warm(self._folder)
        return _curl(["-o", str(self._back), address])

    def _cp(self, *, durable: bool) -> _Taken:
        _warm(self._folder)
        before = time.perf_counter()
        subprocess.run(["cp", str(self._source), str(self._back)], check=True)
        if durable:
            subprocess.run(["sync", str(self._back)], check=True)
        return _Taken(time.perf_counter() - before, 0.0)


def _warm(folder: Path) -> None:
    """Write as many bytes into the disk cache as a transfer will, and let go of them in the moment before it begins."""
    step, path = bytes(STEP), folder / "warm"
    with path.open("wb", buffering=0) as file:
        for _ in range(SIZE // STEP):
            file.write(step)
    path.unlink()


def _curl(arguments: list[str], config: str = "") -> _Taken:
    usage, before = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        ["curl", "--silent", "--show-error", "--fail", *arguments], input=config.encode(), check=True
    )
    wall_s, after = time.perf_counter() - before, resource.getrusage(resource.RUSAGE_CHILDREN)
    return _Taken(wall_s, after.ru_utime + after.ru_stime - usage.ru_utime - usage.ru_stime)


def _ratio(name: str, theirs: list[_Taken], ours: list[_Taken], target: float) -> Figure:
    ratios = [a.wall_s / b.wall_s for a, b in zip(theirs, ours, strict=True)]
    return figure(name, "×", ratios, target=f"≥ {target}", met=median(ratios) >= target)


def _memory(name: str, taken: list[_Taken]) -> Figure:
    peaks = [one.over_idle_mib for one in taken]
    met = max(peaks) <= MEMORY_TARGET_MIB
    return figure(f"{name}: peak memory over idle", "MiB", peaks, target=f"≤ {MEMORY_TARGET_MIB}", met=met)


async def _one(url: str, token_file: str, what: str, source: str, back: str, sha256: str) -> _Taken:
    with tempfile.TemporaryDirectory() as folder:
        record = Outbox(Path(folder) / "outbox.db").transfers("bench")
        token = await asyncio.to_thread(Path(token_file).read_text, encoding="ascii")
        async with Http(Endpoint(url, token.strip())) as http:
            api = Api(http)
            await api.health()
            await asyncio.to_thread(_warm, Path(back).parent)
            idle, cpu, before = reset_peak_memory(), time.process_time(), time.perf_counter()
            if what == "down":
                await download(api, DownloadRequest(sha256=sha256), Path(back), handover=False)
            else:
                await upload(api, Path(source), record=record, handover=what == "hand-over")
            return _Taken(time.perf_counter() - before, time.process_time() - cpu, peak_memory() - idle)


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_one(*sys.argv[1:])).__dict__))

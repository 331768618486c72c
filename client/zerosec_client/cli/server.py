"""`zerosec server`: the bundled server of this computer."""

import argparse
import asyncio

from zerosec_client import local_server
from zerosec_client.api import Api
from zerosec_client.cli.exit_codes import ExitCode
from zerosec_client.cli.terminal import Report, Terminal
from zerosec_client.http import Endpoint, Http
from zerosec_client.paths import server_data_dir
from zerosec_shared.texts import joined, say

__all__ = ["status"]

STATUSES = {
    "queued": say("queued"),
    "running": say("running"),
    "succeeded": say("succeeded"),
    "failed": say("failed"),
    "cancelled": say("cancelled"),
}


async def status(arguments: argparse.Namespace, terminal: Terminal) -> Report:
    """Say how it is; start or stop it first if that was asked."""
    folder = server_data_dir()
    if arguments.action == "stop":
        stopped = await asyncio.to_thread(local_server.stop, folder)
        line = say("Stopped. Queued jobs stay queued.") if stopped else say("It was not running.")
        return Report(ExitCode.OK, {"running": False, "stopped": stopped, "data_dir": str(folder)}, [line])
    if arguments.action == "start":
        await asyncio.to_thread(local_server.ensure, folder)
    running = await asyncio.to_thread(local_server.find, folder)
    if running is None:
        return Report(
            ExitCode.OK,
            {"running": False, "data_dir": str(folder)},
            [say("Not running; it starts when it is needed."), say("Its data: {folder}", folder=str(folder))],
        )
    async with Http(Endpoint(running.url, running.token), patience_s=5.0) as http:
        now = await Api(http).system_status()
    counts = joined(
        say("{count:,} {status}", count=count, status=STATUSES.get(name, name)) for name, count in now.jobs.items() if count
    )  # fmt: skip
    return Report(
        ExitCode.OK,
        {
            "running": True,
            "url": running.url,
            "pid": running.pid,
            "version": running.version,
            "data_dir": str(folder),
            "status": now.model_dump(mode="json"),
        },
        [
            say(
                "Running at {url} (process {pid}, version {version})",
                url=running.url,
                pid=str(running.pid),
                version=running.version,
            ),
            say(
                "Jobs: {counts}; {busy} of {slots} slots busy",
                counts=counts or say("none"),
                busy=now.slots_busy,
                slots=now.slots,
            ),
            say(
                "Its data: {folder} ({used:,.0f} MB, {free:,.1f} GB free)",
                folder=str(folder),
                used=now.disk_used_bytes / 1e6,
                free=now.disk_free_bytes / 1e9,
            ),
        ],
    )

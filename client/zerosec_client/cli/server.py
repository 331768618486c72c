"""`zerosec server`: the bundled server of this computer."""

import argparse
import asyncio

from zerosec_client import local_server
from zerosec_client.api import Api
from zerosec_client.cli.exit_codes import ExitCode
from zerosec_client.cli.terminal import Report, Terminal
from zerosec_client.http import Endpoint, Http
from zerosec_client.paths import server_data_dir

__all__ = ["status"]


async def status(arguments: argparse.Namespace, terminal: Terminal) -> Report:
    """Say how it is; start or stop it first if that was asked."""
    folder = server_data_dir()
    if arguments.action == "stop":
        stopped = await asyncio.to_thread(local_server.stop, folder)
        line = "Stopped. Queued jobs stay queued." if stopped else "It was not running."
        return Report(ExitCode.OK, {"running": False, "stopped": stopped, "data_dir": str(folder)}, [line])
    if arguments.action == "start":
        await asyncio.to_thread(local_server.ensure, folder)
    running = await asyncio.to_thread(local_server.find, folder)
    if running is None:
        return Report(
            ExitCode.OK,
            {"running": False, "data_dir": str(folder)},
            ["Not running; it starts when it is needed.", f"Its data: {folder}"],
        )
    async with Http(Endpoint(running.url, running.token), patience_s=5.0) as http:
        now = await Api(http).system_status()
    counts = ", ".join(f"{count} {name}" for name, count in now.jobs.items() if count) or "none"
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
            f"Running at {running.url} (process {running.pid}, version {running.version})",
            f"Jobs: {counts}; {now.slots_busy} of {now.slots} slots busy",
            f"Its data: {folder} ({now.disk_used_bytes / 1e6:,.0f} MB, {now.disk_free_bytes / 1e9:,.1f} GB free)",
        ],
    )

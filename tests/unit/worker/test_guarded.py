"""A job's guardian as the worker hears it: its last word counts, whatever was on the way to it when it ended."""

import asyncio
import os
import signal
import socket

from zerosec_server.worker.guarded import GuardedProcess
from zerosec_server.worker.order import Command, Ended, Limits, Reason, ShimOrder, Started

ORDER = ShimOrder(
    workspace="/nowhere",
    limits=Limits(
        wall_time_s=1, memory_bytes=1 << 30, output_bytes=1 << 20, output_files=1, log_bytes=1 << 20
    ),
    lease_s=1,
)


async def test_a_command_that_the_guardian_no_longer_read_does_not_hide_how_the_job_ended() -> None:
    requests, shims = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with requests, shims:
        process = GuardedProcess(requests, ORDER, lambda _frame: None, lambda _garbage: None)
        _, (control, *_), _, _ = socket.recv_fds(shims, 60_000, 1)
        frames_out, frames_in = os.pipe()
        with socket.socket(fileno=control) as shim:
            started = Started(pid=os.getpid(), shim=os.getpid()).model_dump_json().encode()
            socket.send_fds(shim, [started], [frames_out])
            os.close(frames_out)
            assert await process.started == os.getpid()

            process.command(Command(lease_s=1.0))
            os.close(frames_in)
            ended = Ended(wait_status=signal.SIGTERM, reason=Reason.ASKED)
            shim.send(ended.model_dump_json().encode())

        async with asyncio.timeout(60):
            assert await process.ended == ended

"""What the kernel tells of processes and memory."""

from pathlib import Path

from zerosec_server.worker.processes import oom_kills


def test_how_often_the_kernel_has_killed_for_want_of_memory_is_read_from_its_statistics() -> None:
    told = dict(line.split() for line in Path("/proc/vmstat").read_text().splitlines())

    assert oom_kills() == int(told["oom_kill"])

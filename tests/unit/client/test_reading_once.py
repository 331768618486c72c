"""One pass over a file gives the CRC-32 of each part and the SHA-256 of the whole."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from zlib import crc32

import pytest
from tests.transfers import content, made, sha256

from zerosec_client.transfer.reading import OnePass

PART = 1024**2 + 7


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Callable[..., OnePass]]:
    pool, descriptors = ThreadPoolExecutor(1), []

    def start(there: int, announced: int, stopped: Callable[[], bool] = lambda: False) -> OnePass:
        descriptor = os.open(made(tmp_path / "file", there), os.O_RDONLY)
        descriptors.append(descriptor)
        return OnePass(descriptor, announced, PART, pool, stopped)

    yield start
    pool.shutdown()
    for descriptor in descriptors:
        os.close(descriptor)


@pytest.mark.parametrize("size", [0, 1, PART, 2 * PART + 1])
async def test_parts_and_whole_are_right(begin: Callable[..., OnePass], size: int) -> None:
    data, reading = content(size), begin(size, size)
    for number, start in enumerate(range(0, size, PART), 1):
        part = data[start : start + PART]
        assert await reading.crc32(number) == (f"{crc32(part):08x}", len(part))
    assert await reading.sha256() == sha256(data)


async def test_a_file_that_is_shorter_is_seen_by_the_lengths_of_its_parts(
    begin: Callable[..., OnePass],
) -> None:
    reading = begin(PART + 5, 3 * PART)
    assert [(await reading.crc32(number))[1] for number in (1, 2, 3)] == [PART, 5, 0]
    assert await reading.sha256() == sha256(content(PART + 5))


async def test_a_pass_that_is_stopped_ends_for_all_who_wait(begin: Callable[..., OnePass]) -> None:
    reading = begin(2 * PART, 2 * PART, lambda: True)
    with pytest.raises(InterruptedError):
        await reading.crc32(2)
    with pytest.raises(InterruptedError):
        await reading.sha256()

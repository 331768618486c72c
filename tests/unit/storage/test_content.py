"""Hashes that follow a file in the filling, and checksums of its ranges."""

import itertools
import random
import zlib
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.transfers import content, made, sha256

from zerosec_shared.content import CHUNK_BYTES, FollowingHash, copy_content, crc32_of_range, sha256_of_file

SIZE = 300_000


@given(cuts=st.lists(st.integers(0, SIZE), max_size=8), seed=st.randoms(use_true_random=False))
def test_the_hash_is_right_in_whatever_order_ranges_arrive(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[int], seed: random.Random
) -> None:
    path = made(tmp_path_factory.mktemp("hash") / "file", SIZE)
    edges = sorted({0, SIZE, *cuts})
    ranges = list(itertools.pairwise(edges))
    seed.shuffle(ranges)
    with ThreadPoolExecutor(1) as pool:
        digest = FollowingHash(path, pool)
        for start, end in ranges:
            digest.arrived(start, end)
        assert digest.hexdigest(SIZE) == sha256(content(SIZE))


@given(
    cuts=st.lists(st.integers(0, SIZE), max_size=12),
    in_memory=st.lists(st.booleans(), min_size=14, max_size=14),
    swap=st.integers(0, 12),
)
def test_the_hash_is_right_whichever_pieces_are_given_in_memory(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[int], in_memory: list[bool], swap: int
) -> None:
    path = made(tmp_path_factory.mktemp("hash") / "file", SIZE)
    ranges = list(itertools.pairwise(sorted({0, SIZE, *cuts})))
    ranges[swap : swap + 2] = reversed(ranges[swap : swap + 2])
    free: SimpleQueue[bytearray] = SimpleQueue()
    for _ in range(2):
        free.put(bytearray(SIZE))
    with ThreadPoolExecutor(1) as pool:
        digest = FollowingHash(path, pool)
        for (start, end), here in zip(ranges, in_memory, strict=False):
            if not here:
                digest.arrived(start, end)
                continue
            buffer = free.get(timeout=120)  # used again only once it is given back
            buffer[: end - start] = content(SIZE)[start:end]
            digest.given(start, memoryview(buffer)[: end - start], partial(free.put, buffer))
        assert digest.hexdigest(SIZE) == sha256(content(SIZE))
    assert free.qsize() == 2


def test_a_hash_that_is_stopped_gives_the_pieces_back(tmp_path: Path) -> None:
    path = made(tmp_path / "file", SIZE)
    back: list[int] = []
    with ThreadPoolExecutor(1) as pool:
        gate = Event()
        pool.submit(gate.wait)  # the hash cannot begin
        digest = FollowingHash(path, pool)
        for number in range(3):
            digest.given(number * 100, memoryview(content(100)), partial(back.append, number))
        assert back == []
        digest.stop()
        assert back == [0, 1, 2]
        digest.given(300, memoryview(content(100)), partial(back.append, 3))
        assert back == [0, 1, 2, 3]
        gate.set()
    with pytest.raises(ValueError, match="0 of"):
        digest.hexdigest(SIZE)


def test_a_range_that_changed_is_hashed_anew(tmp_path: Path) -> None:
    path = made(tmp_path / "file", SIZE)
    with ThreadPoolExecutor(1) as pool:
        digest = FollowingHash(path, pool)
        digest.arrived(0, SIZE)
        assert digest.hexdigest(SIZE) == sha256(content(SIZE))
        path.write_bytes(content(SIZE, 2))
        digest.restart()
        digest.arrived(0, SIZE)
        assert digest.hexdigest(SIZE) == sha256(content(SIZE, 2))


def test_bytes_that_never_arrived_are_told(tmp_path: Path) -> None:
    path = made(tmp_path / "file", SIZE)
    with ThreadPoolExecutor(1) as pool:
        digest = FollowingHash(path, pool)
        digest.arrived(10, SIZE)
        with pytest.raises(ValueError, match="0 of 300000"):
            digest.hexdigest(SIZE)
        digest.arrived(0, SIZE)
        path.write_bytes(b"")
        digest.restart()
        digest.arrived(0, SIZE)
        with pytest.raises(OSError, match="became shorter"):
            digest.hexdigest(SIZE)


def test_ranges_copies_and_whole_files_agree(tmp_path: Path) -> None:
    path = made(tmp_path / "file", SIZE)
    with path.open("rb") as source, (tmp_path / "copy").open("wb") as target:
        assert crc32_of_range(source.fileno(), 1000, 2000) == (
            f"{zlib.crc32(content(SIZE)[1000:3000]):08x}",
            2000,
        )
        assert crc32_of_range(source.fileno(), SIZE - 5, 100)[1] == 5
        copy_content(source.fileno(), target.fileno())
    assert sha256_of_file(tmp_path / "copy") == (sha256(content(SIZE)), SIZE)


def test_a_copy_that_is_told_to_stop_goes_on_for_16_mebibytes_at_most(tmp_path: Path) -> None:
    source, copy = tmp_path / "source", tmp_path / "copy"
    with source.open("wb") as file:
        file.truncate(64 * CHUNK_BYTES)

    def stopped(_done_bytes: int) -> None:
        raise InterruptedError

    with source.open("rb") as read, copy.open("w+b") as written, pytest.raises(InterruptedError):
        copy_content(read.fileno(), written.fileno(), stopped)
    shared_blocks = copy.stat().st_size == source.stat().st_size and copy.stat().st_blocks == 0
    assert shared_blocks or copy.stat().st_size <= 16 * CHUNK_BYTES

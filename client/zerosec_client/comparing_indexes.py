"""Whether two indexes of alignments (BAI) point at the same reads: places in the file may all be moved by the head, which tells how programs
were called. The format is that of the SAM specification, section 5.2.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

__all__ = ["BAI", "same_but_for_places"]

BAI = b"BAI\1"
MOST_BYTES = 1 << 28
COUNTS_BIN = 37450
"""Not a bin: where a contig's reads begin and end, then how many they are."""


def same_but_for_places(first: Path, second: Path) -> bool:
    """Whether all counts are the same and all places moved by the same way. False for what is no BAI. Raises OSError."""
    if max(first.stat().st_size, second.stat().st_size) > MOST_BYTES:
        return False
    try:
        one, two = (list(_numbers(path.read_bytes())) for path in (first, second))
    except (struct.error, ValueError):
        return False
    moved = set()
    for (is_place, a), (also, b) in zip(one, two, strict=False):
        if is_place is not also or (not is_place and a != b):
            return False
        if is_place and (a or b):
            moved.add((a >> 16) - (b >> 16))
            if a & 0xFFFF != b & 0xFFFF:
                return False
    return len(one) == len(two) and len(moved) <= 1


def _numbers(data: bytes) -> Iterator[tuple[bool, int]]:
    """All numbers of an index, each with whether it is a place in the file. Raises ValueError, struct.error."""
    if not data.startswith(BAI):
        raise ValueError("no index of alignments")
    at = len(BAI)

    def take(form: str) -> int:
        nonlocal at
        (value,) = struct.unpack_from(form, data, at)
        at += struct.calcsize(form)
        return int(value)

    contigs = take("<i")
    yield False, contigs
    for _ in range(contigs):
        bins = take("<i")
        yield False, bins
        for _ in range(bins):
            number, chunks = take("<I"), take("<i")
            yield False, number
            yield False, chunks
            for chunk in range(chunks):
                place = number != COUNTS_BIN or chunk == 0
                yield place, take("<Q")
                yield place, take("<Q")
        intervals = take("<i")
        yield False, intervals
        for _ in range(intervals):
            yield True, take("<Q")
    if at < len(data):
        yield False, take("<Q")

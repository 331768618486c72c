"""Whether two files say the same: byte for byte, the same numbers within a tolerance, or not. For verifying that a repeat gives the same.

Compressed files are compared by what is in them. Texts are compared word by word: words that are numbers may differ by the tolerance
(relative, and as much absolutely around zero), all others not at all.
"""

import gzip
import math
import re
import zipfile
import zlib
from collections.abc import Iterator
from enum import StrEnum
from itertools import zip_longest
from pathlib import Path
from typing import Protocol

__all__ = ["Verdict", "compare_files"]

CHUNK = 1 << 20
LONGEST_LINE = 1 << 22
WORD = re.compile(r"[^\s,;:=\[\](){}<>\"'|]+|[,;:=\[\](){}<>\"'|]")
UNTOLD = frozenset({"docProps/core.xml"})
"""Members of a workbook that hold the time it was written and nothing else."""


class _Bytes(Protocol):
    """What is read from: a file, a member of an archive, what a compressed file holds."""

    def read(self, size: int = -1, /) -> bytes: ...

    def readline(self, size: int = -1, /) -> bytes: ...


class Verdict(StrEnum):
    """What a comparison finds."""

    IDENTICAL = "identical"
    WITHIN_TOLERANCE = "within tolerance"
    DIFFERENT = "different"


def compare_files(first: Path, second: Path, tolerance: float) -> Verdict:
    """Compare two files at bounded memory. Raises OSError."""
    with first.open("rb") as one, second.open("rb") as two:
        if _same_bytes(one, two):
            return Verdict.IDENTICAL
    try:
        if zipfile.is_zipfile(first) and zipfile.is_zipfile(second):
            return _compare_archives(first, second, tolerance)
        if _is_gzip(first) and _is_gzip(second):
            with gzip.open(first) as one, gzip.open(second) as two:
                if _same_bytes(one, two):
                    return Verdict.IDENTICAL
            with gzip.open(first) as one, gzip.open(second) as two:
                return _compare_texts(one, two, tolerance)
        with first.open("rb") as one, second.open("rb") as two:
            return _compare_texts(one, two, tolerance)
    except (zipfile.BadZipFile, gzip.BadGzipFile, EOFError, zlib.error, RuntimeError, NotImplementedError):
        return Verdict.DIFFERENT


def _same_bytes(one: _Bytes, two: _Bytes) -> bool:
    while True:
        a, b = one.read(CHUNK), two.read(CHUNK)
        if a != b:
            return False
        if not a:
            return True


def _is_gzip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def _compare_archives(first: Path, second: Path, tolerance: float) -> Verdict:
    with zipfile.ZipFile(first) as one, zipfile.ZipFile(second) as two:
        names = set(one.namelist()) - UNTOLD
        if names != set(two.namelist()) - UNTOLD:
            return Verdict.DIFFERENT
        worst = Verdict.IDENTICAL
        for name in sorted(names):
            with one.open(name) as a, two.open(name) as b:
                if _same_bytes(a, b):
                    continue
            with one.open(name) as a, two.open(name) as b:
                worst = _compare_texts(a, b, tolerance)
            if worst is Verdict.DIFFERENT:
                return worst
        return worst


def _lines(file: _Bytes) -> Iterator[bytes]:
    while line := file.readline(LONGEST_LINE):
        yield line


def _compare_texts(one: _Bytes, two: _Bytes, tolerance: float) -> Verdict:
    for a, b in zip_longest(_lines(one), _lines(two)):
        if a == b:
            continue
        if a is None or b is None:
            return Verdict.DIFFERENT
        try:
            words, others = WORD.findall(a.decode()), WORD.findall(b.decode())
        except UnicodeDecodeError:
            return Verdict.DIFFERENT
        if len(words) != len(others) or not all(map(_close, words, others, [tolerance] * len(words))):
            return Verdict.DIFFERENT
    return Verdict.WITHIN_TOLERANCE


def _close(word: str, other: str, tolerance: float) -> bool:
    if word == other:
        return True
    try:
        a, b = float(word), float(other)
    except ValueError:
        return False
    return math.isclose(a, b, rel_tol=tolerance, abs_tol=tolerance)

"""Whether two files say the same: byte for byte, the same numbers within a tolerance, or not. For verifying that a repeat gives the same.

Compressed files are compared by what is in them. Texts are compared word by word: words that are numbers may differ by the tolerance
(relative, and as much absolutely around zero), all others not at all. Reports, and the heads of alignments, hold the time they were written
and the places where programs worked: where they differ in nothing else, that is said.
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

from zerosec_client.comparing_indexes import BAI, same_but_for_places

__all__ = ["Verdict", "compare_files"]

CHUNK = 1 << 20
LONGEST_LINE = 1 << 22
MOST_HEAD_BYTES = 1 << 28
WORD = re.compile(r"[^\s,;:=\[\](){}<>\"'|]+|[,;:=\[\](){}<>\"'|]")
UNTOLD = frozenset({"docProps/core.xml"})
"""Members of a workbook that hold the time it was written and nothing else."""

REPORTS = (".html", ".htm", ".json", ".fo", ".txt", ".log")
"""Endings of files that are read by people; in a table a time is data."""
TIMES = re.compile(
    rb"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? \d{1,2} [A-Z][a-z]{2,8} \d{4}\b|\b\d{4}-\d\d-\d\d(?:[T ,]+\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?"
    rb"|\b\d{1,2}:\d\d:\d\d\b|[^\s\"'<>]*/workspaces/[0-9a-f-]{36}/\d+/"
    # MultiQC: its date, the number it gives each report, and the time at the head of the compressed data of its plots, in base64
    rb"|\b\d{1,2} [A-Z][a-z]{2} \d{4}, \d\d:\d\d UTC\b|\breportUuid = \"[0-9a-f-]{36}\"|(?<=>)H4sI[A-Za-z0-9+/]{8}"
)
PROGRAM_CALL = re.compile(rb"\tCL:[^\n]*")
BAM = b"BAM\1"


class _Bytes(Protocol):
    """What is read from: a file, a member of an archive, what a compressed file holds."""

    def read(self, size: int = -1, /) -> bytes: ...

    def readline(self, size: int = -1, /) -> bytes: ...


class Verdict(StrEnum):
    """What a comparison finds."""

    IDENTICAL = "identical"
    WITHIN_TOLERANCE = "within tolerance"
    BUT_FOR_TIMES = "the same but for times and places"
    DIFFERENT = "different"


def compare_files(first: Path, second: Path, tolerance: float, name: str = "") -> Verdict:
    """Compare two files at bounded memory; `name` is what the result calls them. Raises OSError."""
    timed = name.lower().endswith(REPORTS)
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
                if one.read(len(BAM)) == BAM and two.read(len(BAM)) == BAM:
                    return _compare_alignments(one, two)
            with gzip.open(first) as one, gzip.open(second) as two:
                return _compare_texts(one, two, tolerance)
        with first.open("rb") as one, second.open("rb") as two:
            if one.read(len(BAI)) == BAI and two.read(len(BAI)) == BAI:
                same = same_but_for_places(first, second)
                return Verdict.BUT_FOR_TIMES if same else Verdict.DIFFERENT
        with first.open("rb") as one, second.open("rb") as two:
            return _compare_texts(one, two, tolerance, timed=timed)
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
                found = _compare_texts(a, b, tolerance, timed=name.lower().endswith(REPORTS))
            if found is Verdict.DIFFERENT:
                return found
            worst = found if worst is not Verdict.WITHIN_TOLERANCE else worst
        return worst


def _lines(file: _Bytes) -> Iterator[bytes]:
    while line := file.readline(LONGEST_LINE):
        yield line


def _compare_alignments(one: _Bytes, two: _Bytes) -> Verdict:
    """Two BAM files after their first four bytes: the same alignments, but for how the programs were called."""
    heads = []
    for file in (one, two):
        size = int.from_bytes(file.read(4), "little")
        if size > MOST_HEAD_BYTES:
            return Verdict.DIFFERENT
        heads.append(PROGRAM_CALL.sub(b"", file.read(size)))
    same = heads[0] == heads[1] and _same_bytes(one, two)
    return Verdict.BUT_FOR_TIMES if same else Verdict.DIFFERENT


def _compare_texts(one: _Bytes, two: _Bytes, tolerance: float, *, timed: bool = False) -> Verdict:
    found = Verdict.BUT_FOR_TIMES if timed else Verdict.WITHIN_TOLERANCE
    for a, b in zip_longest(_lines(one), _lines(two)):
        if a == b:
            continue
        if a is None or b is None:
            return Verdict.DIFFERENT
        if timed and TIMES.sub(b"", a) == TIMES.sub(b"", b):
            continue
        found = Verdict.WITHIN_TOLERANCE
        try:
            words, others = WORD.findall(a.decode()), WORD.findall(b.decode())
        except UnicodeDecodeError:
            return Verdict.DIFFERENT
        if len(words) != len(others) or not all(map(_close, words, others, [tolerance] * len(words))):
            return Verdict.DIFFERENT
    return found


def _close(word: str, other: str, tolerance: float) -> bool:
    if word == other:
        return True
    try:
        a, b = float(word), float(other)
    except ValueError:
        return False
    return math.isclose(a, b, rel_tol=tolerance, abs_tol=tolerance)

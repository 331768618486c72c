"""Where quoted fields begin and end in delimited bytes: record boundaries, field counts, line numbers.

A quote opens a field only at the field's start (RFC 4180); elsewhere (`5" pipe`) it is an ordinary character.
"""

import re
from collections import deque
from collections.abc import Iterator
from functools import lru_cache

__all__ = [
    "PLACEHOLDER",
    "Record",
    "hide_stray_quotes",
    "last_record_end",
    "masked",
    "records",
    "unclosed_quote_at",
]

PLACEHOLDER = "\ue0ff"
"""Stands for a stray quote while polars parses; a private-use character no text has."""

Record = tuple[int, bytes]


@lru_cache(maxsize=32)
def _pattern(separator: bytes, quote: bytes) -> re.Pattern[bytes]:
    q, s = re.escape(quote), re.escape(separator)
    # possessive, so that a field without end is given up in linear time (Python 3.11)
    return re.compile(
        rb"(?:(?<=[" + s + rb"\n])|\A)" + q + rb"(?:[^" + q + rb"]++|" + q + q + rb")*+(" + q + rb"|\Z)"
    )


def _is_simple(data: bytes, separator: bytes, quote: bytes) -> bool:
    """Whether every quote plainly opens or closes a field, by counting alone (a few passes of memchr speed)."""
    edges = (separator, b"\n", b"\r")
    if quote * 2 in data or any(left + quote + right in data for left in edges[:2] for right in edges):
        return False  # quotes that could be either
    openers = data.count(separator + quote) + data.count(b"\n" + quote) + data.startswith(quote)
    closers = (
        data.count(quote + separator)
        + data.count(quote + b"\n")
        + data.count(quote + b"\r")
        + data.endswith(quote)
    )
    return openers == closers and openers + closers == data.count(quote)


def unclosed_quote_at(data: bytes, separator: bytes, quote: bytes) -> int | None:
    """Where a quoted field opens that does not close within `data`; None if all close."""
    opened = deque(_pattern(separator, quote).finditer(data), maxlen=1)
    return opened[0].start() if opened and not opened[0].group(1) else None


def last_record_end(data: bytes, separator: bytes, quote: bytes) -> int:
    """The position after the last line feed that ends a record; 0 if there is none."""
    if not quote or quote not in data:
        return data.rfind(b"\n") + 1
    if _is_simple(data, separator, quote):
        end, after = len(data), 0
        while (at := data.rfind(b"\n", 0, end)) >= 0:
            after += data.count(quote, at, end)
            if after % 2 == 0:
                return at + 1
            end = at
        return 0
    opened = unclosed_quote_at(data, separator, quote)
    whole = data if opened is None else data[:opened]
    return masked(whole, separator, quote).rfind(b"\n") + 1


def masked(data: bytes, separator: bytes, quote: bytes) -> bytes:
    """The same bytes, as long, with all that stands inside quotes made harmless: line feeds become \\x01, the rest \\x02."""
    if not quote or quote not in data:
        return data

    def hide(match: re.Match[bytes]) -> bytes:
        inside = match.group()
        if b"\n" not in inside:
            return b"\x02" * len(inside)
        return b"\x01".join(b"\x02" * len(part) for part in inside.split(b"\n"))

    return _pattern(separator, quote).sub(hide, data)


def hide_stray_quotes(data: bytes, separator: bytes, quote: bytes) -> tuple[bytes, bool]:
    """Replace quotes that open no field by PLACEHOLDER, so that the parser cannot take them for one."""
    if not quote or quote not in data or _is_simple(data, separator, quote):
        return data, False
    hidden = masked(data, separator, quote)
    if quote not in hidden:
        return data, False
    stand_in = PLACEHOLDER.encode()
    pieces, start = [], 0
    while (at := hidden.find(quote, start)) >= 0:
        pieces += [data[start:at], stand_in]
        start = at + 1
    return b"".join([*pieces, data[start:]]), True


def records(data: bytes, separator: bytes, quote: bytes) -> Iterator[Record]:
    """Each record's first line (from 0, within `data`) and its bytes with quoted text masked."""
    line = 0
    for record in masked(data, separator, quote).split(b"\n"):
        yield line, record
        line += 1 + record.count(b"\x01")

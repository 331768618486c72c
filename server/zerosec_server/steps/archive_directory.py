"""How large a ZIP archive's directory of its files is, before it is read: all of it would be held in memory, many times its size.

Reads the records at the end of the archive as `zipfile` finds them (APPNOTE.TXT 4.3.14 to 4.3.16).
"""

import struct
from pathlib import Path

__all__ = ["directory_bytes"]

END, LONGEST_COMMENT = struct.Struct("<4s4H2LH"), 1 << 16
LOCATOR, END64 = struct.Struct("<4sLQL"), struct.Struct("<4sQ2H2L4Q")


def directory_bytes(path: Path) -> int:
    """The size that the archive says; 0 if it has no end record. Raises OSError."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        first = max(0, size - END.size - LONGEST_COMMENT)
        file.seek(first)
        tail = file.read()
        last = tail[-END.size :]
        uncommented = last.startswith(b"PK\5\6") and last.endswith(b"\0\0")
        at = len(tail) - END.size if uncommented else tail.rfind(b"PK\5\6")
        if at < 0 or len(tail) < at + END.size:
            return 0
        told: int = END.unpack_from(tail, at)[5]
        begin64 = first + at - LOCATOR.size - END64.size
        if begin64 < 0:
            return told
        file.seek(begin64)
        both = file.read(END64.size + LOCATOR.size)
        if both[END64.size :].startswith(b"PK\6\7") and both.startswith(b"PK\6\6"):
            told = END64.unpack_from(both)[8]
        return told

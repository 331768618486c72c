"""Which text encoding a file is in, judged from a bounded sample of its bytes."""

import codecs
import re
from collections.abc import Callable
from pathlib import Path

from zerosec_shared.tables.problems import EncodingError
from zerosec_shared.texts import say

__all__ = [
    "SAMPLE_BYTES",
    "codec_of",
    "guess_encoding",
    "line_of_first_error",
    "looks_binary",
    "sample_for_encoding",
]

SAMPLE_BYTES = 256 * 1024
_SCAN_BYTES = 8 * 1024 * 1024

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What a Japanese text is mostly made of: kana, the first-level kanji range and full-width forms.
_JAPANESE = re.compile("[\u3000-\u30ff\u4e00-\u9fff\uff01-\uff5e℃①-⑳㎜㎝㎏㎡]")
_HALF_WIDTH_KANA = re.compile("[\uff61-\uff9f]")


def codec_of(encoding: str) -> str:
    """The name Python knows an encoding by. Raises EncodingError for what is no encoding of text."""
    try:
        name = codecs.lookup(encoding).name
        if "x".encode(name).decode(name) != "x":
            raise LookupError
    except (LookupError, UnicodeError, ValueError) as error:
        raise EncodingError(
            "Unknown encoding",
            say("'{encoding}' is not a text encoding.", encoding=encoding),
            "Choose one from the list.",
        ) from error
    return name


def sample_for_encoding(path: Path, go_on: Callable[[int], bool] | None = None) -> bytes:
    """The first bytes and, if those are plain ASCII, the bytes around the first one that is not.

    A file of measurements may be ASCII for gigabytes before the first µ; the scan holds 8 MiB at a time. `go_on` is asked before
    each of them, with the bytes that were searched so far; once it says no, the first bytes must do.
    """
    with path.open("rb") as file:
        head = file.read(SAMPLE_BYTES)
        if not head.isascii() or b"\0" in head:
            return head
        tail = b""
        while (go_on is None or go_on(file.tell())) and (block := file.read(_SCAN_BYTES)):
            if not block.isascii():
                at = _first_beyond_ascii(block)
                line = block.rfind(b"\n", 0, at) + 1
                around = block[line if line else at : at + SAMPLE_BYTES]
                return head[: head.rfind(b"\n") + 1] + tail + around
    return head


def _first_beyond_ascii(block: bytes) -> int:
    """Where it is. A pattern over the whole block would keep all other threads waiting meanwhile."""
    near = next(at for at in range(0, len(block), 65536) if not block[at : at + 65536].isascii())
    found = re.compile(rb"[\x80-\xff]").search(block, near)
    assert found is not None
    return found.start()


def looks_binary(sample: bytes) -> bool:
    """Whether the bytes hold control characters no text has. Say no to UTF-16 first."""
    if not sample:
        return False
    controls = len(re.findall(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", sample[:65536]))
    return b"\0" in sample or controls > 0.01 * min(len(sample), 65536)


def guess_encoding(sample: bytes) -> tuple[str, float]:
    """The codec's name and how sure that is (0 to 1). cp1252 and latin-1, which accept anything, come last."""
    for bom, name in _BOMS:
        if sample.startswith(bom):
            return name, 1.0
    wide = _utf16_without_bom(sample)
    if wide:
        return wide, 0.9
    if sample.isascii():
        return "utf-8", 1.0
    if _decodes(sample, "utf-8"):
        return "utf-8", 1.0
    scores = {name: _japanese_share(sample, name) for name in ("cp932", "euc_jp")}
    best = max(scores, key=lambda name: scores[name])
    if scores[best] >= 0.6:
        return best, scores[best]
    return ("cp1252", 0.5) if _decodes(sample, "cp1252") else ("latin-1", 0.3)


def line_of_first_error(data: bytes, encoding: str) -> int | None:
    """How many lines stand before the first byte that is no text in `encoding`; None if all of it is."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        decoder.decode(data, final=True)
    except UnicodeDecodeError as error:
        return data.count(b"\n", 0, error.start)
    return None


def _decodes(sample: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(sample, final=len(sample) < SAMPLE_BYTES)
    except UnicodeDecodeError:
        return False
    return True


def _utf16_without_bom(sample: bytes) -> str | None:
    head = sample[: 4096 - 4096 % 2]
    if len(head) < 4 or b"\0" not in head:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > 0.3 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.3 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


def _japanese_share(sample: bytes, encoding: str) -> float:
    """Which share of the characters beyond ASCII are ones that Japanese text is made of; 0 if it does not decode."""
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(sample, final=False)
    except UnicodeDecodeError:
        return 0.0
    beyond = sum(1 for character in text if ord(character) > 127)
    if beyond == 0:
        return 0.0
    level_one = _JAPANESE.findall(text)
    common = 0
    for character in level_one:
        encoded = character.encode("cp932", errors="replace")
        # JIS level 1 kanji and everything before them lie under 0x9873 in Shift-JIS; accents misread as
        # Shift-JIS land in level 2 or in half-width kana.
        common += encoded[0] < 0x98
    return (common + 0.3 * len(_HALF_WIDTH_KANA.findall(text))) / beyond if common else 0.0

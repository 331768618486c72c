"""Headings as people write them: a name with its unit, `回転速度(rpm)`, `送り速度［mm/min］`, `線材長/mm`.

Guards against the silent mistake that a unit makes: a heading is taken for a column only where its unit is the column's, or the
profile names none.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from zerosec_shared.formulas import folded

__all__ = ["CRITERION", "closest", "is_unit", "same_unit", "without_unit"]

CRITERION = "criterion"
"""Lab sheets have this column, which says by which criterion the runs were chosen. It is no value of an experiment."""
_OPEN, _CLOSE = "([{〔【〈「『", ")]}〕】〉」』"
_BRACKETED = re.compile(rf"(.+?)[{re.escape(_OPEN)}]([^{re.escape(_OPEN + _CLOSE)}]*)[{re.escape(_CLOSE)}]$")
_AFTER_SLASH = re.compile(r"(.+?)/([^/]+(?:/[^/]+)?)$")
_SYMBOL = re.compile(
    r"(da|[fpnμumckdhMGT])?(m|g|s|A|K|N|Pa|J|W|V|Ω|Hz|L|l|bar|mol)|min|h|sec|rpm|rps|r|rev|°C|°|deg|rad|%|ppm|kgf|inch|in|"
    r"秒|分|時間|回転|回|本|枚|個|度|点"
)
_CODES = re.compile(r"\d+(?:\s*[/,~・:or-]+\s*\d+)+", re.ASCII)
_SPELLINGS = {
    "rpm": "1/min", "min-1": "1/min", "min^-1": "1/min", "r/min": "1/min", "rev/min": "1/min", "回転/分": "1/min", "回/分": "1/min",
    "rps": "1/s", "s-1": "1/s", "s^-1": "1/s", "r/s": "1/s", "rev/s": "1/s", "度": "°", "deg": "°",
}  # fmt: skip
_WORDS = {"分": "min", "秒": "s", "sec": "s", "時間": "h", "um": "μm", "㎛": "μm"}


def without_unit(header: str) -> tuple[str, str] | None:
    """A heading's name and the unit (or the codes, `0/1`) behind it; None where no unit stands there.

    A word in brackets is no unit: `摩耗量(最大)` is a name of its own, and so is `面粗度(Ra)`.
    """
    text = " ".join(unicodedata.normalize("NFKC", header).split())
    found = _BRACKETED.fullmatch(text) or _AFTER_SLASH.fullmatch(text)
    if found is None:
        return None
    name, unit = found[1].strip(), found[2].strip()
    return (name, unit) if name and (unit in {"", "-", "–", "―"} or is_unit(unit)) else None


def is_unit(text: str) -> bool:
    """Whether a text is a unit (or a list of codes, `0/1`) as it stands behind a name or a number."""
    if _CODES.fullmatch(text):
        return True
    parts = re.split(r"[/·・*⋅×. ]", _plain(text))
    return all(
        part == "1" or _SYMBOL.fullmatch(re.sub(r"(?<=\D)\^?-?\d$", "", part)) is not None for part in parts
    )


def same_unit(one: str, other: str) -> bool:
    """Whether two spellings are one unit: `rpm` and `min⁻¹`, `μm` and `um`, `mm/分` and `mm/min`."""
    return _spelt(one) == _spelt(other)


def _spelt(unit: str) -> str:
    text = _plain(unit).replace(" ", "")
    if text in _SPELLINGS:
        return _SPELLINGS[text]
    text = "/".join(_WORDS.get(part, part) for part in text.split("/"))
    return _SPELLINGS.get(text, text)


def _plain(unit: str) -> str:
    text = unicodedata.normalize("NFKC", unit).replace("−", "-").replace("℃", "°C")
    return text.replace("µ", "μ").replace("RPM", "rpm").strip()


def closest(name: str, among: Mapping[str, Sequence[str]], at_least: float) -> str | None:
    """The key of which one of the names is most like `name` (0 to 1, as difflib's ratio), if one is at least so much.

    A unit behind the name does not count.
    """
    parts = without_unit(name)
    wanted, best, found = folded(name if parts is None else parts[0]), at_least, None
    for key, names in among.items():
        for each in names:
            alike = SequenceMatcher(None, folded(each), wanted).ratio()
            if alike > best or (alike == best and found is None):
                best, found = alike, key
    return found

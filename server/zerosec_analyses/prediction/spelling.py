"""Columns whose names look like those a model needs and are written with other signs: µ and μ, full-width brackets, kana in two parts.

Guards against asking a person for a column that stands before their eyes.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from zerosec_analyses.reporting.finding import Finding
from zerosec_analyses.sdk import say

TOLD_APART = ("<super>", "<sub>", "<circle>", "<fraction>")
"""Signs that do not look like what they stand for: x² is not x2."""


def looks(name: str) -> str:
    """The same text for all names that look alike."""
    plain = "".join(
        sign
        if unicodedata.decomposition(sign).startswith(TOLD_APART)
        else unicodedata.normalize("NFKC", sign)
        for sign in name
    )
    return " ".join(unicodedata.normalize("NFC", plain).split())


def spelt_otherwise(needed: Iterable[str], there: Sequence[str]) -> dict[str, str]:
    """For each needed name that is not there to the letter, the column that looks like it; none where two could be meant."""
    wanted = list(dict.fromkeys(needed))
    alike = Counter(looks(name) for name in wanted)
    by_looks: dict[str, list[str]] = {}
    for name in set(there).difference(wanted):
        by_looks.setdefault(looks(name), []).append(name)
    found = {}
    for name in wanted:
        meant = by_looks.get(looks(name), [])
        if name not in there and alike[looks(name)] == 1 and len(meant) == 1:
            found[name] = meant[0]
    return found


def about_spelling(spelt: Mapping[str, str]) -> Iterator[Finding]:
    """That such columns were taken."""
    if spelt:
        yield Finding(
            "columns_spelt_otherwise",
            say(
                "{count:,} columns are named with other signs than in the data of the model, which look alike (such as µ and μ, or full-width "
                "brackets), and were taken for the model's: {columns}.",
                one="1 column is named with other signs than in the data of the model, which look alike (such as µ and μ, or full-width brackets), and was taken for the model's: {columns}.",
                count=len(spelt),
                columns=", ".join(spelt),
            ),
            is_warning=False,
        )

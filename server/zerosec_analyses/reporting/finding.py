"""One thing the user must see beside the numbers."""

from __future__ import annotations

from dataclasses import dataclass

from zerosec_analyses.sdk import Said, say

NOTHING = say("")


@dataclass(frozen=True)
class Finding:
    """A sentence with a code for programs, and what to do about it. ``is_warning`` is false for plain information."""

    code: str
    message: Said
    hint: Said = NOTHING
    is_warning: bool = True

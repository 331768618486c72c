"""Which analyses read a file that is no table, such as sequencing reads."""

from collections.abc import Iterable

from zerosec_shared.analyses import AnalysisInfo, SlotKind

__all__ = ["readers_of"]


def readers_of(name: str, catalogue: Iterable[AnalysisInfo]) -> list[AnalysisInfo]:
    """The analyses that begin with files of this ending which are no tables."""
    lower = name.lower()
    return [
        info
        for info in catalogue
        if any(
            slot.kind is SlotKind.FILE and lower.endswith(tuple(slot.extensions))
            for step in info.beginnings
            for slot in step.inputs
            if slot.extensions
        )
    ]

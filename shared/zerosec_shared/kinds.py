"""What a registered reference is of; an input slot names the kind that can fill it."""

from enum import StrEnum

__all__ = ["ReferenceKind"]


class ReferenceKind(StrEnum):
    """What a registered reference is."""

    GENOME = "genome"
    GENES = "genes"
    SPIKE_INS = "spike-ins"
